"""Profiles in prose against lists of titles: another task than titles against titles, and scored otherwise.

The trained ranking was taught on titles, and loses on prose to a plain sum of scores, each on its own scale (measured in
docs/explanation/linking.md). Where one account of a pair is known by a description alone, that sum takes its place.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from bowstreet.linking.grams import Floats
from bowstreet.linking.likeness import Looks
from bowstreet.linking.ranking import Scored

#: The views that are summed, and the mean and deviation of each, hubs aside, over descriptions of one market and titles of
#: another. Fixed: a pair's score must not hang on which others are looked at.
VIEWS = {
    "letters_long": (-0.0633, 0.0194),
    "wording_uncased": (-0.0459, 0.0137),
    "wording": (-0.0388, 0.0115),
    "words": (-0.1567, 0.0491),
    "phrases": (-0.0390, 0.0136),
}
#: log2 of the odds of a sum of 0, and what each unit of it adds: fitted on the same.
ODDS = (-12.75, 0.255)


def summed(looks: Looks) -> Floats:
    """The sum of scores of every pair."""
    return np.asarray(
        sum((looks[f"{view}, hubs aside"] - mean) / spread for view, (mean, spread) in VIEWS.items()),
        np.float32,
    )


def with_prose(scored: Scored, looks: Looks, prose: npt.NDArray[np.bool_]) -> Scored:
    """The scores, with pairs of prose and titles scored by the sum."""
    mixed = prose[looks.left] != prose[looks.right] if len(looks.left) else np.zeros(0, bool)
    if not mixed.any():
        return scored
    bits, style = scored.bits.copy(), scored.style.copy()
    bits[mixed], style[mixed] = ODDS[0] + ODDS[1] * summed(looks)[mixed], 0
    return replace(scored, bits=bits, style=style)
