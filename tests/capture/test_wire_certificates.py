"""Bad certificates: each recorded with its fault, and refused or recorded as the operation chose."""

from __future__ import annotations

import datetime as dt
import json
import ssl
import subprocess
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from oracle import answers, http1
from oracle.authority import Authority, Leaf, trusted
from oracle.record import Record

from bowstreet.capture.errors import BadTLS
from bowstreet.capture.permit import Permit
from bowstreet.capture.visit import Visits, session
from bowstreet.capture.wire import door
from bowstreet.capture.wire.certificate import faults, stapled_answer
from bowstreet.capture.wire.keylog import KeyLog

NOW = dt.datetime.now(dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@contextmanager
def plainly(leaf: Leaf, record: Record) -> Iterator[str]:
    context = leaf.context()
    wrap = lambda sock: context.wrap_socket(sock, server_side=True)  # noqa: E731
    with http1.serve(record, answers.answer, host="localhost", wrap=wrap) as origin:
        yield origin + "/frame"


@dataclass
class Stapling:
    """A server that staples an OCSP answer to its handshake (openssl s_server, which Python's ssl cannot)."""

    url: str
    said: list[str] = field(default_factory=list)

    @property
    def asked(self) -> list[str]:
        """The files that were asked for."""
        return [line.removeprefix("FILE:").strip() for line in self.said if line.startswith("FILE:")]


@contextmanager
def stapling(leaf: Leaf, answer: bytes, folder: Path, *more: str) -> Iterator[Stapling]:
    (folder / "staple.der").write_bytes(answer)
    (folder / "page.html").write_bytes(b"<title>stapled</title><p>stapled")
    (folder / "lamp.png").write_bytes(b"\x89PNG")
    command = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", leaf.chain, "-cert_chain", leaf.chain, "-key", leaf.key,
               "-status_file", "staple.der", "-WWW", *more]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    line = next(line for line in process.stdout if line.startswith("ACCEPT"))
    site = Stapling(f"https://localhost:{line.strip().rsplit(':', 1)[1]}/")
    reader = threading.Thread(target=lambda out: site.said.extend(out), args=(process.stdout,))
    reader.start()
    try:
        yield site
    finally:
        process.kill()
        process.wait()
        reader.join()
        process.stdout.close()


def permit(url: str, bad_tls: str) -> Permit:
    return Permit(
        reference="P-1", operation="OP-0001", authority="OP-0001/A1", officer="alice", purpose="detection", sites=(url.split("/")[2],),
        techniques=("visit",), starts=NOW - HOUR, ends=NOW + 5 * HOUR, issued=NOW, test_ranges=("127.0.0.0/8",), bad_tls=bad_tls,
    )  # fmt: skip


@pytest.fixture(scope="module")
def visits(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visits]:
    with trusted(authority), session(tmp_path_factory.mktemp("captures")) as opened:
        yield opened


def go(visits: Visits, url: str, bad_tls: str) -> tuple[str | None, list[dict[str, Any]]]:
    capture = visits.visit(permit(url, bad_tls), url, now=lambda: dt.datetime.now(dt.UTC)).keep()
    with zipfile.ZipFile(capture.wacz) as pack:
        connections = json.loads(pack.read("files/connections.json"))
    return capture.tls_fault, [one["tls"] for one in connections if one["exchanges"] and "tls" in one]


Make = Callable[[Authority], Leaf]
BAD: dict[str, Make] = {
    "expired": lambda a: a.leaf(days=(-30, -1)),
    "wrong-name": lambda a: a.leaf("elsewhere.example"),
    "self-signed": lambda a: a.leaf(self_signed=True),
}


@pytest.mark.browser
@pytest.mark.parametrize("fault", [*BAD, "revoked", "revoked, TLS 1.2"])
def test_a_bad_certificate_is_refused_before_a_request_or_recorded_with_its_fault(
    visits: Visits, authority: Authority, tmp_path: Path, fault: str
) -> None:
    with bad(fault, authority, tmp_path) as (origin, asked):
        url = origin + "page.html"
        with pytest.raises(BadTLS, match="bad certificate"):
            go(visits, url, "refuse")
        assert asked() == []
        told, seen = go(visits, url, "record")
        assert "page.html" in asked()
    assert told
    fault = fault.partition(",")[0]
    for tls in seen:
        assert fault in [one["fault"] for one in tls["faults"]]
        assert tls["finished"] == {"client": "good", "server": "good"}
        if fault == "revoked" and not tls["resumed"]:
            assert (tls["stapled"]["status"], tls["stapled"]["signed_by_authority"]) == ("revoked", True)
            assert tls["stapled"]["reason"] == "keyCompromise"
        if fault != "revoked":
            assert tls["browser"]["error"].startswith("net::ERR_CERT_")
    assert not all(tls["resumed"] for tls in seen)


@contextmanager
def bad(fault: str, authority: Authority, folder: Path) -> Iterator[tuple[str, Callable[[], list[str]]]]:
    """A site with a bad certificate: its origin, and which of its files were asked for."""
    if fault.startswith("revoked"):
        leaf, more = authority.leaf(), ["-tls1_2"] if "1.2" in fault else []
        with stapling(leaf, authority.staple(leaf, revoked=True), folder, *more) as site:
            yield site.url, lambda: site.asked
    else:
        record = Record()
        with plainly(BAD[fault](authority), record) as page:
            origin = page.removesuffix("frame")
            yield origin, lambda: [sent.url.removeprefix(origin) for sent in record.sent]


