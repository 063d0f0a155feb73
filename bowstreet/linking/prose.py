"""Profiles in prose against lists of titles: another task than titles against titles, and scored otherwise.

The trained ranking was taught on titles, and loses on prose to a plain sum of scores, each on its own scale (measured in
docs/explanation/linking.md). Where one account of a pair is known by a description alone, that sum takes its place.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from bowstreet.linking.likeness import Looks
from bowstreet.linking.ranking import Scored

VIEWS = ("letters_long", "wording_uncased", "wording", "words", "phrases")
#: log2 of the odds of a sum of 0, and what each unit of it adds: fitted on descriptions of one market against titles of another.
ODDS = (-12.75, 0.255)


def with_prose(scored: Scored, looks: Looks, prose: npt.NDArray[np.bool_]) -> Scored:
    """The scores, with pairs of prose and titles scored by the sum."""
    mixed = prose[looks.left] != prose[looks.right] if len(looks.left) else np.zeros(0, bool)
    if not mixed.any():
        return scored
    total = np.zeros(int(mixed.sum()), np.float32)
    for view in VIEWS:
        values = looks[f"{view}, hubs aside"][mixed]
        total += (values - values.mean()) / max(float(values.std()), 1e-6)
    bits, style = scored.bits.copy(), scored.style.copy()
    bits[mixed], style[mixed] = ODDS[0] + ODDS[1] * total, 0
    return replace(scored, bits=bits, style=style)
