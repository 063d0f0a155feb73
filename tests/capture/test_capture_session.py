"""One browser for many pages: nothing of one page reaches the next, and each companion holds its own visit alone."""

from __future__ import annotations

import http.server
import json
import os
import signal
import ssl
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from bowstreet.capture.errors import CaptureError
from bowstreet.capture.permit import Permit
from bowstreet.capture.session import SCRATCH, sweep
from bowstreet.capture.visit import Capture, session

pytestmark = pytest.mark.browser
PAGE = b"""<!doctype html><html lang=en><title>Stall</title><body><p id=was></p><img src=/kept.png><script>
document.getElementById('was').textContent = 'was here: ' + (localStorage.getItem('was') || 'never') + ' ' + (document.cookie || 'no cookie');
localStorage.setItem('was', 'yes'); document.cookie = 'script=1; max-age=9999';
navigator.serviceWorker?.register('/worker.js')</script></body></html>"""


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Served:
    """A site over TLS, and what it saw: (path, headers) of each request, and whether a handshake was a resumption."""

    port: int
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    resumed: list[bool] = field(default_factory=list)

    def permit(self) -> Permit:
        return Permit(
            reference="P-1", operation="OP-0001", authority="OP-0001/A1", officer="alice", purpose="detection", sites=(f"127.0.0.1:{self.port}",),
            techniques=("visit",), starts=now() - timedelta(hours=1), ends=now() + timedelta(hours=1), issued=now(),
            test_ranges=("127.0.0.0/8",), bad_tls="record",
        )  # fmt: skip


@pytest.fixture
def shop() -> Iterator[Served]:
    served = Served(0)

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            served.asked.append((self.path, dict(self.headers.items())))
            served.resumed.append(bool(self.connection.session_reused))
            kind, body = "text/html", PAGE
            if self.path != "/":
                kind, body = ("text/javascript", b"") if self.path.endswith(".js") else ("image/png", b"")
            self.send_response(200)
            for name, value in {
                "Content-Type": kind, "Content-Length": str(len(body)), "ETag": '"1"', "Cache-Control": "max-age=9999",
                "Set-Cookie": "session=abc; Max-Age=9999; HttpOnly", "Strict-Transport-Security": "max-age=9999",
            }.items():  # fmt: skip
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """A handshake that the browser broke off is no news."""

    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    served.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield served
    server.shutdown()


def inside(capture: Capture, name: str) -> Any:
    with zipfile.ZipFile(capture.wacz) as pack:
        return json.loads(pack.read(f"files/{name}"))


def test_nothing_of_a_page_reaches_the_next_page_of_the_same_browser(shop: Served, tmp_path: Path) -> None:
    with session(tmp_path) as visits:
        made = []
        for _ in range(2):
            begun = len(shop.asked)
            made.append(visits.visit(shop.permit(), f"https://127.0.0.1:{shop.port}/", now=now).keep())
            paths = [path for path, _ in shop.asked[begun:]]
            assert paths.count("/") == 1
            assert paths.count("/kept.png") == 1, "the picture came from a cache"
            first = next(headers for path, headers in shop.asked[begun:] if path == "/")
            assert "Cookie" not in first
            assert "If-None-Match" not in first
            assert shop.resumed[begun] is False, "the first connection of a page resumed another page's TLS"
    texts = []
    for capture in made:
        with zipfile.ZipFile(capture.wacz) as pack:
            texts.append(pack.read("pages/pages.jsonl").decode())
        assert capture.matched == capture.seen == capture.exchanges
    assert all("was here: never no cookie" in text for text in texts)


def test_each_companion_holds_the_secrets_and_the_log_of_its_own_visit_alone(
    shop: Served, tmp_path: Path
) -> None:
    with session(tmp_path) as visits:
        visited = [
            visits.visit(shop.permit(), f"https://127.0.0.1:{shop.port}/?{n}", now=now) for n in range(2)
        ]
        made = [one.keep() for one in visited]
    lines, logs = [], []
    for capture in made:
        with zipfile.ZipFile(capture.companion) as pack:
            lines.append(set(pack.read("keys.log").splitlines()))
            logs.append(pack.read("netlog.json"))
    assert all(lines)
    assert not lines[0] & lines[1]
    assert b"/?0" in logs[0]
    assert b"/?1" not in logs[0]
    assert b"/?0" not in logs[1]


