"""Native mode: a page as DevTools tells it, for what the wire tap cannot open. It keeps less, and says so.

The bytes still go out through the relay, so that the network rules hold; its tape stays in the companion, unopened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Request

from bowstreet.capture.heard import Heard, Socket
from bowstreet.capture.mask import Mask
from bowstreet.capture.wire.websocket import shown
from bowstreet.evidence.record import Part, Record, Span, new_id
from bowstreet.evidence.wacz import PackWriter

#: What this mode cannot keep; it stands in the pack, on the capture's page and on the exhibit.
CANNOT_KEEP = [
    "The exact bytes: bodies are as the browser decoded them, without transfer and content coding.",
    "Header lines in their order and case where DevTools gives no text of them: in HTTP/2, and outside the page's own process.",
    "The certificate chain and the TLS handshake of the connection that carried the page.",
    "The address of the peer that sent each answer.",
    "The bodies of redirects, and of answers that broke off or were still coming: their status and header lines are kept.",
    "Answers to preflights, an unchanged page's 304 (DevTools shows what the cache made of it), trailers, and informational answers.",
    "WebSocket pings, pongs and closes, and the messages of workers and of frames of other sites.",
]
_CODINGS = ("content-encoding", "transfer-encoding", "content-length")


@dataclass(frozen=True)
class Kept:
    """One exchange as DevTools told it. `body` is a file, or None where DevTools gave none: `lacks` says why.

    `text` is the answer's head as it came, where DevTools gives it; `greeting` the request's.
    """

    method: str
    url: str
    asked: tuple[tuple[str, str], ...]
    sent: bytes
    status: int
    headers: tuple[tuple[str, str], ...]
    body: Path | None
    at: datetime
    lacks: str | None = None
    text: str = ""
    greeting: str = ""


async def keep(heard: Heard, folder: Path, most: int) -> list[Kept]:
    """Ask the browser for what it still has of each answer, up to so many bytes in all."""
    folder.mkdir(exist_ok=True)
    found = []
    for number, request in enumerate(heard.answered):
        if not request.url.startswith(("http://", "https://")):
            continue
        try:
            if (response := await request.response()) is None:
                continue
            asked = await request.headers_array()
            headers = await response.headers_array()
        except PlaywrightError:
            continue
        body, lacks = None, _lacks(heard, request, response.status, most)
        if lacks is None:
            try:
                data = await response.body()
                body, most = folder / f"{number}.body", most - len(data)
                body.write_bytes(data)
            except PlaywrightError:
                body, lacks = None, "the browser has let go of it"
        found.append(
            Kept(
                request.method, request.url, _pairs(asked), request.post_data_buffer or b"", response.status, _pairs(headers),
                body, datetime.fromtimestamp(max(0.0, request.timing["startTime"] / 1000), UTC), lacks,
                heard.head(request.url.partition("#")[0], response.status),
            )
        )  # fmt: skip
    return found + [_handshake(socket) for socket in heard.sockets.values() if socket.status]


def _lacks(heard: Heard, request: Request, status: int, most: int) -> str | None:
    """Why there is no body; None where there may be one."""
    if 300 <= status < 400:
        return "DevTools gives no body of a redirect"
    if request not in heard.finished:
        return "it broke off" if request.failure else "it was still coming when the visit ended"
    return None if most > 0 else "the ceiling on bytes was reached"


def _handshake(socket: Socket) -> Kept:
    url = "http" + socket.url[2:]
    return Kept("GET", url, (), b"", socket.status, (), None, socket.at, None, socket.answered, socket.asked)


def conversations(
    sockets: Iterable[Socket], redact: Callable[[bytes], bytes] | None = None
) -> list[dict[str, Any]]:
    """Every WebSocket's messages, in the form of `files/websockets.json`. `redact` is as in wire mode."""
    clean = redact or (lambda data: data)
    return [
        {
            "connection": None,
            "url": clean(("http" + socket.url[2:]).encode()).decode("utf-8", "replace"),
            "messages": [
                {"from": who, "kind": kind, **shown(kind, clean(data))} for who, kind, data in socket.messages
            ],
            "cut": socket.cut,
        }
        for socket in sockets
    ]


def write(pack: PackWriter, kept: list[Kept], mask: Mask | None) -> Iterable[dict[str, Any]]:
    """Write each exchange as a request and a response record."""
    for one in kept:
        answer, url = new_id(), mask.text(one.url, "addresses") if mask else one.url
        asked = Record(
            "request",
            url,
            one.at,
            _masked(_asked(one), f"request {url}", mask),
            headers=(("WARC-Concurrent-To", answer),),
        )
        block = _masked(_answered(one), f"response {url}", mask)
        pack.write(
            Record("response", url, one.at, block, id=answer, headers=(("WARC-Concurrent-To", asked.id),))
        )
        pack.write(asked)
        yield {
            "record": answer, "method": one.method, "url": url, "status": one.status, "how": "devtools", "protocol": None,
            "connection": None, "began": one.at.isoformat(), "seconds": None,
            "bytes": one.body.stat().st_size if one.body else 0, "lacks": one.lacks, "seen_by_browser": True,
        }  # fmt: skip


def _asked(one: Kept) -> tuple[Part, ...]:
    if one.greeting:
        return (one.greeting.encode("latin-1", "replace"),)
    target = "/" + one.url.split("/", 3)[3] if one.url.count("/") > 2 else "/"
    named = (
        one.asked
        if any(k.lower() == "host" for k, _ in one.asked)
        else (("Host", one.url.split("/")[2]), *one.asked)
    )
    return (
        f"{one.method} {target} HTTP/1.1\r\n".encode() + _lines(named, len(one.sent) if one.sent else None),
        one.sent,
    )


def _answered(one: Kept) -> tuple[Part, ...]:
    if one.status == 101:
        return (one.text.encode("latin-1", "replace"),)
    phrase = HTTPStatus(one.status).phrase if one.status in HTTPStatus._value2member_map_ else ""
    size = one.body.stat().st_size if one.body else 0
    first, headers = f"HTTP/1.1 {one.status} {phrase}", one.headers
    if one.text:
        first, *lines = one.text.rstrip("\r\n").replace("\r\n", "\n").split("\n")
        headers = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
    head = first.encode("latin-1", "replace") + b"\r\n" + _lines(headers, size)
    return (head, Span(one.body, 0, size)) if one.body else (head,)


def _lines(headers: tuple[tuple[str, str], ...], size: int | None) -> bytes:
    """Header lines, with the codings that the body no longer has set aside, and the length that it has."""
    told = [
        (f"X-Before-DevTools-{name}" if name.lower() in _CODINGS else name, value) for name, value in headers
    ]
    told += [("Content-Length", str(size))] if size is not None else []
    lines = [f"{name}: {line}" for name, value in told if name[:1] != ":" for line in value.split("\n")]
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1", "replace") + b"\r\n"


def _masked(parts: tuple[Part, ...], where: str, mask: Mask | None) -> tuple[Part, ...]:
    if mask is None:
        return parts
    return (mask.message(b"".join(Record("resource", None, datetime.now(UTC), parts).chunks()), where),)


def _pairs(headers: Any) -> tuple[tuple[str, str], ...]:
    return tuple((one["name"], one["value"]) for one in headers)
