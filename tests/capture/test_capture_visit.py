"""A real browser, through the wire tap: every byte as the server sent it, nothing beside it, nothing outside the permit."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import json
import shutil
import ssl
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from bowstreet.capture.errors import BadTLS, EgressRefused, NoRoom, PermitRefused, Unreachable
from bowstreet.capture.limits import Limits
from bowstreet.capture.permit import Permit
from bowstreet.capture.visit import Capture, visit
from bowstreet.evidence.warc import records

pytestmark = pytest.mark.browser
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def now() -> datetime:
    return datetime.now(UTC)


class Site(http.server.BaseHTTPRequestHandler):
    """Writes exact bytes and keeps the digest of every one of them: the oracle."""

    protocol_version = "HTTP/1.1"
    sent: dict[str, list[str]] = {}
    asked: list[tuple[str, str]] = []

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        type(self).asked.append((self.path, self.headers["User-Agent"]))
        if path == "/endless":
            self.wfile.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            for _ in range(200):
                self.wfile.write(b"5\r\n<p>x \r\n")
                self.wfile.flush()
                threading.Event().wait(0.1)
            return
        raw = self.answer(path)
        type(self).sent.setdefault(self.path, []).append(hashlib.sha256(raw).hexdigest())
        self.wfile.write(raw)
        self.close_connection = b"Connection: close" in raw

    do_POST = do_GET

    def answer(self, path: str) -> bytes:
        if path == "/":
            page = b"""<html><title>Site</title><body><img src="/a.png"><img src="/chunked.png"><iframe src="/frame"></iframe>
            <script>fetch('/zip'); fetch('/form', {method: 'POST', body: 'a=1&b=2'}); fetch('/none'); fetch('/close')</script>"""
            return (
                b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nset-cookie: b=2; Path=/\r\nX-OdD: caf\xe9\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s"
                % (len(page), page)
            )
        if path == "/redirect":
            return b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 5\r\n\r\nthere"
        if path == "/away":
            return (
                b"HTTP/1.1 302 Found\r\nLocation: http://localhost:%d/\r\nContent-Length: 0\r\n\r\n"
                % self.server.server_address[1]
            )
        if path == "/chunked.png":
            return (
                b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\n"
                + PIXEL[:3]
                + b"\r\n%x\r\n" % len(PIXEL[3:])
                + PIXEL[3:]
                + b"\r\n0\r\nX-Trailer: t\r\n\r\n"
            )
        if path == "/zip":
            body = gzip.compress(b"zipped " * 50)
            return (
                b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s"
                % (len(body), body)
            )
        if path == "/none":
            return b"HTTP/1.1 204 No Content\r\n\r\n"
        if path == "/close":
            return b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nuntil the end"
        if path == "/form":
            self.rfile.read(int(self.headers["Content-Length"]))
        kind = b"image/png" if path.endswith((".png", ".ico")) else b"text/html"
        body = PIXEL if kind == b"image/png" else b"<p>hello"
        return b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (
            kind,
            len(body),
            body,
        )

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[http.server.ThreadingHTTPServer]:
    Site.sent, Site.asked = {}, []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def permit(server: http.server.ThreadingHTTPServer) -> Permit:
    port = server.server_address[1]
    return Permit(
        reference="P-1", operation="OP-0001", authority="OP-0001/A1", officer="alice", purpose="detection", sites=(f"127.0.0.1:{port}",),
        techniques=("visit",), starts=now() - timedelta(hours=1), ends=now() + timedelta(hours=1), issued=now(), test_ranges=("127.0.0.0/8",),
    )  # fmt: skip


def go(server: http.server.ThreadingHTTPServer, path: str, folder: Path, **options: Any) -> Capture:
    scheme = options.pop("scheme", "http")
    given = options.pop("permit", permit(server))
    return visit(
        given, f"{scheme}://127.0.0.1:{server.server_address[1]}{path}", folder=folder, now=now, **options
    )


def blocks(capture: Capture, folder: Path) -> dict[str, list[str]]:
    """Path and digest of every response block in the public archive."""
    with zipfile.ZipFile(capture.wacz) as pack:
        pack.extract("archive/data.warc.gz", folder)
    found: dict[str, list[str]] = {}
    for one in records(folder / "archive/data.warc.gz"):
        if one.kind == "response" and one.url:
            found.setdefault("/" + one.url.split("/", 3)[3], []).append(
                one.header("WARC-Block-Digest").split(":")[1]
            )
    return found


def test_every_response_is_byte_exact_and_every_one_the_browser_saw_is_matched(
    site: http.server.ThreadingHTTPServer, tmp_path: Path
) -> None:
    capture = go(site, "/redirect", tmp_path / "out")
    assert blocks(capture, tmp_path) == Site.sent
    assert capture.matched == capture.seen >= 8
    assert len({agent for _, agent in Site.asked}) == 1
    assert "Headless" not in Site.asked[0][1]
    assert len(Site.asked) == sum(len(sent) for sent in Site.sent.values())
    with zipfile.ZipFile(capture.wacz) as pack:
        public = b"".join(pack.read(name) for name in pack.namelist())
        provenance = json.loads(pack.read("files/provenance.json"))
    assert capture.companion_sha256.encode() not in public
    assert b"P-1" not in public
    assert provenance["restricted_companion"].startswith("sha256:")
    with zipfile.ZipFile(capture.companion) as companion:
        assert {"recording.pcapng", "permit.json", "netlog.json"} <= set(companion.namelist())


def test_a_redirect_out_of_scope_is_refused_before_it_is_followed(
    site: http.server.ThreadingHTTPServer, tmp_path: Path
) -> None:
    with pytest.raises(PermitRefused, match="outside the sites"):
        go(site, "/away", tmp_path)
    assert [path for path, _ in Site.asked] == ["/away"]
    assert not list(tmp_path.iterdir())


def test_the_gate_is_asked_before_every_page_and_an_ended_authority_stops_it(
    site: http.server.ThreadingHTTPServer, tmp_path: Path
) -> None:
    asked: list[str] = []

    def gate(url: str) -> Permit:
        asked.append(url)
        if len(asked) > 1:
            raise PermitRefused("ended")
        return permit(site)

    with pytest.raises(PermitRefused, match="ended"):
        go(site, "/redirect", tmp_path, gate=gate)
    assert len(asked) == 2
    assert [path for path, _ in Site.asked] == ["/redirect"]


def test_loopback_is_refused_without_a_test_range_and_nothing_is_asked(
    site: http.server.ThreadingHTTPServer, tmp_path: Path
) -> None:
    with pytest.raises(EgressRefused, match="loopback"):
        go(site, "/", tmp_path, permit=replace(permit(site), test_ranges=()))
    assert Site.asked == []


def test_a_site_that_is_down_is_told_plainly(tmp_path: Path) -> None:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        given = permit(server)
    with pytest.raises(Unreachable, match="cannot be reached"):
        visit(given, f"http://{given.sites[0]}/", folder=tmp_path, now=now)
    assert not list(tmp_path.iterdir())


def test_a_page_that_never_ends_is_kept_with_what_was_cut_off(
    site: http.server.ThreadingHTTPServer, tmp_path: Path
) -> None:
    capture = go(site, "/endless", tmp_path, limits=Limits(load_seconds=2, behave_seconds=1, quiet_seconds=1))
    assert any("had not finished loading" in text for text in capture.cut_off)
    assert capture.wacz.exists()


def test_a_full_disk_is_told_and_nothing_is_half_written(
    site: http.server.ThreadingHTTPServer, tmp_path: Path
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40k", "tmpfs", small], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small file system cannot be mounted here")
    try:
        with pytest.raises(NoRoom, match="nothing was kept"):
            go(site, "/", small)
        assert not [path for path in small.iterdir() if path.suffix in (".wacz", ".zip")]
    finally:
        subprocess.run(["umount", small], check=False)


@pytest.fixture
def secure() -> Iterator[http.server.ThreadingHTTPServer]:
    Site.sent, Site.asked = {}, []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def test_a_bad_certificate_is_refused_unless_the_operation_says_record(
    secure: http.server.ThreadingHTTPServer, tmp_path: Path
) -> None:
    with pytest.raises(BadTLS, match="bad certificate"):
        go(secure, "/", tmp_path / "no", scheme="https")
    assert Site.asked == []
    capture = go(
        secure, "/", tmp_path / "yes", scheme="https", permit=replace(permit(secure), bad_tls="record")
    )
    assert blocks(capture, tmp_path) == Site.sent
    assert capture.matched == capture.seen
    assert capture.tls_fault == "net::ERR_CERT_AUTHORITY_INVALID"
    with zipfile.ZipFile(capture.wacz) as pack:
        tls = next(one["tls"] for one in json.loads(pack.read("files/connections.json")) if one["exchanges"])
    assert (tls["version"], tls["server_signature"], tls["finished"]) == (
        "TLS 1.3",
        "good",
        {"server": "good", "client": "good"},
    )
    assert "127.0.0.1" in tls["chain"][0]["pem"] or tls["chain"][0]["subject"]


def test_other_programs_decrypt_the_recording(
    secure: http.server.ThreadingHTTPServer, tmp_path: Path
) -> None:
    if not shutil.which("tshark"):
        pytest.skip("tshark is not installed")
    capture = go(secure, "/", tmp_path, scheme="https", permit=replace(permit(secure), bad_tls="record"))
    with zipfile.ZipFile(capture.companion) as companion:
        companion.extract("recording.pcapng", tmp_path)
    shown = subprocess.run(
        ["tshark", "-r", tmp_path / "recording.pcapng", "-d", f"tcp.port=={secure.server_address[1]},tls", "-Y", "http.request", "-T", "fields", "-e", "http.request.uri"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert sorted(shown.stdout.split()) == sorted(path for path, _ in Site.asked)
