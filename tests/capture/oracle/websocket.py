"""The server's end of a WebSocket (RFC 6455): pings, split messages, text and bytes, and an orderly close."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

from oracle.record import Headers, Record

TEXT, BYTES, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def wanted(headers: Headers) -> bool:
    return any(name.lower() == b"upgrade" and value.lower() == b"websocket" for name, value in headers)


def accept(key: bytes) -> bytes:
    return base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())


def frame(code: int, data: bytes, *, last: bool = True) -> bytes:
    size = bytes([len(data)]) if len(data) < 126 else b"\x7f" + len(data).to_bytes(8, "big")
    return bytes([code | (128 if last else 0)]) + size + data


def talk(record: Record, url: str, recv: Callable[[int], bytes], send: Callable[[bytes], object]) -> None:
    """Greet with a ping and a message in three frames, a ping between them; echo one message; close."""
    send(frame(PING, b"are you there"))
    send(
        frame(TEXT, "grüße".encode()[:3], last=False)
        + frame(PING, b"between")
        + frame(0, "grüße".encode()[3:], last=False)
    )
    send(frame(0, b" from the site"))
    record.said(url, "server", "grüße from the site".encode())
    pending = b""
    while True:
        while (found := _take(pending)) is None:
            if not (more := recv(1 << 16)):
                return
            pending += more
        code, data, pending = found
        if code in (TEXT, BYTES):
            record.said(url, "client", data)
            send(frame(BYTES, data[::-1]))
            record.said(url, "server", data[::-1])
        elif code == CLOSE:
            send(frame(CLOSE, data))
            return


def _take(pending: bytes) -> tuple[int, bytes, bytes] | None:
    if len(pending) < 6:
        return None
    size, at = pending[1] & 127, 2
    if size == 126:
        size, at = int.from_bytes(pending[2:4], "big"), 4
    elif size == 127:
        size, at = int.from_bytes(pending[2:10], "big"), 10
    if len(pending) < at + 4 + size:
        return None
    mask, data = pending[at : at + 4], pending[at + 4 : at + 4 + size]
    plain = bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))
    return pending[0] & 15, plain, pending[at + 4 + size :]
