"""Make archives that are each wrong in one way, named for it, and the step of `verify` that has to refuse them.

    .venv/bin/python tests/golden/make.py FOLDER        # writes FOLDER/<fault>.wacz and FOLDER/expected.json

Most are sealed anew by the very key that is trusted: what an insider could do. Where only the original seal
was to hand, the forger had no key. The honest ones begin with `honest-`.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import shutil
import struct
import sys
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "evidence"))

from authority import Issuer, certify, issue, issuer, make_authority, respond
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from packs import build

from bowstreet.evidence.seal import seal
from bowstreet.evidence.signing import SigningKey
from bowstreet.evidence.timestamps import Authority, query
from bowstreet.evidence.trust import Trust

WARC, INDEX, PAGES = "archive/data.warc.gz", "indexes/index.cdx", "pages/pages.jsonl"
MANIFEST, DIGEST = "datapackage.json", "datapackage-digest.json"
DOMAIN = "evidence.example"
Entries = dict[str, bytes]
FORGERIES: dict[str, tuple[str, Callable[[Forger, Path], None]]] = {}


@dataclass(frozen=True)
class Forger:
    """What a forger has: an honest capture, the trusted key (for an insider), authorities of both sorts."""

    work: Path
    unsigned: Path
    honest: Path
    stamped: Path
    key: SigningKey
    domain_key: SigningKey
    ca: Issuer
    authority: Authority
    at: datetime

    def entries(self) -> Entries:
        """The files of the capture, without manifest."""
        with zipfile.ZipFile(self.unsigned) as archive:
            return {name: archive.read(name) for name in archive.namelist() if name != MANIFEST}

    def sealed(self) -> Entries:
        """The files of the sealed capture, with manifest and digest."""
        with zipfile.ZipFile(self.honest) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def manifest(self, entries: Entries) -> dict[str, Any]:
        """An honest manifest of these files."""
        resources = [
            {"name": f"r{i}", "path": n, "hash": _sha(d), "bytes": len(d)}
            for i, (n, d) in enumerate(entries.items())
        ]
        return {"profile": "data-package", "wacz_version": "1.1.1", "resources": resources}

    def signed(self, manifest: bytes, key: SigningKey | None = None) -> dict[str, Any]:
        """The digest file of a manifest, signed in the anonymous form."""
        key = key or self.key
        data = {
            "hash": _sha(manifest),
            "created": f"{self.at:%Y-%m-%dT%H:%M:%SZ}",
            "software": "x",
            "version": "0.1.0",
        }
        data |= {"signature": key.sign(data["hash"]), "publicKey": key.public_base64}
        return {"path": MANIFEST, "hash": data["hash"], "signedData": data}

    def resealed(self, entries: Entries, manifest: bytes | None = None) -> Entries:
        """The files with a manifest and a seal made anew by the trusted key."""
        manifest = manifest if manifest is not None else _json(self.manifest(entries))
        return entries | {MANIFEST: manifest, DIGEST: _json(self.signed(manifest))}


def forgery(step: str) -> Callable[[Callable[[Forger, Path], None]], Callable[[Forger, Path], None]]:
    """Enter a forgery, to be refused at `step`; its function's name is its file's."""

    def enter(make: Callable[[Forger, Path], None]) -> Callable[[Forger, Path], None]:
        FORGERIES[make.__name__.replace("_", "-")] = (step, make)
        return make

    return enter


def _sha(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _json(value: object) -> bytes:
    return json.dumps(value, indent=2).encode()


def write(out: Path, entries: Entries | list[tuple[str, bytes]], **modes: int) -> None:
    """A ZIP file of these entries, all stored unless `modes` gives a method by name."""
    pairs = list(entries.items()) if isinstance(entries, dict) else entries
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as archive:
        warnings.simplefilter("ignore", UserWarning)  # two entries of one name
        for name, data in pairs:
            info = zipfile.ZipInfo(name, (2026, 11, 24, 10, 15, 0))
            info.compress_type = modes.get(name, zipfile.ZIP_STORED)
            archive.writestr(info, data)


def parts(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Entries, directory and end record of a ZIP file."""
    size, start = struct.unpack("<2L", data[-10:-2])
    return data[:start], data[start : start + size], data[-22:]


