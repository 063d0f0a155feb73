"""Other people's replay on this machine: ReplayWeb.page in a page of our own, and pywb's server. Both offline."""

from __future__ import annotations

import http.client
import http.server
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, sync_playwright

REPLAY = Path(__file__).parents[2] / ".venv-peers" / "replaywebpage"
VIEWER = """<!doctype html><script src="/ui.js"></script>
<replay-web-page source="/capture.wacz" url="{url}" replayBase="/replay/" embed="replayonly" style="height: 600px">
</replay-web-page>"""


@contextmanager
def offline() -> Iterator[Browser]:
    """A browser that reaches this machine and nothing else."""
    alone = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", alone]
        )
        yield browser
        browser.close()


def need_replay() -> None:
    """Skip the test where ReplayWeb.page is not installed."""
    if not (REPLAY / "sw.js").exists():
        pytest.skip("ReplayWeb.page is not there: script/setup peers fetches it where npm is installed")


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


def replayed(page: Page, port: int, url: str) -> Frame:
    """The frame in which a captured page is shown again, once it has been loaded from the archive.

    ReplayWeb.page is asked anew where its service worker was not there in time and left the page blank.
    """
    end = time.monotonic() + 180
    while time.monotonic() < end:
        page.goto(f"http://localhost:{port}/")
        for _ in range(80):
            for frame in page.frames:
                if f"mp_/{url}" in frame.url and frame.evaluate("() => document.readyState") == "complete":
                    return frame
            page.wait_for_timeout(250)
    raise AssertionError(f"nothing was replayed: {[f.url for f in page.frames]}")


@contextmanager
def pywb(peers: Path, folder: Path, wacz: Path) -> Iterator[int]:
    """pywb's server with one archive in its collection `shop`; gives its port."""
    for words in (["init", "shop"], ["add", "--unpack-wacz", "shop", wacz]):
        command = [peers / "wb-manager", *words]
        done = subprocess.run(
            list(map(str, command)), capture_output=True, text=True, check=False, cwd=folder
        )
        assert done.returncode == 0, done.stderr
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [peers / "wayback", "--port", str(port), "--bind", "127.0.0.1"]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                fetch(port, "/")
                break
            except OSError:
                time.sleep(0.2)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def fetch(port: int, path: str, method: str = "GET", body: bytes = b"", kind: str = "") -> tuple[int, bytes]:
    """Status and body of an answer on this machine."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body or None, {"Content-Type": kind} if kind else {})
    answer = connection.getresponse()
    return answer.status, answer.read()
