"""The egress guard: asked of the address that is connected to, for everything a page asks for, whatever its name server says."""

from __future__ import annotations

import http.server
import ipaddress
import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nameserver
import pytest

from bowstreet.capture.egress import Egress, literal, places, refusal, way_out
from bowstreet.capture.errors import EgressRefused, Unreachable
from bowstreet.capture.permit import Permit
from bowstreet.capture.resolve import resolver
from bowstreet.capture.special import SPECIAL
from bowstreet.capture.visit import visit

FORBIDDEN = {
    "0.0.0.0": "unspecified", "0.1.2.3": "this network", "10.255.0.1": "private", "100.64.0.1": "carrier-grade NAT",
    "100.100.100.200": "carrier-grade NAT", "100.127.255.255": "carrier-grade NAT", "127.0.0.1": "loopback",
    "127.255.0.9": "loopback", "168.63.129.16": "metadata", "169.254.0.1": "link-local", "169.254.169.254": "cloud metadata",
    "172.16.0.1": "private", "172.31.255.255": "private", "192.0.0.192": "protocol assignments", "192.0.2.1": "documentation",
    "192.88.99.1": "6to4", "192.168.0.1": "private", "198.19.255.255": "benchmarking", "198.51.100.7": "documentation",
    "203.0.113.9": "documentation", "224.0.0.251": "multicast", "239.1.1.1": "multicast", "250.0.0.1": "reserved",
    "255.255.255.255": "broadcast", "::": "unspecified", "::1": "loopback", "::127.0.0.1": "IPv4-compatible",
    "::ffff:93.184.216.34": "IPv4-mapped", "::ffff:127.0.0.1": "IPv4-mapped", "::ffff:0:127.0.0.1": "IPv4-translated",
    "64:ff9b::127.0.0.1": "NAT64", "64:ff9b::93.184.216.34": "NAT64", "64:ff9b:1::1": "local NAT64", "100::1": "discard",
    "2001:0:4136:e378::1": "Teredo", "2001:2::1": "benchmarking", "2001:db8::1": "documentation", "2002:7f00:1::1": "6to4",
    "3fff::1": "documentation", "4000::1": "not handed out", "5f00::1": "segment routing", "fc00::1": "private",
    "fd00:ec2::254": "cloud metadata", "fe80::1": "link-local", "fe80::1%eth0": "zone id", "fec0::1": "site-local",
    "ff02::1": "multicast", "2a00:1450::5efe:10.0.0.1": "ISATAP",
}  # fmt: skip
PUBLIC = ("93.184.216.34", "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.32.0.1", "192.167.255.255", "198.20.0.1",
          "2606:2800:220:1:248:1893:25c8:1946", "2a00:1450:4009:81f::200e", "2001:4860:4860::8888")  # fmt: skip


@pytest.mark.parametrize(("address", "why"), FORBIDDEN.items())
def test_a_forbidden_address_is_refused_by_its_name(address: str, why: str) -> None:
    assert why in (refusal(address) or "")


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_passes(address: str) -> None:
    assert refusal(address) is None


def test_the_first_and_last_address_of_every_special_range_are_refused() -> None:
    for network, name in SPECIAL:
        for address in (network[0], network[-1]):
            assert refusal(address), f"{address} of {network} ({name})"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("2130706433", "127.0.0.1"), ("0x7f000001", "127.0.0.1"), ("0X7F.1", "127.0.0.1"), ("017700000001", "127.0.0.1"),
     ("127.1", "127.0.0.1"), ("0177.0.0.1", "127.0.0.1"), ("127.0.0.1.", "127.0.0.1"), ("0", "0.0.0.0"), ("0x", "0.0.0.0"),
     ("169.254.43518", "169.254.169.254"), ("0xa9fea9fe", "169.254.169.254"), ("[::1]", "::1"), ("fe80::1%25eth0", "fe80::1")],
)  # fmt: skip
def test_odd_spellings_are_the_address_that_they_mean(written: str, meant: str) -> None:
    assert literal(written) == ipaddress.ip_address(meant)
    with pytest.raises(EgressRefused):
        places(written, Egress("tor", ("127.0.0.1", 9050)), lambda _: pytest.fail("nothing is resolved"))


