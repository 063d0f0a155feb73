"""Bitcoin addresses: P2PKH and P2SH by Base58Check, witness programs by Bech32(m) (BIP-13, BIP-173, BIP-350).

Those of the test networks (m…, n…, 2…, tb1…) are told as well, where their checksum is right.
"""

from __future__ import annotations

from bowstreet.reading.identifiers import base58, segwit
from bowstreet.reading.identifiers.kind import Kind, NotOne

_MAIN, _TEST = (b"\x00", b"\x05"), (b"\x6f", b"\xc4")


def of_base58(text: str) -> str | None:
    """The address as written."""
    if text[0] in "13":
        return base58.address(text, _MAIN, (32, 35))
    if text[0] in "mn2" and 33 <= len(text) <= 35 and (value := base58.address(text, _TEST, (33, 35))):
        return value
    raise NotOne


def of_witness(text: str) -> str | None:
    """The address in lower case."""
    if text[:3].lower() not in ("bc1", "tb1") or len(text) > 90:
        raise NotOne
    return text.lower() if segwit.valid(text, text[:2].lower()) else None


BASE58 = Kind("bitcoin", base58.RUN, of_base58)
WITNESS = Kind("bitcoin", base58.RUN, of_witness)
