"""Exchanges on the wire as WARC records: HTTP/1.1 exactly as sent, HTTP/2 in the form of HTTP/1.1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bowstreet.capture.mask import SEARCH_LIMIT, Mask
from bowstreet.capture.wire.connection import CLIENT, SERVER, Connection
from bowstreet.capture.wire.exchange import Exchange, Headers, Spans
from bowstreet.evidence.record import Part, Record, Span, new_id
from bowstreet.evidence.wacz import PackWriter

_ANY = datetime.fromtimestamp(0, UTC)


def write(
    pack: PackWriter, connection: Connection, matched: set[int], mask: Mask | None
) -> Iterable[dict[str, Any]]:
    """Write the exchanges of a connection; a row for each. `matched` are the ids of those that the browser saw too."""
    for exchange in connection.exchanges:
        at = datetime.fromtimestamp(exchange.began or connection.began, UTC)
        url, answer = connection.url(exchange), new_id()
        if mask:
            url = mask.text(url, "addresses")
        where = f"{exchange.method} {url}"
        asked = Record(
            "request", url, at, _shown(request(connection, exchange), f"request {where}", mask),
            headers=(("WARC-Concurrent-To", answer),),
        )  # fmt: skip
        if exchange.status is not None:
            headers = (*_about(connection, exchange), ("WARC-Concurrent-To", asked.id))
            block = _shown(response(connection, exchange), f"response {where}", mask)
            pack.write(Record("response", url, at, block, id=answer, headers=headers))
        pack.write(asked)
        yield {
            "record": answer if exchange.status is not None else None,
            "method": exchange.method,
            "url": url,
            "status": exchange.status,
            "how": exchange.how.value,
            "protocol": exchange.protocol,
            "connection": connection.number,
            "began": at.isoformat(),
            "seconds": round(max(0.0, exchange.ended - exchange.began), 4),
            "bytes": exchange.body_at.size,
            "seen_by_browser": id(exchange) in matched,
            "informational": [
                {"status": code, "headers": _listed(said)} for code, said in exchange.informational
            ],
            "trailers": _listed(exchange.trailers),
        }


def whole(parts: tuple[Part, ...]) -> bytes | None:
    """A message in one piece, or None where it is too large to be searched."""
    size = sum(len(part) if isinstance(part, bytes) else part[2] - part[1] for part in parts)
    return None if size > SEARCH_LIMIT else b"".join(Record("resource", None, _ANY, parts).chunks())


def _shown(parts: tuple[Part, ...], where: str, mask: Mask | None) -> tuple[Part, ...]:
    return parts if mask is None else (mask.message(whole(parts), where),)


def _listed(headers: Headers) -> list[list[str]]:
    return [[name.decode("latin-1"), value.decode("latin-1")] for name, value in headers]


def _about(connection: Connection, exchange: Exchange) -> list[tuple[str, str]]:
    about = [("WARC-Protocol", exchange.protocol)]
    if connection.peer:
        about.append(("WARC-IP-Address", connection.peer[0]))
    if connection.handshake and connection.handshake.version_name:
        about.append(("WARC-Protocol", connection.handshake.version_name.lower().replace(" ", "/")))
        about.append(("WARC-Cipher-Suite", connection.handshake.suite_name or ""))
    if not exchange.complete:
        about.append(("WARC-Truncated", "disconnect"))
    return about


def request(connection: Connection, exchange: Exchange) -> tuple[Part, ...]:
    path = connection.spools[CLIENT]
    if exchange.protocol != "h2":
        return (Span(path, *exchange.request_at),)
    host = dict(exchange.request).get(b":authority", b"")
    line = f"{exchange.method} {exchange.target} HTTP/1.1\r\n".encode("latin-1") + b"Host: " + host + b"\r\n"
    return (line + _fields(exchange.request), *_body(path, exchange, exchange.request_body))


def response(connection: Connection, exchange: Exchange) -> tuple[Part, ...]:
    path = connection.spools[SERVER]
    if exchange.protocol != "h2":
        assert exchange.response_at is not None
        return (Span(path, *exchange.response_at),)
    line = f"HTTP/1.1 {exchange.status} \r\n".encode()
    return (line + _fields(exchange.response), *_body(path, exchange, exchange.body_at))


def _body(path: Path, exchange: Exchange, spans: Spans) -> Iterator[Part]:
    """The pieces of an HTTP/2 body. What a WebSocket carries is no body: its messages are kept beside, unmasked."""
    return (Span(path, *at) for at in spans if not exchange.websocket)


def _fields(headers: Headers) -> bytes:
    """HTTP/2 header fields in HTTP/1.1 form: order and duplicates kept, pseudo-headers left to the first line."""
    return b"".join(name + b": " + value + b"\r\n" for name, value in headers if name[:1] != b":") + b"\r\n"
