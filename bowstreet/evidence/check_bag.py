"""Verification of an exhibit bag: BagIt's own checks, then every capture in it, then the ledger's proofs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from bowstreet.evidence.check_wacz import verify_wacz
from bowstreet.evidence.commitment import canonical, leaf
from bowstreet.evidence.errors import BadArchive, BadLedger
from bowstreet.evidence.pack import strict_json
from bowstreet.evidence.proof import Proof
from bowstreet.evidence.seal import file_digest
from bowstreet.evidence.trust import Trust
from bowstreet.evidence.verdict import Steps, Verdict

MAX_TAG = 16 << 20
MAX_FILES = 100_000
STEPS = {
    "bag": "it is a BagIt bag, of files only, none leading out of it",
    "payload": "every file is there with its digest, and there is no other",
    "tags": "the files that describe the bag are what their own manifest says",
    "captures": "every capture in it is intact",
    "events": "every event in it is the one that its leaf commits to, and is about a file in the bag",
    "proofs": "every leaf is in the log that its checkpoint describes",
    "ledger": "every checkpoint is signed by a log that the verifier named",
    "time": "every time-stamp is by an authority that the verifier named",
    "signer": "every capture is signed by a key that the verifier named",
}
NUMBERS = {name: number for number, name in enumerate(STEPS, 1)}
_SUM = re.compile(r"([0-9a-f]{64})[ \t]+\*?(.+)")
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")


def verify_bag(bag: Path, *, trust: Trust | None, integrity_only: bool) -> Verdict:
    """Verify a bag. As `verify`."""
    steps = Steps(NUMBERS)
    files = steps.take("bag", lambda: _files(bag), lambda f: f"{len(f)} files")
    signer = None
    if files is not None:
        sums = steps.take("payload", lambda: _payload(bag, files), lambda s: f"{len(s)} files")
        steps.take("tags", lambda: _tags(bag, files))
        signer = _captures(bag, steps, files, trust)
        _ledger(bag, steps, files, set((sums or {}).values()), trust)
    judged = {"time", "signer"} <= {c.name for c in steps.checks}
    return steps.verdict(bag, signer=signer, judged=judged, integrity_only=integrity_only)


def _files(bag: Path) -> list[str]:
    """Every file's path in the bag. A link, a device or a file that no manifest knows has no place in it."""
    if not (bag / "bagit.txt").is_file():
        raise BadArchive("there is no bagit.txt: this folder is no bag")
    found = []
    for folder, folders, names in os.walk(bag):
        for name in (*folders, *names):
            path = Path(folder) / name
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                raise BadArchive(f"{path.relative_to(bag)} is a link or a device, not a file")
        found += [(Path(folder) / name).relative_to(bag).as_posix() for name in names]
        if len(found) > MAX_FILES:
            raise BadArchive(f"the bag holds more than {MAX_FILES} files")
    first = _text(bag / "bagit.txt").splitlines()[:1]
    if not first or not re.fullmatch(r"BagIt-Version: (0\.97|1\.0)", first[0]):
        raise BadArchive("bagit.txt does not say BagIt-Version: 1.0")
    return found


def _payload(bag: Path, files: list[str]) -> dict[str, str]:
    sums = _sums(bag / "manifest-sha256.txt")
    for name in files:
        if name.startswith("data/") and name not in sums:
            raise BadArchive(f"{name} is in the bag but not in its manifest")
    _match(bag, sums)
    oxum = re.search(r"^Payload-Oxum: (\d+)\.(\d+)$", _text(bag / "bag-info.txt"), re.MULTILINE)
    octets = sum((bag / name).stat().st_size for name in sums)
    if oxum and (int(oxum[1]), int(oxum[2])) != (octets, len(sums)):
        raise BadArchive("the bag holds another number of bytes or files than it says (Payload-Oxum)")
    return sums


def _tags(bag: Path, files: list[str]) -> str:
    sums = _sums(bag / "tagmanifest-sha256.txt")
    for name in files:
        if not name.startswith("data/") and name != "tagmanifest-sha256.txt" and name not in sums:
            raise BadArchive(f"{name} is in the bag but not in its tag manifest")
    _match(bag, sums)
    return f"{len(sums)} files"


