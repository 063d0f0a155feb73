"""Ethereum addresses: forty hexadecimal digits, whose capitals are a checksum where there are any (EIP-55)."""

from __future__ import annotations

from Crypto.Hash import keccak

from bowstreet.reading.identifiers import base58
from bowstreet.reading.identifiers.kind import Kind, NotOne, not_behind

_HEX = frozenset("0123456789abcdefABCDEF")


def validate(text: str) -> str | None:
    """The address with its checksum capitals."""
    if len(text) != 42 or text[:2] not in ("0x", "0X"):
        raise NotOne
    digits = text[2:]
    if not _HEX.issuperset(digits):
        return None
    right = "0x" + checksummed(digits.lower())
    plain = digits in (digits.lower(), digits.upper())
    return right if plain or "0x" + digits == right else None


def checksummed(digits: str) -> str:
    """Capitals where the digit of the hash is eight or more."""
    digest = keccak.new(digest_bits=256, data=digits.encode()).hexdigest()
    return "".join(c.upper() if int(h, 16) >= 8 else c for c, h in zip(digits, digest, strict=False))


#: 0x before a fingerprint
_KEY = not_behind(
    r"\b(?:pgp|gpg|openpgp|fingerprint|fpr)(?:[ ](?:key|fingerprint|fpr|id)){0,2}[ \t:=#]{0,4}\Z"
)
KIND = Kind("ethereum", base58.RUN, validate, _KEY)
