"""Two pages at once: nothing of one is in the other's pack or companion, and the gate is asked in the caller's thread."""

from __future__ import annotations

import http.server
import json
import ssl
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from bowstreet.capture.errors import CaptureError, PermitRefused
from bowstreet.capture.permit import Permit
from bowstreet.flow import Home, Kept, capturing

pytestmark = pytest.mark.browser
PICTURES = 6


def now() -> datetime:
    return datetime.now(UTC)


def permit(port: int) -> Permit:
    return Permit(
        reference="P-1", operation="OP-0001", authority="OP-0001/A1", officer="alice", purpose="detection",
        sites=(f"127.0.0.1:{port}",), techniques=("visit",), starts=now() - timedelta(hours=1), ends=now() + timedelta(hours=1),
        issued=now(), test_ranges=("127.0.0.0/8",), bad_tls="record",
    )  # fmt: skip


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is waited for as long as the other browser takes to start."""
    monkeypatch.setenv("BOWSTREET_VISIT_LOAD_SECONDS", "200")
    monkeypatch.setenv("BOWSTREET_VISIT_VISIT_SECONDS", "300")


@pytest.fixture
def port() -> Iterator[int]:
    """A site over TLS whose pages `a` and `b` are answered once both were asked for, each with pictures of its own."""
    meet = {"a": threading.Barrier(2), "b": threading.Barrier(2)}
    meet["b"] = meet["a"]

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            page, _, picture = self.path.strip("/").partition("/")
            if not picture and page in meet:
                meet[page].wait(150)
            pictures = "".join(f"<img src=/{page}/{n}.png>" for n in range(PICTURES))
            body = b"" if picture else f"<title>Stall {page}</title><p>Wares of {page}</p>{pictures}".encode()
            self.send_response(200)
            self.send_header("Content-Type", "image/png" if picture else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Set-Cookie", f"stall={page}")
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
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()


def members(path: Path, *names: str) -> list[bytes]:
    with zipfile.ZipFile(path) as pack:
        return [pack.read(name) for name in names]


def test_of_two_pages_visited_at_once_each_has_its_own_exchanges_and_secrets_alone(
    port: int, tmp_path: Path
) -> None:
    home, here, asked, kept = Home(tmp_path), threading.get_ident(), [], {}

    def gate(url: str) -> Permit:
        asked.append((url[-1], threading.get_ident()))
        return permit(port)

    with capturing(home, now=now, authorities=(), tabs=2) as pages:
        assert pages.tabs.free == 2
        for name in "ab":
            pages.start(name, permit(port), f"https://127.0.0.1:{port}/{name}", now=now, gate=gate)
        assert pages.tabs.free == 0
        while pages.tabs.under_way:
            kept |= {name: later.result() for name, later in pages.tabs.over(1.0)}
    assert {name for name, _ in asked} == {"a", "b"}
    assert {thread for _, thread in asked} == {here}
    keys = [whole(name, kept[name], home) for name in "ab"]
    assert all(keys)
    assert not keys[0] & keys[1]


def whole(name: str, kept: Kept, home: Home) -> set[bytes]:
    """Everything of this page is kept, and nothing of the other; the lines of its key log."""
    other = "b" if name == "a" else "a"
    exchanges, log, wire = members(kept.sealed.path if kept.sealed.path.exists() else home.objects.path(kept.sha256),
                                   "files/exchanges.json", "files/devtools.json", "archive/data.warc.gz")  # fmt: skip
    paths = [row["url"].split("/", 3)[3] for row in json.loads(exchanges)]
    assert {name, *(f"{name}/{n}.png" for n in range(PICTURES))} <= set(paths)
    assert not [path for path in paths if path.split("/")[0] == other]
    assert f"/{other}".encode() not in log
    assert wire
    capture = kept.capture
    assert capture.matched == capture.seen == capture.exchanges == len(paths)
    secrets, netlog = members(home.restricted.path(capture.companion_sha256), "keys.log", "netlog.json")
    assert f"/{name}/0.png".encode() in netlog
    assert f"/{other}/".encode() not in netlog
    return set(secrets.splitlines())


def test_a_page_that_fails_in_one_tab_costs_no_other(port: int, tmp_path: Path) -> None:
    with capturing(Home(tmp_path), now=now, authorities=(), tabs=2) as pages:
        refusing = replace(permit(port), bad_tls="refuse")
        pages.start("bad", refusing, f"https://127.0.0.1:{port}/c", now=now, gate=lambda _: refusing)
        pages.start("good", permit(port), f"https://127.0.0.1:{port}/d", now=now, gate=lambda _: permit(port))
        over = {}
        while pages.tabs.under_way:
            over |= dict(pages.tabs.over(1.0))
        with pytest.raises(CaptureError):
            over["bad"].result()
        assert over["good"].result().capture.status == 200


def test_what_goes_wrong_where_the_gate_is_asked_ends_the_visits_and_is_raised_there(
    port: int, tmp_path: Path
) -> None:
    class OutOfOrder(Exception):
        """The database is gone."""

    def gate(_: str) -> Permit:
        raise OutOfOrder

    def both() -> None:
        with capturing(Home(tmp_path), now=now, authorities=(), tabs=2) as pages:
            for name in "cd":
                pages.start(name, permit(port), f"https://127.0.0.1:{port}/{name}", now=now, gate=gate)
            while pages.tabs.under_way:
                pages.tabs.over(1.0)

    with pytest.raises(OutOfOrder):
        both()

    def refuse(_: str) -> Permit:
        raise PermitRefused("no more")

    with capturing(Home(tmp_path), now=now, authorities=()) as pages:
        pages.start("c", permit(port), f"https://127.0.0.1:{port}/c", now=now, gate=refuse)
        over: list[Any] = []
        while pages.tabs.under_way:
            over += pages.tabs.over(1.0)
        with pytest.raises(PermitRefused, match="no more"):
            over[0][1].result()