def moved(end: bytes, directory: bytes, start: int) -> bytes:
    """The end record for a directory at another place."""
    return end[:12] + struct.pack("<2L", len(directory), start) + end[20:]


# The container


@forgery("container")
def truncated_to_nothing(forger: Forger, out: Path) -> None:
    out.write_bytes(b"")


@forgery("container")
def truncated_in_the_warc(forger: Forger, out: Path) -> None:
    out.write_bytes(forger.honest.read_bytes()[:900])


@forgery("container")
def truncated_in_the_directory(forger: Forger, out: Path) -> None:
    out.write_bytes(forger.honest.read_bytes()[:-120])


@forgery("container")
def truncated_in_the_end_record(forger: Forger, out: Path) -> None:
    out.write_bytes(forger.honest.read_bytes()[:-1])


@forgery("container")
def bytes_before_the_first_entry(forger: Forger, out: Path) -> None:
    out.write_bytes(b"#!/bin/sh\n" + forger.honest.read_bytes())


@forgery("container")
def bytes_after_the_end(forger: Forger, out: Path) -> None:
    out.write_bytes(forger.honest.read_bytes() + b"more")


@forgery("container")
def comment_at_the_end(forger: Forger, out: Path) -> None:
    shutil.copyfile(forger.honest, out)
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"PK\5\6 another view"


@forgery("container")
def entry_hidden_between_entries_and_directory(forger: Forger, out: Path) -> None:
    body, directory, end = parts(forger.honest.read_bytes())
    hidden = b"PK\3\4" + b"\0" * 26 + b"hidden"
    out.write_bytes(body + hidden + directory + moved(end, directory, len(body) + len(hidden)))


@forgery("container")
def entry_left_out_of_the_directory(forger: Forger, out: Path) -> None:
    body, directory, end = parts(forger.honest.read_bytes())
    first = directory.index(b"PK\1\2", 4)
    rest = directory[first:]
    count = struct.pack("<2H", end[10] - 1, end[10] - 1)
    out.write_bytes(body + rest + moved(end[:8] + count + end[12:], rest, len(body)))


@forgery("container")
def bytes_between_directory_and_end(forger: Forger, out: Path) -> None:
    body, directory, end = parts(forger.honest.read_bytes())
    out.write_bytes(body + directory + b"between" + end)


@forgery("container")
def local_header_names_another_file(forger: Forger, out: Path) -> None:
    data = bytearray(forger.honest.read_bytes())
    data[30 : 30 + len(WARC)] = b"archive/evil.warc.gz"
    out.write_bytes(data)


@forgery("container")
def local_header_gives_another_size(forger: Forger, out: Path) -> None:
    data = bytearray(forger.honest.read_bytes())
    data[22] ^= 1
    out.write_bytes(data)


@forgery("names")
def two_entries_of_one_name(forger: Forger, out: Path) -> None:
    pairs = [*forger.resealed(forger.entries()).items(), (PAGES, b"{}")]
    write(out, pairs)


@forgery("names")
def two_entries_that_differ_in_case(forger: Forger, out: Path) -> None:
    entries = forger.entries()
    write(out, forger.resealed(entries | {"Pages/pages.jsonl": entries[PAGES]}))


@forgery("names")
def zip_slip(forger: Forger, out: Path) -> None:
    write(out, forger.resealed(forger.entries() | {"files/../../../etc/cron.d/x": b"x"}))


@forgery("names")
def absolute_path(forger: Forger, out: Path) -> None:
    write(out, forger.resealed(forger.entries() | {"/etc/cron.d/x": b"x"}))


@forgery("names")
def backslash_path(forger: Forger, out: Path) -> None:
    write(out, forger.resealed(forger.entries() | {"files\\..\\x": b"x"}))


@forgery("names")
def drive_letter(forger: Forger, out: Path) -> None:
    write(out, forger.resealed(forger.entries() | {"C:/x": b"x"}))


@forgery("entries")
def symlink(forger: Forger, out: Path) -> None:
    write(out, forger.resealed(forger.entries()))
    with zipfile.ZipFile(out, "a") as archive:
        info = zipfile.ZipInfo("files/link", (2026, 11, 24, 10, 15, 0))
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")


@forgery("entries")
def bomb(forger: Forger, out: Path) -> None:
    entries = forger.entries() | {"files/zeros": b"\0" * (12 << 20)}
    write(out, forger.resealed(entries), **{"files/zeros": zipfile.ZIP_DEFLATED})


