"""Litecoin addresses: L… and M… by Base58Check, ltc1… by Bech32(m); 3… is Bitcoin's too, and Litecoin's only where said."""

from __future__ import annotations

from bowstreet.reading.identifiers import base58, segwit
from bowstreet.reading.identifiers.kind import Kind, Lead, NotOne


def of_base58(text: str) -> str | None:
    """The address as written."""
    if text[0] not in "LM":
        raise NotOne
    return base58.address(text, (b"\x30", b"\x32"), (33, 34))


def of_old_script(text: str) -> str | None:
    """The form that Bitcoin has too."""
    return base58.address(text, (b"\x05",), (33, 35))


def of_witness(text: str) -> str | None:
    """The address in lower case; MWEB addresses (ltcmweb1…) by their Bech32 checksum."""
    human = text[:8].lower().partition("1")[0]
    if human not in ("ltc", "tltc", "ltcmweb") or len(text) > 150:
        raise NotOne
    right = segwit.valid(text, human) if human in ("ltc", "tltc") else segwit.checked(text, (segwit.BECH32,))
    return text.lower() if right else None


BASE58 = Kind("litecoin", base58.RUN, of_base58)
NAMED = Kind(
    "litecoin", Lead(("litecoin", "ltc"), r"[^0-9A-Za-z\n]{1,3}(?:[a-z]{1,8}[^0-9A-Za-z\n]{1,3}){0,3}(3[1-9A-Za-z]{32,33})\b"), of_old_script
)  # fmt: skip
WITNESS = Kind("litecoin", base58.RUN, of_witness)
