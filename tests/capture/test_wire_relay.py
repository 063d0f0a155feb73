"""The relay: bytes pass unchanged and are on the tape, and a connection ends for each side as it would with nobody between."""

from __future__ import annotations

import os
import resource
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bowstreet.capture.egress import Egress
from bowstreet.capture.wire.relay import Relay
from bowstreet.capture.wire.tape import Entry, Kind, Recorder, Tape, entries

LOOPBACK = Egress(ranges=("127.0.0.0/8",))


@contextmanager
def site(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server whose every connection is answered in a thread."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            while True:
                try:
                    peer, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=answer, args=(peer,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


@contextmanager
def relay(tape: Path, *, most: int = 1 << 30) -> Iterator[int]:
    recorder = Recorder(tape, most=most)
    serving = Relay(recorder, LOOPBACK)
    try:
        yield serving.start()
    finally:
        serving.close()
        recorder.close()


def through(port: int, target: int, *, command: int = 1) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=60)
    client.sendall(
        b"\5\1\0" + bytes((5, command, 0, 1)) + socket.inet_aton("127.0.0.1") + target.to_bytes(2, "big")
    )
    assert client.recv(2) == b"\5\0"
    return client


def answered(client: socket.socket) -> int:
    return exactly(client, 10)[1]


def exactly(client: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        data += client.recv(count - len(data))
    return data


def everything(client: socket.socket) -> bytes:
    return b"".join(iter(lambda: client.recv(1 << 16), b""))


def of(tape: Path, kind: Kind) -> list[Entry]:
    return [entry for entry in entries(tape) if entry.kind is kind]


def ends(tape: Path, kind: Kind) -> bytes:
    end = time.monotonic() + 30
    while not (found := of(tape, kind)):
        assert time.monotonic() < end, f"{kind.name} never came"
        time.sleep(0.02)
    return found[0].data


def test_both_directions_pass_unchanged_and_are_on_the_tape(tmp_path: Path) -> None:
    sent = os.urandom(3_000_000)

    def echo(peer: socket.socket) -> None:
        with peer:
            while data := peer.recv(50_000):
                peer.sendall(data[::-1])

    with site(echo) as target, relay(tmp_path / "tape") as port, through(port, target) as client:
        assert answered(client) == 0
        got: list[bytes] = []
        reader = threading.Thread(target=lambda: got.append(everything(client)))
        reader.start()
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)  # the site still answers: a half-close is passed on
        reader.join()
        assert ends(tmp_path / "tape", Kind.DOWN_END) == b"eof"
    assert len(got[0]) == len(sent)
    assert b"".join(e.data for e in of(tmp_path / "tape", Kind.UP)) == sent
    assert b"".join(e.data for e in of(tmp_path / "tape", Kind.DOWN)) == got[0]
    assert of(tmp_path / "tape", Kind.PEER)[0].json()["peer"] == ["127.0.0.1", target]


def test_a_reset_arrives_as_a_reset_after_all_that_was_sent(tmp_path: Path) -> None:
    def cut(peer: socket.socket) -> None:
        peer.sendall(b"x" * 200_000)
        peer.recv(1)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()

    with site(cut) as target, relay(tmp_path / "tape") as port, through(port, target) as client:
        assert answered(client) == 0
        assert exactly(client, 200_000) == b"x" * 200_000
        client.sendall(b"!")
        with pytest.raises(ConnectionResetError):
            client.recv(1)
        assert ends(tmp_path / "tape", Kind.DOWN_END) == b"reset"


def test_what_the_browser_no_longer_takes_is_told_apart_from_what_the_site_ended(tmp_path: Path) -> None:
    seen = threading.Event()

    def pour(peer: socket.socket) -> None:
        try:
            while True:
                peer.sendall(b"y" * 65536)
        except OSError:
            seen.set()

    with site(pour) as target, relay(tmp_path / "tape") as port:
        client = through(port, target)
        assert answered(client) == 0
        client.recv(1000)
        client.close()
        assert ends(tmp_path / "tape", Kind.DOWN_END) == b"gone"
        assert seen.wait(30), "the site was never told"


def test_an_endless_answer_is_cut_at_the_ceiling_and_nothing_more_is_asked(tmp_path: Path) -> None:
    def pour(peer: socket.socket) -> None:
        try:
            while True:
                peer.sendall(b"z" * 65536)
        except OSError:
            peer.close()

    with site(pour) as target, relay(tmp_path / "tape", most=5_000_000) as port:
        with through(port, target) as client, pytest.raises(ConnectionResetError):
            everything(client)
        assert ends(tmp_path / "tape", Kind.DOWN_END) == b"ceiling"
        with through(port, target) as again:
            assert answered(again) == 2
    assert (tmp_path / "tape").stat().st_size < 6_000_000
    assert of(tmp_path / "tape", Kind.REFUSED)[0].json()["kind"] == "ceiling"


def test_udp_is_not_relayed(tmp_path: Path) -> None:
    with relay(tmp_path / "tape") as port, through(port, 53, command=3) as client:
        assert answered(client) == 7
    assert of(tmp_path / "tape", Kind.REFUSED)[0].json()["kind"] == "command"


def test_a_tape_that_cannot_be_written_ends_its_connections_and_is_told(tmp_path: Path) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    with site(lambda peer: peer.sendall(b"w" * 1_000_000)) as target:
        process = subprocess.Popen(
            [sys.executable, "-m", "bowstreet.capture.wire.relay", tmp_path / "tape", '{"ranges": ["127.0.0.0/8"]}'],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=limited,
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with through(port, target) as client, pytest.raises(ConnectionResetError):
            everything(client)
        process.stdin.close()
        assert process.wait(60) == 1
        process.stdout.close()
    assert sum(len(e.data) for e in entries(tmp_path / "tape")) < 100_000


def test_a_tape_can_be_followed_while_it_is_written_and_read_when_it_was_cut(tmp_path: Path) -> None:
    recorder, tape = Recorder(tmp_path / "tape"), Tape(tmp_path / "tape")
    assert list(tape.entries()) == []
    recorder.note(1, Kind.UP, b"one")
    assert [e.data for e in tape.entries()] == [b"one"]
    recorder.note(1, Kind.DOWN, b"two")
    recorder.close()
    assert [e.data for e in tape.entries()] == [b"two"]
    whole = (tmp_path / "tape").read_bytes()
    (tmp_path / "tape").write_bytes(whole[:-1])
    assert [e.data for e in entries(tmp_path / "tape")] == [b"one"]
