"""The OCSP answer that a site staples to its handshake: what it says of the certificate, and who said so (RFC 6960)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID


@dataclass(frozen=True)
class Staple:
    """`status` is good, revoked, unknown or unreadable. `signed` says whether the certificate's own authority signed
    it, itself or by a responder of its own; an answer that it did not sign says nothing."""

    status: str
    signed: bool = False
    at: datetime | None = None  # the time for which it speaks
    until: datetime | None = None
    revoked: datetime | None = None
    reason: str | None = None

    def holds(self, at: datetime) -> bool:
        """Does it speak for this moment?"""
        return (
            self.signed and self.at is not None and self.at <= at and (self.until is None or at <= self.until)
        )


def staple(answer: bytes, leaf: x509.Certificate, issuer: x509.Certificate | None) -> Staple:
    """Read an answer (DER) about `leaf`, which `issuer` has issued."""
    try:
        response = ocsp.load_der_ocsp_response(answer)
        single = next((one for one in response.responses if one.serial_number == leaf.serial_number), None)
    except (ValueError, UnsupportedAlgorithm):
        return Staple("unreadable")
    if single is None:
        return Staple("unreadable")
    return Staple(
        single.certificate_status.name.lower(),
        issuer is not None and _signed(response, issuer),
        single.this_update_utc,
        single.next_update_utc,
        single.revocation_time_utc,
        single.revocation_reason.value if single.revocation_reason else None,
    )


def _signed(response: ocsp.OCSPResponse, issuer: x509.Certificate) -> bool:
    return any(
        _verifies(response, signer) for signer in (issuer, *response.certificates) if _may(signer, issuer)
    )


def _may(signer: x509.Certificate, issuer: x509.Certificate) -> bool:
    """The authority itself, or whom it named to answer (section 4.2.2.2)."""
    if signer == issuer:
        return True
    try:
        signer.verify_directly_issued_by(issuer)
        usage = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (InvalidSignature, ValueError, TypeError, x509.ExtensionNotFound):
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in usage


def _verifies(response: ocsp.OCSPResponse, signer: x509.Certificate) -> bool:
    key, digest = signer.public_key(), response.signature_hash_algorithm
    try:
        if isinstance(key, ec.EllipticCurvePublicKey) and digest:
            key.verify(response.signature, response.tbs_response_bytes, ec.ECDSA(digest))
        elif isinstance(key, rsa.RSAPublicKey) and digest:
            key.verify(response.signature, response.tbs_response_bytes, padding.PKCS1v15(), digest)
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm):
        return False
    return True
