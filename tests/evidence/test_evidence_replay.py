"""A captured page is replayed in ReplayWeb.page by a real browser, offline: text, pictures, and the answer to a POST."""

from __future__ import annotations

import http.server
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect
from replaying import need_replay, offline, replayed, serving, viewer

from bowstreet.capture.permit import Permit
from bowstreet.capture.visit import visit
from bowstreet.evidence.seal import seal
from bowstreet.evidence.signing import SigningKey

PAGE = b"""<!doctype html><meta charset=utf-8><title>Offers</title><h1>Brass lamps, \xc2\xa3 12.50</h1>
<img src="lamp.png" width=40 height=30 alt=""><p id=answer>waiting</p><script>
fetch("api?x=1", {method: "POST", headers: {"Content-Type": "application/json"}, body: '{"q":"lamp","page":2}'})
  .then(r => r.json()).then(j => { document.getElementById("answer").textContent = "In stock: " + j.stock })
  .catch(e => { document.getElementById("answer").textContent = "failed: " + e })
</script>"""


def lamp() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 40, 40)).save(out, "PNG")
    return out.getvalue()


class Shop(http.server.BaseHTTPRequestHandler):
    """The page as it was, while it was there."""

    def do_GET(self) -> None:
        if self.path == "/":
            self._answer(PAGE, "text/html; charset=utf-8")
        elif self.path == "/lamp.png":
            self._answer(lamp(), "image/png")
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(b'{"stock": 7}' if b'"page":2' in asked else b'{"stock": 0}', "application/json")

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def captured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A sealed capture of the shop's page, whose server is gone; and its address."""
    need_replay()
    folder = tmp_path_factory.mktemp("replay")
    now = datetime.now(UTC)
    with serving(Shop) as port:
        permit = Permit(
            reference="P", operation="OP-1", authority="OP-1/1", officer="alice", purpose="detection",
            sites=(f"127.0.0.1:{port}",), techniques=("visit",), starts=now - timedelta(hours=1),
            ends=now + timedelta(hours=1), issued=now, test_ranges=("127.0.0.0/8",),
        )  # fmt: skip
        url = f"http://127.0.0.1:{port}/"
        made = visit(permit, url, folder=folder, now=lambda: datetime.now(UTC))
    sealed = seal(made.wacz, folder / "capture.wacz", key=SigningKey.load_or_make(folder / "keys"), at=now)
    return sealed.path, url


@pytest.mark.browser
def test_the_page_its_picture_and_the_answer_to_a_post_are_replayed_offline(
    captured: tuple[Path, str],
) -> None:
    wacz, url = captured
    with serving(viewer(wacz, url)) as port, offline() as browser:
        frame = replayed(browser.new_page(), port, url)
        expect(frame.locator("#answer")).to_have_text("In stock: 7", timeout=60_000)
        assert frame.inner_text("h1") == "Brass lamps, £ 12.50"
        frame.wait_for_function("() => document.images[0].complete")
        assert frame.evaluate("() => document.images[0].naturalWidth") == 40