@pytest.mark.parametrize("written", ["256.1.1.1", "1.2.3.4.5", "0x100000000", "09", "1..2", "127.0.0.0x1g.1"])
def test_what_is_spelt_as_an_address_and_is_none_is_refused(written: str) -> None:
    with pytest.raises(EgressRefused, match="spelt as an address"):
        literal(written)


@pytest.mark.parametrize("name", ["localhost", "a.LOCALHOST.", "printer.local", "metadata.google.internal"])
def test_names_of_a_local_network_do_not_go_to_an_upstream(name: str) -> None:
    with pytest.raises(EgressRefused, match="local network"):
        places(name, Egress("tor", ("127.0.0.1", 9050)), lambda _: [])


def test_an_onion_name_does_not_go_out_directly() -> None:
    with pytest.raises(EgressRefused, match="through Tor only"):
        places("abcdef.onion", Egress(), lambda _: pytest.fail("nothing is resolved"))


def test_of_good_and_bad_addresses_only_the_good_are_used() -> None:
    found = places("mixed.example", Egress(), lambda _: ["10.0.0.1", "93.184.216.34", "::1"])
    assert found.addresses == ("93.184.216.34",)
    assert len(found.passed_over) == 2
    with pytest.raises(EgressRefused, match=r"10\.0\.0\.1: private; .*loopback"):
        places("bad.example", Egress(), lambda _: ["10.0.0.1", "::1"])


def test_a_name_that_rebinds_is_refused_at_its_second_answer() -> None:
    answers = {
        "rebind.example": [["93.184.216.34"], ["127.0.0.1"]],
        "six.example": [["2606:2800:220:1::1"], ["::ffff:127.0.0.1", "64:ff9b::7f00:1", "::1"]],
    }
    with nameserver.serve(answers) as server:
        way = Egress(resolver=("127.0.0.1", server.port))
        assert places("rebind.example", way, resolver(way)).addresses == ("93.184.216.34",)
        with pytest.raises(EgressRefused, match="loopback"):
            places("rebind.example", way, resolver(way))
        assert places("six.example", way, resolver(way)).addresses == ("2606:2800:220:1::1",)
        with pytest.raises(EgressRefused) as caught:
            places("six.example", way, resolver(way))
        assert all(word in str(caught.value) for word in ("IPv4-mapped", "NAT64", "loopback"))
        with pytest.raises(Unreachable, match="no address"):
            places("nowhere.example", way, resolver(way))


def permit(port: int, *, host: str = "shop.example", ranges: tuple[str, ...] = ("127.0.0.2/32",)) -> Permit:
    at = datetime.now(UTC)
    return Permit(
        reference="P-1", operation="OP-0001", authority="OP-0001/A1", officer="alice", purpose="detection", sites=(f"{host}:{port}",),
        techniques=("visit",), starts=at - timedelta(hours=1), ends=at + timedelta(hours=1), issued=at, test_ranges=ranges,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [("BOWSTREET_EGRESS_TOR", "", "not set up"), ("BOWSTREET_EGRESS_TOR", "here", "host:port"), ("BOWSTREET_EGRESS_TOR", "a:0", "host:port")],
)  # fmt: skip
def test_an_egress_that_is_not_set_up_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    from dataclasses import replace

    monkeypatch.setenv(name, value)
    with pytest.raises(EgressRefused, match=says):
        way_out(replace(permit(80), egress="tor"))
    with pytest.raises(EgressRefused, match="no name"):
        way_out(replace(permit(80), egress="../tor"))


def test_a_test_range_holds_only_where_the_installation_allows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert way_out(permit(80)).ranges == ("127.0.0.2/32",)
    monkeypatch.setenv("BOWSTREET_ALLOW_TEST_RANGES", "0")
    assert way_out(permit(80)).ranges == ()


def test_each_capture_has_an_isolation_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    monkeypatch.setenv("BOWSTREET_EGRESS_TOR", "127.0.0.1:9050")
    through = replace(permit(80), egress="tor")
    ways = [way_out(through) for _ in range(3)]
    assert len({way.isolation for way in ways}) == 3
    assert Egress.parse(json.loads(json.dumps(ways[0].record()))) == ways[0]


# --- through a real browser ----------------------------------------------------------------------------------


