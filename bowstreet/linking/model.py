"""The model, as data: fields, and what agreement and difference in each are worth.

A weight is log2(m / u): how much likelier the finding is between two accounts of one seller (m) than between two accounts
of different sellers (u). Weights add up, after Fellegi and Sunter (1969), as in the UK Ministry of Justice's Splink.
The values are set by judgement from the figures in docs/explanation/linking.md, never from the accounts that are linked.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

#: Two accounts on different sites, drawn at random: how often are they one seller?
PRIOR = 1 / 2000
#: A value that more than this many accounts hold says little, whatever its kind: it is capped, and the cap is shown.
COMMON = 3
CAPPED_WEIGHT = 1.0
#: What a link needs before it is proposed as likely: this weight, and two kinds of reason.
LIKELY_WEIGHT = 6.0


@dataclass(frozen=True)
class Level:
    """One degree of agreement: its odds m and u, and how it is said."""

    m: float
    u: float
    words: str

    @property
    def weight(self) -> float:
        """log2(m / u)."""
        return log2(self.m / self.u)


#: Shared identifiers, by kind. A key says more than an address, an address more than a domain.
IDENTIFIERS = {
    "pgp": Level(0.60, 0.00002, "both show the same PGP key"),
    "session": Level(0.50, 0.00005, "both give the same Session ID"),
    "bitcoin": Level(0.30, 0.00005, "both give the same bitcoin address"),
    "monero": Level(0.30, 0.00005, "both give the same monero address"),
    "ethereum": Level(0.30, 0.00005, "both give the same ethereum address"),
    "litecoin": Level(0.30, 0.00005, "both give the same litecoin address"),
    "phone": Level(0.40, 0.00005, "both give the same telephone number"),
    "email": Level(0.40, 0.00005, "both give the same e-mail address"),
    "telegram": Level(0.40, 0.00005, "both give the same Telegram name"),
    "onion": Level(0.40, 0.0001, "both name the same onion service"),
    "iban": Level(0.30, 0.00005, "both give the same bank account"),
}
OTHER_IDENTIFIER = Level(0.30, 0.005, "both give the same identifier")
OTHER_KEY = Level(0.10, 0.90, "each shows a PGP key of its own, and they differ")

HANDLE = {
    "same": Level(0.55, 0.0005, "the handles are the same"),
    "close": Level(0.15, 0.003, "the handles are close"),
    "different": Level(0.30, 0.9965, "the handles are different"),
}
TEXT = {  # similarity of titles and descriptions, 0 to 1
    "very": Level(0.35, 0.0008, "what they write is very alike"),
    "alike": Level(0.25, 0.008, "what they write is alike"),
    "some": Level(0.20, 0.08, "what they write has something in common"),
    "unlike": Level(0.20, 0.9112, "what they write is unlike"),
}
TEXT_FLOORS = (("very", 0.45), ("alike", 0.25), ("some", 0.12))
PLACE = {
    "same": Level(0.80, 0.15, "both ship from the same place"),
    "different": Level(0.20, 0.85, "they ship from different places"),
}
IMAGE = Level(0.30, 0.003, "both show the same picture")
