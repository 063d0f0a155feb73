"""The model, as data: fields, and what agreement and difference in each are worth.

    weight("key", "shared", others=4_000)       # log2(m / u), in bits

A weight is log2(m / u): how much likelier the finding is between two accounts of one seller (m) than between two accounts
of different sellers (u). Weights add up, after Fellegi and Sunter (1969), as in the UK Ministry of Justice's Splink.
Writing is weighed by the trained ranking (`ranking`); the other fields' m and u are set by judgement, as labelled pairs
that hold them are not public, and are told in docs/reference/linking-model-card.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

#: How many accounts have another on the other sites: the prior odds are this share, spread over those who could be it.
MATCHED = 0.1
#: Fewer accounts than this are weighed as though they were so many.
FEWEST = 1000
#: The odds by writing were fitted where an account had so many others: what they say beyond the prior there holds anywhere.
AMONG = 1175
#: A value that more than this many accounts hold says little, whatever its kind: it is capped, and the cap is shown.
COMMON = 3
CAPPED_WEIGHT = 1.0
#: What a link needs at the default threshold: this probability, and two kinds of reason, each of which alone would make it
#: at least so probable.
LIKELY = 0.9
STRONG = 0.05
#: Kinds that can be a second reason. Writing is one of them, never two: what is sold and how it is told go together.
KINDS = frozenset({"key", "contact", "money", "handle", "picture", "writing", "other identifier"})

#: Days within which one account follows another, and how many of a site must tell their first day before few can be told.
FOLLOWS, FEWEST_DATED = 60, 20

HALF = 0.5  # writing and style come in steps of half a bit
STYLE_STEPS = (-2.0, 2.0)
#: What writing and style may say together. One in five true pairs has nothing in common that any view sees, so that little in
#: common cannot say much against: log2(0.2 / 1).
WRITTEN = (-2.5, 22.0)
WRITING_STEPS = (WRITTEN[0] - STYLE_STEPS[1], WRITTEN[1] - STYLE_STEPS[0])


@dataclass(frozen=True)
class Level:
    """One degree of agreement. `m`: how often one seller's accounts show it. Different sellers' show it with chance `u`,
    or, where `chance` is given, so many other accounts in all are expected to show it by accident, copying or sharing."""

    m: float
    words: str
    u: float | None = None
    chance: float | None = None

    def weight(self, others: int) -> float:
        """log2(m / u), where so many other accounts could be the same."""
        if self.u is not None:
            return log2(self.m / self.u)
        assert self.chance is not None
        return log2(self.m * max(others, FEWEST) / self.chance)


#: The fields beside writing and style, and their levels; the place in the list, from 1, is the band. 0: nothing to compare.
FIELDS: dict[str, list[tuple[str, Level]]] = {
    "key": [
        ("shared", Level(0.60, "both show the same PGP key", chance=0.002)),
        ("common", Level(1.0, "both show the same PGP key, but {common} accounts do: it counts for little", u=0.5)),
        ("different", Level(0.02, "each shows a PGP key of its own, and they differ", u=0.99)),
    ],
    "contact": [
        ("shared", Level(0.40, "both give the same {type}", chance=0.02)),
        ("common", Level(1.0, "both give the same {type}, but {common} accounts do: it counts for little", u=0.5)),
    ],
    "money": [
        ("shared", Level(0.30, "both give the same {type} address", chance=0.02)),
        ("common", Level(1.0, "both give the same {type} address, but {common} accounts do: it counts for little", u=0.5)),
    ],
    "other identifier": [
        ("shared", Level(0.30, "both give the same {type}", chance=1.0)),
        ("common", Level(1.0, "both give the same {type}, but {common} accounts do: it counts for little", u=0.5)),
    ],
    "handle": [
        ("same", Level(0.55, "the handles are the same", chance=0.05)),
        ("same but for dressing", Level(0.10, "the handles are the same but for case, separators, look-alike characters or endings", chance=0.05)),
        ("common", Level(0.05, "the handles are the same, but {common} accounts have it: it counts for little", u=0.02)),
        ("close", Level(0.08, "the handles are close", chance=0.5)),
        ("different", Level(0.27, "the handles are different", u=1.0)),
    ],
    "picture": [
        ("same", Level(0.30, "both show the same picture", chance=0.3)),
        ("common", Level(1.0, "both show the same picture, but {common} accounts do: it counts for little", u=0.5)),
        ("near", Level(0.15, "both show nearly the same picture", chance=0.5)),
    ],
    "place": [
        ("same, rare", Level(0.60, "both ship from the same place, as few do", u=0.10)),
        ("same", Level(0.60, "both ship from the same place", u=0.35)),
        ("different", Level(0.30, "they ship from different places", u=0.80)),
    ],
    "market": [
        ("same, rare", Level(0.40, "both ship to the same places, as few do", u=0.10)),
        ("different", Level(0.25, "they ship to different places", u=0.45)),
    ],
    "goods": [
        ("alike", Level(0.88, "they offer some of the same goods", u=0.77)),
        ("different", Level(0.12, "they offer other goods", u=0.23)),
    ],
    "price": [
        ("near", Level(0.58, "their usual prices are near each other", u=0.37)),
        ("between", Level(0.33, "their usual prices differ", u=0.40)),
        ("far", Level(0.09, "their usual prices are far apart", u=0.19)),
    ],
    "time": [
        ("follows", Level(0.25, f"one begins within {FOLLOWS} days of the other's end, as few on its site do", u=0.08)),
    ],
    "claim": [("named", Level(0.10, "one claims sales on the other's site", u=0.02))],
}  # fmt: skip

#: What kind of field each kind of identifier is.
KEY = frozenset({"pgp"})
MONEY = frozenset({"bitcoin", "monero", "ethereum", "litecoin", "iban"})
CONTACT = frozenset({"phone", "email", "telegram", "session", "jabber", "xmpp", "wickr", "signal", "onion", "icq", "tox", "matrix"})  # fmt: skip
SAID_AS = {"phone": "telephone number", "email": "e-mail address", "telegram": "Telegram name", "session": "Session ID",
           "onion": "onion service", "iban": "bank account"}  # fmt: skip


def field_of(type_: str) -> str:
    """Which field an identifier of this type belongs to. A key says more than an address, an address more than a domain."""
    plain = type_.lower().replace("-", "_").split("_")[0]
    if plain in KEY:
        return "key"
    if plain in MONEY:
        return "money"
    return "contact" if plain in CONTACT else "other identifier"


def prior(others: int) -> float:
    """log2 of the odds that two accounts on different sites, drawn at random, are one seller's."""
    chance = MATCHED / max(others, FEWEST)
    return log2(chance / (1 - chance))


def needed(kind: str, start: float) -> float:
    """The weight that alone, from where weights start, makes a pair probable enough to count as a kind of reason.

    Writing starts no lower than where its odds were fitted: other weights grow with the accounts, and its own does not."""
    if kind == "writing":
        start = max(start, prior(AMONG))
    return log2(STRONG / (1 - STRONG)) - start


def weight(field: str, level: str, others: int) -> float:
    """What a finding is worth, in bits."""
    return next(one for name, one in FIELDS[field] if name == level).weight(others)


def band(field: str, level: str) -> int:
    """The number of a level, from 1."""
    return 1 + next(place for place, (name, _) in enumerate(FIELDS[field]) if name == level)


def steps(span: tuple[float, float]) -> list[float]:
    """The weights of the bands of writing or style."""
    return [span[0] + HALF * place for place in range(int((span[1] - span[0]) / HALF) + 1)]
