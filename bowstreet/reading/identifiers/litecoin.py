"""Litecoin addresses: L…, M… by Base58Check, ltc1… by Bech32(m)."""

from __future__ import annotations

from bowstreet.reading.identifiers import base58, segwit
from bowstreet.reading.identifiers.kind import Kind, NotOne


def validate(text: str) -> str | None:
    """The address; a witness address in lower case. (3… is also Bitcoin's, and is told as that.)"""
    if text[:4].lower() == "ltc1":
        return text.lower() if segwit.valid(text, "ltc") else None
    body = base58.payload(text)
    if body is None or len(body) != 21 or body[0] not in (48, 50):
        raise NotOne
    return text


KIND = Kind("litecoin", r"\b((?:ltc1|LTC1)[a-zA-Z0-9]{11,87}|[LM][1-9A-HJ-NP-Za-km-z]{26,33})\b", validate)
