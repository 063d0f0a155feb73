"""Exhibit bags: checked here, by bagit.py, and by the commands that their own README shows."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest
from bags import AT, exhibit, run_readme

from bowstreet.evidence.errors import EvidenceError
from bowstreet.evidence.exhibit import Item, make_bag
from bowstreet.evidence.signing import SigningKey
from bowstreet.evidence.timestamps import Authority
from bowstreet.evidence.trust import Trust
from bowstreet.evidence.verify import verify


@pytest.fixture(scope="module")
def bag(place: Path, unsigned: Path, key: SigningKey, authority: Authority) -> Path:
    return exhibit(place, "ABC-1", unsigned, key, [authority])


@pytest.fixture(scope="module")
def stamped_inside(
    place: Path, unsigned: Path, domain_key: SigningKey, authority: Authority, second: Authority
) -> Path:
    return exhibit(place, "ABC-2", unsigned, domain_key, [authority, second])


@pytest.fixture(scope="module")
def unstamped(place: Path, unsigned: Path, key: SigningKey) -> Path:
    return exhibit(place, "ABC-3", unsigned, key, [])


@pytest.fixture
def trust(key: SigningKey, authority: Authority) -> Trust:
    return Trust.of(key, (authority,))


def test_a_bag_is_intact_and_trusted(bag: Path, trust: Trust, key: SigningKey) -> None:
    verdict = verify(bag, trust=trust)
    assert verdict.reason is None
    assert verdict.ok
    assert verdict.signer == key.fingerprint
    assert {c.name for c in verdict.checks} >= {"payload", "captures", "proofs", "events", "ledger"}


def test_bagit_and_sha256sum_accept_it(bag: Path) -> None:
    bagit.Bag(str(bag)).validate()
    for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        subprocess.run(["sha256sum", "-c", "--strict", name], cwd=bag, check=True, capture_output=True)


def test_the_commands_in_its_readme_work_as_they_stand(bag: Path, tmp_path: Path) -> None:
    text, said = run_readme(bag, tmp_path / "bag")
    assert "Verified OK" in said
    assert said.count("Verification: OK") == 1
    fingerprint = re.search(r"sha256:([0-9a-f]{64})", text)
    assert fingerprint
    assert f"{fingerprint[1]}  -" in said
    assert '"hash": "sha256:' in said
    assert re.findall(r"^([0-9a-f]{64})  -$", said, re.MULTILINE)[1] in said.split('"hash"', 1)[1]
    hmac = re.search(r"HMAC.*\n.*= ([0-9a-f]{64})", said)
    assert hmac
    assert hmac[1] in (bag / "data/ledger/collection.leaf").read_text()


def test_the_readme_checks_a_time_stamp_inside_and_says_where_there_is_none(
    stamped_inside: Path, unstamped: Path, tmp_path: Path
) -> None:
    _, said = run_readme(stamped_inside, tmp_path / "inside")
    assert said.count("Verification: OK") == 2
    text, said = run_readme(unstamped, tmp_path / "none")
    assert "There is no time-stamp" in text
    assert "Verification" not in said


def _rehash(bag: Path) -> None:
    """Mend both manifests, as a forger would."""
    (bag / "bag-info.txt").write_text("Bagging-Date: 2026-11-24\n")
    for manifest, pattern in (("manifest-sha256.txt", "data/**/*"), ("tagmanifest-sha256.txt", "*")):
        files = sorted(p for p in bag.glob(pattern) if p.is_file() and p.name != "tagmanifest-sha256.txt")
        lines = [
            subprocess.run(
                ["sha256sum", p.relative_to(bag)], cwd=bag, capture_output=True, text=True, check=True
            ).stdout
            for p in files
        ]
        (bag / manifest).write_text("".join(lines))


def _edit_event(bag: Path) -> None:
    path = bag / "data/ledger/collection.event.json"
    path.write_text(path.read_text().replace("A. Example", "B. Example"))
    _rehash(bag)


def _other_capture(bag: Path) -> None:
    for path in (bag / "data").glob("ABC-1*"):
        path.unlink()
    _rehash(bag)


def _edit_path(bag: Path) -> None:
    path = bag / "data/ledger/collection.tlog-proof"
    path.write_text(re.sub(r"^index 20$", "index 19", path.read_text(), flags=re.MULTILINE))
    _rehash(bag)


def _edit_capture(bag: Path) -> None:
    path = bag / "data/ABC-1.wacz"
    data = bytearray(path.read_bytes())
    data[600] ^= 1
    path.write_bytes(data)
    _rehash(bag)


def _flip(bag: Path) -> None:
    path = bag / "data/ABC-1.wacz"
    data = bytearray(path.read_bytes())
    data[600] ^= 1
    path.write_bytes(data)


def _symlink(bag: Path) -> None:
    (bag / "data/passwd").symlink_to("/etc/passwd")


def _slip(bag: Path) -> None:
    with (bag / "manifest-sha256.txt").open("a") as file:
        file.write(f"{'0' * 64}  ../outside\n")


@pytest.mark.parametrize(
    ("forge", "step"),
    [
        (_flip, "payload"),
        (lambda b: (b / "data/ABC-1.wacz").unlink(), "payload"),
        (lambda b: (b / "data/extra.txt").write_text("x"), "payload"),
        (lambda b: (b / "extra.txt").write_text("x"), "tags"),
        (lambda b: (b / "README.txt").write_text("x"), "tags"),
        (lambda b: (b / "bagit.txt").unlink(), "bag"),
        (_symlink, "bag"),
        (_slip, "payload"),
        (_edit_capture, "captures"),
        (_edit_event, "events"),
        (_edit_path, "proofs"),
        (_other_capture, "events"),
    ],
)
def test_a_forged_bag_is_refused_with_the_right_reason(
    bag: Path, tmp_path: Path, trust: Trust, forge: Callable[[Path], object], step: str
) -> None:
    copy = shutil.copytree(bag, tmp_path / "bag")
    forge(copy)
    verdict = verify(copy, trust=trust)
    assert not verdict.ok
    assert not verdict.intact
    assert str(verdict.reason).startswith(f"{step}: "), verdict.reason


def test_a_bag_in_which_nothing_is_signed_or_logged_is_not_trusted(
    bag: Path, tmp_path: Path, trust: Trust
) -> None:
    copy = shutil.copytree(bag, tmp_path / "bag")
    for path in (copy / "data").glob("ABC-1*"):
        path.unlink()
    shutil.rmtree(copy / "data/ledger")
    _rehash(copy)
    verdict = verify(copy, trust=trust)
    assert (verdict.intact, verdict.trusted) == (True, False)
    assert "nothing in the bag is signed" in str(verdict.reason)


def test_a_log_that_was_not_named_is_a_no(bag: Path, trust: Trust) -> None:
    verdict = verify(bag, trust=Trust(keys=trust.keys, timestamp_roots=trust.timestamp_roots))
    assert (verdict.intact, verdict.trusted) == (True, False)
    assert "was not named as trusted" in str(verdict.reason)


def test_a_name_that_leads_out_of_the_bag_is_refused(tmp_path: Path, unsigned: Path, key: SigningKey) -> None:
    with pytest.raises(EvidenceError):
        make_bag(tmp_path / "b", items=[Item(unsigned, "../a.wacz")], key=key, at=AT)
    assert not (tmp_path / "b").exists()