@forgery("entries")
def encrypted_entry(forger: Forger, out: Path) -> None:
    body, directory, end = parts(forger.honest.read_bytes())
    local, central = bytearray(body), bytearray(directory)
    local[6] |= 1
    central[8] |= 1
    out.write_bytes(bytes(local + central) + end)


@forgery("entries")
def method_that_wacz_does_not_allow(forger: Forger, out: Path) -> None:
    write(out, forger.resealed(forger.entries()), **{PAGES: zipfile.ZIP_BZIP2})


@forgery("layout")
def warc_compressed_in_the_zip(forger: Forger, out: Path) -> None:
    write(out, forger.resealed(forger.entries()), **{WARC: zipfile.ZIP_DEFLATED})


@forgery("layout")
def no_warc(forger: Forger, out: Path) -> None:
    entries = forger.entries()
    del entries[WARC]
    write(out, forger.resealed(entries))


@forgery("layout")
def no_pages(forger: Forger, out: Path) -> None:
    entries = forger.entries()
    del entries[PAGES]
    write(out, forger.resealed(entries))


@forgery("layout")
def foreign_file_in_archive(forger: Forger, out: Path) -> None:
    write(out, forger.resealed(forger.entries() | {"archive/notes.txt": b"x"}))


# The manifest


@forgery("manifest")
def no_manifest(forger: Forger, out: Path) -> None:
    entries = forger.sealed()
    del entries[MANIFEST]
    write(out, entries)


@forgery("manifest")
def manifest_that_is_no_json(forger: Forger, out: Path) -> None:
    write(out, forger.resealed(forger.entries(), b"{'resources': []}"))


@forgery("manifest")
def manifest_with_a_property_twice(forger: Forger, out: Path) -> None:
    text = _json(forger.manifest(forger.entries()))
    write(out, forger.resealed(forger.entries(), text[:-1] + b', "resources": []}'))


@forgery("manifest")
def manifest_without_resources(forger: Forger, out: Path) -> None:
    write(out, forger.resealed(forger.entries(), _json({"profile": "data-package", "wacz_version": "1.1.1"})))


@forgery("manifest")
def resource_listed_twice(forger: Forger, out: Path) -> None:
    manifest = forger.manifest(forger.entries())
    manifest["resources"].append(manifest["resources"][0])
    write(out, forger.resealed(forger.entries(), _json(manifest)))


@forgery("manifest")
def manifest_with_a_weak_hash(forger: Forger, out: Path) -> None:
    manifest = forger.manifest(forger.entries())
    manifest["resources"][0]["hash"] = "md5:" + "0" * 32
    write(out, forger.resealed(forger.entries(), _json(manifest)))


@forgery("resources")
def resource_missing(forger: Forger, out: Path) -> None:
    manifest = _json(forger.manifest(forger.entries()))
    entries = forger.resealed(forger.entries(), manifest)
    del entries["provenance/provenance.json"]
    write(out, entries)


@forgery("resources")
def resource_of_another_size(forger: Forger, out: Path) -> None:
    manifest = forger.manifest(forger.entries())
    manifest["resources"][-1]["bytes"] += 1
    write(out, forger.resealed(forger.entries(), _json(manifest)))


@forgery("resources")
def record_changed(forger: Forger, out: Path) -> None:
    entries = forger.sealed()
    entries[WARC] = rewritten(entries[WARC], b"12.50", b"99.50")
    write(out, entries)


@forgery("resources")
def page_list_changed(forger: Forger, out: Path) -> None:
    entries = forger.sealed()
    entries[PAGES] = entries[PAGES].replace(b"12.50", b"99.50")
    write(out, entries)


@forgery("unlisted")
def unlisted_file(forger: Forger, out: Path) -> None:
    write(out, forger.sealed() | {"files/more.txt": b"x"})


@forgery("unlisted")
def unlisted_file_without_a_dot(forger: Forger, out: Path) -> None:
    write(out, forger.sealed() | {"files/more": b"x"})


# The seal


@forgery("digest")
def no_digest_file(forger: Forger, out: Path) -> None:
    entries = forger.sealed()
    del entries[DIGEST]
    write(out, entries)


