"""TLS as an onlooker: every suite that browsers offer, resumption, retries and early data, by other people's TLS."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import brotli
import pytest
import trustme
import zstandard
from oracle.authority import Authority

from bowstreet.capture.wire.connection import Connection
from bowstreet.capture.wire.exchange import How
from bowstreet.capture.wire.handshake import Handshake
from bowstreet.capture.wire.link import Link
from bowstreet.capture.wire.parse import uncompressed
from bowstreet.capture.wire.reader import Reader, link, read
from bowstreet.capture.wire.tape import Kind, Recorder

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n" + b"a" * 70_000
NO_ENCRYPT_THEN_MAC = 0x80000  # which browsers do not offer either (RFC 7366)
ASK = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Tap:
    """A port that is joined to a site's and taped, as the relay would."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.tape, self.keys = folder, folder / "tape", folder / "keys.log"
        self.recorder = Recorder(self.tape)
        self.count = 0

    @contextmanager
    def to(self, target: int) -> Iterator[int]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            threading.Thread(target=self._accept, args=(listener, target), daemon=True).start()
            yield listener.getsockname()[1]
            listener.shutdown(socket.SHUT_RDWR)

    def read(self) -> list[Connection]:
        self.recorder.close()
        spools = self.folder / "spools"
        spools.mkdir()
        return read(self.tape, self.keys, spools)

    def _accept(self, listener: socket.socket, target: int) -> None:
        while True:
            try:
                client, (_, local) = listener.accept()
            except OSError:
                return
            site = socket.create_connection(("127.0.0.1", target))
            self.recorder.note(
                self.count, Kind.OPEN, b'{"host": "localhost", "port": %d, "local": %d}' % (target, local)
            )
            self.recorder.note(self.count, Kind.PEER, b'{"peer": ["127.0.0.1", %d]}' % target)
            threading.Thread(target=Link(self.recorder, self.count, client, site).carry, daemon=True).start()
            self.count += 1


