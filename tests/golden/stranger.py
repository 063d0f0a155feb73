"""A second verifier, which follows docs/formats/evidence-pack.md step by step and shares no line with ours.

    refused = judge(path, trust_json)          # None, or the step that failed

It stops at the first step that fails. Time-stamps are left to `openssl ts`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
import subprocess
import tempfile
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import PolicyBuilder, Store

Entry = dict[str, Any]
MANIFEST, DIGEST = "datapackage.json", "datapackage-digest.json"
FORMS = (
    {"hash", "created", "software", "version", "signature", "publicKey"},
    {"hash", "created", "software", "version", "signature", "domain", "domainCert", "timeSignature", "timestampCert"},
)  # fmt: skip


class Refused(Exception):
    """A step failed."""


def must(holds: object, why: str = "") -> None:
    if not holds:
        raise Refused(why)


def judge(path: Path, trust: dict[str, Any]) -> str | None:
    """The name of the first step that fails, or None."""
    pack = Stranger(path, trust)
    steps: list[Callable[[], None]] = [
        pack.container, pack.names, pack.entries, pack.layout, pack.manifest, pack.resources, pack.unlisted, pack.digest,
        pack.signed_data, pack.same_hash, pack.signature, pack.certificate, pack.records, pack.index, pack.pages,
        pack.time_stamp, pack.time, pack.signer,
    ]  # fmt: skip
    for step in steps:
        try:
            step()
        except Exception as error:  # noqa: BLE001 - whatever a parser says of hostile bytes is a refusal
            pack.why = repr(error)
            return step.__name__.replace("_", "-")
    return None


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    must(len(dict(pairs)) == len(pairs), "a property is named twice")
    return dict(pairs)


def moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


class Stranger:
    def __init__(self, path: Path, trust: dict[str, Any]) -> None:
        self.path, self.trust, self.data = path, trust, path.read_bytes()
        self.files: dict[str, Entry] = {}
        self.why = ""

    # 1 to 3: the ZIP file
    def container(self) -> None:
        data, end = self.data, len(self.data) - 22
        must(end >= 0 and data[end : end + 4] == b"PK\5\6" and data[-2:] == b"\0\0", "no end record")
        disk, first, here, total, size, start = struct.unpack("<4H2L", data[end + 4 : end + 20])
        must((disk, first) == (0, 0) and here == total and start + size == end)
        at, listed = start, []
        while at < end:
            must(data[at : at + 4] == b"PK\1\2")
            flags, method, _, _, crc, packed, plain = struct.unpack("<4H3L", data[at + 8 : at + 28])
            n, extra, comment = struct.unpack("<3H", data[at + 28 : at + 34])
            external, offset = struct.unpack("<2L", data[at + 38 : at + 46])
            name = data[at + 46 : at + 46 + n].decode("utf-8" if flags & 0x800 else "cp437")
            listed.append({"name": name, "flags": flags, "method": method, "crc": crc, "packed": packed, "plain": plain,
                           "offset": offset, "mode": external >> 16})  # fmt: skip
            at += 46 + n + extra + comment
        must(at == end and len(listed) == total)
        self.listed = listed
        at = 0
        for one in sorted(listed, key=lambda e: int(e["offset"])):
            must(
                one["offset"] == at and data[at : at + 4] == b"PK\3\4", f"gap or overlap before {one['name']}"
            )
            flags, method, _, _, crc, packed, plain, n, extra = struct.unpack(
                "<4H3L2H", data[at + 6 : at + 30]
            )
            must(data[at + 30 : at + 30 + n].decode("utf-8" if flags & 0x800 else "cp437") == one["name"])
            must(method == one["method"] and not (flags ^ one["flags"]) & 1)
            if not flags & 8:
                must((crc, packed, plain) == (one["crc"], one["packed"], one["plain"]))
            one["start"] = at + 30 + n + extra
            at = one["start"] + one["packed"]
            if flags & 8:
                told = struct.pack("<3L", one["crc"], one["packed"], one["plain"])
                at += next(len(m) for m in (b"PK\7\x08" + told, told) if data[at : at + len(m)] == m)
        must(at == start, "bytes before the directory")

    def names(self) -> None:
        seen = [e["name"].casefold() for e in self.listed]
        must(len(set(seen)) == len(seen), "a name twice")
        for e in self.listed:
            parts = e["name"].removesuffix("/").split("/")
            must(not re.search(r"\\|^[A-Za-z]:|[\0-\x1f]", e["name"]) and not {"", ".", ".."} & set(parts))

    def entries(self) -> None:
        for e in self.listed:
            must(not e["flags"] & 1 and e["method"] in (0, 8))
            must(e["mode"] & 0o170000 in (0, 0o100000, 0o040000), "a link or a device")
            must(e["plain"] <= 10 << 20 or e["plain"] <= 200 * max(1, e["packed"]))
        self.files = {e["name"]: e for e in self.listed if not e["name"].endswith("/")}

    def read(self, name: str) -> bytes:
        e = self.files[name]
        raw = self.data[e["start"] : e["start"] + e["packed"]]
        if e["method"] == 8:
            stream = zlib.decompressobj(-15)
            raw = stream.decompress(raw, e["plain"] + 1)
            must(stream.eof or len(raw) > e["plain"])
        must(len(raw) == e["plain"] and zlib.crc32(raw) == e["crc"], f"{name} is not what the ZIP file says")
        return raw

    def json(self, name: str) -> Any:
        return json.loads(self.read(name).decode(), object_pairs_hook=once)

    # 4 to 7: WACZ
    def layout(self) -> None:
        self.warcs = [n for n in self.files if re.fullmatch(r"archive/[^/]+\.warc(\.gz)?", n)]
        must(self.warcs and "pages/pages.jsonl" in self.files)
        for name, e in self.files.items():
            folder, _, rest = name.partition("/")
            kind = {
                "archive": r".+\.warc(\.gz)?",
                "indexes": r".+\.(cdxj?|cdx\.gz|idx)",
                "pages": r".+\.jsonl",
            }.get(folder)
            must(not rest or kind is None or re.fullmatch(kind, rest), f"{name} has no place there")
            must(e["method"] == 0 or (folder != "archive" and not name.endswith(".cdx.gz")))

    def manifest(self) -> None:
        found = self.json(MANIFEST)
        must(found["profile"] == "data-package" and found["wacz_version"].startswith("1."))
        self.resource = {}
        for item in found["resources"]:
            must(re.fullmatch(r"sha256:[0-9a-f]{64}", item["hash"]) and isinstance(item["bytes"], int))
            must(item["path"] not in self.resource, "listed twice")
            self.resource[item["path"]] = item
        must(self.resource)

    def resources(self) -> None:
        for path, item in self.resource.items():
            data = self.read(path)
            must(len(data) == item["bytes"] and f"sha256:{hashlib.sha256(data).hexdigest()}" == item["hash"])

    def unlisted(self) -> None:
        must(set(self.files) <= {*self.resource, MANIFEST, DIGEST})

    # 8 to 12: the seal
    def digest(self) -> None:
        self.seal = self.json(DIGEST)
        must(self.seal["path"] == MANIFEST and set(self.seal) <= {"path", "hash", "signedData"})
        must(self.seal["hash"] == f"sha256:{hashlib.sha256(self.read(MANIFEST)).hexdigest()}")

    def signed_data(self) -> None:
        s = self.signed = self.seal["signedData"]
        must(set(s) - {"crossSignedCert"} in FORMS and all(isinstance(v, str) for v in s.values()))
        must(re.fullmatch(r"sha256:[0-9a-f]{64}", s["hash"]))
        self.created = moment(s["created"])
        base64.b64decode(s["signature"], validate=True)
        if "domain" in s:
            self.chain = x509.load_pem_x509_certificates(s["domainCert"].encode())
            self.key = self.chain[0].public_key()
            base64.b64decode(s["timeSignature"], validate=True)
        else:
            self.key = serialization.load_der_public_key(base64.b64decode(s["publicKey"], validate=True))
        must(isinstance(self.key, ec.EllipticCurvePublicKey))

    def same_hash(self) -> None:
        must(self.signed["hash"] == self.seal["hash"])

    def signature(self) -> None:
        try:
            self.key.verify(
                base64.b64decode(self.signed["signature"]),
                self.signed["hash"].encode(),
                ec.ECDSA(hashes.SHA256()),
            )
        except InvalidSignature:
            raise Refused("the signature does not fit") from None

    def certificate(self, roots: list[x509.Certificate] | None = None) -> None:
        if "domain" not in self.signed:
            return
        leaf, at = self.chain[0], self.created.astimezone(UTC)
        must(leaf.not_valid_before_utc <= at <= leaf.not_valid_after_utc, "not valid at signing")
        usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        must(ExtendedKeyUsageOID.SERVER_AUTH in usage)
        ends = roots or [c for c in self.chain if c.issuer == c.subject] or [self.chain[-1]]
        policy = PolicyBuilder().store(Store(ends)).time(at.replace(tzinfo=None))
        policy.build_server_verifier(x509.DNSName(self.signed["domain"])).verify(leaf, self.chain[1:])

    # 13 to 15: what is held
    def members(self, name: str) -> Iterator[tuple[int, int, bytes]]:
        data, at = self.read(name), 0
        while at < len(data):
            stream = zlib.decompressobj(31)
            text = stream.decompress(data[at:])
            must(stream.eof, "a record is cut short")
            length = len(data) - at - len(stream.unused_data)
            yield at, length, text
            at += length

    def records(self) -> None:
        self.held: dict[tuple[str, int], Entry] = {}
        for name in self.warcs:
            for offset, length, text in self.members(name):
                head, _, rest = text.partition(b"\r\n\r\n")
                must(re.match(rb"WARC/1\.[01]\r\n", head), "no record begins here")
                fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
                block, end = rest[: int(fields["Content-Length"])], rest[int(fields["Content-Length"]) :]
                must(
                    len(block) == int(fields["Content-Length"]) and end == b"\r\n\r\n",
                    "a block is not as long as it says",
                )
                must(fields["WARC-Type"] and fields["WARC-Record-ID"])
                moment(fields["WARC-Date"])
                self.same(fields.get("WARC-Block-Digest"), block)
                http = fields.get("Content-Type", "").startswith("application/http")
                first, _, body = block.partition(b"\r\n\r\n") if http else (b"", b"", block)
                if fields["WARC-Type"] != "revisit" and b"transfer-encoding" not in first.lower():
                    self.same(fields.get("WARC-Payload-Digest"), body)
                status = first.split(b" ")[1].decode() if first.startswith(b"HTTP/") else None
                self.held[name.rsplit("/", 1)[-1], offset] = {**fields, "length": length, "status": status}
        must(self.held)

    def same(self, told: str | None, data: bytes) -> None:
        if told and told.startswith("sha256:"):
            must(told == f"sha256:{hashlib.sha256(data).hexdigest()}", "a digest differs")

    def index(self) -> None:
        seen, found = set(), [n for n in self.files if re.fullmatch(r"indexes/.+\.cdxj?", n)]
        must(found)
        for name in found:
            lines = self.read(name).splitlines()
            must(lines == sorted(lines), "not in order")
            for line in lines:
                match = re.fullmatch(r"(\S+) (\d{14}|\d{17}) (\{.*\})", line.decode())
                must(match)
                told = json.loads(match[3])  # type: ignore[index]
                place = told["filename"], int(told["offset"])
                record = self.held[place]
                seen.add(place)
                must(told["url"] == record["WARC-Target-URI"] and int(told["length"]) == record["length"])
                at = moment(record["WARC-Date"]).astimezone(UTC)
                must(match[2][:14] == f"{at:%Y%m%d%H%M%S}")  # type: ignore[index]
                if record["WARC-Type"] == "response" and "status" in told:
                    must(str(told["status"]) == record["status"])
                if "WARC-Payload-Digest" in record:
                    must(told["digest"] == record["WARC-Payload-Digest"])
                if "recordDigest" in told:
                    raw = self.read(f"archive/{place[0]}")[place[1] : place[1] + record["length"]]
                    self.same(told["recordDigest"], raw)
        must(
            not [p for p, r in self.held.items() if r["WARC-Type"] == "response" and p not in seen],
            "left out",
        )

    def pages(self) -> None:
        held = {r.get("WARC-Target-URI") for r in self.held.values()}
        first, *rest = map(json.loads, self.read("pages/pages.jsonl").splitlines())
        must(first["format"].startswith("json-pages-1."))
        for page in rest:
            moment(page["ts"])
            must(page["url"] in held, "a page without a record")

    # 16 to 18: time, and whom to trust
    def stamp(self, token: bytes, imprint: bytes, roots: str) -> datetime:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "t").write_bytes(token)
            (folder / "ca").write_text(roots)
            text = subprocess.run(
                ["openssl", "ts", "-reply", "-in", folder / "t", "-text"], capture_output=True, text=True
            )
            at = re.search(r"Time stamp: (.+) GMT", text.stdout)
            must(at, "no time-stamp")
            when = datetime.strptime(at[1], "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)  # type: ignore[index]
            verify = ["openssl", "ts", "-verify", "-digest", imprint.hex(), "-in", folder / "t", "-CAfile", folder / "ca",
                      "-attime", str(int(when.timestamp()))]  # fmt: skip
            must(subprocess.run(verify, capture_output=True).returncode == 0, "the token does not hold")
            return when

    def time_stamp(self) -> None:
        if "timeSignature" in self.signed:
            at = self.stamp(
                self.inside,
                hashlib.sha256(self.signed["signature"].encode()).digest(),
                self.signed["timestampCert"],
            )
            must(self.created <= at <= self.created + timedelta(minutes=10), "not within ten minutes")

    @property
    def inside(self) -> bytes:
        return base64.b64decode(self.signed["timeSignature"])

    def time(self) -> None:
        roots, self.times = "".join(self.trust["timestamp_roots"]), []
        if "timeSignature" in self.signed:
            self.times.append(
                self.stamp(self.inside, hashlib.sha256(self.signed["signature"].encode()).digest(), roots)
            )
        for token in self.path.parent.glob(f"{self.path.name}.*.tsr"):
            self.times.append(self.stamp(token.read_bytes(), hashlib.sha256(self.data).digest(), roots))

    def signer(self) -> None:
        der = self.key.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        mark = f"sha256:{hashlib.sha256(der).hexdigest()}"
        named = next((k for k in self.trust["keys"] if k["fingerprint"] == mark), None)
        if named is None:
            must("domain" in self.signed and self.trust["certificate_roots"], "an unknown key")
            self.certificate(
                [x509.load_pem_x509_certificate(pem.encode()) for pem in self.trust["certificate_roots"]]
            )
        elif "revoked" in named:
            must(self.times and min(self.times) < moment(named["revoked"]), "revoked")
