"""Hostile bytes: every parser gives an answer or its own error, in bounded time; nothing else comes out."""

from __future__ import annotations

import base64
import io
import os
import random
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from authority import respond
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st
from packs import SITE, response

from bowstreet.evidence import cdxj
from bowstreet.evidence.certificates import chain_of, path_fault
from bowstreet.evidence.check_seal import read_signed
from bowstreet.evidence.checkpoint import Checkpoint
from bowstreet.evidence.errors import EvidenceError
from bowstreet.evidence.ledger import Ledger
from bowstreet.evidence.message import Head, decode
from bowstreet.evidence.note import Verifier
from bowstreet.evidence.pack import strict_json
from bowstreet.evidence.proof import Proof
from bowstreet.evidence.record import Record
from bowstreet.evidence.scan import Fault, scan
from bowstreet.evidence.seal import seal
from bowstreet.evidence.signing import SigningKey
from bowstreet.evidence.source import Source
from bowstreet.evidence.timestamps import Authority, check, query
from bowstreet.evidence.trust import Trust
from bowstreet.evidence.verify import verify
from bowstreet.evidence.warc import WarcWriter
from bowstreet.evidence.witness import read_request, request_text

LONGEST = 5.0  # seconds that one input may take
Parser = Callable[[bytes], object]


LINE_PARTS = st.sampled_from(
    [
        b"\r\n",
        b"\n",
        b"\r",
        b": ",
        b" ",
        b"\t",
        b"WARC-Type: response",
        b"Content-Length: 7",
        b"\xff\xe2\x82",
        b"x",
    ]
)


@given(st.lists(LINE_PARTS, max_size=24).map(b"".join))
def test_a_header_read_in_one_piece_is_what_its_lines_say_one_by_one(header: bytes) -> None:
    data = header + b"\r\n\r\nwhat follows"
    whole, singly = Source(io.BytesIO(data)), Source(io.BytesIO(data))
    assert whole.fill()
    lines = whole.plain_lines()
    if lines is None:
        assert whole.end == 0, "nothing is taken"
        return
    one_by_one = []
    while (line := singly.line()) is not None and line.strip(b"\r\n"):
        one_by_one.append(line.decode("utf-8", "replace").strip("\r\n"))
    assert lines == one_by_one
    assert whole.end == singly.end


def mutate(data: bytes, dice: random.Random) -> bytes:
    """One to four changes: bits, bytes, pieces cut, doubled, moved or made of interesting numbers."""
    out = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(out) + 1)
        end = min(len(out), at + dice.choice((1, 2, 8, 64, 512)))
        match dice.randrange(7):
            case 0 if at < len(out):
                out[at] ^= 1 << dice.randrange(8)
            case 1:
                del out[at:end]
            case 2:
                out[at:at] = out[at:end]
            case 3:
                out[at:end] = dice.randbytes(end - at)
            case 4:
                del out[at:]
            case 5:
                out[at:at] = dice.choice(
                    (b"\0", b"\n", b"\r\n", b'"', b"{", b"-1", b"99999999999", b"\xff\xff\xff\xff")
                )
            case _:
                piece = bytes(out[at:end])
                place = dice.randrange(len(out) + 1)
                out[place:place] = piece
    return bytes(out)


def scanned(data: bytes) -> None:
    faults: list[Fault] = []
    for record in scan(io.BytesIO(data), faults=faults):
        assert record.offset >= 0
    assert all(fault.offset <= len(data) for fault in faults)


def decoded(data: bytes) -> None:
    head = Head.parse(data)
    if head:
        assert len(decode(data[head.size :], head, limit=1 << 20)) <= 1 << 20


def signed(data: bytes) -> None:
    value = strict_json(data, "it")
    if isinstance(value, dict):
        read_signed(value)


def judged(data: bytes) -> None:
    """A leaf and its chain, as bytes."""
    pem = f"-----BEGIN CERTIFICATE-----\n{base64.encodebytes(data).decode()}-----END CERTIFICATE-----\n"
    chain = chain_of(pem)
    path_fault(chain, chain, domain="evidence.example", at=datetime.now(UTC))


def held(path: Path) -> list[tuple[str, bytes]]:
    """What a pack holds, name by name."""
    with zipfile.ZipFile(path) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