@forgery("digest")
def manifest_changed_under_its_digest(forger: Forger, out: Path) -> None:
    entries = forger.sealed()
    entries[MANIFEST] = entries[MANIFEST].replace(b"Offers", b"Orders")
    write(out, entries)


@forgery("digest")
def outer_hash_swapped(forger: Forger, out: Path) -> None:
    entries = forger.sealed()
    digest = json.loads(entries[DIGEST])
    digest["hash"] = _sha(b"something else")
    write(out, entries | {DIGEST: _json(digest)})


@forgery("same-hash")
def manifest_rebuilt_under_the_old_signature(forger: Forger, out: Path) -> None:
    old = json.loads(forger.sealed()[DIGEST])["signedData"]
    entries = forger.entries()
    entries[WARC] = rewritten(entries[WARC], b"12.50", b"99.50")
    manifest = _json(forger.manifest(entries))
    digest = {"path": MANIFEST, "hash": _sha(manifest), "signedData": old}
    write(out, entries | {MANIFEST: manifest, DIGEST: _json(digest)})


def _tampered(forger: Forger, out: Path, change: Callable[[dict[str, Any]], object]) -> None:
    entries = forger.resealed(forger.entries())
    digest = json.loads(entries[DIGEST])
    change(digest)
    write(out, entries | {DIGEST: _json(digest)})


@forgery("signature")
def signature_from_another_manifest(forger: Forger, out: Path) -> None:
    _tampered(forger, out, lambda d: d["signedData"].update(signature=forger.key.sign(_sha(b"another"))))


@forgery("signature")
def signature_by_another_key(forger: Forger, out: Path) -> None:
    _tampered(forger, out, lambda d: d["signedData"].update(signature=forger.domain_key.sign(d["hash"])))


@forgery("signature")
def signature_empty(forger: Forger, out: Path) -> None:
    _tampered(forger, out, lambda d: d["signedData"].update(signature=""))


@forgery("signer")
def signed_by_a_key_that_nobody_named(forger: Forger, out: Path) -> None:
    other = SigningKey.load_or_make(forger.work / "stranger")
    entries = forger.entries()
    manifest = _json(forger.manifest(entries))
    write(out, entries | {MANIFEST: manifest, DIGEST: _json(forger.signed(manifest, other))})


@forgery("signed-data")
def not_signed(forger: Forger, out: Path) -> None:
    _tampered(forger, out, lambda d: d.pop("signedData"))


@forgery("signed-data")
def signature_data_with_an_unknown_property(forger: Forger, out: Path) -> None:
    _tampered(forger, out, lambda d: d["signedData"].update(note="trust me"))


@forgery("signed-data")
def signature_data_without_its_time(forger: Forger, out: Path) -> None:
    _tampered(forger, out, lambda d: d["signedData"].pop("created"))


@forgery("signed-data")
def signature_data_with_a_broken_key(forger: Forger, out: Path) -> None:
    _tampered(forger, out, lambda d: d["signedData"].update(publicKey="AAAA"))


# Certificates and time-stamps


def _with_domain(
    forger: Forger,
    out: Path,
    *,
    chain: str | None = None,
    domain: str = DOMAIN,
    created: datetime | None = None,
    token: Callable[[str], bytes] | None = None,
    tsa: str | None = None,
) -> None:
    """Seal in the domain form, with whatever is to be wrong in it."""
    key, created = forger.domain_key, created or forger.at
    entries = forger.entries()
    manifest = _json(forger.manifest(entries))
    data = {
        "hash": _sha(manifest),
        "created": f"{created:%Y-%m-%dT%H:%M:%SZ}",
        "software": "x",
        "version": "0.1.0",
    }
    data["signature"] = key.sign(data["hash"])
    stamp = token or (
        lambda text: respond(forger.work / "tsa", query(hashlib.sha256(text.encode()).digest(), 7))
    )
    data |= {"domain": domain, "domainCert": chain or str(key.certificate)}
    data["timeSignature"] = base64.b64encode(stamp(data["signature"])).decode()
    data["timestampCert"] = tsa or (forger.work / "tsa/tsa.pem").read_text() + forger.authority.roots
    digest = {"path": MANIFEST, "hash": data["hash"], "signedData": data}
    write(out, entries | {MANIFEST: manifest, DIGEST: _json(digest)})


