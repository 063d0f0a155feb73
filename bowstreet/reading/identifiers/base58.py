"""Base58Check: a payload with the first four bytes of its double SHA-256 after it (Bitcoin wiki, BIP-13)."""

from __future__ import annotations

import hashlib

from bowstreet.reading.identifiers.kind import Dense, NotOne

#: Runs of letters and digits as long as an address, and the shortest witness programs: one pass, shared by every coin.
RUN = Dense(r"[0-9A-Za-z]{25,}|\b(?i:bc|tb|ltc)1[0-9A-Za-z]{6,24}\b")
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
RIPPLE = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"


def payload(text: str, alphabet: str = ALPHABET) -> bytes | None:
    """Version and hash, or None where the checksum is wrong."""
    number = 0
    for letter in text:
        value = alphabet.find(letter)
        if value < 0:
            return None
        number = number * 58 + value
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    raw = b"\0" * (len(text) - len(text.lstrip(alphabet[0]))) + raw
    body, check = raw[:-4], raw[-4:]
    right = hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4]
    return body if len(raw) > 4 and check == right else None


def address(
    text: str, versions: tuple[bytes, ...], lengths: tuple[int, int], alphabet: str = ALPHABET
) -> str | None:
    """The address, if its version is one of these and its hash has 20 bytes; None where only the checksum is wrong.

    Without its checksum a run of letters and digits is a guess: it "looks like" one only at an address's length, with
    capitals, small letters and digits.
    """
    body = payload(text, alphabet) if len(text) <= lengths[1] else None
    if body is not None:
        if any(body.startswith(version) and len(body) == len(version) + 20 for version in versions):
            return text
        raise NotOne
    if len(text) < lengths[0] or len(text) > lengths[1] or not looks_random(text[1:]):
        raise NotOne
    return None


def looks_random(text: str) -> bool:
    """Has it capitals, small letters and digits?"""
    return text.upper() != text != text.lower() and any(c.isdigit() for c in text)
