"""An HTTP/1.1 server on bare sockets: what it is told to send is what goes out, byte for byte."""

from __future__ import annotations

import fcntl
import socket
import ssl
import struct
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from tlslite.errors import TLSError

from oracle import websocket
from oracle.record import Headers, Record, Sent, digest


@dataclass(frozen=True)
class Request:
    """A request as it came."""

    method: str
    target: str
    headers: Headers
    body: bytes
    raw: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    def header(self, name: bytes) -> bytes | None:
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass(frozen=True)
class Reply:
    """What to send: informational answers before, then the block, in `pieces` writes; and what becomes of the connection."""

    block: bytes
    before: bytes = b""
    then: str = "keep"  # keep, close or reset
    pieces: int = 1
    whole: bool = True


Answer = Callable[[Request], Reply]
Wrap = Callable[[socket.socket], Any]


@contextmanager
def serve(
    record: Record, answer: Answer, *, wrap: Wrap | None = None, host: str = "127.0.0.1"
) -> Iterator[str]:
    """Serve until closed; gives the origin."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        origin = f"{'https' if wrap else 'http'}://{host}:{listener.getsockname()[1]}"

        def accept() -> None:
            while True:
                try:
                    peer, _ = listener.accept()
                except OSError:
                    return
                peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(
                    target=_connection, args=(record, answer, origin, peer, wrap), daemon=True
                ).start()

        threading.Thread(target=accept, daemon=True).start()
        yield origin
        listener.shutdown(socket.SHUT_RDWR)


def _connection(record: Record, answer: Answer, origin: str, peer: socket.socket, wrap: Wrap | None) -> None:
    with peer, suppress(OSError, ValueError, ssl.SSLError, TLSError):
        stream = wrap(peer) if wrap else peer
        pending = b""
        while True:
            request, pending = _read(stream, pending)
            if request is None:
                break
            record.saw(request.headers)
            if websocket.wanted(request.headers):
                _upgrade(record, origin, stream, request)
                return
            reply = answer(request)
            _send(stream, reply)
            url = origin + request.target
            status = int(reply.block[9:12])
            record.answered(
                Sent(
                    request.method,
                    url,
                    "http/1.1",
                    digest(request.raw),
                    digest(reply.block),
                    status,
                    whole=reply.whole,
                )
            )
            if reply.then == "reset":
                bare = stream if isinstance(stream, socket.socket) else peer
                _drained(bare)
                bare.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            if reply.then == "close":
                break
        with suppress(OSError):
            peer.shutdown(socket.SHUT_WR)
        with suppress(OSError):
            while peer.recv(1 << 16):
                pass


def _send(stream: Any, reply: Reply) -> None:
    if reply.before:
        stream.sendall(reply.before)
    size = max(1, -(-len(reply.block) // reply.pieces))
    for at in range(0, len(reply.block), size):
        stream.sendall(reply.block[at : at + size])
        if reply.pieces > 1:
            time.sleep(0.01)


def _read(stream: Any, pending: bytes) -> tuple[Request | None, bytes]:
    while b"\r\n\r\n" not in pending:
        if not (more := stream.recv(1 << 16)):
            return None, b""
        pending += more
    head, _, rest = pending.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    headers = [(name, value.strip()) for name, _, value in (line.partition(b":") for line in lines[1:])]
    length = next((int(value) for name, value in headers if name.lower() == b"content-length"), 0)
    while len(rest) < length:
        rest += stream.recv(1 << 16)
    method, target, _ = lines[0].decode().split(" ")
    return Request(method, target, headers, rest[:length], head + b"\r\n\r\n" + rest[:length]), rest[length:]


def _upgrade(record: Record, origin: str, stream: Any, request: Request) -> None:
    block = (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: "
        + websocket.accept(request.header(b"sec-websocket-key") or b"")
        + b"\r\n\r\n"
    )
    stream.sendall(block)
    url = origin + request.target
    record.answered(Sent("GET", url, "http/1.1", digest(request.raw), digest(block), 101))
    websocket.talk(record, url, stream.recv, stream.sendall)


def _drained(peer: socket.socket) -> None:
    while struct.unpack("i", fcntl.ioctl(peer, termios.TIOCOUTQ, b"\0" * 4))[0]:
        time.sleep(0.002)