def _match(bag: Path, sums: dict[str, str]) -> None:
    for name, digest in sums.items():
        if not (bag / name).is_file():
            raise BadArchive(f"{name} is in the manifest but not in the bag")
        if file_digest(bag / name) != digest:
            raise BadArchive(f"{name} is not what the manifest says: its digest differs")


def _sums(path: Path) -> dict[str, str]:
    sums: dict[str, str] = {}
    for line in _text(path).splitlines():
        match = _SUM.fullmatch(line)
        name = match[2] if match else ""
        if not match or name.startswith(("/", "~")) or ".." in name.split("/") or "\\" in name:
            raise BadArchive(f"{path.name} has a line that is no digest of a file in the bag: {line[:60]!r}")
        if name in sums:
            raise BadArchive(f"{path.name} lists {name} twice")
        sums[name] = match[1]
    return sums


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_TAG:
            raise BadArchive(f"{path.name} is too large")
        return path.read_text()
    except FileNotFoundError:
        raise BadArchive(f"{path.name} is missing") from None
    except UnicodeDecodeError:
        raise BadArchive(f"{path.name} is not UTF-8") from None


def _captures(bag: Path, steps: Steps, files: list[str], trust: Trust | None) -> str | None:
    """Verify every WACZ in the bag; the signer of all, where it is one."""
    verdicts = [verify_wacz(bag / name, trust=trust) for name in files if name.endswith(".wacz")]
    broken = [v for v in verdicts if not v.intact]
    words = "; ".join(f"{Path(v.path).name}: {v.reason}" for v in broken[:3])
    steps.note("captures", not broken, words or f"{len(verdicts)} captures")
    if trust is not None:
        for name in ("time", "signer"):
            _gather(steps, name, verdicts)
    signers = {v.signer for v in verdicts}
    return signers.pop() if len(signers) == 1 else None


def _gather(steps: Steps, name: str, verdicts: list[Verdict]) -> None:
    """One step about trust, of every capture."""
    checks = [(Path(v.path).name, c) for v in verdicts for c in v.checks if c.name == name]
    bad = [f"{title}: {c.detail}" for title, c in checks if not c.ok]
    good = sorted({c.detail for _, c in checks}) or ["nothing in the bag is signed"]
    steps.note(name, bool(checks) and not bad and len(checks) == len(verdicts), "; ".join((bad or good)[:3]))


def _ledger(bag: Path, steps: Steps, files: list[str], digests: set[str], trust: Trust | None) -> None:
    names = [name.removesuffix(".tlog-proof") for name in files if name.endswith(".tlog-proof")]
    proofs = steps.take("proofs", lambda: list(_proofs(bag, names)), lambda p: f"{len(p)} proofs")
    steps.take("events", lambda: _events(bag, names, digests))
    if proofs is not None and trust is not None:
        steps.take("ledger", lambda: _signed(proofs, trust))


def _proofs(bag: Path, names: list[str]) -> Iterator[Proof]:
    for name in names:
        proof = Proof.parse(_text(bag / f"{name}.tlog-proof"))
        proof.holds(_text(bag / f"{name}.leaf").encode())
        yield proof


def _events(bag: Path, names: list[str], digests: set[str]) -> str:
    for name in names:
        event = strict_json(_text(bag / f"{name}.event.json").encode(), f"{name}.event.json")
        try:
            salt = bytes.fromhex(_text(bag / f"{name}.salt").strip())
        except ValueError:
            raise BadLedger(f"{name}.salt is not hex") from None
        if not isinstance(event, dict) or leaf(event, salt) != _text(bag / f"{name}.leaf").encode():
            raise BadLedger(f"{name}: the event is not the one that its leaf commits to")
        about = set(_DIGEST.findall(canonical(event).decode()))
        if about and not about & digests:
            raise BadLedger(f"{name}: the event is about no file in this bag")
    return f"{len(names)} events"


def _signed(proofs: list[Proof], trust: Trust) -> str:
    if not proofs:
        return "no proofs"
    for proof in proofs:
        key = next((log for log in trust.logs if log.name == proof.checkpoint.origin), None)
        if key is None:
            raise BadLedger(f"the log {proof.checkpoint.origin[:80]} was not named as trusted")
        proof.checkpoint.require(key)
    cosigners = sorted({name for proof in proofs for name in proof.cosigners(trust.witnesses)})
    size = max(proof.checkpoint.size for proof in proofs)
    return f"a log of {size} entries" + (f", cosigned by {', '.join(cosigners)}" if cosigners else "")
