"""Verification of a WACZ: its container, its manifest, its records, its index, its seal, and whom the verifier trusts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bowstreet.evidence import check_seal
from bowstreet.evidence.check_index import check_index, check_pages, check_record_digests
from bowstreet.evidence.check_records import check_records
from bowstreet.evidence.errors import BadArchive
from bowstreet.evidence.pack import DIGEST, MANIFEST, Pack, open_pack
from bowstreet.evidence.record import CHUNK
from bowstreet.evidence.seal import sidecars
from bowstreet.evidence.trust import Trust
from bowstreet.evidence.verdict import Steps, Verdict

_HASH = re.compile(r"sha256:[0-9a-f]{64}")

#: The steps for a WACZ, in order. From `signer` on they are about trust, before it about integrity.
STEPS = {
    "container": "the ZIP file is whole, its directory and its entries agree, and no byte is outside them",
    "names": "every name is used once and stays within the archive",
    "entries": "every entry is an ordinary file, stored or deflated, of believable size",
    "layout": "what WACZ 1.1.1 asks for is there, and where it has to be",
    "manifest": "the manifest can be read and has one meaning",
    "resources": "every file in the manifest is there, with its size and its hash",
    "unlisted": "there is no file that the manifest does not list",
    "digest": "the digest file gives the hash of the manifest",
    "signed-data": "the signature data is complete and of one of the two forms",
    "same-hash": "what was signed is the hash of this manifest",
    "signature": "the signature fits the key",
    "certificate": "the certificate names the signer's domain, and its chain held at signing",
    "records": "every record can be read and is what its digests say",
    "index": "every line of the index points at the record it names, and no response is left out",
    "pages": "every page in the list has a record",
    "time-stamp": "the time-stamp inside is of this signature and within ten minutes of it",
    "time": "every time-stamp, inside and beside, is by an authority that the verifier named",
    "signer": "the key is one that the verifier named, and was not revoked when it sealed",
}
NUMBERS = {name: number for number, name in enumerate(STEPS, 1)}


def verify_wacz(path: Path, *, trust: Trust | None = None, integrity_only: bool = False) -> Verdict:
    """Verify a WACZ. As `verify`."""
    steps = Steps(NUMBERS)
    signer = None
    try:
        with open_pack(path) as pack:
            signer = _pack(pack, steps, trust)
    except BadArchive as error:
        steps.note("container", False, str(error))
    judged = {"time", "signer"} <= {c.name for c in steps.checks}
    return steps.verdict(path, signer=signer, judged=judged, integrity_only=integrity_only)


def _pack(pack: Pack, steps: Steps, trust: Trust | None) -> str | None:
    for name in ("container", "names", "entries"):
        faults = [p.what for p in pack.problems if p.check == name]
        steps.note(name, not faults, "; ".join(faults[:3]) or f"{len(pack.entries)} entries")
    if steps.failed():
        return None
    steps.take("layout", lambda: _layout(pack))
    resources = steps.take("manifest", lambda: _manifest(pack), lambda r: f"{len(r)} files listed")
    with ThreadPoolExecutor(2) as pool:
        hashing = pool.submit(_resources, pack, resources) if resources is not None else None
        contents = pool.submit(check_records, pack)
        marks = pool.submit(check_record_digests, pack.path)
        if hashing is not None:
            steps.take("resources", hashing.result)
            steps.take("unlisted", lambda: _unlisted(pack, resources or {}))
        held = steps.take("records", contents.result, lambda c: f"{len(c.places)} records")
    if held is not None:
        steps.take("index", lambda: (check_index(pack, held), marks.result())[0], lambda n: f"{n} lines")
        steps.take("pages", lambda: check_pages(pack, held), lambda n: f"{n} pages")
    return _seal(pack, steps, trust)


def _layout(pack: Pack) -> str:
    if not pack.warcs():
        raise BadArchive("there is no WARC file in archive/")
    if "pages/pages.jsonl" not in pack.entries:
        raise BadArchive("pages/pages.jsonl is missing")
    allowed = {"archive": r".+\.warc(\.gz)?", "indexes": r".+\.(cdxj?|cdx\.gz|idx)", "pages": r".+\.jsonl"}
    for name in pack.names:
        folder, _, rest = name.partition("/")
        if folder in allowed and not re.fullmatch(allowed[folder], rest):
            raise BadArchive(f"{name} has no place in {folder}/")
        if (folder == "archive" or name.endswith(".cdx.gz")) and pack.entries[name].compress_type != 0:
            raise BadArchive(f"{name} is compressed within the ZIP file; it has to be stored")
    return "as WACZ 1.1.1"


def _manifest(pack: Pack) -> dict[str, tuple[str, int]]:
    """path → (hash, size), of a manifest whose shape is right."""
    manifest = pack.json(MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("profile") != "data-package":
        raise BadArchive(f"{MANIFEST} is not of the profile data-package")
    if not str(manifest.get("wacz_version", "")).startswith("1."):
        raise BadArchive(f"{MANIFEST} does not say that it is WACZ 1")
    listed: dict[str, tuple[str, int]] = {}
    for item in _items(manifest.get("resources")):
        path, told, size = item.get("path"), item.get("hash"), item.get("bytes")
        if not isinstance(path, str) or not isinstance(told, str) or not isinstance(size, int):
            raise BadArchive("a resource in the manifest lacks its path, hash or size")
        if not _HASH.fullmatch(told) or path in listed:
            raise BadArchive(f"{path[:80]!r} has no SHA-256 in the manifest, or is listed twice")
        listed[path] = (told, size)
    return listed


def _items(value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
        raise BadArchive("the manifest lists no resources")
    return value


def _resources(pack: Pack, listed: Mapping[str, tuple[str, int]]) -> str:
    """Hash every listed file through a handle of its own: the records are being read at the same time."""
    total = 0
    with open_pack(pack.path) as again:
        for path, (told, size) in listed.items():
            if path not in again.entries:
                raise BadArchive(f"{path} is in the manifest but not in the archive")
            digest, found = _hash(again, path, size)
            if found != size:
                raise BadArchive(f"{path} has another size than the manifest says")
            if digest != told:
                raise BadArchive(f"{path} is not what the manifest says: its hash differs")
            total += size
    return f"{len(listed)} files, {total} bytes"


def _hash(pack: Pack, name: str, size: int) -> tuple[str, int]:
    digest, found = hashlib.sha256(), 0
    with pack.open(name) as stream:
        while found <= size and (data := stream.read(CHUNK)):
            digest.update(data)
            found += len(data)
    return f"sha256:{digest.hexdigest()}", found


def _unlisted(pack: Pack, listed: Mapping[str, object]) -> str:
    extra = [name for name in pack.names if name not in listed and name not in (MANIFEST, DIGEST)]
    if extra:
        raise BadArchive(f"{extra[0]} is in the archive but not in the manifest")
    return "none"


def _seal(pack: Pack, steps: Steps, trust: Trust | None) -> str | None:
    digest = steps.take("digest", lambda: check_seal.check_digest(pack), lambda d: str(d["hash"]))
    if digest is None:
        return None
    signed = steps.take("signed-data", lambda: check_seal.read_signed(digest), _form)
    if signed is None:
        return None
    steps.take("same-hash", lambda: check_seal.check_same_hash(signed, digest))
    steps.take("signature", lambda: check_seal.check_signature(signed))
    steps.take("certificate", lambda: check_seal.check_certificate(signed))
    steps.take("time-stamp", lambda: check_seal.check_token(signed))
    if trust is None:
        return signed.fingerprint
    tokens = sidecars(pack.path)
    times = steps.take("time", lambda: check_seal.check_times(pack.path, signed, tokens, trust), _times)
    stamped = times.earliest if times else None
    steps.take("signer", lambda: check_seal.check_signer(signed, trust, stamped))
    return signed.fingerprint


def _form(signed: check_seal.Signed) -> str:
    form = f"for {signed.domain}" if signed.domain else "with a bare public key"
    return f"{form}, created {signed.created:%Y-%m-%d %H:%M:%SZ}"


def _times(times: check_seal.Times) -> str:
    return "; ".join(times.words) or "no time-stamp: the time rests on the sealing machine's clock alone"
