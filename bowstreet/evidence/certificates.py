"""X.509: reading certificates, and whether a chain leads from a leaf to a root (RFC 5280).

path_fault(leaf, chain, roots, domain="evidence.example", at=signed)   # None, or what is wrong
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from bowstreet.evidence.errors import BadKey, native

MAX_CHAIN = 16
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")


def chain_of(pem: str) -> list[x509.Certificate]:
    """Every certificate in a PEM text, in order; BadKey where there is none, or one cannot be read."""
    blocks = _PEM.findall(pem)
    if not 0 < len(blocks) <= MAX_CHAIN:
        raise BadKey(f"there are {len(blocks)} certificates where 1 to {MAX_CHAIN} should be")
    with native(BadKey, "a certificate cannot be read"):
        return [x509.load_pem_x509_certificate(block.encode()) for block in blocks]


def domains(certificate: x509.Certificate) -> list[str]:
    """The DNS names that a certificate is for."""
    with native(BadKey, "the certificate's names cannot be read"):
        try:
            names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except x509.ExtensionNotFound:
            return []
        return names.get_values_for_type(x509.DNSName)


def self_signed(certificate: x509.Certificate) -> bool:
    """Whether a certificate names itself as its issuer."""
    return certificate.issuer == certificate.subject


def path_fault(
    chain: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    *,
    domain: str,
    at: datetime,
) -> str | None:
    """What keeps `chain` (leaf first) from leading to one of `roots` at the time `at`; None where it does.

    Names, dates, basic constraints, key usage and signatures are checked as a web client would.
    """
    with native(BadKey, "the certificate cannot be read"):
        return (
            _dates_fault(chain[0], at)
            or _leaf_fault(chain[0], domain)
            or _chain_fault(chain, roots, domain, at)
        )


def _dates_fault(leaf: x509.Certificate, at: datetime) -> str | None:
    start, end = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    if start <= at <= end:
        return None
    return f"the certificate was not valid at {at:%Y-%m-%d %H:%M:%SZ}: it runs from {start:%Y-%m-%d} to {end:%Y-%m-%d}"


def _leaf_fault(leaf: x509.Certificate, domain: str) -> str | None:
    if domain not in domains(leaf):
        return f"the certificate is not for {domain}"
    try:
        usages = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return None
    return (
        None
        if ExtendedKeyUsageOID.SERVER_AUTH in usages
        else "the certificate is for another use (extended key usage)"
    )


def _chain_fault(
    chain: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], domain: str, at: datetime
) -> str | None:
    try:
        policy = PolicyBuilder().store(Store(list(roots))).time(at.replace(tzinfo=None))
        policy.build_server_verifier(x509.DNSName(domain)).verify(chain[0], list(chain[1:]))
    except VerificationError as error:
        return f"the certificate does not lead to a root: {str(error).removeprefix('validation failed: ')}"
    return None
