"""A pair's weight as steps from where it starts to where it ends, to be drawn as bars beside a table that says the same.

    waterfall(pair).steps[1].total        # 2.7, after the weightiest reason

After the waterfall chart of Splink (UK Ministry of Justice).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from bowstreet.linking.reasons import Pair, Reason, percent, probability

WIDE = 200.0  # units of the drawing's width


@dataclass(frozen=True)
class Step:
    """One bar: what it stands for, its weight, the weight so far, and where it is drawn."""

    words: str
    weight: float
    total: float
    chance: str  # the probability so far, in words
    left: float
    width: float
    reason: Reason | None = None


@dataclass(frozen=True)
class Waterfall:
    """The steps, and where even odds are drawn: to the right of it, one seller is likelier than two."""

    steps: tuple[Step, ...]
    even: float


def waterfall(pair: Pair) -> Waterfall:
    """The starting point, each reason in the order of its weight, and the whole."""
    totals = [0.0, pair.prior]
    for reason in pair.reasons:
        totals.append(round(totals[-1] + reason.weight, 2))
    lowest, highest = min(*totals, pair.weight), max(*totals, pair.weight)
    scale = WIDE / ((highest - lowest) or 1)

    def step(words: str, start: float, end: float, reason: Reason | None = None) -> Step:
        width = max(1.5, abs(end - start) * scale)
        at = min((min(start, end) - lowest) * scale, WIDE - width)
        weight = reason.weight if reason else round(end - start, 2)
        return Step(words, weight, end, percent(probability(end)), round(at, 1), round(width, 1), reason)

    told = [("Before any reason: two accounts drawn at random", None), *((r.words, r) for r in pair.reasons)]
    made = [step(words, *span, reason) for (words, reason), span in zip(told, pairwise(totals), strict=True)]
    whole = step("Match weight, all together", 0.0, pair.weight)
    return Waterfall((*made, whole), round(-lowest * scale, 1))
