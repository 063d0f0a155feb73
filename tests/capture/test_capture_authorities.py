"""Time-stamping authorities: set up by name, asked in one place, at public addresses only."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bowstreet.capture import authorities
from bowstreet.capture.authorities import ask, configured
from bowstreet.capture.errors import BadAuthority
from bowstreet.evidence.errors import BadStamp
from bowstreet.evidence.timestamps import Authority, read, request
from market.authority import issuer, make_authority, serve

DIGEST = hashlib.sha256(b"a capture").digest()


@pytest.fixture(scope="module")
def responder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("tsa")
    make_authority(folder, "Example authority")
    with serve(folder) as url:
        yield url, folder / "ca.pem"


@contextmanager
def answering(data: bytes) -> Iterator[str]:
    """A server that says just this, whatever it is asked."""
    server = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        with server.accept()[0] as client:
            client.recv(4096)
            client.sendall(data)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    thread.join(10)
    server.close()


def settings(url: str, roots: Path, **more: str) -> dict[str, str]:
    return {"BOWSTREET_TSA_FIRST_ONE": url, "BOWSTREET_TSA_FIRST_ONE_CA": str(roots), **more}


def test_an_authority_is_set_up_by_its_address_and_its_roots(responder: tuple[str, Path]) -> None:
    (found,) = configured(settings(*responder, BOWSTREET_TSA_FIRST_ONE_POLICY="1.2.3.4.1"))
    assert (found.name, found.url, found.policy) == ("first-one", responder[0], "1.2.3.4.1")
    assert found.subjects == ["CN=Example authority root"]
    stamp = request(found, DIGEST, ask=ask)
    assert read(stamp.response).imprint == DIGEST
    assert configured({}) == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"BOWSTREET_TSA_FIRST_ONE": "tsa.example"}, "is not the web address"),
        ({"BOWSTREET_TSA_FIRST_ONE": "http://[::1/"}, "is not the web address"),
        ({"BOWSTREET_TSA_FIRST_ONE_CA": ""}, "name its PEM file in BOWSTREET_TSA_FIRST_ONE_CA"),
        ({"BOWSTREET_TSA_FIRST_ONE_CA": "/nowhere.pem"}, "cannot be used"),
        ({"BOWSTREET_TSA_FIRST_ONE_CA": "/etc/hostname"}, "cannot be used"),
        ({"BOWSTREET_TSA_FIRST_ONE_POLICY": "policy"}, "dotted number"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    responder: tuple[str, Path], changed: dict[str, str], said: str
) -> None:
    with pytest.raises(BadAuthority, match=said):
        configured(settings(*responder) | changed)


def test_another_policy_than_was_asked_for_is_refused(responder: tuple[str, Path]) -> None:
    (found,) = configured(settings(*responder, BOWSTREET_TSA_FIRST_ONE_POLICY="1.2.3.5"))
    with pytest.raises(BadStamp, match="did not grant"):
        request(found, DIGEST, ask=ask)


def test_loopback_is_asked_only_where_test_ranges_are_allowed(
    responder: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BOWSTREET_ALLOW_TEST_RANGES")
    with pytest.raises(OSError, match="loopback"):
        ask(responder[0], b"")
    for address in ("10.0.0.1", "169.254.169.254", "[fd00::1]", "[::ffff:10.0.0.1]"):
        with pytest.raises(OSError, match="where no authority is asked"):
            ask(f"http://{address}/", b"")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "status 503"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\n\r\n", "status 302"),
        (b"hello\r\n\r\n", "not answer in HTTP"),
        (b"", "not answer in HTTP"),
    ],
)
def test_what_is_no_answer_is_said(data: bytes, said: str) -> None:
    with answering(data) as url, pytest.raises(OSError, match=said):
        ask(url, b"")


def test_an_answer_without_end_is_cut_off_and_one_that_is_slow_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with answering(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (1 << 20)) as url, suppress(ConnectionError):
        assert len(ask(url, b"")) < 1 << 19
    monkeypatch.setattr(authorities, "SECONDS", 0.2)
    server = socket.create_server(("127.0.0.1", 0))
    root = issuer("Slow root").pem
    with pytest.raises(BadStamp, match="slow did not answer"):
        request(Authority("slow", f"http://127.0.0.1:{server.getsockname()[1]}/", root), DIGEST, ask=ask)
    server.close()