@contextmanager
def site(context: ssl.SSLContext) -> Iterator[int]:
    """Answers one request on each connection."""

    def serve(peer: socket.socket) -> None:
        try:
            with context.wrap_socket(peer, server_side=True) as stream:
                if stream.recv(1 << 16):
                    stream.sendall(ANSWER)
                    stream.unwrap()
        except OSError:
            pass

    def accept(listener: socket.socket) -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(peer,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def ask(port: int, context: ssl.SSLContext, session: ssl.SSLSession | None = None) -> ssl.SSLSession | None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as sock:
        stream = context.wrap_socket(sock, server_hostname="localhost", session=session)
        stream.sendall(ASK)
        got = b""
        while len(got) < len(ANSWER):
            got += stream.recv(1 << 16)
        assert got == ANSWER
        ticket = stream.session
        stream.unwrap().close()
    return ticket


def client(keys: Path, version: ssl.TLSVersion, ciphers: str | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = context.maximum_version = version
    if ciphers:
        context.set_ciphers(ciphers + ":@SECLEVEL=0")
    context.options |= NO_ENCRYPT_THEN_MAC
    context.keylog_filename = str(keys)
    return context


def server(kind: trustme.KeyType, ciphers: str | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA(key_type=kind).issue_cert("localhost", key_type=kind).configure_cert(context)
    if ciphers:
        context.set_ciphers(ciphers + ":@SECLEVEL=0")
    return context


SUITES = [
    ("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDSA"), ("ECDHE-ECDSA-AES256-GCM-SHA384", "ECDSA"), ("ECDHE-ECDSA-CHACHA20-POLY1305", "ECDSA"),
    ("ECDHE-ECDSA-AES128-SHA", "ECDSA"), ("ECDHE-ECDSA-AES256-SHA", "ECDSA"), ("ECDHE-RSA-AES128-GCM-SHA256", "RSA"),
    ("ECDHE-RSA-AES256-GCM-SHA384", "RSA"), ("ECDHE-RSA-CHACHA20-POLY1305", "RSA"), ("ECDHE-RSA-AES128-SHA", "RSA"),
    ("ECDHE-RSA-AES256-SHA", "RSA"), ("AES128-GCM-SHA256", "RSA"), ("AES256-GCM-SHA384", "RSA"), ("AES128-SHA", "RSA"), ("AES256-SHA", "RSA"),
]  # fmt: skip


@pytest.mark.parametrize(("suite", "kind"), SUITES)
def test_every_suite_of_tls_1_2_is_opened_and_checked(tmp_path: Path, suite: str, kind: str) -> None:
    tap = Tap(tmp_path)
    with site(server(trustme.KeyType[kind], suite)) as target, tap.to(target) as port:
        context = client(tap.keys, ssl.TLSVersion.TLSv1_2, suite)
        ticket = ask(port, context)
        ask(port, context, ticket)
    full, resumed = tap.read()
    for one in (full, resumed):
        assert one.error is None
        assert one.handshake is not None
        assert one.handshake.finished == {"client": "good", "server": "good"}
        assert one.spools[1].read_bytes() == ANSWER
        assert [e.how for e in one.exchanges] == [How.LENGTH]
    assert full.handshake is not None
    assert full.handshake.signature == (
        None if suite.startswith("AES") else "good"
    )  # static RSA signs nothing
    assert (resumed.handshake and resumed.handshake.resumed, resumed.resumes) == (True, full.number)


@pytest.mark.parametrize(
    "suite", ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"]
)
@pytest.mark.parametrize("retry", [False, True])
def test_every_suite_of_tls_1_3_is_opened_and_checked(tmp_path: Path, suite: str, retry: bool) -> None:
    tap, leaf = Tap(tmp_path), Authority(tmp_path).leaf()
    context = leaf.context(ssl.TLSVersion.TLSv1_3)
    if retry:
        context.set_ecdh_curve("secp384r1")  # not the curve that clients guess, so they are asked again
    with site(context) as target, tap.to(target) as port:
        _s_client(port, tap.keys, ["-ciphersuites", suite], ASK)
    (one,) = tap.read()
    assert one.error is None
    assert one.handshake is not None
    assert (one.handshake.suite_name, one.handshake.version_name, one.handshake.signature) == (
        suite,
        "TLS 1.3",
        "good",
    )
    assert one.handshake.finished == {"client": "good", "server": "good"}
    assert one.spools[1].read_bytes() == ANSWER


def test_early_data_is_kept_where_the_site_took_it_and_is_no_request_where_it_did_not(tmp_path: Path) -> None:
    tap, leaf = Tap(tmp_path), Authority(tmp_path).leaf()
    (tmp_path / "early.txt").write_bytes(ASK)
    again = ["-sess_in", tmp_path / "session.pem", "-early_data", tmp_path / "early.txt"]
    with _s_server(leaf.chain, leaf.key) as (target, console), tap.to(target) as port:
        _s_client(
            port, tap.keys, ["-sess_out", tmp_path / "session.pem"], b"GET /first HTTP/1.0\r\n\r\n", console
        )
        _s_client(port, tap.keys, again, b"", console)
        # A ticket is taken once: what could be a replay is turned down.
        _s_client(port, tap.keys, again, b"GET /third HTTP/1.0\r\n\r\n", console)
    first, taken, turned_down = tap.read()
    assert [one.error for one in (first, taken, turned_down)] == [None] * 3
    told = [one.handshake.early for one in (taken, turned_down) if one.handshake]
    assert told == ["accepted", "rejected"]
    assert [[e.target for e in one.exchanges] for one in (first, taken, turned_down)] == [
        ["/first"],
        ["/"],
        ["/third"],
    ]
    for one in (taken, turned_down):
        assert one.handshake is not None
        assert one.handshake.finished == {"client": "good", "server": "good"}


PACKERS = {1: zlib.compress, 2: brotli.compress, 3: zstandard.compress}


@pytest.mark.parametrize("algorithm", PACKERS)
def test_a_compressed_certificate_is_unpacked_and_no_further_than_it_says(algorithm: int) -> None:
    message = b"a certificate message " * 100

    def packed(data: bytes, says: int) -> bytes:
        body = PACKERS[algorithm](data)
        return algorithm.to_bytes(2, "big") + says.to_bytes(3, "big") + len(body).to_bytes(3, "big") + body

    assert uncompressed(packed(message, len(message))) == message
    for bad in (
        packed(b"\0" * 50_000_000, 1000),
        packed(message, 5),
        packed(message, 1 << 23),
        packed(message, len(message))[:-9],
    ):
        with pytest.raises(ValueError):
            uncompressed(bad)
    with pytest.raises(ValueError, match="unpacked"):
        uncompressed(b"\0\x09" + packed(message, len(message))[2:])


def test_a_secret_that_the_browser_writes_after_the_visit_is_waited_for(tmp_path: Path) -> None:
    tap = Tap(tmp_path)
    with site(server(trustme.KeyType.ECDSA)) as target, tap.to(target) as port:
        ask(port, client(tap.keys, ssl.TLSVersion.TLSv1_3))
    tap.recorder.close()
    late, spools = tmp_path / "late.log", tmp_path / "late"
    spools.mkdir()
    writer = threading.Timer(1.0, lambda: late.write_bytes(b"of another visit\n" + tap.keys.read_bytes()))
    writer.start()
    (one,) = read(tap.tape, late, spools, start=17, patience=300)
    assert one.handshake is not None
    assert one.handshake.waiting is None
    assert one.spools[1].read_bytes() == ANSWER
    tap.keys.unlink()
    (one,) = read(tap.tape, tap.keys, spools, patience=0.2)
    assert one.handshake is not None
    assert one.exchanges == []


def test_a_secret_that_comes_late_is_waited_for(tmp_path: Path) -> None:
    tap = Tap(tmp_path)
    with site(server(trustme.KeyType.ECDSA)) as target, tap.to(target) as port:
        ask(port, client(tap.keys, ssl.TLSVersion.TLSv1_3))
    tap.recorder.close()
    lines, late, spools = (
        tap.keys.read_bytes().splitlines(keepends=True),
        tmp_path / "late.log",
        tmp_path / "late",
    )
    spools.mkdir()
    reader = Reader(tap.tape, late, spools)
    for count in range(len(lines) + 1):
        late.write_bytes(b"".join(sorted(lines)[:count]))
        reader.advance()
    (one,) = reader.finish()
    assert one.error is None
    assert one.handshake is not None
    assert one.handshake.waiting is None
    assert one.handshake.finished == {"client": "good", "server": "good"}
    assert one.spools[1].read_bytes() == ANSWER


def test_without_secrets_the_certificate_of_tls_1_2_is_known_and_nothing_is_made_up(tmp_path: Path) -> None:
    tap = Tap(tmp_path)
    with site(server(trustme.KeyType.ECDSA)) as target, tap.to(target) as port:
        ask(port, client(tmp_path / "elsewhere.log", ssl.TLSVersion.TLSv1_2))
    (one,) = tap.read()
    assert one.exchanges == []
    assert one.handshake is not None
    assert len(one.handshake.chain) == 1
    assert one.handshake.waiting == "CLIENT_RANDOM"


def _s_client(
    port: int, keys: Path, words: list[str | Path], said: bytes, console: IO[bytes] | None = None
) -> None:
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-keylogfile", keys, "-servername", "localhost", "-tls1_3",
               "-ign_eof", "-quiet", *words]  # fmt: skip
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None
        process.stdin.write(said)
        process.stdin.flush()
        for line in (b"HTTP/1.0 200 OK\n\nok\n", b"q\n") if console else ():
            time.sleep(0.3)  # the console takes its command "q" only at the beginning of what it reads
            console.write(line)
            console.flush()
        process.communicate(timeout=60)


@contextmanager
def _s_server(chain: Path, key: Path) -> Iterator[tuple[int, IO[bytes]]]:
    """A server that takes early data; what is typed at its console goes to the client, and "q" ends a connection."""
    command = [
        "openssl",
        "s_server",
        "-accept",
        "127.0.0.1:0",
        "-cert",
        chain,
        "-key",
        key,
        "-tls1_3",
        "-early_data",
    ]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        line = next(line for line in process.stdout if line.startswith(b"ACCEPT"))
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield int(line.strip().rsplit(b":", 1)[1]), process.stdin
        process.kill()


def test_a_connection_may_take_up_one_that_was_opened_after_it(tmp_path: Path) -> None:
    """The browser opens two; the second is greeted first, and hands on its ticket before the first has greeted."""
    spools = (tmp_path / "up", tmp_path / "down")
    first, second, again = (Connection(n, "localhost", 443, 40_000 + n, 0.0, spools) for n in (1, 2, 3))
    first.handshake = Handshake(resumed=True, offered_ticket=b"a")
    second.handshake = Handshake(tickets=[b"a", b"b"])
    again.handshake = Handshake(resumed=True, offered_ticket=b"b", tickets=[b"b"])
    link([first, second, again])
    assert [one.resumes for one in (first, second, again)] == [2, None, 2]
