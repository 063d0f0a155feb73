"""XRP Ledger addresses: r… and X-addresses (XLS-5), by Base58Check in Ripple's own alphabet."""

from __future__ import annotations

from bowstreet.reading.identifiers import base58
from bowstreet.reading.identifiers.kind import Kind, NotOne


def validate(text: str) -> str | None:
    """As written."""
    if text[0] == "r":
        return base58.address(text, (b"\x00",), (33, 35), base58.RIPPLE)
    if text[0] in "XT" and 46 <= len(text) <= 48:
        body = base58.payload(text, base58.RIPPLE)
        if body is None or not body.startswith((b"\x05\x44", b"\x04\x93")) or len(body) != 31:
            raise NotOne
        return text
    raise NotOne


KIND = Kind("ripple", base58.RUN, validate)
