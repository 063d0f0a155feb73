"""Tape and key log to connections: their plaintext in spool files, their exchanges, what TLS was.

    for connection in read(tape, keylog, folder):
        for exchange in connection.exchanges: …

Memory stays flat: plaintext goes to two files per connection, and HTTP/1.1 is parsed from them by memory map.
"""

from __future__ import annotations

import bisect
import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from bowstreet.capture.errors import BadTape
from bowstreet.capture.wire import http1, http2, tls
from bowstreet.capture.wire.exchange import Exchange, values
from bowstreet.capture.wire.keylog import KeyLog
from bowstreet.capture.wire.tape import Entry, Kind, entries

CLIENT, SERVER = 0, 1


@dataclass
class Connection:
    """One connection as the relay saw it. `spools` hold the plaintext up and down."""

    number: int
    host: str
    port: int
    local: int  # the browser's own port: how its network log names this connection
    began: float
    spools: tuple[Path, Path]
    peer: tuple[str, int] | None = None
    refused: dict[str, Any] | None = None
    passed_over: tuple[str, ...] = ()  # addresses of its name that the network rules forbid
    handshake: tls.Handshake | None = None
    ended: list[bytes] = field(default_factory=lambda: [b"", b""])
    error: str | None = None
    exchanges: list[Exchange] = field(default_factory=list)
    upgraded: tuple[int, int] | None = None

    @property
    def secure(self) -> bool:
        """Was it TLS?"""
        return self.handshake is not None

    def url(self, exchange: Exchange) -> str:
        """The address that an exchange asked for."""
        if exchange.target.startswith(("http://", "https://")):
            return exchange.target
        name = b":authority" if exchange.protocol == "h2" else b"host"
        host = (values(exchange.request, name) or [f"{self.host}:{self.port}".encode()])[0].decode("latin-1")
        return f"{'https' if self.secure else 'http'}://{host}{exchange.target}"


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

    def sink(self, side: int, plain: bytes) -> None:
        if not self.marks[side] or self.marks[side][-1][1] != self.now:
            self.marks[side].append((self.sizes[side], self.now))
        self.files[side].write(plain)
        self.sizes[side] += len(plain)
        if not self.begun:
            self.begun = True
            if self.tls and self.tls.facts.alpn == "h2":
                self.h2 = http2.Onlooker()
        if self.h2:
            self.h2.feed(side, plain, self.now)

    def when(self, side: int, offset: int) -> float:
        marks = self.marks[side]
        at = bisect.bisect_right(marks, (offset, float("inf"))) - 1
        return marks[max(0, at)][1] if marks else self.connection.began


def read(tape: Path, keylog: Path, folder: Path) -> list[Connection]:
    """Every connection on a tape, in order. A fault in one is its `error`, and harms no other."""
    keys, live = KeyLog(keylog), {}
    for entry in entries(tape):
        if entry.kind is Kind.OPEN:
            live[entry.connection] = _opened(entry, folder)
        elif (found := live.get(entry.connection)) is not None:
            _take(found, entry, keys)
    for found in live.values():
        _finish(found)
    return [found.connection for found in live.values()]


def _opened(entry: Entry, folder: Path) -> _Open:
    said = entry.json()
    spools = (folder / f"{entry.connection}.up", folder / f"{entry.connection}.down")
    connection = Connection(entry.connection, said["host"], said["port"], said["local"], entry.wall, spools)
    return _Open(connection, (spools[0].open("wb"), spools[1].open("wb")))


def _take(found: _Open, entry: Entry, keys: KeyLog) -> None:
    connection, found.now = found.connection, entry.wall
    if entry.kind is Kind.PEER:
        said = entry.json()
        connection.peer = tuple(said["peer"]) if said["peer"] else None
        connection.passed_over = tuple(said.get("passed_over", ()))
    elif entry.kind is Kind.REFUSED:
        connection.refused = entry.json()
    elif entry.kind in (Kind.UP_END, Kind.DOWN_END):
        connection.ended[entry.kind - Kind.UP_END] = entry.data
    elif connection.error is None:
        if found.first and entry.kind is Kind.UP:
            found.first = False
            if entry.data[:1] == b"\x16":
                found.tls = tls.Onlooker(keys, found.sink)
                connection.handshake = found.tls.facts
        try:
            found.tls.feed(entry.kind, entry.data) if found.tls else found.sink(entry.kind, entry.data)
        except BadTape as error:
            connection.error = str(error)


def _finish(found: _Open) -> None:
    connection = found.connection
    for file in found.files:
        file.close()
    if found.h2:
        connection.exchanges = list(found.h2.streams.values())
    elif found.begun:
        with _mapped(connection.spools[CLIENT]) as up, _mapped(connection.spools[SERVER]) as down:
            ended = connection.ended[SERVER] or b"eof"
            connection.exchanges, connection.upgraded = http1.parse(up, down, ended=ended)
        for exchange in connection.exchanges:
            exchange.began = found.when(CLIENT, exchange.request_at.start)
            last = exchange.response_at.end - 1 if exchange.response_at else 0
            exchange.ended = found.when(SERVER, last)


@contextmanager
def _mapped(path: Path) -> Iterator[http1.Bytes]:
    if path.stat().st_size == 0:
        yield b""
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        yield view
