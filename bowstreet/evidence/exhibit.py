"""An exhibit: a BagIt 1.0 bag (RFC 8493) of captures, their time-stamps, the ledger's proofs and the keys.

    make_bag(folder, items=[Item(path, "ABC-1.wacz")], proofs=[...], key=key, authorities=…, info={…}, at=now)

Anyone can check it without this program: README.txt in the bag shows how, with sha256sum and openssl alone.
What is put in and what is said of it is for the caller to decide; this is file work only.
"""

from __future__ import annotations

import base64
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bowstreet.evidence.commitment import canonical, leaf
from bowstreet.evidence.errors import BadArchive, EvidenceError
from bowstreet.evidence.exhibit_readme import readme
from bowstreet.evidence.pack import DIGEST, open_pack
from bowstreet.evidence.proof import Proof
from bowstreet.evidence.seal import file_digest, sidecars
from bowstreet.evidence.signing import SigningKey
from bowstreet.evidence.timestamps import Authority
from bowstreet.evidence.wacz import SOFTWARE

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}\Z", re.ASCII)


@dataclass(frozen=True)
class Item:
    """A file to put in, and the name it gets under data/. Its .tsr sidecars come with it."""

    path: Path
    name: str


@dataclass(frozen=True)
class LedgerEntry:
    """An event of the exhibit's history, opened: the event, its salt, and the proof of its leaf."""

    name: str
    event: Mapping[str, Any]
    salt: bytes
    proof: str


def make_bag(
    folder: Path,
    *,
    items: Sequence[Item],
    key: SigningKey,
    at: datetime,
    entries: Sequence[LedgerEntry] = (),
    authorities: Sequence[Authority] = (),
    info: Mapping[str, str] | None = None,
) -> Path:
    """Make the bag in `folder`, which must not exist. EvidenceError where a name or a proof is not good."""
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "data").mkdir(parents=True)
    for item in items:
        _place(fresh, item)
    for entry in entries:
        _prove(fresh / "data" / "ledger", entry)
    _keys(fresh / "data" / "keys", key, authorities)
    waczs = [item.name for item in items if item.name.endswith(".wacz")]
    tokens = sorted(p.name for p in (fresh / "data").glob("*.tsr"))
    stamped = [name for name in waczs if _stamped_inside(fresh / "data" / name)]
    text = readme(waczs, tokens, [e.name for e in entries], key.fingerprint, stamped)
    (fresh / "README.txt").write_text(text)
    _manifests(fresh, dict(info or {}), at)
    fresh.rename(folder)
    return folder


def _place(bag: Path, item: Item) -> None:
    target = bag / "data" / _safe(item.name)
    if target.exists():
        raise EvidenceError(f"two items of the exhibit are named {item.name!r}")
    shutil.copyfile(item.path, target)
    for token in sidecars(item.path):
        shutil.copyfile(token, bag / "data" / f"{item.name}{token.name.removeprefix(item.path.name)}")


def _stamped_inside(wacz: Path) -> bool:
    try:
        with open_pack(wacz) as pack:
            return "timeSignature" in (pack.json(DIGEST).get("signedData") or {})
    except (BadArchive, AttributeError, TypeError):
        return False  # received from elsewhere: it is for the verifier to say what is wrong with it


def _prove(folder: Path, entry: LedgerEntry) -> None:
    """The event as its leaf commits to it, the salt, the leaf, and the proof."""
    data = leaf(entry.event, entry.salt)
    Proof.parse(entry.proof).holds(data)
    folder.mkdir(exist_ok=True)
    name = _safe(entry.name)
    (folder / f"{name}.event.json").write_bytes(canonical(entry.event))
    (folder / f"{name}.salt").write_text(entry.salt.hex() + "\n")
    (folder / f"{name}.leaf").write_bytes(data)
    (folder / f"{name}.tlog-proof").write_text(entry.proof)


def _keys(folder: Path, key: SigningKey, authorities: Sequence[Authority]) -> None:
    folder.mkdir()
    (folder / "public-key.pem").write_text(key.public_pem)
    (folder / "ledger.vkey").write_text(f"{key.log.verifier.vkey}\n")
    raw = base64.b64encode(key.log.verifier.public).decode()
    (folder / "ledger-key.txt").write_text(f"Ed25519 public key of the ledger, base64: {raw}\n")
    for authority in authorities:
        (folder / f"tsa-{authority.name}.pem").write_text(authority.roots)


def _manifests(bag: Path, info: dict[str, str], at: datetime) -> None:
    payload = sorted(p for p in (bag / "data").rglob("*") if p.is_file())
    octets = sum(p.stat().st_size for p in payload)
    told = {
        "Bag-Software-Agent": SOFTWARE,
        "Bagging-Date": f"{at.astimezone(UTC):%Y-%m-%d}",
        "Payload-Oxum": f"{octets}.{len(payload)}",
    }
    (bag / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    (bag / "bag-info.txt").write_text("".join(f"{k}: {_line(v)}\n" for k, v in (info | told).items()))
    (bag / "manifest-sha256.txt").write_text(_sums(bag, payload))
    tags = sorted(p for p in bag.iterdir() if p.is_file())
    (bag / "tagmanifest-sha256.txt").write_text(_sums(bag, tags))


def _sums(bag: Path, paths: Sequence[Path]) -> str:
    return "".join(f"{file_digest(path)}  {path.relative_to(bag).as_posix()}\n" for path in paths)


def _safe(name: str) -> str:
    if not _NAME.match(name):
        raise EvidenceError(
            f"an exhibit cannot hold a file named {name!r}: use letters, digits, '.', '-', '_'"
        )
    return name


def _line(value: str) -> str:
    return " ".join(value.split())
