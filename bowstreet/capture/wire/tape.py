"""The tape: every byte of both directions of every connection, in order of arrival, in one append-only file.

An entry is a head of 25 bytes (wall clock, steady clock, connection, kind, length; little endian) and its data. A tape that was
cut, because the machine stopped, is read up to its last whole entry.
"""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

_HEAD = struct.Struct("<ddIBI")
CHUNK = 1 << 18


class Kind(IntEnum):
    """What an entry says of its connection."""

    UP = 0  # bytes from the browser
    DOWN = 1  # bytes from the site
    UP_END = 2  # the browser ended its side: b"eof", or the name of the error
    DOWN_END = 3
    OPEN = 4  # JSON: host, port, and the browser's own port
    PEER = 5  # JSON: the address we connected to, and ours
    REFUSED = 6  # JSON: kind (egress, resolve, connect) and why


@dataclass(frozen=True)
class Entry:
    """One thing that happened on one connection. `wall` and `clock` count seconds."""

    wall: float
    clock: float
    connection: int
    kind: Kind
    data: bytes

    def json(self) -> dict[str, Any]:
        """What an OPEN, PEER or REFUSED entry says."""
        value: dict[str, Any] = json.loads(self.data)
        return value


class Recorder:
    """Writes a tape. Whoever appends must be one thread."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=1 << 20)

    def note(self, connection: int, kind: Kind, data: bytes = b"") -> None:
        """Append one entry."""
        self._file.write(_HEAD.pack(time.time(), time.monotonic(), connection, kind, len(data)))
        self._file.write(data)

    def close(self) -> None:
        """Finish the tape."""
        self._file.close()


def entries(path: Path) -> Iterator[Entry]:
    """Every whole entry of a tape."""
    with path.open("rb", buffering=1 << 20) as file:
        while len(head := file.read(_HEAD.size)) == _HEAD.size:
            wall, clock, connection, kind, length = _HEAD.unpack(head)
            data = file.read(length)
            if len(data) < length:
                return
            yield Entry(wall, clock, connection, Kind(kind), data)
