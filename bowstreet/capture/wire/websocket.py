"""WebSocket as an onlooker: the messages of both directions, from their frames (RFC 6455, permessage-deflate RFC 7692).

    for message in messages(pieces, deflated=True):
        print(message.kind, message.data)

The frames themselves stay exact in the recording. Bad framing ends the list, and never the capture.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bowstreet.capture.wire.connection import CLIENT, SERVER, Connection
from bowstreet.capture.wire.exchange import Exchange, Range, values

KINDS = {1: "text", 2: "bytes", 8: "close", 9: "ping", 10: "pong"}
#: Bytes that one message may have, and unfold to.
LIMIT = 16 << 20
_CHUNK = 1 << 16
_FLUSH = b"\0\0\xff\xff"


@dataclass(frozen=True)
class Message:
    """One whole message, or a control frame. `kind` is text, bytes, close, ping or pong."""

    kind: str
    data: bytes


def said(connection: Connection, exchange: Exchange, side: int) -> Iterator[Message]:
    """The messages that one side sent, in order."""
    told = b",".join(values(exchange.response, b"sec-websocket-extensions"))
    keeps = b"no_context_takeover" not in told or (
        (b"client_no_context_takeover", b"server_no_context_takeover")[side] not in told
    )
    pieces = _pieces(connection.spools[side], _where(connection, exchange, side))
    yield from messages(pieces, deflated=b"permessage-deflate" in told, keeps_context=keeps)


def conversations(
    connections: Iterable[Connection], redact: Callable[[bytes], bytes] | None = None
) -> list[dict[str, Any]]:
    """Every WebSocket's messages, as `files/websockets.json` has them; so many bytes in all, and then no more.

    `redact` takes out what must not be served, before a message is put into a form in which it would not be found.
    """
    found, room = [], LIMIT
    for connection in connections:
        for exchange in connection.exchanges:
            if not exchange.websocket:
                continue
            rows: list[dict[str, str]] = []
            for side, who in ((CLIENT, "browser"), (SERVER, "site")):
                for message in said(connection, exchange, side):
                    room -= len(message.data)
                    if room < 0:
                        break
                    data = redact(message.data) if redact else message.data
                    rows.append({"from": who, "kind": message.kind, **shown(message.kind, data)})
            found.append(
                {
                    "connection": connection.number,
                    "url": connection.url(exchange),
                    "messages": rows,
                    "cut": room < 0,
                }
            )
    return found


def shown(kind: str, data: bytes) -> dict[str, str]:
    """A message as JSON holds it: text as such, all else in base64."""
    if kind == "text":
        return {"text": data.decode("utf-8", "replace")}
    return {"base64": base64.b64encode(data).decode()}


def messages(
    pieces: Iterable[bytes], *, deflated: bool = False, keeps_context: bool = True
) -> Iterator[Message]:
    """Messages from the bytes of one direction. `keeps_context` says whether a message may refer to earlier ones."""
    inflate = zlib.decompressobj(-15)
    begun: tuple[int, bool, bytearray] | None = None
    for last, packed, code, data in _frames(pieces):
        if code >= 8:
            yield Message(KINDS.get(code, f"control {code}"), data)
            continue
        if code:
            begun = (code, packed, bytearray())
        if begun is None or len(begun[2]) + len(data) > LIMIT:
            return
        begun[2].extend(data)
        if not last:
            continue
        code, packed, whole = begun
        begun = None
        if packed and deflated:
            if not keeps_context:
                inflate = zlib.decompressobj(-15)
            try:
                whole = bytearray(inflate.decompress(bytes(whole) + _FLUSH, LIMIT))
            except zlib.error:
                return
            if inflate.unconsumed_tail:
                return
        yield Message(KINDS.get(code, f"data {code}"), bytes(whole))


def _frames(pieces: Iterable[bytes]) -> Iterator[tuple[bool, bool, int, bytes]]:
    buffer = bytearray()
    for piece in pieces:
        buffer += piece
        while (frame := _head(buffer)) is not None:
            start, end, mask = frame
            if end - start > LIMIT:
                return
            if len(buffer) < end:
                break
            first, data = buffer[0], bytes(buffer[start:end])
            del buffer[:end]
            yield bool(first & 128), bool(first & 64), first & 15, _unmasked(data, mask)


def _head(buffer: bytearray) -> tuple[int, int, bytes] | None:
    """Where the first frame's data begin and end, and its mask; None until the head is there."""
    if len(buffer) < 2:
        return None
    size, at = buffer[1] & 127, 2
    if size >= 126:
        at += 2 if size == 126 else 8
        size = int.from_bytes(buffer[2:at], "big")
    start = at + (4 if buffer[1] & 128 else 0)
    return (start, start + size, bytes(buffer[at:start])) if len(buffer) >= start else None


def _unmasked(data: bytes, mask: bytes) -> bytes:
    if not mask or not data:
        return data
    pad = (mask * (len(data) // 4 + 1))[: len(data)]
    return (int.from_bytes(data, "big") ^ int.from_bytes(pad, "big")).to_bytes(len(data), "big")


def _where(connection: Connection, exchange: Exchange, side: int) -> Iterable[Range]:
    if exchange.protocol == "h2":
        return exchange.request_body if side == CLIENT else exchange.body_at
    assert connection.upgraded is not None
    return [Range(connection.upgraded[side], connection.spools[side].stat().st_size)]


def _pieces(spool: Path, ranges: Iterable[Range]) -> Iterator[bytes]:
    with spool.open("rb") as file:
        for start, end in ranges:
            file.seek(start)
            while start < end and (data := file.read(min(_CHUNK, end - start))):
                start += len(data)
                yield data
