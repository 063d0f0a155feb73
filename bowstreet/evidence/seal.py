"""Sealing: a WACZ is signed (wacz-auth 0.1.0) and time-stamped, and from then on nothing in it can change.

    sealed = seal(unsigned, out, key=key, at=now, authorities=(authority,), ask=ask)

With a certificate, the first authority's token goes inside (the domain form); every other token, and every
late one, is a sidecar `NAME.wacz.AUTHORITY.tsr` that stamps the whole file. An authority that does not answer
is `pending`; `stamp_late` asks it again. Without any authority the seal says so by having no time-stamp.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from bowstreet.evidence.certificates import chain_of
from bowstreet.evidence.errors import BadArchive, BadStamp, EvidenceError
from bowstreet.evidence.pack import DIGEST, MANIFEST, open_pack
from bowstreet.evidence.signing import SigningKey
from bowstreet.evidence.timestamps import Ask, Authority, Stamp, own_roots, read, request
from bowstreet.evidence.wacz import SOFTWARE, manifest_bytes, timestamp

WINDOW = timedelta(minutes=10)


@dataclass(frozen=True)
class Stamped:
    """One time-stamp of a sealed archive. `path` is its sidecar, or None where it is inside; `delay` is
    how long after sealing it was given."""

    authority: str
    at: datetime
    delay: timedelta
    path: Path | None = None


@dataclass(frozen=True)
class Sealed:
    """A sealed archive: its file, digest (hex), the signer's fingerprint, its time-stamps, and who is awaited."""

    path: Path
    sha256: str
    fingerprint: str
    timestamps: tuple[Stamped, ...] = ()
    pending: tuple[str, ...] = ()


def seal(
    unsigned: Path,
    out: Path,
    *,
    key: SigningKey,
    at: datetime,
    authorities: Sequence[Authority] = (),
    ask: Ask | None = None,
) -> Sealed:
    """Sign `unsigned` as it stood at `at`, have it time-stamped, and write it to `out`.

    `ask(url, body)` sends a time-stamp query and gives the answer's body; it raises OSError where it cannot.
    """
    silent: set[str] = set()
    signature, inside = _signed(unsigned, key, at, authorities, ask, silent)
    manifest, signed = signature
    fresh = out.with_name(f".{out.name}.new")
    _append(unsigned, fresh, manifest, signed, at)
    fresh.replace(out)
    sealed = Sealed(out, file_digest(out), key.fingerprint)
    done = [Stamped(inside.authority, inside.at, inside.at - _whole(at))] if inside else []
    waiting = []
    for authority in authorities:
        if inside and authority.name == inside.authority:
            continue
        try:
            if authority.name in silent:
                raise BadStamp("it was asked already")
            done.append(_beside(out, sealed.sha256, authority, at, ask))
        except BadStamp:
            waiting.append(authority.name)
    return Sealed(out, sealed.sha256, key.fingerprint, tuple(done), tuple(waiting))


def stamp_late(path: Path, authority: Authority, *, ask: Ask) -> Stamped:
    """Have a sealed archive stamped by an authority that was not there at the time. BadStamp where it fails."""
    with open_pack(path) as pack:
        signed = pack.json(DIGEST).get("signedData", {})
    created = datetime.fromisoformat(signed["created"])
    return _beside(path, file_digest(path), authority, created, ask)


def sidecar(path: Path, authority: str) -> Path:
    """Where the token of an authority for an archive stands."""
    return path.with_name(f"{path.name}.{authority}.tsr")


