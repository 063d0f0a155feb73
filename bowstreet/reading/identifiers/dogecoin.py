"""Dogecoin addresses: D… (and A…, 9… for scripts), by Base58Check."""

from __future__ import annotations

from bowstreet.reading.identifiers import base58
from bowstreet.reading.identifiers.kind import Kind, NotOne


def validate(text: str) -> str | None:
    """As written. Only D… can "look like" one."""
    if text[0] not in "DA9" or len(text) not in (33, 34):
        raise NotOne
    value = base58.address(text, (b"\x1e", b"\x16"), (33, 34))
    if value is None and text[0] != "D":
        raise NotOne
    return value


KIND = Kind("dogecoin", base58.RUN, validate)
