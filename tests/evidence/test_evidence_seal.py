"""Sealing: what is signed and stamped verifies here, and with other people's programs."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from authority import Issuer, ask, make_authority, respond
from packs import AT, build

from bowstreet.evidence.certificates import chain_of
from bowstreet.evidence.check_wacz import STEPS
from bowstreet.evidence.errors import BadArchive, BadStamp
from bowstreet.evidence.seal import Sealed, file_digest, seal, sidecar, stamp_late
from bowstreet.evidence.signing import SigningKey
from bowstreet.evidence.timestamps import Authority, check, query, read, request
from bowstreet.evidence.trust import Trust, TrustedKey
from bowstreet.evidence.verify import verify


def now() -> datetime:
    return datetime.now(UTC)


def openssl(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def sealed(
    unsigned: Path, place: Path, domain_key: SigningKey, authority: Authority, second: Authority
) -> Sealed:
    out = place / "sealed.wacz"
    return seal(unsigned, out, key=domain_key, at=now(), authorities=(authority, second), ask=ask)


def test_a_seal_with_a_certificate_holds_one_token_inside_and_the_others_beside(sealed: Sealed) -> None:
    assert [(s.authority, s.path is None) for s in sealed.timestamps] == [("one", True), ("two", False)]
    assert sealed.pending == ()
    assert sealed.sha256 == file_digest(sealed.path)


def test_a_sealed_archive_is_intact_and_trusted(
    sealed: Sealed, domain_key: SigningKey, authority: Authority, second: Authority
) -> None:
    verdict = verify(sealed.path, trust=Trust.of(domain_key, (authority, second)))
    assert verdict.reason is None
    assert (verdict.ok, verdict.intact, verdict.trusted) == (True, True, True)
    assert [c.name for c in verdict.checks] == list(STEPS)
    assert verdict.signer == domain_key.fingerprint


def test_a_seal_without_certificate_or_authority_says_that_time_rests_on_the_clock(
    unsigned: Path, tmp_path: Path, key: SigningKey
) -> None:
    sealed = seal(unsigned, tmp_path / "a.wacz", key=key, at=AT)
    verdict = verify(sealed.path, trust=Trust.of(key))
    assert verdict.ok
    assert sealed.timestamps == ()
    assert "no time-stamp" in next(c.detail for c in verdict.checks if c.name == "time")


def test_intact_but_signed_by_an_unknown_key_is_a_no(
    sealed: Sealed, key: SigningKey, authority: Authority, second: Authority
) -> None:
    verdict = verify(sealed.path, trust=Trust.of(key, (authority, second)))
    assert (verdict.ok, verdict.intact, verdict.trusted) == (False, True, False)
    assert "not named as trusted" in str(verdict.reason)


def test_without_anybody_named_only_integrity_is_judged(sealed: Sealed) -> None:
    assert not verify(sealed.path).ok
    assert verify(sealed.path, integrity_only=True).ok


def test_a_certificate_root_may_be_named_in_place_of_the_key(
    sealed: Sealed, domain_ca: Issuer, authority: Authority, second: Authority
) -> None:
    roots = Trust.of(SigningKey.load_or_make(sealed.path.parent / "other"), (authority, second))
    trust = Trust(timestamp_roots=roots.timestamp_roots, certificate_roots=(domain_ca.certificate,))
    assert verify(sealed.path, trust=trust).ok


def test_a_token_by_an_authority_that_was_not_named_is_a_no(
    sealed: Sealed, domain_key: SigningKey, second: Authority
) -> None:
    verdict = verify(sealed.path, trust=Trust.of(domain_key, (second,)))
    assert (verdict.intact, verdict.trusted) == (True, False)
    assert str(verdict.reason).startswith("time: inside the archive, by CN=Example TSA One")


def test_a_key_is_believed_before_its_revocation_and_not_after(
    sealed: Sealed, domain_key: SigningKey, authority: Authority, second: Authority
) -> None:
    roots = Trust.of(domain_key, (authority, second)).timestamp_roots

    def judged(revoked: datetime) -> bool:
        keys = (TrustedKey(domain_key.fingerprint, "Ours", revoked),)
        return verify(sealed.path, trust=Trust(keys=keys, timestamp_roots=roots)).trusted

    assert judged(now() + timedelta(hours=1))
    assert not judged(now() - timedelta(hours=1))


def test_a_revoked_key_is_not_believed_on_its_own_clock(
    unsigned: Path, tmp_path: Path, key: SigningKey
) -> None:
    sealed = seal(unsigned, tmp_path / "a.wacz", key=key, at=AT)
    keys = (TrustedKey(key.fingerprint, "Ours", AT + timedelta(days=1)),)
    verdict = verify(sealed.path, trust=Trust(keys=keys))
    assert "no trusted time-stamp" in str(verdict.reason)


def test_an_authority_that_does_not_answer_is_pending_and_can_be_asked_later(
    unsigned: Path, tmp_path: Path, key: SigningKey, authority: Authority, dead: Authority
) -> None:
    earlier = now() - timedelta(hours=3)
    sealed = seal(unsigned, tmp_path / "a.wacz", key=key, at=earlier, authorities=(dead,), ask=ask)
    assert sealed.pending == ("dead",)
    assert sealed.timestamps == ()
    late = stamp_late(sealed.path, authority, ask=ask)
    assert late.delay > timedelta(hours=2)
    verdict = verify(sealed.path, trust=Trust.of(key, (authority,)))
    assert verdict.ok
    assert "3 hours after" in next(c.detail for c in verdict.checks if c.name == "time")


def test_a_clock_that_is_wrong_by_more_than_ten_minutes_keeps_the_token_outside(
    unsigned: Path, tmp_path: Path, domain_key: SigningKey, authority: Authority
) -> None:
    sealed = seal(
        unsigned,
        tmp_path / "a.wacz",
        key=domain_key,
        at=now() - timedelta(hours=1),
        authorities=(authority,),
        ask=ask,
    )
    assert [s.path for s in sealed.timestamps] == [sidecar(sealed.path, "one")]


def test_an_authority_that_answers_another_request_is_refused(place: Path, authority: Authority) -> None:
    replayed = respond(place / "tsa-one", query(b"\1" * 32, 77))
    with pytest.raises(BadStamp, match="nonce"):
        request(authority, b"\1" * 32, ask=lambda *_: replayed)
    with pytest.raises(BadStamp, match="imprint"):
        request(authority, b"\2" * 32, ask=lambda *_: replayed)


def test_a_self_made_authority_of_the_same_name_is_refused(tmp_path: Path, authority: Authority) -> None:
    make_authority(tmp_path / "forged", "Example TSA One")
    token = respond(tmp_path / "forged", query(b"\1" * 32, 5))
    with pytest.raises(BadStamp, match="does not hold"):
        check(token, b"\1" * 32, chain_of(authority.roots))


def test_an_authority_whose_certificate_had_expired_is_refused(tmp_path: Path) -> None:
    ca = make_authority(tmp_path / "bad", "Bad TSA", end=now() - timedelta(days=1))
    token = respond(tmp_path / "bad", query(b"\1" * 32, 5))
    with pytest.raises(BadStamp, match="does not hold"):
        check(token, b"\1" * 32, [ca.certificate])


def test_openssl_agrees_about_both_kinds_of_token(
    sealed: Sealed, tmp_path: Path, authority: Authority, second: Authority
) -> None:
    with zipfile.ZipFile(sealed.path) as archive:
        signed = json.loads(archive.read("datapackage-digest.json"))["signedData"]
    (tmp_path / "sig.txt").write_text(signed["signature"])
    (tmp_path / "in.tsr").write_bytes(base64.b64decode(signed["timeSignature"]))
    (tmp_path / "one.pem").write_text(authority.roots)
    (tmp_path / "two.pem").write_text(second.roots)
    inside = openssl(
        "ts",
        "-verify",
        "-data",
        tmp_path / "sig.txt",
        "-in",
        tmp_path / "in.tsr",
        "-CAfile",
        tmp_path / "one.pem",
    )
    beside = openssl(
        "ts",
        "-verify",
        "-data",
        sealed.path,
        "-in",
        sidecar(sealed.path, "two"),
        "-CAfile",
        tmp_path / "two.pem",
    )
    wrong = openssl(
        "ts",
        "-verify",
        "-data",
        sealed.path,
        "-in",
        sidecar(sealed.path, "two"),
        "-CAfile",
        tmp_path / "one.pem",
    )
    assert (inside.returncode, beside.returncode) == (0, 0), inside.stderr + beside.stderr
    assert wrong.returncode != 0


def test_openssl_agrees_about_the_signature(sealed: Sealed, tmp_path: Path, domain_key: SigningKey) -> None:
    with zipfile.ZipFile(sealed.path) as archive:
        signed = json.loads(archive.read("datapackage-digest.json"))["signedData"]
    (tmp_path / "hash").write_text(signed["hash"])
    (tmp_path / "sig").write_bytes(base64.b64decode(signed["signature"]))
    (tmp_path / "key.pem").write_text(domain_key.public_pem)
    done = openssl(
        "dgst", "-sha256", "-verify", tmp_path / "key.pem", "-signature", tmp_path / "sig", tmp_path / "hash"
    )
    assert "Verified OK" in done.stdout


def test_a_foreign_or_sealed_archive_is_not_sealed_again(
    sealed: Sealed, tmp_path: Path, key: SigningKey
) -> None:
    with pytest.raises(BadArchive):
        seal(sealed.path, tmp_path / "b.wacz", key=key, at=AT)


def test_sealing_changes_no_record(unsigned: Path, sealed: Sealed) -> None:
    with zipfile.ZipFile(unsigned) as before, zipfile.ZipFile(sealed.path) as after:
        for name in before.namelist():
            if name != "datapackage.json":
                assert before.read(name) == after.read(name)


def test_other_peoples_checkers_accept_a_sealed_archive(sealed: Sealed, peers: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [peers / "wacz", "validate", "-f", sealed.path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    with zipfile.ZipFile(sealed.path) as archive:
        archive.extract("archive/data.warc.gz", tmp_path)
    warc = tmp_path / "archive/data.warc.gz"
    done = subprocess.run(
        [peers / "warcio", "check", "-v", warc], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "fail" not in done.stdout


def test_two_captures_built_alike_are_sealed_by_one_key_made_once(tmp_path: Path) -> None:
    first, again = SigningKey.load_or_make(tmp_path / "k"), SigningKey.load_or_make(tmp_path / "k")
    assert first.fingerprint == again.fingerprint
    assert (tmp_path / "k/signing-key.pem").stat().st_mode & 0o777 == 0o600


def test_verifying_loads_neither_django_nor_playwright_nor_splink_nor_arrow(
    sealed: Sealed, tmp_path: Path, domain_key: SigningKey, authority: Authority, second: Authority
) -> None:
    trust = tmp_path / "trust.json"
    trust.write_text(Trust.of(domain_key, (authority, second)).text())
    code = (
        "import sys; sys.argv[0] = 'bowstreet'\n"
        "from bowstreet.cli import app\n"
        "status = 0\n"
        "try: app()\n"
        "except SystemExit as done: status = done.code\n"
        "heavy = {'django', 'playwright', 'splink', 'pyarrow', 'duckdb', 'numpy'} & {m.split('.')[0] for m in sys.modules}\n"
        "print(sorted(heavy), status)\n"
    )
    command = [sys.executable, "-c", code, "verify", str(sealed.path), "--trust", str(trust), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    line, last = done.stdout.strip().splitlines()
    assert last == "[] 0"
    assert json.loads(line)["ok"] is True


def test_the_command_line_answers_no_with_one_and_bad_usage_with_two(sealed: Sealed, tmp_path: Path) -> None:
    program = [sys.executable, "-m", "bowstreet"]
    env = {"BOWSTREET_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}

    def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*program, "verify", *map(str, words)], capture_output=True, text=True, check=False, env=env
        )

    assert run(sealed.path).returncode == 1
    assert run(sealed.path, "--integrity-only").returncode == 0
    gone = run(tmp_path / "nothing.wacz")
    assert gone.returncode == 2
    assert gone.stderr.count("\n") == 1
    (tmp_path / "bad.json").write_text("{")
    assert run(sealed.path, "--trust", tmp_path / "bad.json").returncode == 2


def test_a_trust_file_says_what_it_was_made_of(domain_key: SigningKey, authority: Authority) -> None:
    trust = Trust.of(domain_key, (authority,), name="Example Police")
    assert Trust.parse(trust.text()) == trust
    pem = Trust.parse(domain_key.public_pem + authority.roots)
    assert pem.key(domain_key.fingerprint)
    assert pem.timestamp_roots == trust.timestamp_roots


def test_a_late_capture_can_be_built_and_read_back(
    tmp_path: Path, key: SigningKey, authority: Authority
) -> None:
    out = build(tmp_path / "w", tmp_path / "u.wacz", created=now())
    sealed = seal(out, tmp_path / "s.wacz", key=key, at=now(), authorities=(authority,), ask=ask)
    token = read(sidecar(sealed.path, "one").read_bytes())
    assert token.imprint.hex() == sealed.sha256
