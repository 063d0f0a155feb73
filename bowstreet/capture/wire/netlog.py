"""One visit's part of the network log of a browser that stays up: what was noted between its start and its end.

The browser writes its log in batches of some fifteen events, so the last few of a visit may come a moment later.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bowstreet.capture.errors import BrowserFailed

_TIME = re.compile(rb'"time":"(\d+)"')


@dataclass(frozen=True)
class Part:
    """Events of `path` from byte `start`, noted between two moments of the steady clock (seconds)."""

    path: Path
    start: int
    opened: float
    closed: float

    def write(self, out: Path) -> None:
        """Write this part as a log of its own, with the constants that explain it."""
        first, last = int(self.opened * 1000), int(self.closed * 1000) + 1
        with self.path.open("rb") as log:
            constants = log.readline() + log.readline()
            log.seek(max(self.start, len(constants)))
            lines = [line.rstrip(b",\n") for line in _within(log.read().splitlines(True), first, last)]
        out.write_bytes(constants + b",\n".join(lines) + b"]}\n")


def _within(lines: list[bytes], first: int, last: int) -> Iterator[bytes]:
    for line in lines:
        found = _TIME.search(line) if line.endswith(b"},\n") else None
        if found and first <= int(found[1]) <= last:
            yield line


def size(path: Path) -> int:
    """How far a log has been written."""
    return path.stat().st_size if path.exists() else 0


def load(path: Path) -> dict[str, Any]:
    """The log; one that a killed browser left cut is mended at its last whole event."""
    text = path.read_text(errors="replace") if path.exists() else ""
    for candidate in _mended(text):
        try:
            log: dict[str, Any] = json.loads(candidate)
            return log
        except json.JSONDecodeError:
            continue
    raise BrowserFailed("the browser left no log of its network: it did not start, or died at once")


def _mended(text: str) -> Iterator[str]:
    yield text
    yield text[: text.rfind("},\n") + 1] + "]}"
