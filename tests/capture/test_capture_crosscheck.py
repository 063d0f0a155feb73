"""The browser's accounts against the wire: every difference has its reason, and a lie on either side is a fault."""

from __future__ import annotations

import http.server
import json
import threading
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bowstreet.capture.crosscheck import REASONS, body, explained
from bowstreet.capture.permit import Permit
from bowstreet.capture.visit import session
from bowstreet.capture.wire.exchange import Exchange
from bowstreet.capture.wire.match import Match, Seen

PAGE = """<!doctype html><html lang=en><meta charset=utf-8><title>Odds</title><body>£ é
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><img src=/kept.png><script>
const rest = ms => new Promise(r => setTimeout(r, ms));
(async () => {
  await new Promise(r => addEventListener('load', r));
  fetch('data:text/plain,here');
  fetch(URL.createObjectURL(new Blob(['made here'])));
  const stop = new AbortController(); fetch('/slow', {signal: stop.signal}).catch(() => 0); await rest(100); stop.abort();
  await fetch('/kept.png', {cache: 'force-cache'});
  fetch('http://169.254.169.254/').catch(() => 0);
  fetch('http://elsewhere.example/', {method: 'PUT'}).catch(() => 0);
  navigator.serviceWorker.register('/worker.js');
  await navigator.serviceWorker.ready;
  await rest(200);
  await fetch('/from-worker');
})()</script></body></html>"""
WORKER = """addEventListener('install', () => skipWaiting()); addEventListener('activate', e => e.waitUntil(clients.claim()));
addEventListener('fetch', e => { if (e.request.url.endsWith('/from-worker')) e.respondWith(new Response('made by the worker')); })"""


def now() -> datetime:
    return datetime.now(UTC)


class Odds(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        kind, text = "text/html", PAGE
        if self.path == "/worker.js":
            kind, text = "text/javascript", WORKER
        elif self.path == "/slow":
            threading.Event().wait(2)
        elif self.path != "/":
            kind, text = "image/png", ""
        data = text.encode()
        self.send_response(200)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(data)),
            "Cache-Control": "max-age=999",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Quiet(http.server.ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """A browser that goes away is no news."""


@pytest.fixture
def site() -> Iterator[str]:
    server = Quiet(("127.0.0.1", 0), Odds)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()


@pytest.mark.browser
def test_every_request_of_the_page_is_on_the_wire_or_has_a_reason(site: str, tmp_path: Path) -> None:
    permit = Permit(
        reference="P", operation="O", authority="A", officer="a", purpose="detection", sites=(site.split("/")[2],), techniques=("visit",),
        starts=now() - timedelta(hours=1), ends=now() + timedelta(hours=1), issued=now(), test_ranges=("127.0.0.0/8",),
    )  # fmt: skip
    with session(tmp_path) as visits:
        capture = visits.visit(permit, site, now=now).keep()
    with zipfile.ZipFile(capture.wacz) as pack:
        told = json.loads(pack.read("files/provenance.json"))["cross_check"]
    assert capture.matched == capture.seen > 3
    assert told["faults"] == []
    assert told["devtools"]["unexplained"] == []
    assert {"data", "blob", "cancelled", "refused", "cache", "worker"} <= set(told["devtools"]["explained"])
    assert (
        told["devtools"]["on_the_wire"] + sum(told["devtools"]["explained"].values())
        == told["devtools"]["seen"]
    )
    assert told["main_document"] == {
        "compared": True, "same": True, "sha256_of_text": dict.fromkeys(("browser", "wire"), told["main_document"]["sha256_of_text"]["wire"]),
    }  # fmt: skip


def matched(status: int) -> list[Match]:
    exchange = Exchange("GET", "/", (), 0, status=status)
    return [Match(Seen("GET", "http://shop.example/", status, 1), exchange)]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"status": 200}, None), ({"url": "data:,x", "status": 200}, "data"), ({"url": "blob:http://shop.example/1"}, "blob"),
        ({"from": "cache", "status": 200}, "cache"), ({"from": "service worker"}, "worker"), ({"url": "http://x.example/"}, "waiting"),
        ({"url": "http://x.example/", "failed": "net::ERR_ABORTED", "cancelled": True}, "cancelled"),
        ({"url": "http://x.example/", "failed": "net::ERR_SOCKS_CONNECTION_FAILED"}, "refused"),
        ({"url": "http://x.example/", "failed": "mixed-content"}, "blocked"), ({"url": "http://x.example/", "failed": "net::ERR_EMPTY_RESPONSE"}, "failed"),
    ],
)  # fmt: skip
def test_each_reason_is_found(row: dict[str, Any], why: str | None) -> None:
    assert explained({"method": "GET", "url": "http://shop.example/"} | row, matched(200)) == why
    assert why is None or why in REASONS


def test_another_status_and_an_answer_that_never_came_are_faults() -> None:
    row = {"method": "GET", "url": "http://shop.example/", "status": 200}
    assert explained(row, matched(404)) == "DevTools saw status 200, the wire shows 404"
    assert explained(row, []) == "DevTools saw an answer that is not on the wire"


def test_a_main_document_that_differs_is_told() -> None:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1252\r\n\r\n\xa3 9"
    assert body(block, "£ 9")["same"] is True
    assert body(block, "£ 8")["same"] is False
    assert body(None, "x")["compared"] is False
