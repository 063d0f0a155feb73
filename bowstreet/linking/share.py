"""How many of a file's accounts have another on its other sites, told from the file itself.

The odds by writing were fitted where few accounts had another. Where somebody gives only the sellers they ask about, most may
have one, and the same odds say too little: the share is estimated, and the odds are moved to it (EM on the first candidates'
probabilities: Saerens, Latinne and Decaestecker, Adjusting the outputs of a classifier to new a priori probabilities, 2002).
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logit

from bowstreet.linking.grams import Floats

ROUNDS = 200
#: The usual share counts as much as so many accounts: a handful of accounts moves little.
USUAL_COUNTS = 20


def shift(firsts: Floats, odds: tuple[float, float, float], usual: float) -> float:
    """What to add to log2 of the odds. `firsts` has, for each account asked about, the first look's best score and its lead;
    `odds` gives log odds from them, whose mean probability was `usual` where they were fitted."""
    chance = expit(odds[0] + firsts @ np.asarray(odds[1:]))
    share = usual
    for _ in range(ROUNDS):
        moved = expit(logit(chance) + logit(share) - logit(usual))
        share = float((moved.sum() + USUAL_COUNTS * usual) / (len(moved) + USUAL_COUNTS))
    return float((logit(share) - logit(usual)) / np.log(2))
