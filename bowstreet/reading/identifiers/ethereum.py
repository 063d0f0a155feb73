"""Ethereum addresses: forty hexadecimal digits, whose capitals are a checksum where there are any (EIP-55)."""

from __future__ import annotations

from Crypto.Hash import keccak

from bowstreet.reading.identifiers.kind import Kind


def validate(text: str) -> str | None:
    """The address with its checksum capitals."""
    digits = text[2:]
    right = "0x" + checksummed(digits.lower())
    plain = digits in (digits.lower(), digits.upper())
    return right if plain or "0x" + digits == right else None


def checksummed(digits: str) -> str:
    """Capitals where the digit of the hash is eight or more."""
    digest = keccak.new(digest_bits=256, data=digits.encode()).hexdigest()
    return "".join(c.upper() if int(h, 16) >= 8 else c for c, h in zip(digits, digest, strict=False))


KIND = Kind("ethereum", r"\b(0[xX][0-9a-fA-F]{40})\b", validate)
