"""Bad certificates: each recorded with its fault, and refused or recorded as the operation chose."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from oracle import answers, http1
from oracle.authority import Authority, Leaf, trusted
from oracle.record import Record

from bowstreet.capture.errors import BadTLS
from bowstreet.capture.permit import Permit
from bowstreet.capture.visit import Visits, session
from bowstreet.capture.wire.certificate import faults, stapled_answer

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


@contextmanager
def stapling(leaf: Leaf, answer: bytes, folder: Path) -> Iterator[str]:
    """A server that staples an OCSP answer to its handshake (openssl s_server, which Python's ssl cannot)."""
    (folder / "staple.der").write_bytes(answer)
    (folder / "page.html").write_bytes(b"<title>stapled</title><p>stapled")
    command = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", leaf.chain, "-cert_chain", leaf.chain, "-key", leaf.key,
               "-status_file", "staple.der", "-WWW"]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    try:
        line = next(line for line in process.stdout if line.startswith("ACCEPT"))
        yield f"https://localhost:{line.strip().rsplit(':', 1)[1]}/page.html"
    finally:
        process.kill()
        process.wait()
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
@pytest.mark.parametrize("fault", [*BAD, "revoked"])
def test_a_bad_certificate_is_refused_or_recorded_with_its_fault(
    visits: Visits, authority: Authority, tmp_path: Path, fault: str
) -> None:
    record = Record()
    serving: AbstractContextManager[str]
    if fault == "revoked":
        leaf = authority.leaf()
        serving = stapling(leaf, authority.staple(leaf, revoked=True), tmp_path)
    else:
        serving = plainly(BAD[fault](authority), record)
    with serving as url:
        with pytest.raises(BadTLS, match="bad certificate"):
            go(visits, url, "refuse")
        if fault != "revoked":  # the browser itself does not ask about revocation, so the page was asked for
            assert record.sent == []
        told, seen = go(visits, url, "record")
    assert told
    for tls in seen:
        assert fault in [one["fault"] for one in tls["faults"]]
        assert tls["finished"] == {"client": "good", "server": "good"}
        if fault == "revoked" and not tls["resumed"]:
            assert (tls["stapled"]["status"], tls["stapled"]["signed_by_authority"]) == ("revoked", True)
            assert tls["stapled"]["reason"] == "keyCompromise"
        if fault != "revoked":
            assert tls["browser"]["error"].startswith("net::ERR_CERT_")
    assert not all(tls["resumed"] for tls in seen)


@pytest.mark.browser
def test_a_good_staple_is_recorded_and_nothing_is_refused(
    visits: Visits, authority: Authority, tmp_path: Path
) -> None:
    leaf = authority.leaf()
    with stapling(leaf, authority.staple(leaf, revoked=False), tmp_path) as url:
        told, seen = go(visits, url, "refuse")
    assert told is None
    assert [tls["faults"] for tls in seen] == [[]] * len(seen)
    assert "good" in [tls["stapled"]["status"] for tls in seen if tls["stapled"]]


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
