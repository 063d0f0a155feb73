"""Base58Check: a payload with the first four bytes of its double SHA-256 after it (Bitcoin wiki, BIP-13)."""

from __future__ import annotations

import hashlib

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}


def payload(text: str) -> bytes | None:
    """Version and hash, or None where the checksum is wrong."""
    number = 0
    for letter in text:
        if letter not in _VALUES:
            return None
        number = number * 58 + _VALUES[letter]
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    raw = b"\0" * (len(text) - len(text.lstrip("1"))) + raw
    body, check = raw[:-4], raw[-4:]
    right = hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4]
    return body if len(raw) > 4 and check == right else None
