"""A pair in plain English: how likely, why, and what speaks against. The same words on the page and on the command line.

in_short(pair)[0]      # "Probably one seller, for two kinds of reason. …"
"""

from __future__ import annotations

from bowstreet.linking import model
from bowstreet.linking.reasons import Pair, percent

_KINDS = {
    "key": "PGP keys", "contact": "contact details", "money": "payment addresses", "other identifier": "other identifiers",
    "handle": "the handle", "picture": "pictures", "writing": "the writing",
}  # fmt: skip


def in_short(pair: Pair) -> list[str]:
    """A few sentences, the answer first."""
    kinds = [_KINDS[kind] for kind in _KINDS if kind in pair.kinds]
    told = [f"{_answer(pair)} The probability is {percent(pair.probability)}, as far as the model can tell."]
    if kinds:
        told.append(f"What speaks for it most: {_listed(kinds)}.")
    against = [reason.words for reason in pair.against]
    told.append(f"What speaks against it: {'; '.join(against)}." if against else "Nothing speaks against it.")
    told += [f"Counted for less than it would: {r.words} ({r.cap})." for r in pair.reasons if r.cap]
    return told


def _answer(pair: Pair) -> str:
    if pair.likely:
        return "These are probably one seller: more than one kind of reason says so."
    if any(reason.kind == "key" and reason.against for reason in pair.reasons):
        return "These may be two sellers: each has a PGP key of its own."
    if pair.probability >= model.LIKELY:
        return "These may be one seller, but only one kind of reason says so."
    if pair.probability >= 0.5:
        return "These may be one seller, and it is far from certain."
    return "Too little says that these are one seller."


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
