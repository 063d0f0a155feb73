"""Verification of a seal: the signature data of a WACZ (wacz-auth 0.1.0), its certificate and time-stamps.

Each function is one step. It returns words for what it found, or raises EvidenceError with what is wrong.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from bowstreet.evidence.certificates import chain_of, path_fault, self_signed
from bowstreet.evidence.errors import BadArchive, BadKey, BadStamp
from bowstreet.evidence.pack import DIGEST, MANIFEST, Pack
from bowstreet.evidence.seal import WINDOW, file_digest
from bowstreet.evidence.signing import fingerprint, good, public_key
from bowstreet.evidence.timestamps import MAX_TOKEN, Token, check, own_roots, read
from bowstreet.evidence.trust import Trust

_BOTH = {"hash", "created", "software", "version", "signature"}
_ANONYMOUS = _BOTH | {"publicKey"}
_DOMAIN = _BOTH | {"domain", "domainCert", "timeSignature", "timestampCert"}
_HASH = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class Signed:
    """The signature data, read: who signed which manifest, when by their own clock, and the token's bytes."""

    hash: str
    created: datetime
    text: str
    signature: bytes
    key: ec.EllipticCurvePublicKey
    domain: str | None = None
    chain: tuple[x509.Certificate, ...] = ()
    token: bytes | None = None
    token_chain: str = ""

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the key that signed."""
        return fingerprint(self.key)


def check_digest(pack: Pack) -> Mapping[str, Any]:
    """`datapackage-digest.json` names the manifest, and its hash is the manifest's. Gives what it holds."""
    digest = pack.json(DIGEST)
    if not isinstance(digest, dict) or digest.get("path") != MANIFEST:
        raise BadArchive(f"{DIGEST} does not name {MANIFEST}")
    found = f"sha256:{hashlib.sha256(pack.read(MANIFEST)).hexdigest()}"
    if digest.get("hash") != found:
        raise BadArchive(f"{MANIFEST} is not what {DIGEST} says: its hash differs")
    if unknown := set(digest) - {"path", "hash", "signedData"}:
        raise BadArchive(f"{DIGEST} holds {sorted(unknown)[0]!r}, which has no meaning there")
    return digest


def read_signed(digest: Mapping[str, Any]) -> Signed:
    """The signature data in one of its two forms, strictly; BadArchive says how it is not."""
    data = digest.get("signedData")
    if data is None:
        raise BadArchive("the archive is not signed")
    if not isinstance(data, dict) or not all(isinstance(v, str) for v in data.values()):
        raise BadArchive("the signature data is not an object of texts")
    names = set(data) - {"crossSignedCert"}
    if names not in (_ANONYMOUS, _DOMAIN):
        odd = sorted(names ^ (_ANONYMOUS if "publicKey" in data else _DOMAIN))[0]
        raise BadArchive(f"the signature data is of neither form: see {odd!r}")
    if not _HASH.fullmatch(data["hash"]):
        raise BadArchive("the hash in the signature data is no SHA-256")
    form = _anonymous(data) if "publicKey" in data else _with_domain(data)
    signature = _base64(data["signature"], "signature")
    return Signed(data["hash"], _moment(data["created"]), data["signature"], signature, **form)


def _anonymous(data: Mapping[str, str]) -> dict[str, Any]:
    return {"key": public_key(_base64(data["publicKey"], "publicKey"))}


def _with_domain(data: Mapping[str, str]) -> dict[str, Any]:
    chain = tuple(chain_of(data["domainCert"]))
    key = chain[0].public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise BadKey("the certificate's key is not ECDSA")
    token = _base64(data["timeSignature"], "timeSignature")
    return {
        "key": key,
        "domain": data["domain"],
        "chain": chain,
        "token": token,
        "token_chain": data["timestampCert"],
    }


