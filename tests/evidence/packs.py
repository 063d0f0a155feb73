"""A small capture of an invented shop, as a capture would build it."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

from bowstreet.evidence.record import REVISIT_PROFILE, Record
from bowstreet.evidence.wacz import PackWriter

AT = datetime(2026, 11, 24, 10, 15, 0, 250000, tzinfo=UTC)
SITE = "http://shop.example/"
PAGE = "<!doctype html><title>Offers</title><p>Lamp, £ 12.50</p><img src=a.png>".encode()


def response(url: str, body: bytes, *fields: str, status: str = "200 OK", kind: str = "response") -> Record:
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", *fields)) + "\r\n"
    extra = (("WARC-IP-Address", "192.0.2.10"), ("WARC-Protocol", "http/1.1"))
    return Record(kind, url, AT, (head.encode("latin-1"), body), headers=extra)


def request(answer: Record, method: str = "GET", body: bytes = b"", kind: str | None = None) -> Record:
    path = "/" + (answer.url or "").split("/", 3)[3]
    lines = [f"{method} {path} HTTP/1.1", "Host: shop.example"]
    lines += [f"Content-Type: {kind}"] if kind else []
    lines += [f"Content-Length: {len(body)}"] if body else []
    head = "".join(f"{line}\r\n" for line in lines) + "\r\n"
    concurrent = (("WARC-Concurrent-To", answer.id),)
    return Record("request", answer.url, AT, (head.encode(), body), headers=concurrent)


def build(folder: Path, out: Path, *, created: datetime = AT) -> Path:
    """A page, an image, a chunked answer to a POST, a redirect, a revisit, a screenshot and provenance."""
    pack = PackWriter(folder, created=created)
    page = response(SITE, PAGE, "Content-Type: text/html; charset=utf-8", f"Content-Length: {len(PAGE)}")
    coded = gzip.compress(b"\x89PNG not really" * 50)
    image = response(SITE + "a.png", coded, "Content-Type: image/png", "Content-Encoding: gzip")
    chunks = b'4\r\n{"ok\r\n8\r\n": true}\r\n0\r\n\r\n'
    answer = response(SITE + "api", chunks, "Content-Type: application/json", "Transfer-Encoding: chunked")
    moved = response(SITE + "old?b=2&a=1", b"", f"Location: {SITE}", status="301 Moved Permanently")
    ref = pack.write(page)
    pack.write(request(page))
    pack.write(image)
    pack.write(answer)
    pack.write(request(answer, "POST", b'{"q":"lamp","page":1}', "application/json"))
    pack.write(moved)
    headers = (
        ("WARC-Profile", REVISIT_PROFILE),
        ("WARC-Refers-To-Target-URI", SITE),
        ("WARC-Payload-Digest", str(ref.payload)),
    )
    again = Record(
        "revisit",
        SITE + "?again",
        AT,
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",),
        headers=headers,
    )
    pack.write(again)
    pack.write(
        Record("metadata", SITE, AT, (b"loaded: yes\r\n",), headers=(("WARC-Concurrent-To", page.id),))
    )
    pack.file("view", b"\x89PNG\r\n\x1a\n", media_type="image/png", url=f"urn:view:{SITE}")
    pack.file("provenance/provenance.json", b'{"clock": "ntp", "offset": "0.004"}')
    pack.page(url=SITE, ts=AT, title="Offers", text="Lamp, £ 12.50")
    return pack.finish(out, meta={"title": "Offers", "description": "One page of an invented shop"})
