"""The tape: every byte of both directions of every connection, in order of arrival, in one append-only file.

An entry is a head of 25 bytes (wall clock, steady clock, connection, kind, length; little endian) and its data. A
tape that was cut, because the machine stopped, is read up to its last whole entry; one still being written can be
followed.
"""

from __future__ import annotations

import json
import os
import struct
import threading
import time
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from typing import Any, NamedTuple

from bowstreet.capture.errors import BadTape

_HEAD = struct.Struct("<ddIBI")
CHUNK = 1 << 18

# How a side of a connection ended.
EOF = b"eof"  # it said so
RESET = b"reset"  # it broke the connection
GONE = b"gone"  # the other side takes no more of it
CEILING = b"ceiling"  # the capture holds as much as it may
STOPPED = b"stopped"  # the visit was over
TURNED = b"turned"  # its certificate was refused, before a request


class Kind(IntEnum):
    """What an entry says of its connection."""

    UP = 0  # bytes from the browser
    DOWN = 1  # bytes from the site
    UP_END = 2  # how the browser's side ended
    DOWN_END = 3
    OPEN = 4  # JSON: host, port, and the browser's own port
    PEER = 5  # JSON: the address we connected to, and ours
    REFUSED = 6  # JSON: kind (egress, resolve, connect, command, ceiling, upstream, tls) and why


_KINDS = tuple(Kind)


class Entry(NamedTuple):
    """One thing that happened on one connection. `wall` and `clock` count seconds."""

    wall: float
    clock: float
    connection: int
    kind: Kind
    data: bytes

    def json(self) -> dict[str, Any]:
        """What an OPEN, PEER or REFUSED entry says. Raises BadTape."""
        try:
            value: dict[str, Any] = json.loads(self.data)
        except ValueError:
            raise BadTape(
                f"the tape is broken: what it says of connection {self.connection} is no JSON"
            ) from None
        return value


#: As much as one tape may hold, in bytes, where nobody says otherwise.
MOST = 4 << 30


class Full(OSError):
    """The tape takes no more: it holds as much as it may, the disk is full, or a file may not grow further."""


class Recorder:
    """Writes a tape, from any thread. Every entry is with the system when `note` returns, so it outlives us.

    `most` is as many bytes as it may hold; whatever ends connections is still noted beyond that.
    """

    def __init__(self, path: Path, *, most: int = MOST) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._lock = threading.Lock()
        self._room = most
        self.failed: OSError | None = None

    @property
    def full(self) -> bool:
        """Does it hold as much as it may?"""
        return self._room <= 0

    def note(self, connection: int, kind: Kind, data: bytes | memoryview = b"") -> None:
        """Append one entry. Raises Full."""
        with self._lock:
            if self.failed or (self._room <= 0 and kind in (Kind.UP, Kind.DOWN)):
                raise Full
            head = _HEAD.pack(time.time(), time.monotonic(), connection, kind, len(data))
            try:
                written = os.writev(self._file, (head, data))
                if written < len(head) + len(data):
                    self._rest((head + data)[written:])
            except OSError as error:
                self.failed = error
                raise Full from None
            self._room -= len(head) + len(data)

    def _rest(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._file, data) :]

    def close(self) -> None:
        """Finish the tape. Raises OSError where it could not be written in full."""
        with self._lock:
            failed, self.failed = self.failed, self.failed or OSError("closed")
            os.close(self._file)
        if failed:
            raise failed


class Tape:
    """Reads a tape that may still be written: each call of `entries` gives what has come since the last."""

    def __init__(self, path: Path) -> None:
        self._path, self._at = path, 0

    def entries(self) -> Iterator[Entry]:
        """Every whole entry not given before. Raises BadTape where the file is not a tape any more."""
        if not self._path.exists():
            return
        with self._path.open("rb", buffering=CHUNK) as file:
            file.seek(self._at)
            while len(head := file.read(_HEAD.size)) == _HEAD.size:
                wall, clock, connection, kind, length = _HEAD.unpack(head)
                if kind >= len(_KINDS) or length > CHUNK:
                    raise BadTape(f"the tape is broken at byte {self._at:,}")
                data = file.read(length)
                if len(data) < length:
                    return
                self._at += _HEAD.size + length
                yield Entry(wall, clock, connection, _KINDS[kind], data)


def entries(path: Path) -> Iterator[Entry]:
    """Every whole entry of a finished tape."""
    return Tape(path).entries()