def _base64(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadArchive(f"{what} in the signature data is no base64") from None


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadArchive(f"the signature data was created at no time: {text[:40]!r}") from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def check_same_hash(signed: Signed, digest: Mapping[str, Any]) -> str:
    """What was signed is the hash of this very manifest."""
    if signed.hash != digest["hash"]:
        raise BadArchive("the signature is for another manifest: signedData.hash is not the digest's hash")
    return signed.hash


def check_signature(signed: Signed) -> str:
    """The signature is the key's, over the hash."""
    if not good(signed.key, signed.signature, signed.hash):
        raise BadArchive("the signature does not fit the key")
    return f"ECDSA by {signed.fingerprint}"


def check_certificate(signed: Signed) -> str:
    """The certificate names the domain, and its chain held when the archive was signed, up to its own end."""
    if not signed.domain:
        return "none: the signature carries a bare public key"
    ends = [c for c in signed.chain if self_signed(c)] or [signed.chain[-1]]
    fault = path_fault(signed.chain, ends, domain=signed.domain, at=signed.created)
    if fault:
        raise BadKey(fault)
    return f"for {signed.domain}, up to {ends[-1].subject.rfc4514_string()}"


def check_token(signed: Signed) -> str:
    """The token inside is of this signature, is whole, and was given within ten minutes of signing."""
    if signed.token is None:
        return "none inside the archive"
    token = read(signed.token)
    if token.imprint != hashlib.sha256(signed.text.encode()).digest():
        raise BadStamp("the time-stamp inside is of something else: its imprint differs")
    if not signed.created <= token.at <= signed.created + WINDOW:
        apart = token.at - signed.created
        raise BadStamp(
            f"the time-stamp inside was given {_span(apart)} after signing, not within ten minutes"
        )
    if roots := own_roots(token, signed.token_chain):
        check(signed.token, token.imprint, roots)
    return f"{token.at:%Y-%m-%d %H:%M:%SZ} by {token.signer}"


@dataclass(frozen=True)
class Times:
    """What trusted authorities say: the earliest time they give, and words for each stamp."""

    earliest: datetime | None
    words: tuple[str, ...]


def check_times(path: Path, signed: Signed, tokens: list[Path], trust: Trust) -> Times:
    """Every token, inside and beside, leads to an authority that is trusted. BadStamp names one that does not."""
    found: list[tuple[Token, str]] = []
    roots = trust.timestamp_roots
    if signed.token is not None:
        imprint = hashlib.sha256(signed.text.encode()).digest()
        found.append((_trusted(signed.token, imprint, roots, "inside the archive"), "inside"))
    digest = bytes.fromhex(file_digest(path)) if tokens else b""
    for place in tokens:
        if place.stat().st_size > MAX_TOKEN:
            raise BadStamp(f"{place.name} is too large to be a time-stamp")
        found.append((_trusted(place.read_bytes(), digest, roots, place.name), place.name))
    late = [
        f"{t.at:%Y-%m-%d %H:%M:%SZ} by {t.signer} ({w}, {_span(t.at - signed.created)} after)"
        for t, w in found
    ]
    return Times(min((t.at for t, _ in found), default=None), tuple(late))


def _trusted(data: bytes, imprint: bytes, roots: tuple[x509.Certificate, ...], where: str) -> Token:
    try:
        return check(data, imprint, roots)
    except BadStamp as error:
        who = ""
        with suppress(BadStamp):
            who = f", by {read(data).signer}"
        raise BadStamp(f"{where}{who}: {error}") from None


def check_signer(signed: Signed, trust: Trust, stamped: datetime | None) -> str:
    """The key is one that the verifier named, and was not revoked when the archive was sealed."""
    key = trust.key(signed.fingerprint)
    if key is None:
        return _by_certificate(signed, trust)
    name = f" ({key.name})" if key.name else ""
    if key.revoked is None:
        return f"{signed.fingerprint}{name}"
    if stamped is None:
        raise BadKey(
            f"the key{name} is revoked from {key.revoked:%Y-%m-%d %H:%M:%SZ}, and no trusted time-stamp shows "
            "that the archive is older"
        )
    if stamped >= key.revoked:
        raise BadKey(f"the key{name} was revoked on {key.revoked:%Y-%m-%d %H:%M:%SZ}, before the time-stamp")
    return f"{signed.fingerprint}{name}, before its revocation on {key.revoked:%Y-%m-%d %H:%M:%SZ}"


def _by_certificate(signed: Signed, trust: Trust) -> str:
    if not signed.domain or not trust.certificate_roots:
        raise BadKey(f"the archive is signed by a key that was not named as trusted: {signed.fingerprint}")
    fault = path_fault(signed.chain, trust.certificate_roots, domain=signed.domain, at=signed.created)
    if fault:
        raise BadKey(f"{fault}, and the key was not named as trusted: {signed.fingerprint}")
    return f"{signed.domain}, by a certificate that leads to a trusted root"


def _span(delay: timedelta) -> str:
    seconds = int(delay.total_seconds())
    for size, name in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if abs(seconds) >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{seconds} s"
