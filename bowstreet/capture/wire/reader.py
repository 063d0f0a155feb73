"""Tape and key log to connections: their plaintext in spool files, their exchanges, what TLS was.

    connections = read(tape, keylog, folder)

Memory stays flat: plaintext goes to two files per connection, and HTTP/1.1 is parsed from them by memory map.
"""

from __future__ import annotations

import bisect
import mmap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from bowstreet.capture.errors import BadTape
from bowstreet.capture.wire import http1, http2, tls
from bowstreet.capture.wire.connection import CLIENT, SERVER, Connection
from bowstreet.capture.wire.keylog import KeyLog
from bowstreet.capture.wire.tape import STOPPED, Entry, Kind, Tape

POLL_SECONDS = 0.05
MARK_SECONDS = 0.001  # how finely the times of arrival are kept


def read(
    tape: Path, keylog: Path, folder: Path, *, start: int = 0, patience: float = 0.0
) -> list[Connection]:
    """Every connection on a tape, in order. A fault in one is its `error`, and harms no other.

    The key log is read from byte `start`. The browser writes it in its own time: secrets that are missing are waited for,
    up to `patience` seconds.
    """
    reader, ends = Reader(tape, keylog, folder, start=start), time.monotonic() + patience
    reader.advance()
    while reader.lacks_secrets() and time.monotonic() < ends:
        time.sleep(POLL_SECONDS)
    return reader.finish()


class Reader:
    """Reads a tape, finished or still growing."""

    def __init__(self, tape: Path, keylog: Path, folder: Path, *, start: int = 0) -> None:
        self._tape, self._keys, self._folder = Tape(tape), KeyLog(keylog, start), folder
        self._live: dict[int, _Open] = {}
        self._broken: str | None = None

    def advance(self) -> None:
        """Take in what the tape holds by now."""
        if self._broken:
            return
        try:
            for entry in self._tape.entries():
                self._take(entry)
        except BadTape as broken:
            self._broken = str(broken)

    def _take(self, entry: Entry) -> None:
        if entry.kind is Kind.OPEN:
            if entry.connection in self._live:
                raise BadTape(f"the tape is broken: connection {entry.connection} begins twice")
            self._live[entry.connection] = _opened(entry, self._folder)
        elif (found := self._live.get(entry.connection)) is not None:
            found.take(entry, self._keys)

    def lacks_secrets(self) -> bool:
        """Is there a connection that a secret of the browser would open further, and the secret is not there yet?"""
        return any(found.lacks_secret() for found in self._live.values())

    def finish(self) -> list[Connection]:
        """Take in the rest, and give every connection in order."""
        self.advance()
        for found in self._live.values():
            found.finish(self._broken)
        connections = [found.connection for found in self._live.values()]
        link(connections)
        return connections


@dataclass
class _Open:
    """A connection being read."""

    connection: Connection
    files: tuple[BinaryIO, BinaryIO]
    tls: tls.Onlooker | None = None
    h2: http2.Onlooker | None = None
    begun: bool = False
    first: bool = True
    sizes: list[int] = field(default_factory=lambda: [0, 0])
    marks: tuple[list[tuple[int, float]], list[tuple[int, float]]] = field(default_factory=lambda: ([], []))
    now: float = 0.0

    def take(self, entry: Entry, keys: KeyLog) -> None:
        """Take in one entry of the tape."""
        connection, kind, self.now = self.connection, entry.kind, entry.wall
        if kind is Kind.PEER:
            said = entry.json()
            connection.peer = tuple(said["peer"]) if said.get("peer") else None
            connection.passed_over = tuple(said.get("passed_over", ()))
        elif kind is Kind.REFUSED:
            connection.refused = entry.json()
        elif kind in (Kind.UP_END, Kind.DOWN_END):
            connection.ended[kind - Kind.UP_END] = entry.data
        elif connection.error is None:
            if self.first and kind is Kind.UP:
                self.first = False
                if entry.data[:1] == b"\x16":
                    self.tls = tls.Onlooker(keys, self.sink)
                    connection.handshake = self.tls.facts
            self._feed(kind, entry.data)

    def _feed(self, side: int, data: bytes) -> None:
        try:
            if self.tls:
                self.tls.feed(side, data)
            else:
                self.sink(side, data)
        except BadTape as error:
            self.connection.error = str(error)

    def lacks_secret(self) -> bool:
        """Try again to open what waits. Does it wait for a secret?"""
        if self.tls is None or self.connection.error is not None:
            return False
        if self.tls.lacks_secret:
            self._feed(CLIENT, b"")
        return self.connection.error is None and self.tls.lacks_secret

    def sink(self, side: int, plain: bytes) -> None:
        """Keep plaintext, and when it came."""
        marks = self.marks[side]
        if not marks or self.now - marks[-1][1] >= MARK_SECONDS:
            marks.append((self.sizes[side], self.now))
        self.files[side].write(plain)
        self.sizes[side] += len(plain)
        if not self.begun:
            self.begun = True
            if self.tls and self.tls.facts.alpn == "h2":
                self.h2 = http2.Onlooker()
        if self.h2:
            self.h2.feed(side, plain, self.now)

    def finish(self, broken: str | None) -> None:
        """Nothing more will come; `broken` says why, where the tape was."""
        connection = self.connection
        connection.error = connection.error or broken
        if self.tls and connection.error is None:
            self._feed(CLIENT, b"")  # a secret may have come after the bytes that it opens
        for file in self.files:
            file.close()
        if self.h2:
            connection.exchanges, connection.goaway = list(self.h2.streams.values()), self.h2.goaway
        elif self.begun:
            with _mapped(connection.spools[CLIENT]) as up, _mapped(connection.spools[SERVER]) as down:
                ended = connection.ended[SERVER] or STOPPED
                connection.exchanges, connection.upgraded = http1.parse(up, down, ended=ended)
            for exchange in connection.exchanges:
                exchange.began = self._when(CLIENT, exchange.request_at.start)
                last = exchange.response_at.end - 1 if exchange.response_at else 0
                exchange.ended = self._when(SERVER, last)

    def _when(self, side: int, offset: int) -> float:
        marks = self.marks[side]
        at = bisect.bisect_right(marks, (offset, float("inf"))) - 1
        return marks[max(0, at)][1] if marks else self.connection.began


def _opened(entry: Entry, folder: Path) -> _Open:
    said = entry.json()
    if not isinstance(said.get("host"), str) or not all(
        isinstance(said.get(k), int) for k in ("port", "local")
    ):
        raise BadTape(f"the tape is broken: connection {entry.connection} does not say where it went")
    spools = (folder / f"{entry.connection}.up", folder / f"{entry.connection}.down")
    connection = Connection(entry.connection, said["host"], said["port"], said["local"], entry.wall, spools)
    return _Open(connection, (spools[0].open("wb"), spools[1].open("wb")))


def link(connections: list[Connection]) -> None:
    """Say of each resumed connection which other one it took up: the ticket's own bytes tell.

    One that was opened first may greet last, and so take up one that was opened after it.
    """
    issued: dict[bytes, list[int]] = {}
    for connection in connections:
        for ticket in connection.handshake.tickets if connection.handshake else ():
            issued.setdefault(ticket, []).append(connection.number)
    for connection in connections:
        tls, number = connection.handshake, connection.number
        if tls and tls.resumed:
            by = [one for one in issued.get(tls.offered_ticket, ()) if one != number]
            connection.resumes = max((one for one in by if one < number), default=min(by, default=None))


@contextmanager
def _mapped(path: Path) -> Iterator[http1.Bytes]:
    if path.stat().st_size == 0:
        yield b""
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        yield view
