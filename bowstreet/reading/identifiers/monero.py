"""Monero addresses: standard (4…, 95 characters), integrated (4…, 106) and subaddresses (8…, 95).

Those of the stage and test networks are told as well, where their checksum is right.
"""

from __future__ import annotations

from Crypto.Hash import keccak

from bowstreet.reading.identifiers import base58
from bowstreet.reading.identifiers.kind import Kind, NotOne

#: Monero's Base58 works in blocks: 11 letters for 8 bytes, and these for the rest.
_SIZES = {11: 8, 10: 7, 9: 6, 7: 5, 6: 4, 5: 3, 3: 2, 2: 1}
#: standard, integrated, subaddress → length in bytes, on the main, stage and test networks
_MAIN = {18: 69, 19: 77, 42: 69}
_NETWORKS = _MAIN | {24: 69, 25: 77, 36: 69, 53: 69, 54: 77, 63: 69}


def validate(text: str) -> str | None:
    """The address as written."""
    if len(text) not in (95, 106) or text[0] not in "4857AB9":
        raise NotOne
    raw = _decoded(text)
    good = (
        raw is not None
        and _NETWORKS.get(raw[0]) == len(raw)
        and keccak.new(digest_bits=256, data=raw[:-4]).digest()[:4] == raw[-4:]
    )
    if not good and (text[0] not in "48" or not base58.looks_random(text)):
        raise NotOne
    return text if good else None


def _decoded(text: str) -> bytes | None:
    raw = b""
    for at in range(0, len(text), 11):
        block = text[at : at + 11]
        number = 0
        for letter in block:
            if (value := base58.ALPHABET.find(letter)) < 0:
                return None
            number = number * 58 + value
        size = _SIZES.get(len(block), 0)
        if not size or number >> (8 * size):
            return None
        raw += number.to_bytes(size, "big")
    return raw


KIND = Kind("monero", base58.RUN, validate)
