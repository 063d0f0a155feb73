"""Dash addresses: X… and 7… by Base58Check."""

from __future__ import annotations

from bowstreet.reading.identifiers import base58
from bowstreet.reading.identifiers.kind import Kind, NotOne


def validate(text: str) -> str | None:
    """As written. Only X… can "look like" one."""
    if text[0] not in "X7" or len(text) not in (33, 34):
        raise NotOne
    value = base58.address(text, (b"\x4c", b"\x10"), (33, 34))
    if value is None and text[0] != "X":
        raise NotOne
    return value


KIND = Kind("dash", base58.RUN, validate)
