"""Zcash addresses: transparent (t1…, t3…), Sprout (zc…), Sapling (zs1…), unified (u1…, ZIP-316) and TEX (tex1…, ZIP-320)."""

from __future__ import annotations

from bowstreet.reading.identifiers import base58, segwit
from bowstreet.reading.identifiers.kind import Kind, NotOne


def of_base58(text: str) -> str | None:
    """As written."""
    if text[:2] in ("t1", "t3"):
        return base58.address(text, (b"\x1c\xb8", b"\x1c\xbd"), (35, 35))
    if text[:2] == "zc" and len(text) == 95:
        body = base58.payload(text)
        return text if body is not None and body.startswith(b"\x16\x9a") else None
    raise NotOne


def of_bech32(text: str) -> str | None:
    """In lower case."""
    small = text.lower()
    if not small.startswith(("zs1", "tex1", "u1")) or not 40 <= len(text) <= 500:
        raise NotOne
    if small.startswith("u1"):
        if segwit.checked(text, (segwit.BECH32M,)):
            return small
        if len(text) < 60:
            raise NotOne
        return None
    allowed = (segwit.BECH32M,) if small.startswith("tex1") else (segwit.BECH32,)
    return small if segwit.checked(text, allowed) else None


KINDS = (
    Kind("zcash", base58.RUN, of_base58),
    Kind("zcash", base58.RUN, of_bech32),
)
