"""Pages that would never end, or take everything: each is kept as far as its ceiling, and says what was cut off."""

from __future__ import annotations

import http.server
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bowstreet.capture.errors import CaptureError, Unreachable
from bowstreet.capture.limits import Limits
from bowstreet.capture.permit import Permit
from bowstreet.capture.visit import Capture, Visits, session

pytestmark = pytest.mark.browser
LIMITS = Limits(
    load_seconds=2, behave_seconds=1, quiet_seconds=1, visit_seconds=60, bytes=6_000_000, requests=60, dom_characters=500_000,
    text_characters=100_000, step_seconds=8,
)  # fmt: skip
PAGES = {
    "/floods": "<p>windows<script>for (let i = 0; i < 200; i++) window.open('/plain?' + i)</script>",
    "/asks": "<p>dialogs<script>alert('Call us'); confirm('Sure?'); prompt('Name'); onbeforeunload = () => 'Stay'</script>",
    "/asks-for-ever": "<p>dialogs<script>while (true) alert('again')</script>",
    "/never-lets-go": "<p>before<script>addEventListener('load', () => { while (true) {} })</script>",
    "/huge": "<p>row</p>" * 50_000,
    "/tall": "<div style='height:90000px;background:linear-gradient(red,blue)'>tall</div>",
    "/asks-much": "<p>requests<script>setInterval(() => { for (let i = 0; i < 20; i++) fetch('/x?' + Math.random()).catch(() => 0) }, 20)</script>",
    "/body": "<p>an endless body<script>fetch('/endless-body').catch(() => 0)</script>",
    "/offers": "<p>a download<iframe src=/file.zip></iframe>",
    "/moves": "<p>moves<script>if (!location.search) setTimeout(() => location.href = '/moves?2', 300)</script>",
    "/plain": "<p>plain",
}


def now() -> datetime:
    return datetime.now(UTC)


class Endless(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/circle":
            return self.answer(302, b"", Location="/circle")
        if path in ("/endless-body", "/endless"):
            # The body comes all at once, so that its ceiling of bytes is met before any of time; the page never does.
            return self.pour(b"x" * 12_000_000 if path == "/endless-body" else b"<p>and then</p>")
        if path == "/file.zip":
            return self.answer(200, b"PK" * 50, **{"Content-Type": "application/zip"})
        return self.answer(200, PAGES.get(path, "").encode(), **{"Content-Type": "text/html"})

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def pour(self, piece: bytes) -> None:
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        until = time.monotonic() + 60
        while time.monotonic() < until:
            self.wfile.write(piece)
            time.sleep(0.01)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Quiet(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A capture that has had enough is no news."""


@pytest.fixture(scope="module")
def go(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Capture]]:
    server = Quiet(("127.0.0.1", 0), Endless)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"127.0.0.1:{server.server_address[1]}"
    permit = Permit(
        reference="P", operation="O", authority="A", officer="a", purpose="detection", sites=(host,), techniques=("visit",),
        starts=now() - timedelta(hours=1), ends=now() + timedelta(hours=1), issued=now(), test_ranges=("127.0.0.0/8",),
    )  # fmt: skip
    visits: Visits
    with session(tmp_path_factory.mktemp("ceilings"), limits=LIMITS) as visits:
        yield lambda path: visits.visit(permit, f"http://{host}{path}", now=now).keep()
    server.shutdown()


@pytest.mark.parametrize(
    ("path", "said", "text"),
    [
        ("/endless", "had not finished loading after 2 seconds", "and then"),
        ("/body", "cut off at its ceiling of 6000000 bytes", "an endless body"),
        ("/asks", "a dialog was closed unanswered (alert: Call us)", "dialogs"),
        ("/huge", "page as shown is kept to 500000 of", "row"),
        ("/tall", "shows the first 16000 of 9", "tall"),
        ("/asks-much", "stopped at its ceiling of 60 requests", "requests"),
        ("/offers", "a download was offered and not taken: file.zip", "a download"),
    ],
)
def test_what_was_cut_off_is_stated_and_the_rest_is_kept(
    go: Callable[[str], Capture], path: str, said: str, text: str
) -> None:
    capture = go(path)
    assert any(said in one for one in capture.cut_off), capture.cut_off
    assert path != "/huge" or any("no print was made" in one for one in capture.cut_off)
    with zipfile.ZipFile(capture.wacz) as pack:
        assert text in pack.read("pages/pages.jsonl").decode()
        assert "files/screenshot.png" in pack.namelist()


@pytest.mark.parametrize("path", ["/never-lets-go", pytest.param("/asks-for-ever", marks=pytest.mark.soak)])
def test_a_page_whose_scripts_never_let_go_is_ended_and_the_next_is_captured(
    go: Callable[[str], Capture], path: str
) -> None:
    begun = time.monotonic()
    capture = go(path)
    assert capture.cut_off
    assert capture.exchanges >= 1
    assert time.monotonic() - begun < LIMITS.visit_seconds + 60
    assert go("/plain").matched >= 1


def test_windows_that_a_page_opens_are_not_visited(go: Callable[[str], Capture]) -> None:
    capture = go("/floods")
    assert capture.exchanges < 10  # the page itself, its icon, and at most what was under way
    assert go("/plain").cut_off == ()


def test_a_circle_of_redirects_is_told_and_ends(go: Callable[[str], Capture]) -> None:
    with pytest.raises(Unreachable, match="ERR_TOO_MANY_REDIRECTS"):
        go("/circle")


def test_a_page_that_goes_elsewhere_while_it_is_read_is_captured(go: Callable[[str], Capture]) -> None:
    assert go("/moves").status == 200


def test_a_download_instead_of_a_page_is_told(go: Callable[[str], Capture]) -> None:
    with pytest.raises(Unreachable, match="is a download"):
        go("/file.zip")


def test_ceilings_are_settings_and_one_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOWSTREET_VISIT_BYTES", "1e6")
    monkeypatch.setenv("BOWSTREET_VISIT_PDF", "0")
    assert (Limits.of_installation().bytes, Limits.of_installation().pdf) == (1_000_000, False)
    monkeypatch.setenv("BOWSTREET_VISIT_REQUESTS", "many")
    with pytest.raises(CaptureError, match="BOWSTREET_VISIT_REQUESTS must be a number"):
        Limits.of_installation()
