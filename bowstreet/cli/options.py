"""Options that many commands have, each defined once.

def show(reference: Reference, as_: As = None, as_json: Json = False) -> None: ...
"""

from __future__ import annotations

from typing import Annotated

import typer

As = Annotated[
    str | None, typer.Option("--as", help="The officer who acts, as asserted; else the system's user.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
#: An operation as an option, where a command is about something in it; as the argument, where it is about the operation.
Operation = Annotated[str, typer.Option("--operation", help="The operation's reference, as OP-0001.")]
Reference = Annotated[str, typer.Argument(metavar="REFERENCE", help="The operation's reference, as OP-0001.")]
