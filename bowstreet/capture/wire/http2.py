"""HTTP/2 as an onlooker: frames of both directions to exchanges (RFC 9113), header blocks by HPACK (RFC 7541).

Body pieces are spans of that direction's plaintext; the frames themselves stay exact in the recording.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from hpack import Decoder
from hpack.exceptions import HPACKError

from bowstreet.capture.errors import BadTape
from bowstreet.capture.wire.exchange import Exchange, Headers, How

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RESET, SETTINGS, PUSH, GOAWAY, CONTINUATION = 0, 1, 3, 4, 5, 7, 9
END_STREAM, END_HEADERS, PADDED, PRIORITY = 1, 4, 8, 32
ACKNOWLEDGED, TABLE_SIZE = 1, 1
CLIENT, SERVER = 0, 1
#: Header bytes that one block, and one connection, may unfold to: browsers end a connection far below.
BLOCK_LIMIT, HEADERS_LIMIT = 1 << 20, 64 << 20


@dataclass
class _Side:
    pending: bytearray = field(default_factory=bytearray)
    offset: int = 0
    decoder: Decoder = field(default_factory=lambda: Decoder(max_header_list_size=BLOCK_LIMIT))
    block: tuple[int, bytearray, int, bool] | None = None  # stream, bytes, flags, pushed


class Onlooker:
    """One connection's streams, in the order in which they were opened."""

    def __init__(self) -> None:
        self.streams: dict[int, Exchange] = {}
        self.goaway: int | None = None  # the error code with which the site ended the connection
        self._sides = (_Side(), _Side())
        self._greeted = False
        self._unfolded = 0

    def feed(self, side: int, data: bytes, at: float) -> None:
        """Take in plaintext of one side, seen at wall time `at`. Raises BadTape."""
        own = self._sides[side]
        buffer, done = own.pending, 0
        buffer += data
        if side == CLIENT and not self._greeted:
            if len(buffer) < len(PREFACE):
                return
            if not buffer.startswith(PREFACE):
                raise BadTape("not HTTP/2: the preface is missing")
            done, self._greeted = len(PREFACE), True
        while len(buffer) - done >= 9:
            begin = done + 9
            end = begin + int.from_bytes(buffer[done : done + 3], "big")
            if len(buffer) < end:
                break
            kind, flags = buffer[done + 3], buffer[done + 4]
            stream = int.from_bytes(buffer[done + 5 : done + 9], "big") & 0x7FFFFFFF
            done = end
            if flags & PADDED and kind in (DATA, HEADERS, PUSH) and end > begin:
                end -= buffer[begin]
                begin += 1
                if end < begin:
                    raise BadTape("a frame of HTTP/2 has more padding than room")
            if kind == DATA:
                self._data(side, flags, stream, own.offset + begin, own.offset + end, at)
            else:
                self._frame(side, kind, flags, stream, bytes(buffer[begin:end]), at)
        del buffer[:done]
        own.offset += done

    def _frame(self, side: int, kind: int, flags: int, stream: int, payload: bytes, when: float) -> None:
        own = self._sides[side]
        if kind == HEADERS:
            fragment = payload[5:] if flags & PRIORITY else payload
            own.block = (stream, bytearray(fragment), flags, False)
        elif kind == PUSH:
            promised = int.from_bytes(payload[:4], "big") & 0x7FFFFFFF
            own.block = (promised, bytearray(payload[4:]), 0, True)
        elif kind == CONTINUATION and own.block:
            own.block[1].extend(payload)
            if len(own.block[1]) > BLOCK_LIMIT:
                raise BadTape("a header block of HTTP/2 never ends")
        elif kind == RESET and stream in self.streams:
            self._ended(stream, How.RESET, when)
        elif kind == SETTINGS and not flags & ACKNOWLEDGED:
            self._settings(side, payload)
        elif kind == GOAWAY and side == SERVER:
            self.goaway = int.from_bytes(payload[4:8], "big")
        if kind in (HEADERS, PUSH, CONTINUATION) and flags & END_HEADERS and own.block:
            self._headers(side, *own.block, when)
            own.block = None

    def _settings(self, side: int, payload: bytes) -> None:
        for at in range(0, len(payload) - 5, 6):
            name, value = struct.unpack_from(">HI", payload, at)
            if name == TABLE_SIZE:  # what this side allows bounds the other side's encoder
                self._sides[1 - side].decoder.max_allowed_table_size = max(4096, min(value, BLOCK_LIMIT))

    def _data(self, side: int, flags: int, stream: int, start: int, end: int, when: float) -> None:
        exchange = self.streams.get(stream)
        if exchange is None:
            return
        if end > start:
            (exchange.request_body if side == CLIENT else exchange.body_at).add(start, end)
        if side == SERVER:
            exchange.ended = when
            if flags & END_STREAM:
                self._ended(stream, How.FRAMES, when)

    def _headers(
        self, side: int, stream: int, block: bytearray, flags: int, pushed: bool, when: float
    ) -> None:
        try:
            decoded = self._sides[side].decoder.decode(bytes(block), raw=True)
        except HPACKError as error:
            raise BadTape(f"a header block of HTTP/2 cannot be read ({error})") from None
        except (IndexError, ValueError):
            raise BadTape("a header block of HTTP/2 is cut short") from None
        fields: Headers = tuple((bytes(name), bytes(value)) for name, value in decoded)
        self._unfolded += sum(len(name) + len(value) for name, value in fields)
        if self._unfolded > HEADERS_LIMIT:
            raise BadTape("the headers of an HTTP/2 connection unfold beyond measure")
        if side == CLIENT or pushed:
            self._request(stream, fields, when)
        elif stream in self.streams:
            self._response(stream, fields, bool(flags & END_STREAM), when)

    def _request(self, stream: int, fields: Headers, when: float) -> None:
        if stream in self.streams:
            return  # a request's trailers
        pseudo = dict(fields)
        method = pseudo.get(b":method", b"").decode("latin-1")
        target = pseudo.get(b":path", b"").decode("latin-1")
        self.streams[stream] = Exchange(method, target, fields, stream, protocol="h2", began=when)

    def _response(self, stream: int, fields: Headers, last: bool, when: float) -> None:
        exchange = self.streams[stream]
        told = dict(fields).get(b":status", b"")
        status = int(told) if told.isdigit() and len(told) == 3 else 0
        if 100 <= status < 200:
            exchange.informational.append((status, fields))
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
