"""Tox IDs: 76 hexadecimal digits, of which the last four are the rest crossed together (Tox specification)."""

from __future__ import annotations

from bowstreet.reading.identifiers import base58
from bowstreet.reading.identifiers.kind import Kind, NotOne

_HEX = frozenset("0123456789abcdefABCDEF")


def validate(text: str) -> str | None:
    """In capitals."""
    if len(text) != 76 or not _HEX.issuperset(text):
        raise NotOne
    raw = bytes.fromhex(text)
    odd = even = 0
    for at in range(0, 38, 2):
        even, odd = even ^ raw[at], odd ^ raw[at + 1]
    return text.upper() if even == odd == 0 and any(raw) else None


KIND = Kind("tox", base58.RUN, validate)
