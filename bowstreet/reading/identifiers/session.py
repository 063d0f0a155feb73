"""Session IDs: 05 and an X25519 public key in hexadecimal digits.

The key comes from an Ed25519 key (Session protocol), so it is a point of Curve25519 itself: of 32 bytes at random, half
are not (RFC 7748 section 4.1: v² = u³ + 486662u² + u).
"""

from __future__ import annotations

from bowstreet.reading.identifiers import base58
from bowstreet.reading.identifiers.kind import Kind, NotOne

_P = 2**255 - 19
_HEX = frozenset("0123456789abcdefABCDEF")


def validate(text: str) -> str | None:
    """In lower case."""
    if len(text) != 66 or not text.startswith("05") or not _HEX.issuperset(text):
        raise NotOne
    return text.lower() if on_curve(bytes.fromhex(text[2:])) else None


def on_curve(key: bytes) -> bool:
    """Is it the u coordinate of a point of Curve25519, and not of its twist?"""
    u = int.from_bytes(key, "little")
    return 1 < u < _P and pow(u * (u * u + 486662 * u + 1), (_P - 1) // 2, _P) == 1


KIND = Kind("session", base58.RUN, validate)