def _leaf(forger: Forger, ca: Issuer | None = None, **options: Any) -> str:
    ca = ca or forger.ca
    options = {"usage": ExtendedKeyUsageOID.SERVER_AUTH, "domain": DOMAIN} | options
    leaf = issue(ca, DOMAIN, forger.domain_key.private.public_key(), **options)
    return leaf.public_bytes(Encoding.PEM).decode() + forger.ca.pem


@forgery("certificate")
def certificate_expired_at_signing(forger: Forger, out: Path) -> None:
    _with_domain(forger, out, chain=_leaf(forger, end=forger.at - timedelta(days=1)))


@forgery("certificate")
def certificate_not_yet_valid(forger: Forger, out: Path) -> None:
    _with_domain(forger, out, chain=_leaf(forger, start=forger.at + timedelta(days=1)))


@forgery("certificate")
def certificate_for_another_use(forger: Forger, out: Path) -> None:
    _with_domain(forger, out, chain=_leaf(forger, usage=ExtendedKeyUsageOID.TIME_STAMPING))


@forgery("certificate")
def certificate_for_another_domain(forger: Forger, out: Path) -> None:
    _with_domain(forger, out, domain="police.example")


@forgery("certificate")
def certificate_by_an_authority_of_the_same_name(forger: Forger, out: Path) -> None:
    _with_domain(forger, out, chain=_leaf(forger, issuer("Example domain CA")))


@forgery("certificate")
def certificate_issued_by_one_that_is_no_authority(forger: Forger, out: Path) -> None:
    secret = ec.generate_private_key(ec.SECP256R1())
    middle = issue(
        forger.ca,
        "Middle",
        secret.public_key(),
        usage=ExtendedKeyUsageOID.SERVER_AUTH,
        domain="middle.example",
    )
    chain = _leaf(forger, Issuer(secret, middle)).replace(forger.ca.pem, "")
    _with_domain(forger, out, chain=chain + middle.public_bytes(Encoding.PEM).decode() + forger.ca.pem)


@forgery("time-stamp")
def time_stamp_of_another_signature(forger: Forger, out: Path) -> None:
    digest = hashlib.sha256(b"another signature").digest()
    _with_domain(forger, out, token=lambda _: respond(forger.work / "tsa", query(digest, 7)))


@forgery("time-stamp")
def time_stamp_an_hour_after_signing(forger: Forger, out: Path) -> None:
    _with_domain(forger, out, created=forger.at - timedelta(hours=1))


@forgery("time-stamp")
def time_stamp_before_signing(forger: Forger, out: Path) -> None:
    _with_domain(forger, out, created=forger.at + timedelta(hours=1))


@forgery("time-stamp")
def time_stamp_that_cannot_be_read(forger: Forger, out: Path) -> None:
    _with_domain(forger, out, token=lambda _: b"\x30\x03\x02\x01\x00")


@forgery("time-stamp")
def time_stamp_with_a_changed_time(forger: Forger, out: Path) -> None:
    def late(text: str) -> bytes:
        token = respond(forger.work / "tsa", query(hashlib.sha256(text.encode()).digest(), 7))
        return re.sub(
            rb"(\x18\x0f\d{12})(\d\d)Z", lambda m: m[1] + b"%02dZ" % ((int(m[2]) + 1) % 60), token, count=1
        )

    _with_domain(forger, out, token=late)


@forgery("time")
def time_stamp_by_a_self_made_authority(forger: Forger, out: Path) -> None:
    ca = make_authority(forger.work / "forged-tsa", "Example TSA")
    tsa = (forger.work / "forged-tsa/tsa.pem").read_text() + ca.pem
    _with_domain(
        forger,
        out,
        tsa=tsa,
        token=lambda t: respond(forger.work / "forged-tsa", query(hashlib.sha256(t.encode()).digest(), 7)),
    )


def _beside(forger: Forger, out: Path, token: bytes) -> None:
    shutil.copyfile(forger.honest, out)
    out.with_name(f"{out.name}.example.tsr").write_bytes(token)


@forgery("time")
def sidecar_of_another_file(forger: Forger, out: Path) -> None:
    _beside(forger, out, respond(forger.work / "tsa", query(hashlib.sha256(b"another file").digest(), 7)))


