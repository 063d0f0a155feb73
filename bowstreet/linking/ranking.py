"""How likely two accounts share a seller, by what they write: the trained model, read from its weights.

    bits = score(looks, size).bits          # log2 of the odds, as calibrated on sellers the model had not seen

The score is the mean of a conditional logit and of gradient-boosted trees (LightGBM, lambdarank), both trained to put a
seller's other account first among its pool. The weights hold no text and no handle; `script/train-linking` makes them,
and docs/reference/linking-model-card.md says of what.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bowstreet.linking import share
from bowstreet.linking.errors import LinkingError
from bowstreet.linking.grams import Floats
from bowstreet.linking.likeness import Looks, standing
from bowstreet.linking.writing import STYLE

WEIGHTS = Path(__file__).parent / "weights"


@dataclass(frozen=True)
class Scored:
    """Of each pair: its score, log2 of the odds by writing, and how much of those is manner rather than matter."""

    score: Floats
    bits: Floats
    style: Floats


@dataclass(frozen=True)
class Ranker:
    """The weights, as `script/train-linking` wrote them."""

    names: tuple[str, ...]
    centre: Floats
    scale: Floats
    coefficients: Floats
    logit: tuple[float, float]  # mean and deviation of the logit's and the trees' scores in training
    trees: tuple[float, float]
    odds: tuple[float, float, float]  # intercept; of the score; of its lead over the next best
    booster: Any
    first: tuple[float, float, float] = (
        0.0,
        0.0,
        0.0,
    )  # the same of the first look, by which the share is told
    usual: float = 0.1  # the first look's mean probability of a first candidate where the odds were fitted

    def score(self, features: npt.NDArray[np.floating[Any]]) -> Floats:
        """Higher is likelier; comparable between accounts."""
        if not len(features):
            return np.zeros(0, np.float32)
        linear = ((features - self.centre) / self.scale) @ self.coefficients
        grown = self.booster.predict(features, num_threads=2)
        return np.asarray(
            (linear - self.logit[0]) / self.logit[1] + (grown - self.trees[0]) / self.trees[1], np.float32
        )

    def style(self, features: Floats) -> Floats:
        """The part of log2 of the odds that comes of manner: template, shape, spelling of quantities."""
        which = [n for n, name in enumerate(self.names) if name.split(",")[0] in STYLE]
        part = ((features - self.centre) / self.scale)[:, which] @ self.coefficients[which]
        return np.asarray(part / self.logit[1] * self.odds[1] / np.log(2), np.float32)


def score(looks: Looks, size: int, ranker: Ranker | None = None) -> Scored:
    """Score every pair. `size` is how many accounts there are."""
    ranker = ranker or shipped()
    if looks.names != ranker.names:
        raise LinkingError("the weights are for other features: make them again with script/train-linking")
    found = ranker.score(looks.features)
    lead = leads(found, looks, size)
    intercept, by_score, by_lead = ranker.odds
    bits = (intercept + by_score * found + by_lead * lead) / np.log(2)
    bits += share.shift(looks.firsts, ranker.first, ranker.usual)
    return Scored(found, bits.astype(np.float32), ranker.style(looks.features))


def leads(found: Floats, looks: Looks, size: int) -> Floats:
    """How far each pair is ahead of the next best of either account, or behind the best."""
    return np.minimum(
        *(standing(found, looks.left, looks.right, who, size)[1] for who in (looks.left, looks.right))
    )


@lru_cache(maxsize=1)
def shipped() -> Ranker:
    """The weights that come with Bowstreet."""
    return load(WEIGHTS)


def load(folder: Path) -> Ranker:
    """Read weights. Raises LinkingError."""
    import lightgbm

    try:
        told = json.loads((folder / "writing.json").read_text(encoding="utf-8"))
        booster = lightgbm.Booster(model_str=(folder / "writing-trees.txt").read_text(encoding="utf-8"))
        centre, scale, coefficients = (
            np.asarray(told[name], np.float32) for name in ("centre", "scale", "coefficients")
        )
        logit, trees, odds, first = (
            tuple(map(float, told[name])) for name in ("logit", "trees", "odds", "first")
        )
        return Ranker(
            tuple(told["names"]), centre, scale, coefficients, (logit[0], logit[1]), (trees[0], trees[1]), (odds[0], odds[1], odds[2]), booster,
            (first[0], first[1], first[2]), float(told["usual"]),
        )  # fmt: skip
    except (OSError, ValueError, KeyError, lightgbm.basic.LightGBMError) as error:
        raise LinkingError(
            f"the weights in {folder} cannot be read ({error}): install Bowstreet again"
        ) from None