@pytest.fixture(scope="module")
def parsers(
    place: Path, unsigned: Path, key: SigningKey, domain_key: SigningKey, authority: Authority
) -> dict[str, tuple[bytes, Parser]]:
    """Each parser with a good input."""
    folder = place / "fuzz"
    folder.mkdir()
    sealed = seal(unsigned, folder / "a.wacz", key=key, at=datetime.now(UTC)).path
    with zipfile.ZipFile(sealed) as archive:
        index, digest = archive.read("indexes/index.cdx"), archive.read("datapackage-digest.json")
        packed = archive.read("archive/data.warc.gz")
    with WarcWriter(folder / "plain.warc", gzip=False) as warc:
        for n in range(4):
            warc.write(response(f"{SITE}{n}", b"body" * n, "Content-Type: text/html"))
        warc.write(Record("metadata", SITE, datetime.now(UTC), (b"a: b\r\n",)))
    arc = (
        b"filedesc://a 0.0.0.0 20030101000000 text/plain 5\nabcd\n\n"
        + b"http://a.example/ 192.0.2.1 20030101000000 text/html 3\nabc\n" * 3
    )
    ledger = Ledger(folder / "ledger")
    ledger.extend(b"entry %d" % n for n in range(9))
    note = ledger.checkpoint(key, at=datetime.now(UTC))
    proof = ledger.tlog_proof(4, note)
    token = respond(place / "tsa-one", query(b"\1" * 32, 7))
    trust = Trust.of(key, (authority,))
    roots = trust.timestamp_roots
    chunked = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n14\r\n"
        + packed[:20]
        + b"\r\n0\r\n\r\n"
    )
    target, contents = folder / "mutant.wacz", held(sealed)

    def verified(data: bytes) -> None:
        target.write_bytes(data)
        if verify(target, trust=trust).intact:
            assert held(target) == contents

    return {
        "warc": ((folder / "plain.warc").read_bytes(), scanned),
        "warc.gz": (packed, scanned),
        "arc": (arc, scanned),
        "http": (chunked, decoded),
        "wacz": (sealed.read_bytes(), verified),
        "cdxj": (index.splitlines()[0], lambda data: cdxj.parse(data.decode("utf-8", "replace"))),
        "digest": (digest, signed),
        "checkpoint": (
            note.encode(),
            lambda data: Checkpoint.parse(data.decode("utf-8", "replace")).note.signed_by(key.log.verifier),
        ),
        "proof": (
            proof.encode(),
            lambda data: Proof.parse(data.decode("utf-8", "replace")).holds(b"entry 4"),
        ),
        "witness": (
            request_text(4, ledger.consistency(4), note).encode(),
            lambda data: read_request(data.decode("utf-8", "replace")),
        ),
        "vkey": (
            key.log.verifier.vkey.encode(),
            lambda data: Verifier.parse(data.decode("utf-8", "replace")),
        ),
        "token": (token, lambda data: check(data, b"\1" * 32, roots)),
        "certificate": (chain_of(str(domain_key.certificate))[0].public_bytes(Encoding.DER), judged),
        "trust": (trust.text().encode(), lambda data: Trust.parse(data.decode("utf-8", "replace"))),
    }


NAMES = [
    "warc",
    "warc.gz",
    "arc",
    "http",
    "wacz",
    "cdxj",
    "digest",
    "checkpoint",
    "proof",
    "witness",
    "vkey",
    "token",
    "certificate",
    "trust",
]


def _fuzz(seed: bytes, parse: Parser, count: int, name: str) -> None:
    dice = random.Random(f"{name} 1")
    for number in range(count):
        data = mutate(seed, dice)
        start = time.monotonic()
        try:
            parse(data)
        except EvidenceError:
            pass
        except BaseException as error:
            raise AssertionError(f"input {number} of {name}: {data!r}") from error
        assert time.monotonic() - start < LONGEST, (name, number)


@pytest.mark.parametrize("name", NAMES)
def test_a_mutated_input_gives_an_answer_or_the_parts_own_error(
    parsers: dict[str, tuple[bytes, Parser]], name: str
) -> None:
    seed, parse = parsers[name]
    parse(seed)
    _fuzz(seed, parse, 150 if name == "wacz" else 600, name)


@pytest.mark.soak
@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", NAMES)
def test_a_million_mutated_inputs_give_answers(parsers: dict[str, tuple[bytes, Parser]], name: str) -> None:
    seed, parse = parsers[name]
    _fuzz(seed, parse, int(os.environ.get("BOWSTREET_FUZZ", "1000000")) // len(NAMES) + 1, name)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_at_all_are_survived(data: bytes) -> None:
    for parse in (scanned, decoded, signed):
        with suppress(EvidenceError):
            parse(data)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_address_has_a_key_and_the_key_is_its_own(url: str) -> None:
    key = cdxj.surt(url)
    assert " " not in key
    assert "\n" not in key
    assert key.isascii()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=6), st.booleans())
def test_any_blocks_written_are_read_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, blocks: list[bytes], packed: bool
) -> None:
    path = tmp_path_factory.mktemp("blocks") / "a.warc"
    with WarcWriter(path, gzip=packed) as warc:
        refs = [
            warc.write(Record("resource", f"urn:x:{n}", datetime.now(UTC), (block,)))
            for n, block in enumerate(blocks)
        ]
    with path.open("rb") as file:
        found = []
        for record in scan(file):
            found.append((record.offset, record.content(1 << 20)))
    assert found == [(ref.offset, block) for ref, block in zip(refs, blocks, strict=True)]
