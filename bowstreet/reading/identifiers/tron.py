"""Tron addresses: T… by Base58Check."""

from __future__ import annotations

from bowstreet.reading.identifiers import base58
from bowstreet.reading.identifiers.kind import Kind, NotOne


def validate(text: str) -> str | None:
    """As written."""
    if text[0] != "T" or len(text) not in (33, 34, 35):
        raise NotOne
    return base58.address(text, (b"\x41",), (34, 34))


KIND = Kind("tron", base58.RUN, validate)
