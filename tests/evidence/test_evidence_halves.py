"""A large archive is checked by two processes: the answer is that of one, for honest and for forged ones."""

from __future__ import annotations

import random
import zlib
from pathlib import Path

import pytest
from packs import AT, SITE, response

from bowstreet.evidence import halves
from bowstreet.evidence.check_records import check_records
from bowstreet.evidence.check_stream import Contents
from bowstreet.evidence.errors import BadArchive
from bowstreet.evidence.inflate import ERRORS, inflater
from bowstreet.evidence.pack import open_pack
from bowstreet.evidence.wacz import PackWriter


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    pack = PackWriter(folder, created=AT)
    for n in range(40):
        pack.write(response(f"{SITE}{n}", random.Random(n).randbytes(9000), "Content-Type: image/png"))
    pack.page(url=f"{SITE}0", ts=AT)
    return pack.finish(folder / "large.wacz")


def by_one(path: Path, monkeypatch: pytest.MonkeyPatch) -> Contents:
    with monkeypatch.context() as patch, open_pack(path) as pack:
        patch.setattr(halves, "LARGE", 1 << 40)
        return check_records(pack)


def test_two_halves_are_the_whole(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(halves, "LARGE", 1)
    with open_pack(large) as pack:
        found = halves.check_in_halves(pack, pack.warcs()[0])
    assert found is not None
    assert found == by_one(large, monkeypatch)
    assert len(found.places) == 41


@pytest.mark.parametrize("part", [0.1, 0.9])
def test_a_fault_in_either_half_is_named_as_one_reader_names_it(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: float
) -> None:
    forged = tmp_path / "forged.wacz"
    data = bytearray(large.read_bytes())
    data[int(len(data) * part)] ^= 1
    forged.write_bytes(data)
    with pytest.raises(BadArchive) as one:
        by_one(forged, monkeypatch)
    monkeypatch.setattr(halves, "LARGE", 1)
    with open_pack(forged) as pack, pytest.raises(BadArchive) as two:
        check_records(pack)
    assert str(one.value) == str(two.value)


def test_an_index_that_points_into_a_record_changes_no_answer(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(halves, "LARGE", 1)
    monkeypatch.setattr(halves, "_cut", lambda *_: 12_345)
    with open_pack(large) as pack:
        assert halves.check_in_halves(pack, pack.warcs()[0]) is None
        assert len(check_records(pack).places) == 41


def test_the_fast_inflater_gives_the_answers_of_zlib() -> None:
    pytest.importorskip("isal", reason="bowstreet[fast] is not installed")
    dice = random.Random(18)
    text = b"WARC/1.1\r\nWARC-Type: response\r\n" * 40 + dice.randbytes(300)
    for level in range(10):
        coder = zlib.compressobj(level, zlib.DEFLATED, 31)
        member = coder.compress(text) + coder.flush() + b"next"
        for _ in range(400):
            data = bytearray(member)
            for _ in range(dice.randrange(3)):
                data[dice.randrange(len(data))] = dice.randrange(256)
            assert answer(bytes(data), fast=True) == answer(bytes(data), fast=False)


def answer(data: bytes, *, fast: bool) -> tuple[bytes, bytes] | None:
    """What a member holds and what follows it; None where it is broken or cut short."""
    stream = inflater() if fast else zlib.decompressobj(31)
    try:
        found = stream.decompress(data)
    except ERRORS:
        return None
    return (found, stream.unused_data) if stream.eof else None
