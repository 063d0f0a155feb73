"""What the command line says: results on stdout, everything else on stderr.

raise Fail("no operation OP-0007: list them with 'bowstreet operation list'")   →  exit status 2
"""

from __future__ import annotations

import json
import sys
from typing import Any

import typer
from rich.console import Console

#: Messages and progress bars. Results never go here.
messages = Console(stderr=True, highlight=False)

YES, NO, BAD = 0, 1, 2  # done and true; done, and the answer is no; bad usage or bad input


class Fail(typer.Exit):
    """Bad usage or bad input: one line that says what to do, and exit status 2."""

    def __init__(self, line: str) -> None:
        super().__init__(code=BAD)
        self.line = " ".join(line.split())
        messages.print(f"bowstreet: {self.line}", markup=False, soft_wrap=True)


def result(line: str) -> None:
    """Print one line of the answer."""
    sys.stdout.write(line + "\n")


def document(value: Any) -> None:
    """Print one JSON document, or one line of a stream of them."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()
