"""Monero addresses: standard (4…, 95 characters), integrated (4…, 106) and subaddresses (8…, 95)."""

from __future__ import annotations

from Crypto.Hash import keccak

from bowstreet.reading.identifiers.kind import Kind

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
#: Monero's Base58 works in blocks: 11 letters for 8 bytes, and these for the rest.
_SIZES = {11: 8, 10: 7, 9: 6, 7: 5, 6: 4, 5: 3, 3: 2, 2: 1}
_NETWORKS = {18: 69, 19: 77, 42: 69}  # main network: standard, integrated, subaddress → length in bytes


def validate(text: str) -> str | None:
    """The address as written."""
    raw = b""
    for at in range(0, len(text), 11):
        block = text[at : at + 11]
        number = 0
        for letter in block:
            number = number * 58 + _VALUES[letter]
        size = _SIZES.get(len(block), 0)
        if not size or number >> (8 * size):
            return None
        raw += number.to_bytes(size, "big")
    body, check = raw[:-4], raw[-4:]
    good = keccak.new(digest_bits=256, data=body).digest()[:4] == check and _NETWORKS.get(raw[0]) == len(raw)
    return text if good else None


KIND = Kind("monero", r"\b([48][1-9A-HJ-NP-Za-km-z]{94}(?:[1-9A-HJ-NP-Za-km-z]{11})?)\b", validate)
