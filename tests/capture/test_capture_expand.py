"""What a page has folded is opened; nothing that could buy, write, sign in or lead elsewhere is pressed or let out."""

from __future__ import annotations

import http.server
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bowstreet.capture.limits import Limits
from bowstreet.capture.permit import Permit
from bowstreet.capture.visit import Capture, session

pytestmark = pytest.mark.browser
PAGE = """<!doctype html><html lang=en><title>Folded</title>
<script>const more = (id, path) => fetch(path).then(r => r.text()).then(t => { document.getElementById(id).textContent += t });
const act = path => fetch(path, {method: "POST"}).catch(() => 0);</script>
<nav><button onclick="more('out', '/menu')">More</button></nav>
<details><summary>Delivery</summary><p>posted on Mondays</p></details>
<p id=out></p>
<button onclick="more('out', '/second'); this.remove()">Show more</button>
<button onclick="this.after(document.createTextNode('a long text, to its end')); this.remove()">Read the rest of it…</button>
<a href="#" onclick="more('out', '/third'); this.remove(); return false">See all 12 offers</a>
<span role=button onclick="more('out', '/german'); this.remove()">Mehr anzeigen</span>
<button onclick="act('/sneaky')">Load more</button>
<button onclick="location.href = '/elsewhere'">Show all</button>
<a href="/linked">Show more</a>
<button onclick="act('/bought')">Show more and buy</button>
<button onclick="act('/bought')">Buy now</button>
<button onclick="act('/written')">Message the seller</button>
<button onclick="act('/number')">Show phone number</button>
<form action="/joined" method=post><button>Show more</button><button type=button onclick="act('/joined')">Read more</button></form>
<div style="display: none"><button onclick="act('/unseen')">Show more</button></div>"""
PIECES = {"/second": "the second part. ", "/third": "the third part. ", "/german": "der vierte Teil. "}


class Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked: list[tuple[str, str]] = []

    def do_GET(self) -> None:
        type(self).asked.append((self.command, self.path))
        body = (PAGE if self.path == "/" else PIECES.get(self.path, "")).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    Site.asked = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()


def go(url: str, folder: Path, limits: Limits) -> tuple[Capture, dict[str, Any], str]:
    """The capture, its provenance, and the text that a reader saw."""
    at = datetime.now(UTC)
    permit = Permit(
        reference="P-1", operation="OP-0001", authority="OP-0001/A1", officer="alice", purpose="detection",
        sites=(url.split("/")[2],), techniques=("visit",), starts=at - timedelta(hours=1), ends=at + timedelta(hours=1),
        issued=at, test_ranges=("127.0.0.0/8",),
    )  # fmt: skip
    with session(folder, limits=limits) as visits:
        kept = visits.visit(permit, url, now=lambda: datetime.now(UTC)).keep()
    with zipfile.ZipFile(kept.wacz) as pack:
        page = json.loads(pack.read("pages/pages.jsonl").splitlines()[1])
        return kept, json.loads(pack.read("files/provenance.json")), page["text"]


def test_folded_parts_are_opened_and_nothing_that_acts_is_pressed_or_let_out(
    site: str, tmp_path: Path
) -> None:
    patient = Limits(behave_seconds=30, quiet_seconds=20)
    kept, told, text = go(site, tmp_path, patient)
    for piece in (
        "posted on Mondays",
        "a long text, to its end",
        *(piece.strip() for piece in PIECES.values()),
    ):
        assert piece in text
    reads = {("GET", path) for path in ("/", *PIECES)}
    assert set(Site.asked) - {("GET", "/favicon.ico")} == reads
    pressed = [one["says"] for one in told["expanded"] if one["what"] == "button"]
    assert {"Show more", "Read the rest of it…", "See all 12 offers", "Mehr anzeigen"} <= set(pressed)
    assert not [one for one in pressed if "buy" in one.lower() or "seller" in one or "phone" in one]
    assert [one["says"] for one in told["expanded"] if one["what"] == "details"] == ["Delivery"]
    assert len(pressed) <= patient.expand
    held = [line for line in kept.cut_off if "was not let out" in line]
    assert any(line.endswith("POST " + site + "sneaky was not let out") for line in held)
    assert any(line.endswith("GET " + site + "elsewhere was not let out") for line in held)
    assert kept.final_url == site
    assert kept.matched == kept.seen


def test_an_installation_may_leave_everything_folded(site: str, tmp_path: Path) -> None:
    _, told, text = go(site, tmp_path, replace(Limits(), expand=0))
    assert told["expanded"] == []
    assert "the second part" not in text
    assert {path for _, path in Site.asked} <= {"/", "/favicon.ico"}
