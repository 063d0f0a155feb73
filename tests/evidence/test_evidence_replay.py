"""A captured page is replayed in ReplayWeb.page by a real browser, offline: text, pictures, and the answer to a POST."""

from __future__ import annotations

import http.server
import io
import shutil
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Frame, Page, sync_playwright

from bowstreet.capture.permit import Permit
from bowstreet.capture.visit import visit
from bowstreet.evidence.seal import seal
from bowstreet.evidence.signing import SigningKey

REPLAY = Path(__file__).parents[2] / ".venv-peers" / "replaywebpage"
PAGE = b"""<!doctype html><meta charset=utf-8><title>Offers</title><h1>Brass lamps, \xc2\xa3 12.50</h1>
<img src="lamp.png" width=40 height=30 alt=""><p id=answer>waiting</p><script>
fetch("api?x=1", {method: "POST", headers: {"Content-Type": "application/json"}, body: '{"q":"lamp","page":2}'})
  .then(r => r.json()).then(j => { document.getElementById("answer").textContent = "In stock: " + j.stock })
  .catch(e => { document.getElementById("answer").textContent = "failed: " + e })
</script>"""
VIEWER = """<!doctype html><script src="/ui.js"></script>
<replay-web-page source="/capture.wacz" url="{url}" replayBase="/replay/" embed="replayonly" style="height: 600px">
</replay-web-page>"""


def lamp() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 40, 40)).save(out, "PNG")
    return out.getvalue()


@contextmanager
def serving(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


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
    if not (REPLAY / "sw.js").exists():
        pytest.skip("ReplayWeb.page is not there: script/setup peers fetches it where npm is installed")
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


def viewer(wacz: Path, url: str) -> type[http.server.BaseHTTPRequestHandler]:
    """ReplayWeb.page on this machine, and the archive with byte ranges, which it reads by."""
    files = {
        "/": (VIEWER.format(url=url).encode(), "text/html"),
        "/ui.js": ((REPLAY / "ui.js").read_bytes(), "text/javascript"),
        "/replay/sw.js": ((REPLAY / "sw.js").read_bytes(), "text/javascript"),
        "/capture.wacz": (wacz.read_bytes(), "application/wacz"),
    }

    class Viewer(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            data, kind = files.get(self.path.partition("?")[0], (b"", ""))
            first, _, last = self.headers.get("Range", "").removeprefix("bytes=").partition("-")
            start = int(first) if first else max(0, len(data) - int(last)) if last else 0
            end = min(int(last) + 1, len(data)) if first and last else len(data)
            self.send_response((206 if first or last else 200) if kind else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Accept-Ranges", "bytes")
            if first or last:
                self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(data)}")
            self.send_header("Content-Length", str(end - start))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(data[start:end])

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Viewer


def replayed(page: Page, url: str) -> Frame:
    """The frame in which the captured page runs again, once the answer to its POST is in it."""
    end = time.monotonic() + 120
    seen = ""
    while time.monotonic() < end:
        for frame in page.frames:
            if f"mp_/{url}" in frame.url:
                seen = frame.evaluate("() => document.getElementById('answer')?.textContent ?? ''")
                if seen not in ("", "waiting"):
                    return frame
        page.wait_for_timeout(250)
    raise AssertionError(f"nothing was replayed; last seen {seen!r} in {[f.url for f in page.frames]}")


@pytest.mark.browser
def test_the_page_its_picture_and_the_answer_to_a_post_are_replayed_offline(
    captured: tuple[Path, str],
) -> None:
    wacz, url = captured
    with serving(viewer(wacz, url)) as port, sync_playwright() as driver:
        alone = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", alone]
        )
        page = browser.new_page()
        page.goto(f"http://localhost:{port}/")
        frame = replayed(page, url)
        assert frame.inner_text("#answer") == "In stock: 7"
        assert frame.inner_text("h1") == "Brass lamps, £ 12.50"
        frame.wait_for_function("() => document.images[0].complete")
        assert frame.evaluate("() => document.images[0].naturalWidth") == 40
        browser.close()


@pytest.mark.browser
def test_other_peoples_checkers_accept_a_real_capture(
    captured: tuple[Path, str], peers: Path, tmp_path: Path
) -> None:
    wacz, _ = captured
    with zipfile.ZipFile(wacz) as archive:
        warc = archive.extract("archive/data.warc.gz", tmp_path)
    for command in (
        [peers / "wacz", "validate", "-f", wacz],
        [peers / "warcio", "check", "-v", warc],
        [peers / "cdxj-indexer", "-p", "-s", warc],
    ):
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