class Attacker(http.server.BaseHTTPRequestHandler):
    """A page that tries every way into the network of whoever looks at it. Each answer ends its connection."""

    page: bytes = b""
    asked: list[str] = []

    def do_GET(self) -> None:
        type(self).asked.append(f"{self.server.server_address[0]}{self.path}")
        if self.path == "/inside":
            self.send_response(302)
            self.send_header("Location", "http://10.9.9.9/from-a-redirect")
            self.send_header("Content-Length", "0")
            self.send_header("Connection", "close")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(self.page)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(self.page)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def attacker(page: str) -> Iterator[int]:
    """The same port on 127.0.0.2, which the operation allows as its test range, and on 127.0.0.1, which it does not."""
    Attacker.asked = []
    outside = http.server.ThreadingHTTPServer(("127.0.0.2", 0), Attacker)
    port = outside.server_address[1]
    inside = http.server.ThreadingHTTPServer(("127.0.0.1", port), Attacker)
    Attacker.page = page.replace("PORT", str(port)).encode()
    for server in (outside, inside):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield port
    finally:
        for server in (outside, inside):
            server.shutdown()
            server.server_close()


ATTACK = """<html><title>Wares</title><body><p>Blue widgets</p>
<img src="http://127.0.0.1:PORT/img"><img src="http://[::1]:PORT/img6"><img src="http://169.254.169.254/latest/meta-data/">
<img src="http://0x7f000001:PORT/hex"><img src="http://[::ffff:127.0.0.1]:PORT/mapped"><img src="http://[fd00:ec2::254]/latest/">
<iframe src="http://localhost:PORT/frame"></iframe><iframe src="/inside"></iframe>
<img src="http://rebind.example:PORT/first"><img src="http://mixed.example:PORT/mixed">
<script>
fetch("http://100.64.0.1/cgnat", {mode: "no-cors"}).catch(() => 0);
new WebSocket("ws://192.168.0.1/socket");
</script></body></html>"""


@pytest.mark.browser
def test_a_page_that_reaches_for_forbidden_addresses_is_kept_and_reaches_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = {
        "shop.example": [["127.0.0.2"]], "rebind.example": [["127.0.0.1"]], "mixed.example": [["127.0.0.1", "127.0.0.2"]],
        "localhost": [["127.0.0.1"]],
    }  # fmt: skip
    with nameserver.serve(answers) as server, attacker(ATTACK) as port:
        monkeypatch.setenv("BOWSTREET_RESOLVER", server.setting)
        made = visit(
            permit(port),
            f"http://shop.example:{port}/",
            folder=tmp_path,
            now=lambda: datetime.now(UTC),
        )
    assert made.status == 200
    assert not [one for one in Attacker.asked if one.startswith("127.0.0.1")]
    assert "127.0.0.2/mixed" in Attacker.asked
    refused = "\n".join(made.refused)
    for sign in ("127.0.0.1 port", "::1 port", "169.254.169.254", "::ffff:7f00:1", "fd00:ec2::254", "localhost port", "10.9.9.9",
                 "rebind.example port", "mixed.example is 127.0.0.1", "100.64.0.1", "192.168.0.1"):  # fmt: skip
        assert sign in refused, f"{sign} is not in\n{refused}"
    with zipfile.ZipFile(made.wacz) as pack:
        provenance = json.loads(pack.read("files/provenance.json"))
        assert b"Blue widgets" in pack.read("pages/pages.jsonl")
    assert len(provenance["refused"]) == len(made.refused)


@pytest.mark.browser
def test_a_name_that_changes_its_answer_after_the_page_has_come_reaches_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A browser may open its first two connections at once: both must come to the same place.
    page = "<title>Rebinding</title><p>here</p>" + "".join(f'<img src="/secret/{n}">' for n in range(4))
    with (
        nameserver.serve({"shop.example": [["127.0.0.2"], ["127.0.0.2"], ["127.0.0.1"]]}) as server,
        attacker(page) as port,
    ):
        monkeypatch.setenv("BOWSTREET_RESOLVER", server.setting)
        made = visit(
            permit(port),
            f"http://shop.example:{port}/",
            folder=tmp_path,
            now=lambda: datetime.now(UTC),
        )
    assert Attacker.asked[0] == "127.0.0.2/"
    assert len(Attacker.asked) <= 2
    assert not [one for one in Attacker.asked if one.startswith("127.0.0.1")]
    assert any("shop.example is 127.0.0.1: loopback" in one for one in made.refused)