@forgery("time")
def sidecar_by_a_self_made_authority(forger: Forger, out: Path) -> None:
    make_authority(forger.work / "forged-two", "Example TSA")
    digest = hashlib.sha256(forger.honest.read_bytes()).digest()
    _beside(forger, out, respond(forger.work / "forged-two", query(digest, 7)))


@forgery("time")
def sidecar_cut_short(forger: Forger, out: Path) -> None:
    digest = hashlib.sha256(forger.honest.read_bytes()).digest()
    _beside(forger, out, respond(forger.work / "tsa", query(digest, 7))[:-40])


# The records, the index and the pages, under a good seal


def members(warc: bytes) -> list[bytes]:
    """The gzip members of a WARC file."""
    import zlib

    found = []
    while warc:
        stream = zlib.decompressobj(31)
        stream.decompress(warc)
        found.append(warc[: len(warc) - len(stream.unused_data)])
        warc = stream.unused_data
    return found


def rewritten(warc: bytes, old: bytes, new: bytes) -> bytes:
    """The WARC with some bytes of one record replaced by as many others."""
    done = [gzip.decompress(member) for member in members(warc)]
    assert any(old in data for data in done)
    return b"".join(gzip.compress(data.replace(old, new, 1), mtime=0) for data in done)


def _with_warc(forger: Forger, out: Path, change: Callable[[bytes], bytes]) -> None:
    entries = forger.entries()
    write(out, forger.resealed(entries | {WARC: change(entries[WARC])}))


@forgery("records")
def block_changed_under_its_digest(forger: Forger, out: Path) -> None:
    _with_warc(forger, out, lambda w: rewritten(w, b"12.50", b"99.50"))


@forgery("records")
def payload_digest_that_is_false(forger: Forger, out: Path) -> None:
    _with_warc(forger, out, lambda w: rewritten(w, b"Payload-Digest: sha256:", b"Payload-Digest: sha256:f"))


@forgery("records")
def block_shorter_than_it_says(forger: Forger, out: Path) -> None:
    _with_warc(forger, out, lambda w: rewritten(w, b"Content-Length: ", b"Content-Length: 9"))


@forgery("records")
def record_without_a_length(forger: Forger, out: Path) -> None:
    _with_warc(forger, out, lambda w: rewritten(w, b"Content-Length: ", b"Content-Bength: "))


@forgery("records")
def two_records_in_one_member(forger: Forger, out: Path) -> None:
    _with_warc(
        forger, out, lambda w: gzip.compress(b"".join(gzip.decompress(m) for m in members(w)), mtime=0)
    )


@forgery("records")
def broken_gzip_member(forger: Forger, out: Path) -> None:
    _with_warc(forger, out, lambda w: w[:500] + bytes([w[500] ^ 0xFF]) + w[501:])


@forgery("records")
def bytes_after_the_last_record(forger: Forger, out: Path) -> None:
    _with_warc(forger, out, lambda w: w + b"more")


@forgery("records")
def warc_cut_short(forger: Forger, out: Path) -> None:
    _with_warc(forger, out, lambda w: w[:-20])


def _with_index(forger: Forger, out: Path, change: Callable[[list[str]], list[str]]) -> None:
    entries = forger.entries()
    lines = change(entries[INDEX].decode().splitlines())
    write(out, forger.resealed(entries | {INDEX: "".join(f"{line}\n" for line in lines).encode()}))


@forgery("index")
def index_moved_to_another_record(forger: Forger, out: Path) -> None:
    def swap(lines: list[str]) -> list[str]:
        one, two = (re.search(r'"length.*', line) for line in lines[:2])
        assert one
        assert two
        return [lines[0].replace(one[0], two[0]), lines[1].replace(two[0], one[0]), *lines[2:]]

    _with_index(forger, out, swap)


@forgery("index")
def index_points_at_no_record(forger: Forger, out: Path) -> None:
    _with_index(forger, out, lambda ls: [re.sub(r'"offset": "\d+"', '"offset": "77"', ls[0]), *ls[1:]])


@forgery("index")
def index_out_of_order(forger: Forger, out: Path) -> None:
    _with_index(forger, out, lambda ls: ls[::-1])


@forgery("index")
def response_in_no_index(forger: Forger, out: Path) -> None:
    _with_index(forger, out, lambda ls: [line for line in ls if "a.png" not in line])


