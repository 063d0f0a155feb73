"""RFC 3161 time-stamps. Only a digest ever leaves; the network is handed in as `ask(url, request) → response`.

    stamp = request(authority, digest, ask=ask)        # checked on arrival: nonce, imprint, path, purpose
    check(token, digest, roots)                        # later, by anyone, offline

`openssl ts -verify -digest HEX -in FILE.tsr -CAfile CA.pem` says the same.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from rfc3161_client import TimeStampResponse, VerifierBuilder, decode_timestamp_response

from bowstreet.evidence.certificates import chain_of, self_signed
from bowstreet.evidence.der import sorted_certificates
from bowstreet.evidence.errors import BadStamp, native

MAX_TOKEN = 1 << 17
SHA256 = bytes.fromhex("300d06096086480165030402010500")  # AlgorithmIdentifier: sha256, NULL
SHA256_OID = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")

Ask = Callable[[str, bytes], bytes]


@dataclass(frozen=True)
class Authority:
    """A time-stamping authority: a short name (a–z, 0–9, hyphen), where it answers, its roots (PEM), and the
    policy (an object identifier) to be asked for, if one is."""

    name: str
    url: str
    roots: str
    policy: str | None = None

    def __post_init__(self) -> None:
        if not self.name or not set(self.name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-"):
            raise BadStamp(f"an authority's name is of a–z, 0–9 and hyphen: not {self.name!r}")
        chain_of(self.roots)
        if self.policy is not None:
            _policy(self.policy)

    @property
    def subjects(self) -> list[str]:
        """Whose certificates its stamps lead to."""
        return [root.subject.rfc4514_string() for root in chain_of(self.roots)]


@dataclass(frozen=True)
class Token:
    """A time-stamp as read: not yet proof of anything."""

    response: TimeStampResponse
    at: datetime
    imprint: bytes
    certificates: tuple[x509.Certificate, ...]

    @property
    def signer(self) -> str:
        """Who says so: the subject of the certificate that signed, or what the token holds."""
        leaves = [c for c in self.certificates if not self_signed(c)] or list(self.certificates)
        return leaves[0].subject.rfc4514_string() if leaves else "an authority that it does not name"


@dataclass(frozen=True)
class Stamp:
    """A time-stamp obtained: which authority, the time it gives, the response's bytes (DER)."""

    authority: str
    at: datetime
    response: bytes


def request(authority: Authority, digest: bytes, *, ask: Ask) -> Stamp:
    """Have a SHA-256 digest stamped. BadStamp where no answer comes, or it is not good."""
    nonce = secrets.randbits(63) | (1 << 62)
    try:
        answer = ask(authority.url, query(digest, nonce, authority.policy))
    except OSError as error:
        raise BadStamp(f"{authority.name} did not answer: {error}") from None
    token = check(answer, digest, chain_of(authority.roots))
    if token.response.tst_info.nonce != nonce:
        raise BadStamp(f"{authority.name} answered another request (nonce)")
    if authority.policy and token.response.tst_info.policy.dotted_string != authority.policy:
        raise BadStamp(f"{authority.name} stamped under another policy than was asked for")
    return Stamp(authority.name, token.at, answer)


def query(digest: bytes, nonce: int, policy: str | None = None) -> bytes:
    """A TimeStampReq in DER: version 1, SHA-256 imprint, policy, nonce, certificate wanted (RFC 3161, 2.4.1)."""
    imprint = _der(0x30, SHA256 + _der(0x04, digest))
    number = _der(0x02, nonce.to_bytes(nonce.bit_length() // 8 + 1, "big"))
    return _der(0x30, b"\x02\x01\x01" + imprint + _policy(policy) + number + b"\x01\x01\xff")


def _policy(dotted: str | None) -> bytes:
    """A policy as an OBJECT IDENTIFIER in DER (X.690, 8.19); nothing for none."""
    if dotted is None:
        return b""
    try:
        first, second, *rest = map(int, dotted.split("."))
        x509.ObjectIdentifier(dotted)
        body = b"".join(map(_base128, (40 * first + second, *rest)))
    except ValueError:
        body = b""
    if not 0 < len(body) <= 24:
        raise BadStamp(f"a policy is a dotted number such as 1.2.3.4, not {dotted[:60]!r}")
    return _der(0x06, body)


def _base128(number: int) -> bytes:
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))


def _der(tag: int, body: bytes) -> bytes:
    return bytes([tag, len(body)]) + body  # everything in a request is under 128 bytes


def read(data: bytes) -> Token:
    """Parse a TimeStampResp; BadStamp where it is none, or was refused."""
    if len(data) > MAX_TOKEN:
        raise BadStamp("a time-stamp token is too large")
    with native(BadStamp, "a time-stamp token cannot be read"):
        response = decode_timestamp_response(sorted_certificates(data))
        if response.status != 0:
            raise BadStamp("the authority did not grant a time-stamp")
        info = response.tst_info
        if info.message_imprint.hash_algorithm != SHA256_OID:
            raise BadStamp("the time-stamp's imprint is not SHA-256")
        ders = sorted(response.signed_data.certificates)
        certificates = tuple(x509.load_der_x509_certificate(der) for der in ders)
        return Token(response, _utc(info.gen_time), bytes(info.message_imprint.message), certificates)


def check(data: bytes, digest: bytes, roots: Sequence[x509.Certificate]) -> Token:
    """Parse a token and verify all of it: imprint, signature, path to one of `roots` at its own time, purpose."""
    token = read(data)
    if token.imprint != digest:
        raise BadStamp("the time-stamp is of something else: its imprint differs")
    if not roots:
        raise BadStamp("no authority's root certificate is at hand")
    with native(BadStamp, "the time-stamp does not hold"):
        VerifierBuilder(roots=_distinct(roots)).build().verify(token.response, digest)
    return token


def own_roots(token: Token, pem: str = "") -> list[x509.Certificate]:
    """The self-signed certificates that come with a token: enough to see that it is whole, not whom to trust."""
    extra = chain_of(pem) if pem else []
    return _distinct([c for c in (*token.certificates, *extra) if self_signed(c)])


def _distinct(certificates: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    return list({c.public_bytes(Encoding.DER): c for c in certificates}.values())


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