@pytest.mark.browser
@pytest.mark.parametrize("fault", ["expired", "revoked"])
def test_what_a_page_takes_from_elsewhere_follows_the_same_choice(
    visits: Visits, authority: Authority, tmp_path: Path, fault: str
) -> None:
    with bad(fault, authority, tmp_path) as (origin, asked):
        page = f"<title>Lamp</title><img src={origin}lamp.png>".encode()

        def answer(_: http1.Request) -> http1.Reply:
            return http1.Reply(answers.plain(page, kind=b"text/html"))

        with http1.serve(Record(), answer) as good:
            kept = visits.visit(
                permit(good + "/", "refuse"), good + "/", now=lambda: dt.datetime.now(dt.UTC)
            ).keep()
            assert (kept.title, asked()) == ("Lamp", [])
            host = origin.split("/")[2].replace(":", " port ")
            if fault == "revoked":
                assert kept.refused == (f"{host}: the authority says that the certificate is revoked",)
            kept = visits.visit(
                permit(good + "/", "record"), good + "/", now=lambda: dt.datetime.now(dt.UTC)
            ).keep()
    assert "lamp.png" in asked()
    assert kept.tls_fault is None
    assert [line for line in kept.cut_off if line.startswith(f"the certificate of {host} is bad")]


@pytest.mark.browser
def test_a_good_staple_is_recorded_and_nothing_is_refused(
    visits: Visits, authority: Authority, tmp_path: Path
) -> None:
    leaf = authority.leaf()
    with stapling(leaf, authority.staple(leaf, revoked=False), tmp_path) as site:
        told, seen = go(visits, site.url + "page.html", "refuse")
    assert told is None
    assert [tls["faults"] for tls in seen] == [[]] * len(seen)
    assert "good" in [tls["stapled"]["status"] for tls in seen if tls["stapled"]]


@pytest.mark.browser
def test_a_site_that_asks_for_another_greeting_is_let_through(visits: Visits, authority: Authority) -> None:
    context = authority.leaf().context()
    context.set_ecdh_curve("secp384r1")  # the browser offers it, and sends no key for it until asked
    wrap = lambda sock: context.wrap_socket(sock, server_side=True)  # noqa: E731
    with http1.serve(Record(), answers.answer, host="localhost", wrap=wrap) as origin:
        told, seen = go(visits, origin + "/frame", "refuse")
    assert told is None
    assert {tls["version"] for tls in seen} == {"TLS 1.3"}
    assert [tls["faults"] for tls in seen] == [[]] * len(seen)


def test_a_connection_whose_secret_never_comes_is_turned_away(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "PATIENCE_SECONDS", 0.2)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    ours, theirs = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(theirs, ours, server_hostname="localhost")
    server = authority.leaf().context().wrap_bio(ours, theirs, server_side=True)
    held = door.Door(KeyLog(tmp_path / "keys.log"), "localhost")
    with suppress(ssl.SSLWantReadError):
        client.do_handshake()
    held.wait(memoryview(greeting := ours.read()))
    ours.write(greeting)
    with suppress(ssl.SSLWantReadError):
        server.do_handshake()
    held.came(memoryview(flight := theirs.read()))
    theirs.write(flight)
    client.do_handshake()
    with pytest.raises(door.Turned, match="could not be judged"):
        held.wait(memoryview(ours.read()))


def test_faults_are_told_of_the_chain_alone(authority: Authority, tmp_path: Path) -> None:
    good = authority.leaf("*.shop.example")
    ca = authority.ca.cert_pem.bytes()
    chain = [_der(good.chain.read_bytes()), _der(ca)]
    assert faults(chain, "www.shop.example", NOW) == ()
    assert faults(chain, "shop.example", NOW) == ("wrong-name",)
    assert faults(chain, "a.b.shop.example", NOW) == ("wrong-name",)
    assert faults(chain, "127.0.0.1", NOW) == ("wrong-name",)
    assert faults([b"no certificate"], "shop.example", NOW) == ("unreadable",)
    assert faults(chain, "www.shop.example", NOW + 400 * 24 * HOUR) == ("expired",)
    assert faults(chain, "www.shop.example", NOW - 400 * 24 * HOUR) == ("not-yet-valid",)


def test_a_staple_that_the_authority_did_not_sign_says_nothing(authority: Authority, tmp_path: Path) -> None:
    leaf = authority.leaf("shop.example")
    chain = [_der(leaf.chain.read_bytes()), _der(authority.ca.cert_pem.bytes())]
    forged = Authority(tmp_path).staple(leaf, revoked=True)
    assert faults(chain, "shop.example", NOW, stapled=forged) == ()
    answer = stapled_answer(chain, forged)
    assert answer is not None
    assert (answer.status, answer.signed) == ("revoked", False)
    for bad in (b"junk", authority.staple(authority.leaf("other.example"), revoked=True)):
        unread = stapled_answer(chain, bad)
        assert unread is not None
        assert unread.status == "unreadable"


def _der(pem: bytes) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
