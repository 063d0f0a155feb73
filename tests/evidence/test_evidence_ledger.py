"""The ledger: proofs against an oracle, and every way of tampering detected and named."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from authority import ask
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from bowstreet.evidence import merkle
from bowstreet.evidence.certificates import chain_of
from bowstreet.evidence.checkpoint import Checkpoint, make_checkpoint
from bowstreet.evidence.commitment import canonical, leaf, new_salt
from bowstreet.evidence.errors import BadKey, BadLedger
from bowstreet.evidence.ledger import Ledger
from bowstreet.evidence.merkle import EMPTY, leaf_hash, node_hash
from bowstreet.evidence.note import Note, Signer, Verifier
from bowstreet.evidence.proof import Proof
from bowstreet.evidence.signing import SigningKey
from bowstreet.evidence.tiles import _digits
from bowstreet.evidence.timestamps import Authority
from bowstreet.evidence.witness import Witness

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


def mth(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word: the oracle."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def entries(count: int, start: int = 0) -> list[bytes]:
    return [f"entry {i}".encode() for i in range(start, start + count)]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, key: SigningKey) -> Path:
    """A ledger of 700 entries with checkpoints at 300, 600 and 700."""
    folder = tmp_path_factory.mktemp("filled") / "ledger"
    made = Ledger(folder)
    for start, count in ((0, 300), (300, 300), (600, 100)):
        made.extend(entries(count, start))
        made.checkpoint(key, at=AT)
    return folder


@pytest.fixture
def copy(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "copy"))


def kinds(folder: Path, key: SigningKey, **options: object) -> set[tuple[str, int | None]]:
    report = Ledger(folder).check(logs=[key.log.verifier], **options)  # type: ignore[arg-type]
    assert report.ok == (not report.faults)
    return {(fault.kind, fault.index) for fault in report.faults}


def test_an_empty_ledger_has_the_root_that_the_rfc_gives(ledger: Ledger) -> None:
    assert (ledger.size, ledger.root) == (0, EMPTY)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 255, 256, 257, 511, 512, 700])
def test_the_root_is_the_one_of_rfc_6962(ledger: Ledger, size: int) -> None:
    ledger.extend(entries(size))
    assert ledger.root == mth(entries(size))
    assert Ledger(ledger.folder).root == ledger.root


def test_a_tree_with_three_levels_of_tiles_is_right(ledger: Ledger) -> None:
    leaves = entries(256 * 256 + 300)
    ledger.extend(leaves)
    hashes = [leaf_hash(item) for item in leaves]
    assert ledger.root == merkle.tree_hash(0, len(leaves), lambda s, n: merkle.fold(hashes[s : s + n]))
    tile = (ledger.folder / "tile/1/000").read_bytes()
    assert len(tile) == 8192
    assert tile[:32] == mth(leaves[:256])
    assert (ledger.folder / "tile/0/255").exists()
    for index in (0, 255, 256, 65535, 65536, len(leaves) - 1):
        path = ledger.inclusion(index)
        assert merkle.root_from_inclusion(index, len(leaves), hashes[index], path) == ledger.root


def test_tile_paths_are_those_of_the_specification() -> None:
    assert (_digits(7), _digits(1234067), _digits(1000)) == ("007", "x001/x234/067", "x001/000")


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 70), st.data())
def test_every_inclusion_proof_leads_to_the_root_and_no_other_leaf_does(
    size: int, data: st.DataObject
) -> None:
    leaves = entries(size)
    hashes = [leaf_hash(item) for item in leaves]
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion(index, size, lambda s, n: merkle.fold(hashes[s : s + n]))
    assert merkle.root_from_inclusion(index, size, hashes[index], path) == mth(leaves)
    assert merkle.root_from_inclusion(index, size, leaf_hash(b"another"), path) != mth(leaves)
    assert merkle.root_from_inclusion(index, size, hashes[index], [*path, b"\0" * 32]) is None
    if size > 1:
        other = (index + 1) % size
        assert merkle.root_from_inclusion(other, size, hashes[index], path) != mth(leaves)


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 70), st.data())
def test_every_consistency_proof_holds_and_fails_for_another_past(new: int, data: st.DataObject) -> None:
    leaves = entries(new)
    hashes = [leaf_hash(item) for item in leaves]
    old = data.draw(st.integers(1, new))
    proof = merkle.consistency(old, new, lambda s, n: merkle.fold(hashes[s : s + n]))
    assert merkle.consistent(old, new, mth(leaves[:old]), mth(leaves), proof)
    forged = mth([b"forged", *leaves[1:old]])
    assert not merkle.consistent(old, new, forged, mth(leaves), proof)
    if proof:
        assert not merkle.consistent(old, new, mth(leaves[:old]), mth(leaves), proof[:-1])


def test_two_writers_never_take_the_same_place(tmp_path: Path) -> None:
    one, two = Ledger(tmp_path / "l"), Ledger(tmp_path / "l")
    places = [(one if i % 3 else two).append(f"entry {i}".encode()) for i in range(600)]
    assert places == list(range(600))
    assert one.root == two.root == mth(entries(600))


def test_a_leaf_cut_short_by_a_crash_was_never_logged(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l")
    ledger.extend(entries(5))
    with (tmp_path / "l/growing-0").open("ab") as file:
        file.write(b"\x00\x10half")
    again = Ledger(tmp_path / "l")
    assert again.size == 5
    assert again.append(b"entry 5") == 5
    assert Ledger(tmp_path / "l").root == mth(entries(6))


def test_a_crash_between_the_files_of_a_full_tile_is_mended(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "l")
    ledger.extend(entries(255))
    before = (tmp_path / "l/growing-0").read_bytes()
    ledger.append(b"entry 255")
    (tmp_path / "l/growing-0").write_bytes(before + b"\0\x09entry 255")
    again = Ledger(tmp_path / "l")
    assert again.size == 256
    (tmp_path / "l/tile/entries/000").unlink()
    again = Ledger(tmp_path / "l")
    assert again.size == 256
    again.append(b"entry 256")
    assert Ledger(tmp_path / "l").root == mth(entries(257))


def test_a_whole_ledger_is_in_order(filled: Path, key: SigningKey) -> None:
    report = Ledger(filled).check(logs=[key.log.verifier], expected=entries(700))
    assert (report.ok, report.size, report.checkpoints) == (True, 700, 3)
    assert report.root == mth(entries(700))


def test_an_edit_is_named(copy: Path, key: SigningKey) -> None:
    path = copy / "tile/entries/001"
    path.write_bytes(path.read_bytes().replace(b"entry 300", b"entry 3x0"))
    assert ("edit", 300) in kinds(copy, key)


def test_an_edit_after_the_last_full_tile_is_named(copy: Path, key: SigningKey) -> None:
    path = copy / "growing-2"
    path.write_bytes(path.read_bytes().replace(b"entry 650", b"entry 6x0"))
    assert ("edit", 650) in kinds(copy, key)


def test_a_deletion_is_named(copy: Path, key: SigningKey) -> None:
    path = copy / "tile/entries/000"
    path.write_bytes(path.read_bytes().replace(b"\0\x07entry 9", b"", 1))
    assert kinds(copy, key) == {("deletion", 9)}


def test_a_reordering_is_named(copy: Path, key: SigningKey) -> None:
    path = copy / "tile/entries/000"
    data = path.read_bytes().replace(b"entry 10", b"entry XX", 1).replace(b"entry 20", b"entry 10", 1)
    path.write_bytes(data.replace(b"entry XX", b"entry 20", 1))
    assert kinds(copy, key) == {("reorder", 10), ("reorder", 20)}


def test_a_truncation_is_named(copy: Path, key: SigningKey) -> None:
    path = copy / "growing-2"
    path.write_bytes(path.read_bytes()[: 50 * 11])
    assert ("truncation", 562) in kinds(copy, key)


def test_a_truncation_with_its_partial_tiles_removed_is_named_by_the_checkpoint(
    copy: Path, key: SigningKey
) -> None:
    path = copy / "growing-2"
    path.write_bytes(path.read_bytes()[: 50 * 11])
    shutil.rmtree(copy / "tile/0/002.p")
    assert kinds(copy, key) == {("truncation", 562)}


def test_a_log_rewritten_throughout_is_a_fork(copy: Path, key: SigningKey) -> None:
    kept = {path.name: path.read_text() for path in (copy / "checkpoints").iterdir()}
    shutil.rmtree(copy)
    forged = Ledger(copy)
    forged.extend([b"forged", *entries(699, 1)])
    (copy / "checkpoints").mkdir()
    for name, text in kept.items():
        (copy / "checkpoints" / name).write_text(text)
    assert {kind for kind, _ in kinds(copy, key)} == {"fork"}


def test_a_fork_with_checkpoints_of_its_own_is_given_away_by_a_witness(
    copy: Path, filled: Path, key: SigningKey
) -> None:
    seen = Ledger(filled).latest()
    shutil.rmtree(copy)
    forged = Ledger(copy)
    forged.extend([b"forged", *entries(799, 1)])
    forged.checkpoint(key, at=AT)
    assert kinds(copy, key) == set()
    assert kinds(copy, key, witnessed=[str(seen)]) == {("fork", None)}


def test_a_checkpoint_by_another_key_is_named(copy: Path, key: SigningKey, tmp_path: Path) -> None:
    other = SigningKey.load_or_make(tmp_path / "other")
    forged = Signer(key.log.name, other.log.private)
    ledger = Ledger(copy)
    (copy / "checkpoints/000000000700-forged.txt").write_text(make_checkpoint(forged, 700, ledger.root))
    assert {kind for kind, _ in kinds(copy, key)} == {"signature"}


@pytest.mark.parametrize(
    ("change", "kind", "index"),
    [
        (lambda e: [*e[:5], b"other", *e[6:]], "edit", 5),
        (lambda e: [*e[:5], e[6], e[5], *e[7:]], "reorder", 5),
        (lambda e: e[:690], "deletion", 690),
        (lambda e: [*e, b"one more"], "truncation", 700),
    ],
)
def test_events_that_are_not_those_logged_are_named(
    filled: Path, key: SigningKey, change, kind: str, index: int
) -> None:  # type: ignore[no-untyped-def]
    assert (kind, index) in kinds(filled, key, expected=change(entries(700)))


def test_a_log_that_was_cut_signs_no_further_checkpoint(copy: Path, key: SigningKey) -> None:
    path = copy / "growing-2"
    path.write_bytes(path.read_bytes()[: 50 * 11])
    with pytest.raises(BadLedger, match="does not agree"):
        Ledger(copy).checkpoint(key, at=AT)


def test_a_witness_cosigns_growth_and_refuses_a_fork_and_a_truncation(
    filled: Path, tmp_path: Path, key: SigningKey
) -> None:
    ledger = Ledger(filled)
    notes = [path.read_text() for path in ledger.checkpoints()]
    witness = Witness(tmp_path / "w", Signer("witness.example/one", Ed25519PrivateKey.generate()))
    witness.cosign(notes[0], [], log=key.log.verifier, at=AT)
    line = witness.cosign(notes[2], ledger.consistency(300, 700), log=key.log.verifier, at=AT)
    proof = Proof.parse(ledger.tlog_proof(12, notes[2] + line))
    proof.holds(b"entry 12")
    assert proof.cosigners([witness.verifier]) == [f"witness.example/one at {AT}"]
    with pytest.raises(BadLedger, match="truncation"):
        witness.cosign(notes[1], [], log=key.log.verifier, at=AT)
    fork = Ledger(tmp_path / "fork")
    fork.extend([b"forged", *entries(799, 1)])
    note = fork.checkpoint(key, at=AT)
    with pytest.raises(BadLedger, match="fork"):
        witness.cosign(note, fork.consistency(700, 800), log=key.log.verifier, at=AT)


def test_a_proof_carries_all_that_is_needed_and_fails_for_another_leaf(filled: Path, key: SigningKey) -> None:
    ledger = Ledger(filled)
    text = ledger.tlog_proof(401, str(ledger.latest()), extra=b"ABC/1")
    proof = Proof.parse(text)
    proof.checkpoint.require(key.log.verifier)
    proof.holds(b"entry 401")
    assert (proof.index, proof.extra) == (401, b"ABC/1")
    with pytest.raises(BadLedger):
        proof.holds(b"entry 402")


@pytest.mark.parametrize("size", ["007", "+7", " 7", "7 ", "-1", "7.0", "1e3", "٧", ""])
def test_a_checkpoint_gives_its_size_in_one_way_only(filled: Path, size: str) -> None:
    text = str(Ledger(filled).latest()).replace("\n700\n", f"\n{size}\n")
    with pytest.raises(BadLedger):
        Checkpoint.parse(text)


def test_the_note_of_the_specification_is_read() -> None:
    # The example of c2sp.org/tlog-checkpoint.
    text = (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGz"
        "Gku9nTo+zyWE+xeMcTOAYQ8=\n"
    )
    state = Checkpoint.parse(text)
    assert (state.origin, state.size) == ("example.com/behind-the-sofa", 20852163)


def test_a_note_that_was_altered_is_not_signed(key: SigningKey) -> None:
    note = "a log\n1\n\n" + key.log.sign("a log\n2\n")
    with pytest.raises(BadLedger, match="not good"):
        Note.parse(note).signed_by(key.log.verifier)


def test_a_log_key_is_handed_round_and_read_back(key: SigningKey) -> None:
    vkey = key.log.verifier.vkey
    assert Verifier.parse(vkey) == key.log.verifier
    with pytest.raises(BadKey):
        Verifier.parse(vkey.replace("+", "+0", 1))


def test_canonical_json_is_that_of_rfc_8785() -> None:
    value = {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew", "1": "One", "\U0001f600": "Smiley",
             "\x80": "Control", "\u00f6": "o", "n": [56, {"d": True, "10": None}], "t": "\u20ac$\x0f\nA'B\"\\\\\"/"}  # fmt: skip
    assert canonical(value).decode() == (
        '{"\\r":"Carriage Return","1":"One","n":[56,{"10":null,"d":true}],'
        '"t":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/","\x80":"Control","ö":"o","€":"Euro Sign","😀":"Smiley",'
        '"\ufb33":"Hebrew"}'
    )
    for bad in (0.5, float("nan"), 1 << 60, "\ud800", {1: 2}, b"x"):
        with pytest.raises(BadLedger):
            canonical({"v": bad})


def test_a_leaf_says_nothing_without_its_salt() -> None:
    event, salt = {"act": "erasure", "object": "sha256:ab"}, new_salt()
    assert leaf(event, salt) == leaf(dict(reversed(event.items())), salt)
    assert leaf(event, salt) != leaf(event, new_salt())
    assert b"erasure" not in leaf(event, salt)


def test_openssl_computes_the_same_commitment(tmp_path: Path) -> None:
    event, salt = {"act": "collection"}, new_salt()
    (tmp_path / "event.json").write_bytes(canonical(event))
    command = [
        "openssl",
        "dgst",
        "-sha256",
        "-mac",
        "HMAC",
        "-macopt",
        f"hexkey:{salt.hex()}",
        tmp_path / "event.json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip().rsplit(" ", 1)[1] in leaf(event, salt).decode()


def test_an_inner_node_is_not_a_leaf() -> None:
    assert node_hash(b"a" * 32, b"b" * 32) != leaf_hash(b"a" * 32 + b"b" * 32)


def test_a_checkpoint_is_time_stamped_and_its_token_checked(
    copy: Path, key: SigningKey, authority: Authority, second: Authority
) -> None:
    ledger = Ledger(copy)
    assert ledger.stamp(authority, ask=ask).authority == "one"
    assert ledger.check(timestamp_roots=chain_of(authority.roots)).ok
    report = ledger.check(timestamp_roots=chain_of(second.roots))
    assert [fault.kind for fault in report.faults] == ["signature"]