@forgery("index")
def index_with_another_status(forger: Forger, out: Path) -> None:
    _with_index(forger, out, lambda ls: [line.replace('"status": "301"', '"status": "200"') for line in ls])


@forgery("index")
def index_with_another_time(forger: Forger, out: Path) -> None:
    _with_index(forger, out, lambda ls: [ls[0].replace(" 20261124", " 20251124"), *ls[1:]])


@forgery("index")
def index_with_another_record_digest(forger: Forger, out: Path) -> None:
    change = r'"recordDigest": "sha256:0000'
    _with_index(forger, out, lambda ls: [re.sub(r'"recordDigest": "sha256:....', change, ls[0]), *ls[1:]])


@forgery("index")
def index_that_is_no_index(forger: Forger, out: Path) -> None:
    _with_index(forger, out, lambda ls: ["<html>", *ls])


def _with_pages(forger: Forger, out: Path, old: str, new: str) -> None:
    entries = forger.entries()
    assert old.encode() in entries[PAGES]
    pages = entries[PAGES].decode().replace(old, new)
    write(out, forger.resealed(entries | {PAGES: pages.encode()}))


@forgery("pages")
def page_without_a_record(forger: Forger, out: Path) -> None:
    _with_pages(forger, out, "http://shop.example/", "http://bank.example/")


@forgery("pages")
def page_without_a_time(forger: Forger, out: Path) -> None:
    _with_pages(forger, out, '"ts": "2026', '"ts": "soon 2026')


@forgery("pages")
def page_list_without_its_first_line(forger: Forger, out: Path) -> None:
    _with_pages(forger, out, "json-pages-1.0", "jsonl")


def prepare(work: Path) -> tuple[Forger, Trust]:
    """Keys, authorities and honest captures; and the trust that a verifier has."""
    work.mkdir(parents=True, exist_ok=True)
    ca = issuer("Example domain CA")
    certify(work / "domain-keys", ca, DOMAIN)
    key, domain_key = SigningKey.load_or_make(work / "keys"), SigningKey.load_or_make(work / "domain-keys")
    root = make_authority(work / "tsa", "Example TSA")
    authority = Authority("example", "local", root.pem)
    at = datetime.now(UTC)
    unsigned = build(work / "records", work / "unsigned.wacz")
    honest = seal(unsigned, work / "honest.wacz", key=key, at=at).path
    stamped = work / "stamped.wacz"
    seal(
        unsigned,
        stamped,
        key=domain_key,
        at=at,
        authorities=[authority],
        ask=lambda _, q: respond(work / "tsa", q),
    )
    trust = Trust.of(key, (authority,))
    trust = replace(trust, keys=(*trust.keys, *Trust.of(domain_key).keys))
    return Forger(work, unsigned, honest, stamped, key, domain_key, ca, authority, at), trust


def make(folder: Path, work: Path) -> tuple[dict[str, str | None], Trust]:
    """Write every file to `folder`: name → the step that refuses it, or None for the honest."""
    forger, trust = prepare(work)
    folder.mkdir(parents=True, exist_ok=True)
    expected: dict[str, str | None] = {"honest-plain.wacz": None, "honest-time-stamped.wacz": None}
    shutil.copyfile(forger.honest, folder / "honest-plain.wacz")
    shutil.copyfile(forger.stamped, folder / "honest-time-stamped.wacz")
    write(folder / "honest-sealed-anew.wacz", forger.resealed(forger.entries()))
    _with_domain(forger, folder / "honest-sealed-by-hand.wacz")
    _beside(forger, folder / "honest-with-a-sidecar.wacz", _good_sidecar(forger))
    expected |= dict.fromkeys(p.name for p in sorted(folder.glob("honest-*.wacz")))
    for name, (step, forge) in FORGERIES.items():
        forge(forger, folder / f"{name}.wacz")
        expected[f"{name}.wacz"] = step
    return expected, trust


def _good_sidecar(forger: Forger) -> bytes:
    return respond(forger.work / "tsa", query(hashlib.sha256(forger.honest.read_bytes()).digest(), 7))


if __name__ == "__main__":
    target = Path(sys.argv[1])
    steps, known = make(target, target / ".work")
    (target / "expected.json").write_text(json.dumps(steps, indent=2) + "\n")
    (target / "trust.json").write_text(known.text())
