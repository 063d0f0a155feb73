"""Through a real, private Tor network: a real onion service, remote names only, a circuit of its own for each capture, no way round."""

from __future__ import annotations

import http.server
import json
import os
import socket
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nameserver
import pytest
import tor_network
from tor_network import Network

from bowstreet.capture.errors import EgressRefused, NoWayOut, Unreachable
from bowstreet.capture.permit import Permit
from bowstreet.capture.visit import Capture, session, visit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
PAGE = b"""<html><title>Hidden wares</title><body><p>Blue widgets</p><img src="/pixel"><img src="http://127.0.0.1:8/inside">
<img src="http://2130706433:8/number"><img src="http://router.local/name"></body></html>"""


def now() -> datetime:
    return datetime.now(UTC)


class Hidden(http.server.BaseHTTPRequestHandler):
    """What stands behind the onion service."""

    protocol_version = "HTTP/1.1"
    asked: list[tuple[str, str]] = []

    def do_GET(self) -> None:
        type(self).asked.append((self.path, self.headers["Host"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def hidden(address: tuple[str, int]) -> Iterator[type[Hidden]]:
    Hidden.asked = []
    with http.server.ThreadingHTTPServer(address, Hidden) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Hidden
        server.shutdown()


@pytest.fixture(scope="module")
def tor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """The network that script/test began to make beforehand, or one of our own."""
    if folder := os.environ.get("BOWSTREET_TEST_TOR"):
        yield tor_network.made(Path(folder))
        return
    with tor_network.network(tmp_path_factory.mktemp("tor")) as made:
        yield made


def permit(host: str, egress: str = "tor") -> Permit:
    return Permit(
        reference="P-1", operation="OP-0001", authority="OP-0001/A1", officer="alice", purpose="detection", sites=(host,),
        techniques=("visit",), starts=now() - timedelta(hours=1), ends=now() + timedelta(hours=1), issued=now(), egress=egress,
        test_ranges=("127.0.0.0/8",),
    )  # fmt: skip


def test_an_onion_service_is_captured_through_circuits_of_its_own_and_says_nothing_of_them(
    tor: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOWSTREET_EGRESS_TOR", tor.egress)
    monkeypatch.setenv("BOWSTREET_ALLOW_TEST_RANGES", "0")
    with hidden(("127.0.0.1", tor.target)) as site, nameserver.serve({}) as names:
        monkeypatch.setenv("BOWSTREET_RESOLVER", names.setting)
        with session(tmp_path) as visits:
            url, before = f"http://{tor.onion}/", isolations(tor)
            made = [_kept(visits.visit(permit(tor.onion), url, now=now)) for _ in range(2)]
        assert names.asked == []
        assert len(isolations(tor) - before) == 2
        assert {host for _, host in site.asked} == {tor.onion}
    for capture in made:
        assert (capture.status, capture.title, capture.matched) == (200, "Hidden wares", capture.seen)
        assert {line.split(" ")[0] for line in capture.refused} == {"127.0.0.1", "router.local"}
        ends = [one for one in _egress(capture)["connections"] if not one["refused"]]
        assert {one["peer"] for one in ends} == {"unknown (through Tor)"}
    with zipfile.ZipFile(made[0].wacz) as pack:
        public = b"".join(pack.read(name) for name in pack.namelist())
        connections = json.loads(pack.read("files/connections.json"))
    assert b"through Tor" not in public
    assert {one["peer"] for one in connections} == {None}


def _kept(visited: Any) -> Capture:
    capture: Capture = visited.keep()
    return capture


def _egress(capture: Capture) -> dict[str, Any]:
    with zipfile.ZipFile(capture.companion) as companion:
        found: dict[str, Any] = json.loads(companion.read("egress.json"))
        return found


def isolations(tor: Network) -> set[str]:
    """The SOCKS user names for which the client has made circuits (control-spec, circuit-status)."""
    with socket.socket(socket.AF_UNIX) as control:
        control.settimeout(30)
        control.connect(str(tor.control))
        control.sendall(b"AUTHENTICATE\r\nGETINFO circuit-status\r\nQUIT\r\n")
        said = b""
        while data := control.recv(65536):
            said += data
    words = said.decode().split()
    return {word.split("=", 1)[1] for word in words if word.startswith("SOCKS_USERNAME=")}


def test_an_onion_service_that_is_not_there_is_told_plainly(
    tor: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOWSTREET_EGRESS_TOR", tor.egress)
    with pytest.raises(Unreachable, match="cannot be reached: the egress 'tor' could not reach"):
        visit(permit(tor.onion), f"http://{tor.onion}/", folder=tmp_path, now=now)


def test_a_stopped_tor_refuses_the_capture_and_nothing_goes_out_another_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hidden(("127.0.0.1", 0)) as site, nameserver.serve({"shop.example": [["127.0.0.1"]]}) as names:
        (gone,) = tor_network.free(1)
        monkeypatch.setenv("BOWSTREET_EGRESS_TOR", f"127.0.0.1:{gone}")
        monkeypatch.setenv("BOWSTREET_RESOLVER", names.setting)
        with pytest.raises(
            NoWayOut, match=r"'tor' does not answer .* is it running\? Nothing goes out another way"
        ):
            visit(permit("shop.example"), "http://shop.example/", folder=tmp_path, now=now)
        assert (site.asked, names.asked) == ([], [])
    assert not list(tmp_path.iterdir())


def test_an_onion_service_is_not_asked_for_directly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    onion = "a" * 56 + ".onion"
    with nameserver.serve({}) as names:
        monkeypatch.setenv("BOWSTREET_RESOLVER", names.setting)
        with pytest.raises(EgressRefused, match="through Tor only"):
            visit(replace(permit(onion), egress="direct"), f"http://{onion}/", folder=tmp_path, now=now)
        assert names.asked == []
