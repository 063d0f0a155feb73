"""Native mode: a page as DevTools tells it, for what the wire tap cannot open. It keeps less, and says so.

The bytes still go out through the relay, so that the network rules hold; its tape stays in the companion, unopened.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Request

from bowstreet.capture.mask import Mask
from bowstreet.evidence.record import Part, Record, Span, new_id
from bowstreet.evidence.wacz import PackWriter

#: What this mode cannot keep; it stands in the pack, on the capture's page and on the exhibit.
CANNOT_KEEP = [
    "The exact bytes: bodies are as the browser decoded them, without transfer and content coding.",
    "Set-Cookie lines where the browser does not give them, and the order and case of header lines.",
    "The certificate chain and the TLS handshake of the connection that carried the page.",
    "The address of the peer that sent each answer.",
    "Answers to preflights and redirects' bodies, trailers, and informational answers.",
]
_CODINGS = ("content-encoding", "transfer-encoding", "content-length")


@dataclass(frozen=True)
class Kept:
    """One exchange as DevTools told it. `body` is a file, or None where DevTools gave none."""

    method: str
    url: str
    asked: tuple[tuple[str, str], ...]
    sent: bytes
    status: int
    headers: tuple[tuple[str, str], ...]
    body: Path | None
    at: datetime


async def keep(requests: list[Request], folder: Path, most: int) -> list[Kept]:
    """Ask the browser for what it still has of each answer, up to so many bytes in all."""
    folder.mkdir(exist_ok=True)
    found = []
    for number, request in enumerate(requests):
        if not request.url.startswith(("http://", "https://")):
            continue
        try:
            if (response := await request.response()) is None:
                continue
            asked = await request.headers_array()
            headers = await response.headers_array()
        except PlaywrightError:
            continue
        body = None
        if most > 0 and not 300 <= response.status < 400:
            try:
                data = await response.body()
                body, most = folder / f"{number}.body", most - len(data)
                body.write_bytes(data)
            except PlaywrightError:
                body = None  # the browser has let go of it
        found.append(
            Kept(
                request.method, request.url, _pairs(asked), request.post_data_buffer or b"", response.status, _pairs(headers),
                body, datetime.fromtimestamp(max(0.0, request.timing["startTime"] / 1000), UTC),
            )
        )  # fmt: skip
    return found


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
            "bytes": one.body.stat().st_size if one.body else 0, "seen_by_browser": True,
        }  # fmt: skip


def _asked(one: Kept) -> tuple[Part, ...]:
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
    phrase = HTTPStatus(one.status).phrase if one.status in HTTPStatus._value2member_map_ else ""
    size = one.body.stat().st_size if one.body else 0
    head = f"HTTP/1.1 {one.status} {phrase}\r\n".encode() + _lines(one.headers, size)
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
