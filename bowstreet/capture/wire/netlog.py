"""One visit's part of the network log of a browser that stays up: whatever began between its start and its end.

Each event names its source (a request, a socket) and when that began; what the browser notes late, because it is busy, is
told by that. The log is written in batches of some fifteen events, so the last few of a visit may come a moment later.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bowstreet.capture.errors import BrowserFailed

_BEGAN = re.compile(rb'"(?:start_)?time":"(\d+)"')
_NOTED = re.compile(rb'"time":"(\d+)"')
#: Events of several threads are written in nearly the order of their times.
LATE_MILLISECONDS = 500


@dataclass(frozen=True)
class Part:
    """Events of `path` from byte `start`, of sources that began between two moments of the steady clock (seconds)."""

    path: Path
    start: int
    opened: float
    closed: float

    def write(self, out: Path) -> bool:
        """Write this part as a log of its own, with the constants that explain it. Is the log known to be past its end?"""
        first, last = int(self.opened * 1000), int(self.closed * 1000) + 1
        with self.path.open("rb") as log:
            constants = log.readline() + log.readline()
            log.seek(max(self.start, len(constants)))
            whole = [line for line in log.read().splitlines(True) if line.endswith(b"},\n")]
        lines = [line.rstrip(b",\n") for line in whole if first <= _began(line) <= last]
        out.write_bytes(constants + b",\n".join(lines) + b"]}\n")
        return bool(whole) and _noted(whole[-1]) > last + LATE_MILLISECONDS


def _began(line: bytes) -> int:
    """When the event's source began; where the browser does not say, when the event was noted. -1: no event."""
    found = _BEGAN.search(line, max(0, line.rfind(b'"source":{')))
    return int(found[1]) if found else -1


def _noted(line: bytes) -> int:
    found = _NOTED.search(line, max(0, line.rfind(b'"source":{')))
    return int(found[1]) if found else -1


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
