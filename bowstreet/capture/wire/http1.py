"""HTTP/1.1 as an onlooker: two plaintext streams in, exchanges out, each a span of the streams (RFC 9112).

Nothing here changes or rebuilds a byte, so what is written to the archive is exact by construction. Bad framing
ends the exchange it is found in (`truncated`) and never the capture.
"""

from __future__ import annotations

import mmap
import re

from bowstreet.capture.wire.exchange import Exchange, Headers, How, Range, Spans, values
from bowstreet.capture.wire.tape import EOF, RESET

_END = re.compile(rb"\r?\n\r?\n")
_SIZE = re.compile(rb"[0-9a-fA-F]{1,15}")
HEAD_LIMIT = 1 << 20
LINE_LIMIT = 1 << 14
PASSED = 1 << 24  # bytes of a mapped file that may stay in memory behind us


Bytes = bytes | mmap.mmap


def parse(up: Bytes, down: Bytes, *, ended: bytes = EOF) -> tuple[list[Exchange], tuple[int, int] | None]:
    """All exchanges of a connection; and, where another protocol takes over, the two offsets at which it begins.

    `ended` says how the site's side ended, as the tape has it.
    """
    found: list[Exchange] = []
    sent = got = 0
    while True:
        sent, end = _head(up, sent)
        if end is None:
            return found, None
        exchange, sent = _request(up, sent, end, len(found))
        got = _answer(exchange, down, got, ended)
        found.append(exchange)
        if exchange.how is How.UPGRADE:
            return found, (sent, got)
        if exchange.status is None:
            return found, None


def headers(head: bytes) -> Headers:
    """The header lines after the first, names as sent; folded lines are joined (RFC 9112 section 5.2)."""
    out: list[tuple[bytes, bytes]] = []
    for line in head.split(b"\n")[1:]:
        line = line.rstrip(b"\r")
        if line[:1] in (b" ", b"\t") and out and line.strip():
            out[-1] = (out[-1][0], out[-1][1] + b" " + line.strip())
        elif b":" in line:
            name, value = line.split(b":", 1)
            out.append((name, value.strip()))
    return tuple(out)


def _head(data: Bytes, at: int) -> tuple[int, int | None]:
    while data[at : at + 2] == b"\r\n":  # blank lines before a message are passed over (section 2.2)
        at += 2
    found = _END.search(data, at, at + HEAD_LIMIT)
    return at, found.end() if found else None


def _request(up: Bytes, at: int, end: int, number: int) -> tuple[Exchange, int]:
    head = up[at:end]
    words = head.split(b"\n", 1)[0].split()
    fields = headers(head)
    method = words[0].decode("latin-1") if words else ""
    target = words[1].decode("latin-1") if len(words) > 1 else ""
    body_end, _, spans, _ = _body(up, end, fields, empty=False, response=False, ended=EOF)
    exchange = Exchange(method, target, fields, number, request_at=Range(at, body_end), request_body=spans)
    return exchange, body_end


def _answer(exchange: Exchange, down: Bytes, at: int, ended: bytes) -> int:
    while True:
        at, end = _head(down, at)
        if end is None:
            if len(down) > at:  # a head cut short: keep what came
                exchange.response_at, exchange.how = Range(at, len(down)), How.TRUNCATED
            elif ended == RESET:
                exchange.how = How.RESET
            return at
        head = down[at:end]
        status, reason = _status(head)
        if 100 <= status < 200 and status != 101:
            exchange.informational.append((status, headers(head)))
            at = end
            continue
        break
    exchange.status, exchange.reason, exchange.response = status, reason, headers(head)
    if status == 101 or (exchange.method == "CONNECT" and status == 200):
        exchange.response_at, exchange.how = Range(at, end), How.UPGRADE
        return end
    empty = exchange.method == "HEAD" or status in (204, 304)
    stop, exchange.how, exchange.body_at, exchange.trailers = _body(
        down, end, exchange.response, empty=empty, response=True, ended=ended
    )
    exchange.response_at = Range(at, stop)
    return stop


def _status(head: bytes) -> tuple[int, bytes]:
    words = head.split(b"\n", 1)[0].rstrip(b"\r").split(b" ", 2)
    number = int(words[1]) if len(words) > 1 and words[1].isdigit() and len(words[1]) == 3 else 0
    return number, words[2] if len(words) > 2 else b""


Body = tuple[int, How, Spans, Headers]


def _body(data: Bytes, at: int, fields: Headers, *, empty: bool, response: bool, ended: bytes) -> Body:
    """Where the message ends, how, the spans of its content, and its trailers."""
    spans = Spans()
    if empty:
        return at, How.NONE, spans, ()
    cut = How.RESET if ended == RESET else How.TRUNCATED
    if b"chunked" in b",".join(values(fields, b"transfer-encoding")).lower():
        return _chunks(data, at, cut)
    if lengths := values(fields, b"content-length"):
        told = lengths[0].split(b",")[0].strip()
        end = at + int(told) if told.isdigit() and len(told) < 16 else len(data) + 1
        spans.add(at, min(end, len(data)))
        return min(end, len(data)), How.LENGTH if end <= len(data) else cut, spans, ()
    if response:
        spans.add(at, len(data))
        return len(data), How.CLOSE if ended == EOF else cut, spans, ()
    return at, How.NONE, spans, ()


def _chunks(data: Bytes, at: int, cut: How) -> Body:
    spans, held = Spans(), at
    while True:
        held = _let_go(data, held, at)
        line = data.find(b"\n", at, at + LINE_LIMIT)
        size = _SIZE.match(data[at:line].strip()) if line >= 0 else None
        if size is None:
            return len(data), cut, spans, ()
        count, start = int(size[0], 16), line + 1
        if count == 0:
            return _trailers(data, start, spans, cut)
        spans.add(start, min(start + count, len(data)))
        if start + count > len(data):
            return len(data), cut, spans, ()
        at = start + count
        at += 2 if data[at : at + 2] == b"\r\n" else 1


def _let_go(data: Bytes, held: int, at: int) -> int:
    """Let go of the pages of a mapped file that lie behind us: a long body is walked in little memory."""
    if isinstance(data, bytes) or at - held < PASSED:
        return held
    start, end = held - held % mmap.PAGESIZE, at - at % mmap.PAGESIZE
    data.madvise(mmap.MADV_DONTNEED, start, end - start)
    return end


def _trailers(data: Bytes, at: int, spans: Spans, cut: How) -> Body:
    if data[at : at + 2] == b"\r\n":
        return at + 2, How.CHUNKED, spans, ()
    if data[at : at + 1] == b"\n":
        return at + 1, How.CHUNKED, spans, ()
    found = _END.search(data, at, at + HEAD_LIMIT)
    if not found:
        return len(data), cut, spans, ()
    return found.end(), How.CHUNKED, spans, headers(b"\n" + data[at : found.end()])
