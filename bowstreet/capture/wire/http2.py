"""HTTP/2 as an onlooker: frames of both directions to exchanges (RFC 9113), header blocks by HPACK (RFC 7541).

Body pieces are spans of that direction's plaintext; the frames themselves stay exact in the recording.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from hpack import Decoder
from hpack.exceptions import HPACKError

from bowstreet.capture.errors import BadTape
from bowstreet.capture.wire.exchange import Exchange, Headers, How, Range

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RESET, SETTINGS, PUSH, CONTINUATION = 0, 1, 3, 4, 5, 9
END_STREAM, END_HEADERS, PADDED, PRIORITY = 1, 4, 8, 32
CLIENT, SERVER = 0, 1


@dataclass
class _Side:
    pending: bytearray = field(default_factory=bytearray)
    offset: int = 0
    decoder: Decoder = field(default_factory=lambda: Decoder(max_header_list_size=1 << 24))
    block: tuple[int, bytearray, bool] | None = None


class Onlooker:
    """One connection's streams, in the order in which they were opened."""

    def __init__(self) -> None:
        self.streams: dict[int, Exchange] = {}
        self._sides = (_Side(), _Side())
        self._greeted = False

    def feed(self, side: int, data: bytes, at: float) -> None:
        """Take in plaintext of one side, seen at wall time `at`. Raises BadTape."""
        own = self._sides[side]
        own.pending += data
        buffer, done = own.pending, 0
        if side == CLIENT and not self._greeted:
            if len(buffer) < len(PREFACE):
                return
            if bytes(buffer[: len(PREFACE)]) != PREFACE:
                raise BadTape("not HTTP/2: the preface is missing")
            done, self._greeted = len(PREFACE), True
        while len(buffer) - done >= 9:
            size = int.from_bytes(buffer[done : done + 3], "big")
            if len(buffer) - done - 9 < size:
                break
            kind, flags = buffer[done + 3], buffer[done + 4]
            stream = int.from_bytes(buffer[done + 5 : done + 9], "big") & 0x7FFFFFFF
            payload = bytes(buffer[done + 9 : done + 9 + size])
            self._frame(side, kind, flags, stream, payload, own.offset + done + 9, at)
            done += 9 + size
        del buffer[:done]
        own.offset += done

    def _frame(
        self, side: int, kind: int, flags: int, stream: int, payload: bytes, at: int, when: float
    ) -> None:
        if kind in (DATA, HEADERS, PUSH) and flags & PADDED:
            payload, at = payload[1 : len(payload) - payload[0]], at + 1
        own = self._sides[side]
        if kind == DATA:
            self._data(side, flags, stream, payload, at, when)
        elif kind == HEADERS:
            own.block = (
                stream,
                bytearray(payload[5:] if flags & PRIORITY else payload),
                bool(flags & END_STREAM),
            )
        elif kind == PUSH:
            own.block = (int.from_bytes(payload[:4], "big") & 0x7FFFFFFF, bytearray(payload[4:]), False)
        elif kind == CONTINUATION and own.block:
            own.block[1].extend(payload)
        elif kind == RESET and stream in self.streams:
            self._ended(stream, How.RESET, when)
        elif kind == SETTINGS and not flags & 1:
            self._settings(side, payload)
        if kind in (HEADERS, PUSH, CONTINUATION) and flags & END_HEADERS and own.block:
            self._headers(side, kind == PUSH, when)

    def _settings(self, side: int, payload: bytes) -> None:
        for at in range(0, len(payload) - 5, 6):
            name, value = struct.unpack_from(">HI", payload, at)
            if name == 1:  # what this side allows bounds the other side's encoder
                self._sides[1 - side].decoder.max_allowed_table_size = max(4096, value)

    def _data(self, side: int, flags: int, stream: int, payload: bytes, at: int, when: float) -> None:
        exchange = self.streams.get(stream)
        if exchange is None:
            return
        if payload:
            (exchange.request_body if side == CLIENT else exchange.body_at).append(
                Range(at, at + len(payload))
            )
        if side == SERVER:
            exchange.ended = when
            if flags & END_STREAM:
                self._ended(stream, How.FRAMES, when)

    def _headers(self, side: int, pushed: bool, when: float) -> None:
        own = self._sides[side]
        assert own.block is not None
        stream, block, last = own.block
        own.block = None
        try:
            fields: Headers = tuple(
                (bytes(k), bytes(v)) for k, v in own.decoder.decode(bytes(block), raw=True)
            )
        except HPACKError as error:
            raise BadTape(f"a header block of HTTP/2 cannot be read ({error})") from None
        if side == CLIENT or pushed:
            self._request(stream, fields, when)
        elif stream in self.streams:
            self._response(stream, fields, last, when)

    def _request(self, stream: int, fields: Headers, when: float) -> None:
        if stream in self.streams:
            return  # a request's trailers
        pseudo = dict(fields)
        method = pseudo.get(b":method", b"").decode("latin-1")
        target = pseudo.get(b":path", b"").decode("latin-1")
        self.streams[stream] = Exchange(method, target, fields, stream, protocol="h2", began=when)

    def _response(self, stream: int, fields: Headers, last: bool, when: float) -> None:
        exchange = self.streams[stream]
        status = int(dict(fields).get(b":status", b"0") or 0)
        if 100 <= status < 200:
            exchange.informational.append((status, Range(0, 0)))
            return
        if exchange.status is None:
            exchange.status, exchange.response, exchange.how = status, fields, How.TRUNCATED
        else:
            exchange.trailers = fields
        if last:
            self._ended(stream, How.FRAMES, when)

    def _ended(self, stream: int, how: How, when: float) -> None:
        exchange = self.streams[stream]
        exchange.ended = when
        if exchange.how is not How.FRAMES:
            exchange.how = how
