"""What is wrong with a site's certificates, from the very connection that carried them.

    faults(chain, "shop.example", at, stapled=answer)      →  ("expired",)

Whether an authority is one that browsers trust is the browser's to say (`verdict.py`): nothing here knows any roots.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from bowstreet.capture.wire.staple import Staple, staple

#: fault → as a person reads it. Browsers build a chain from what they are given in any order, so order is no fault.
FAULTS = {
    "expired": "the certificate has expired",
    "not-yet-valid": "the certificate is not valid yet",
    "wrong-name": "the certificate is for another name",
    "self-signed": "the certificate is signed by its own key alone",
    "revoked": "the authority says that the certificate is revoked",
    "unreadable": "the certificate cannot be read",
    "untrusted": "the browser does not trust the certificate",
    "bad-signature": "the handshake was not signed by the certificate's key",
    "bad-finished": "the handshake is not the one that both sides finished",
}

#: What the browser does not look at, or cannot know of: the tape tells.
BEYOND_THE_BROWSER = ("revoked", "bad-signature", "bad-finished")


def faults(
    chain: Sequence[bytes], host: str, at: datetime, *, stapled: bytes | None = None
) -> tuple[str, ...]:
    """Every fault of a chain (DER, the site's own first) for a host at a time; names as in FAULTS."""
    if not chain:
        return ()
    try:
        certificates = [x509.load_der_x509_certificate(der) for der in chain]
        leaf = certificates[0]
        found = [
            ("expired", at > leaf.not_valid_after_utc),
            ("not-yet-valid", at < leaf.not_valid_before_utc),
            ("wrong-name", not _names(leaf, host)),
            ("self-signed", _issued(leaf, leaf)),
        ]
    except (ValueError, UnsupportedAlgorithm):
        return ("unreadable",)
    answer = _staple(certificates, stapled)
    found.append(("revoked", bool(answer and answer.status == "revoked" and answer.signed)))
    return tuple(name for name, holds in found if holds)


def stapled_answer(chain: Sequence[bytes], stapled: bytes | None) -> Staple | None:
    """What the stapled OCSP answer says, where there is one."""
    try:
        return _staple([x509.load_der_x509_certificate(der) for der in chain], stapled)
    except ValueError:
        return None


def _staple(certificates: list[x509.Certificate], stapled: bytes | None) -> Staple | None:
    if not stapled or not certificates:
        return None
    leaf, *others = certificates  # in whatever order: browsers do not mind
    return staple(stapled, leaf, next((one for one in others if _issued(leaf, one)), None))


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _names(leaf: x509.Certificate, host: str) -> bool:
    """Is it for this host? Subject alternative names only, as browsers do (RFC 9525)."""
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return False
    try:
        return ipaddress.ip_address(host.strip("[]")) in names.get_values_for_type(x509.IPAddress)
    except ValueError:
        name = host.lower().rstrip(".")
    told = {one.lower() for one in names.get_values_for_type(x509.DNSName)}
    return name in told or ("." in name and "*." + name.partition(".")[2] in told)
