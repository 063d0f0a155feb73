"""Bitcoin Cash: CashAddr, with or without its prefix; the old forms are Bitcoin's, and its own only where it says so."""

from __future__ import annotations

from bowstreet.reading.identifiers import base58
from bowstreet.reading.identifiers.kind import Kind, Lead, NotOne

_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)


def cashaddr(text: str) -> str | None:
    """With its prefix, in lower case. The prefix is part of the checksum, and so need not be read."""
    right = text in (text.lower(), text.upper()) and set(text.lower()) <= set(_LETTERS)
    for prefix in ("bitcoincash", "bchtest", "bchreg") if right else ():
        if _check([*(ord(c) & 31 for c in prefix), 0, *(_LETTERS.index(c) for c in text.lower())]) == 0:
            return f"{prefix}:{text.lower()}"
    return None


def bare(text: str) -> str:
    """Without its prefix: only where the checksum is right."""
    value = cashaddr(text) if len(text) == 42 and text[0] in "qpQP" else None
    if value is None:
        raise NotOne
    return value


def _check(values: list[int]) -> int:
    """The CashAddr specification's PolyMod: 0 where the checksum is right."""
    check = 1
    for value in values:
        top = check >> 35
        check = (check & 0x07FFFFFFFF) << 5 ^ value
        for bit in range(5):
            check ^= _GENERATOR[bit] if top >> bit & 1 else 0
    return check ^ 1


def legacy(text: str) -> str | None:
    """The form that Bitcoin has too, as written."""
    return base58.address(text, (b"\x00", b"\x05"), (33, 35))


KINDS = (
    Kind("bitcoin_cash", base58.RUN, bare),
    Kind("bitcoin_cash", Lead(("bitcoincash", "bchtest", "bchreg"), r":([qp][0-9a-z]{41,110})\b"), cashaddr),
    Kind(
        "bitcoin_cash",
        Lead(
            ("bch", "bitcoin cash", "bcash"),
            r"[^0-9A-Za-z\n]{1,3}(?:[a-z]{1,8}[^0-9A-Za-z\n]{1,3}){0,3}([13][1-9A-Za-z]{25,34})\b",
        ),
        legacy,
    ),
)