def test_a_session_goes_on_after_a_page_that_fails(shop: Served, tmp_path: Path) -> None:
    from bowstreet.capture.errors import BadTLS

    with session(tmp_path) as visits:
        with pytest.raises(BadTLS):
            visits.visit(replace(shop.permit(), bad_tls="refuse"), f"https://127.0.0.1:{shop.port}/", now=now)
        assert visits.visit(shop.permit(), f"https://127.0.0.1:{shop.port}/", now=now).keep().wacz.exists()
    assert not list(tmp_path.glob(f"{SCRATCH}*"))


def test_the_print_and_the_browsers_own_account_are_in_the_pack(shop: Served, tmp_path: Path) -> None:
    with session(tmp_path) as visits:
        capture = visits.visit(shop.permit(), f"https://127.0.0.1:{shop.port}/", now=now).keep()
    with zipfile.ZipFile(capture.wacz) as pack:
        assert pack.read("files/page.pdf").startswith(b"%PDF-")
    picture = next(row for row in inside(capture, "devtools.json") if row["url"].endswith("/kept.png"))
    assert (picture["initiator"]["type"], picture["status"], picture["kind"]) == ("parser", 200, "Image")
    assert picture["tls"]["protocol"] == "TLS 1.3"


def test_a_spent_browser_is_replaced_and_a_dead_one_costs_its_own_page_alone(
    shop: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"https://127.0.0.1:{shop.port}/"
    monkeypatch.setattr("bowstreet.capture.session.PAGES", 1)
    with session(tmp_path) as visits:
        assert visits.visit(shop.permit(), url, now=now).keep().wacz.exists()
        assert visits.visit(shop.permit(), url, now=now).keep().wacz.exists()
        asked = len(shop.asked)

        def kill(_: str) -> Permit:  # the gate is asked while the page is visited
            for pid in browsers(os.getpid()):
                os.kill(pid, signal.SIGKILL)
            return shop.permit()

        with pytest.raises(CaptureError):
            visits.visit(shop.permit(), url, now=now, gate=kill)
        assert visits.visit(shop.permit(), url, now=now).keep().wacz.exists()
    assert len(shop.asked) > asked


def test_a_display_that_died_costs_no_more_than_the_page_that_was_on_it(shop: Served, tmp_path: Path) -> None:
    url = f"https://127.0.0.1:{shop.port}/"
    with session(tmp_path) as visits:
        visits.visit(shop.permit(), url, now=now).drop()
        for pid in (pid for pid, words in programs(os.getpid()) if "Xvfb" in words[0]):
            os.kill(pid, signal.SIGKILL)
        for _ in range(2):  # whether the first of them notices is a matter of time
            with suppress(CaptureError):
                visits.visit(shop.permit(), url, now=now).drop()
        assert visits.visit(shop.permit(), url, now=now).keep().wacz.exists()


def programs(parent: int) -> list[tuple[int, list[str]]]:
    """The programs that a process has started, and those that they have, with their words."""
    told = subprocess.run(
        ["pgrep", "-P", str(parent)], capture_output=True, text=True, check=False
    ).stdout.split()
    found = []
    for pid in told:
        with suppress(OSError):
            found.append((int(pid), Path(f"/proc/{pid}/cmdline").read_text().split("\0")))
    return found + [one for pid in told for one in programs(int(pid))]


def browsers(parent: int) -> list[int]:
    """The browsers among them."""
    mains = (one for one in programs(parent) if "chromium" in one[1][0])
    return [pid for pid, words in mains if not any(word.startswith("--type=") for word in words)]


def test_what_the_tap_cannot_open_is_stated_with_what_to_do(shop: Served, tmp_path: Path) -> None:
    with session(tmp_path) as visits:
        visited = visits.visit(shop.permit(), f"https://127.0.0.1:{shop.port}/", now=now)
        visited.taped.keys.path.write_bytes(b"")
        capture = visited.keep()
    assert capture.unopened >= 1
    assert capture.matched < capture.seen
    assert any("could not open" in one and "native mode" in one for one in capture.cut_off)


def test_only_the_scratch_of_a_dead_session_is_swept_away(tmp_path: Path) -> None:
    (tmp_path / f"{SCRATCH}dead").mkdir()
    with session(tmp_path):
        alive = [path for path in tmp_path.glob(f"{SCRATCH}*") if path.name != f"{SCRATCH}dead"]
        sweep(tmp_path)
        assert list(tmp_path.glob(f"{SCRATCH}*")) == alive