def sidecars(path: Path) -> list[Path]:
    """The tokens that stand beside an archive, by name."""
    start = f"{path.name}."
    return sorted(p for p in path.parent.iterdir() if p.name.startswith(start) and p.suffix == ".tsr")


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _signed(
    unsigned: Path,
    key: SigningKey,
    at: datetime,
    authorities: Sequence[Authority],
    ask: Ask | None,
    silent: set[str],
) -> tuple[tuple[bytes, dict[str, Any]], Stamp | None]:
    """The manifest with its date of sealing, and the signature data over it."""
    with open_pack(unsigned) as pack:
        if pack.problems or DIGEST in pack.entries or list(pack.entries)[-1] != MANIFEST:
            raise BadArchive(f"{unsigned.name} is not an unsigned pack of ours: it cannot be sealed")
        manifest = manifest_bytes(pack.json(MANIFEST) | {"created": timestamp(at)})
    digest = f"sha256:{hashlib.sha256(manifest).hexdigest()}"
    signed = {"hash": digest, "created": timestamp(at), "software": SOFTWARE, "version": "0.1.0"}
    signed["signature"] = key.sign(digest)
    stamp = _inside(signed["signature"], key, at, authorities, ask, silent)
    if stamp is None:
        return (manifest, signed | {"publicKey": key.public_base64}), None
    roots = next(a.roots for a in authorities if a.name == stamp.authority)
    domain = {"domain": str(key.domain), "domainCert": str(key.certificate)}
    time = {
        "timeSignature": base64.b64encode(stamp.response).decode(),
        "timestampCert": _stamp_chain(stamp, roots),
    }
    return (manifest, signed | domain | time), stamp


def _inside(
    signature: str,
    key: SigningKey,
    at: datetime,
    authorities: Sequence[Authority],
    ask: Ask | None,
    silent: set[str],
) -> Stamp | None:
    """A token over the signature, from the first authority that gives one within the ten minutes allowed.

    `silent` takes the names of those that gave none."""
    if key.certificate is None or ask is None:
        return None
    for authority in authorities:
        try:
            stamp = request(authority, hashlib.sha256(signature.encode()).digest(), ask=ask)
        except BadStamp:
            silent.add(authority.name)
            continue
        if _whole(at) <= stamp.at <= _whole(at) + WINDOW:
            return stamp
    return None


def _stamp_chain(stamp: Stamp, roots: str) -> str:
    """The token's certificates, the signer's first, then the roots."""
    token = read(stamp.response)
    known = own_roots(token, roots)
    others = [c for c in (*token.certificates, *chain_of(roots)) if c not in known]
    ordered = sorted(others, key=lambda c: any(o.issuer == c.subject for o in others))
    return "".join(c.public_bytes(Encoding.PEM).decode() for c in (*ordered, *known))


def _append(unsigned: Path, out: Path, manifest: bytes, signed: dict[str, Any], at: datetime) -> None:
    """Copy all but the old manifest, then add the new one and its digest: nothing else is touched."""
    digest = {"path": MANIFEST, "hash": signed["hash"], "signedData": signed}
    text = json.dumps(digest, indent=2, ensure_ascii=False).encode() + b"\n"
    shutil.copyfile(unsigned, out)
    with zipfile.ZipFile(out, "a") as archive:
        last = archive.filelist.pop()
        del archive.NameToInfo[last.filename]
        archive.start_dir = last.header_offset
        for name, data in ((MANIFEST, manifest), (DIGEST, text)):
            info = zipfile.ZipInfo(name, at.astimezone(UTC).timetuple()[:6])
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, data)
    with out.open("rb+") as file:
        os.fsync(file.fileno())


def _beside(path: Path, sha256: str, authority: Authority, at: datetime, ask: Ask | None) -> Stamped:
    if ask is None:
        raise BadStamp("no way to reach an authority was given")
    stamp = request(authority, bytes.fromhex(sha256), ask=ask)
    place = sidecar(path, authority.name)
    _write_once(place, stamp.response)
    return Stamped(stamp.authority, stamp.at, stamp.at - _whole(at), place)


def _write_once(place: Path, data: bytes) -> None:
    """Whole, on disk and read-only, or not there at all."""
    fresh = place.with_name(f".{place.name}.new")
    with fresh.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.chmod(0o444)
    fresh.replace(place)


def _whole(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise EvidenceError("the time of sealing needs a time zone")
    return at.astimezone(UTC).replace(microsecond=0)
