"""Hostile bytes: no cut and no flipped bit of a recording makes the reader crash, hang or swell."""

from __future__ import annotations

import random
import ssl
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme
from h2.config import H2Configuration
from h2.connection import H2Connection
from oracle import answers
from test_wire_tls import Tap, ask, client, server, site

from bowstreet.capture.errors import BadTape
from bowstreet.capture.wire import http1, http2, websocket
from bowstreet.capture.wire.reader import read
from bowstreet.capture.wire.tape import CHUNK

Data = dict[str, bytes]


def conversation() -> tuple[bytes, bytes]:
    """Both directions of an HTTP/2 connection with padding, trailers and long headers."""
    browser, host = H2Connection(H2Configuration()), H2Connection(H2Configuration(client_side=False))
    browser.initiate_connection()
    host.initiate_connection()
    up, down = browser.data_to_send(), host.data_to_send()
    for stream in (1, 3, 5):
        browser.send_headers(
            stream,
            [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", f"/{stream}")],
            end_stream=True,
        )
    up += (more := browser.data_to_send())
    host.receive_data(up)
    for stream in (1, 3, 5):
        host.send_headers(stream, [(":status", "200"), ("x-long", "y" * 20_000), ("set-cookie", "a=1")])
        host.send_data(stream, b"z" * 3000, pad_length=20)
        host.send_headers(stream, [("x-trailer", "t")], end_stream=True)
    assert more
    return up, down + host.data_to_send()


def messages() -> Data:
    blocks = [reply.block for reply in answers.ANSWERS.values()]
    up, down = conversation()
    frames = (
        b"\x81\x05hello\x89\x02hi\x01\x03abc\x80\x03def\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\x88\x02\x03\xe8"
    )
    return {"http1": b"".join(blocks), "up": up, "down": down, "websocket": frames}


def spoil(data: bytes, dice: random.Random) -> bytes:
    """Cut, flip, repeat or remove something."""
    spoilt, kind = bytearray(data), dice.randrange(4)
    at = dice.randrange(max(1, len(spoilt)))
    if kind == 0:
        return bytes(spoilt[:at])
    for _ in range(dice.choice((1, 1, 2, 20))):
        spoilt[dice.randrange(len(spoilt))] ^= 1 << dice.randrange(8)
    if kind == 1:
        spoilt[at:at] = spoilt[at : at + dice.randrange(200)]
    elif kind == 2:
        del spoilt[at : at + dice.randrange(200)]
    return bytes(spoilt)


def hammer(rounds: int, seed: int) -> None:
    """Every parser of plaintext; whatever they are given they give an answer or BadTape."""
    dice, good = random.Random(seed), messages()
    requests = b"".join(b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n" % n for n in range(60))
    for _ in range(rounds):
        bad = {name: spoil(data, dice) for name, data in good.items()}
        exchanges, _ = http1.parse(requests, bad["http1"])
        assert all(e.response_at is None or e.response_at.end <= len(bad["http1"]) for e in exchanges)
        http1.parse(bad["http1"], requests)
        onlooker = http2.Onlooker()
        try:
            onlooker.feed(0, bad["up"], 0.0)
            onlooker.feed(1, bad["down"], 0.0)
        except BadTape:
            pass
        assert all(span.end <= len(bad["down"]) for e in onlooker.streams.values() for span in e.body_at)
        assert len(list(websocket.messages([bad["websocket"]], deflated=True))) < 100


def test_spoilt_plaintext_never_crashes_a_parser() -> None:
    hammer(100, seed=1)


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Tap:
    """One connection each of TLS 1.2 and 1.3, and what comes of them."""
    tap = Tap(tmp_path_factory.mktemp("fuzz"))
    with site(server(trustme.KeyType.ECDSA)) as target, tap.to(target) as port:
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            ask(port, client(tap.keys, version))
    assert [len(c.exchanges) for c in tap.read()] == [1, 1]
    return tap


def spoil_tapes(tap: Tap, folder: Path, rounds: int, seed: int) -> None:
    dice, good = random.Random(seed), tap.tape.read_bytes()
    spools = folder / "spools"
    spools.mkdir()
    for _ in range(rounds):
        (folder / "tape").write_bytes(spoil(good, dice))
        for connection in read(folder / "tape", tap.keys, spools):
            for exchange in connection.exchanges:
                assert connection.url(exchange)


def test_a_spoilt_tape_never_crashes_the_reader(tape: Tap, tmp_path: Path) -> None:
    spoil_tapes(tape, tmp_path, 100, seed=2)


def test_a_flipped_bit_of_a_sealed_record_is_noticed(tape: Tap, tmp_path: Path) -> None:
    """TLS authenticates what it seals: a change is an error of its connection, never another plaintext."""
    good, dice = tape.tape.read_bytes(), random.Random(3)
    at = [i for i in range(len(good)) if good[i : i + 3] == b"\x17\x03\x03"]
    plain = [c.spools[1].read_bytes() for c in read(tape.tape, tape.keys, tmp_path)]
    for _ in range(40):
        spoilt = bytearray(good)
        start = dice.choice(at)
        spoilt[start + 5 + dice.randrange(17)] ^= 1 << dice.randrange(8)
        (tmp_path / "tape").write_bytes(spoilt)
        found = read(tmp_path / "tape", tape.keys, tmp_path)
        assert any(c.error for c in found)
        for one, whole in zip(found, plain, strict=True):
            assert whole.startswith(one.spools[1].read_bytes())


Bomb = Callable[[], object]
BOMBS: dict[str, Bomb] = {
    "chunks of one byte": lambda: http1.parse(b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 30_000),
    "a header without end": lambda: http1.parse(b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"y" * 20_000_000),
    "headers that refer to each other": lambda: _feed(_indexed(200_000)),
    "frames of nothing": lambda: _feed(_preface() + b"\0\0\0\0\0\0\0\0\1" * 30_000),
    "a WebSocket message that unfolds": lambda: list(websocket.messages([_unfolding()], deflated=True)),
}  # fmt: skip


def _preface() -> bytes:
    return http2.PREFACE + b"\0\0\0\4\0\0\0\0\0"


def _indexed(count: int) -> bytes:
    """A header of 4,000 bytes, put in the table once, and then named by one byte again and again."""
    first = b"\x40\x01a\x7f\xa1\x1e" + b"v" * 4000
    block = b"\x82\x87\x84\x41\x01a" + first + b"\xbe" * (count // 40)
    frames = b""
    for stream in range(1, 81, 2):
        for at in range(0, len(block), 16_000):
            piece, last = block[at : at + 16_000], at + 16_000 >= len(block)
            kind = 1 if at == 0 else 9
            frames += (
                len(piece).to_bytes(3, "big")
                + bytes((kind, 4 if last else 0))
                + stream.to_bytes(4, "big")
                + piece
            )
    return _preface() + frames


def _unfolding() -> bytes:
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(200)) + packer.flush(
        zlib.Z_SYNC_FLUSH
    )
    return b"\xc2\x7f" + (len(packed) - 4).to_bytes(8, "big") + packed[:-4]


def _feed(data: bytes) -> None:
    onlooker = http2.Onlooker()
    with pytest.raises(BadTape) if b"\x40\x01a" in data[:100] else _quiet():
        for at in range(0, len(data), CHUNK):
            onlooker.feed(0, data[at : at + CHUNK], 0.0)


class _quiet:
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_is_made_to_swell_is_held_or_refused(bomb: str) -> None:
    import tracemalloc

    tracemalloc.start()
    began = time.monotonic()
    try:
        BOMBS[bomb]()
        assert tracemalloc.get_traced_memory()[1] < 70_000_000
    finally:
        tracemalloc.stop()
    assert time.monotonic() - began < 120


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_spoilt_recordings_in_full(tape: Tap, tmp_path: Path) -> None:
    hammer(60_000, seed=11)
    spoil_tapes(tape, tmp_path, 20_000, seed=12)
