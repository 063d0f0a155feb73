"""Trains the goods classifier on titles: four linear models over one set of hashed features.

    Bench(titles).fit(rows)                  weights from some of the titles, without calibration
    Bench(titles).held_out()                 what is believed of each title by a model that saw nothing of its vendor

The first level is learnt from titles that were read, and from sellers' categories that a model of other vendors does not doubt; whole
labels and the two coarser schemes from sellers' categories as they are, since those are what the schemes are scored on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from goods_data import Title
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from bowstreet.reading.goods import taxonomy
from bowstreet.reading.goods.beliefs import STEEP_OF_TOPS, Beliefs, believe
from bowstreet.reading.goods.controlled import named
from bowstreet.reading.goods.features import matrix, rarity, weigh
from bowstreet.reading.goods.weights import Curve, Floats, Weights

FOLDS = 5
FURTHER_MARKETS = 0.5  # weight of a title of the smaller markets, beside the largest's
WEIGHT_OF_READ = 15.0  # weight of a title that was read
DOUBT = 0.5  # a model of other vendors that believes so much in another first level doubts the seller's
MISSING = -9.0  # margin of a name that no title bears

Rows = NDArray[np.intp]
Names = NDArray[np.str_]
LABELS = tuple(one.label for one in taxonomy.labels())
TOPS = tuple(dict.fromkeys(one.top for one in taxonomy.labels()))
ALPHABAY = tuple(dict.fromkeys(one.alphabay for one in taxonomy.labels()))
SEVEN = tuple(dict.fromkeys(one.seven for one in taxonomy.labels()))
_FLAT = Curve(np.array([0, 1], np.float32), np.array([0, 1], np.float32))


def fold(vendor: str) -> int:
    """Which fifth a vendor falls in, whatever the market."""
    return int(hashlib.sha256(vendor.lower().encode()).hexdigest(), 16) % FOLDS


def top(title: Title) -> str:
    """Its first level: as a reader gave it, else as the seller's category says; a controlled medicine is a drug. "" if unknown."""
    if title.read:
        return title.read
    told = title.label.partition("/")[0] if title.label else ""
    return "drugs" if told == "medicines" and named(title.text) else told


@dataclass
class Bench:
    """Titles with their features, to train on parts of them. The first `main` are those of the market that is scored."""

    titles: Sequence[Title]
    main: int
    _seen: dict[frozenset[int], Rows] = field(default_factory=dict)

    @cached_property
    def counts(self) -> csr_matrix:
        """Hashed features, a row per title."""
        return matrix([one.text for one in self.titles])

    @cached_property
    def folds(self) -> NDArray[np.int_]:
        """The fifth of each title's vendor."""
        return np.array([fold(one.vendor) for one in self.titles])

    @cached_property
    def tops(self) -> Names:
        """The first level of each title, "" if unknown."""
        return np.array([top(one) for one in self.titles])

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """What each title weighs beside the others."""
        further = np.arange(len(self.titles)) >= self.main
        return np.where(further, FURTHER_MARKETS, 1.0)

    @cached_property
    def read(self) -> NDArray[np.bool_]:
        """Which titles were read."""
        return np.array([one.read is not None for one in self.titles])

    def fit(self, rows: Rows, doubted: Rows) -> Weights:
        """Train on some rows; those doubted say nothing of the first level."""
        idf = rarity(self.counts[rows])
        told = [self.titles[row] for row in rows]
        labels = np.array(
            [
                one.label if one.label and one.read in (None, one.label.partition("/")[0]) else ""
                for one in told
            ]
        )
        known = taxonomy.by_label()
        tops = np.where(np.isin(rows, doubted), "", self.tops[rows])
        seven = np.array([known[one.label].seven if one.label and not one.invented else "" for one in told])
        alphabay = np.array(["" if one.invented else one.category for one in told])
        weight = self.weights[rows]
        features = weigh(self.counts[rows], idf)
        parts = [
            _columns(
                features, tops, TOPS, np.where(self.read[rows], WEIGHT_OF_READ, weight), cost=0.1, rare=0.5
            ),
            _columns(features, labels, LABELS, weight, cost=0.2, rare=0.7),
            _columns(features, alphabay, ALPHABAY, weight, cost=0.1, rare=0.5),
            _columns(features, seven, SEVEN, weight, cost=0.1, rare=0.5),
        ]
        coef = np.concatenate([part[0] for part in parts], axis=1)
        scale = np.maximum(np.abs(coef).max(0), 1e-9) / 127
        bias = np.concatenate([part[1] for part in parts])
        table = np.round(coef / scale).astype(np.int8)
        return Weights(TOPS, LABELS, ALPHABAY, SEVEN, table, scale, bias, idf, _FLAT, _FLAT)

    def believe(self, model: Weights, rows: Rows) -> Beliefs:
        """What a model believes of some rows."""
        return believe(weigh(self.counts[rows], model.idf), model)

    def doubted(self, without: int | None = None) -> Rows:
        """Rows whose seller's first level is doubted by a model of other vendors. No row of the fold `without` is looked at."""
        folds = [number for number in range(FOLDS) if number != without]
        found = [self._doubts(at, without) for at in folds]
        return np.concatenate(found)

    def _doubts(self, at: int, without: int | None) -> Rows:
        key = frozenset((at, -1 if without is None else without))
        if key not in self._seen:
            self._seen[key] = self._doubts_of(key)
        return self._seen[key][self.folds[self._seen[key]] == at]

    def _doubts_of(self, folds: frozenset[int]) -> Rows:
        """The doubted rows of the given folds, by a model that saw none of them."""
        rows = np.flatnonzero(~np.isin(self.folds, list(folds)) & (self.tops != ""))
        idf = rarity(self.counts[rows])
        weight = np.where(self.read[rows], WEIGHT_OF_READ, self.weights[rows])
        coef, bias = _columns(
            weigh(self.counts[rows], idf), self.tops[rows], TOPS, weight, cost=0.1, rare=0.5
        )
        at = np.flatnonzero(np.isin(self.folds, list(folds)) & ~self.read & (self.tops != ""))
        margin = STEEP_OF_TOPS * (weigh(self.counts[at], idf) @ coef + bias)
        share = np.exp(margin - margin.max(1, keepdims=True))
        share /= share.sum(1, keepdims=True)
        return at[(share.max(1) > DOUBT) & (np.array(TOPS)[share.argmax(1)] != self.tops[at])]

    def held_out(self, told: Callable[[int], None] = lambda _: None) -> Beliefs:
        """Beliefs about the main titles, each by a model that saw nothing of the title's vendor, on whichever market."""
        shapes = (len(TOPS), len(LABELS), len(ALPHABAY), len(SEVEN))
        found = Beliefs(*(np.zeros((self.main, width), np.float32) for width in shapes))
        for number in range(FOLDS):
            told(number)
            model = self.fit(np.flatnonzero(self.folds != number), self.doubted(without=number))
            rows = np.flatnonzero(self.folds[: self.main] == number)
            one = self.believe(model, rows)
            for part in ("tops", "labels", "alphabay", "seven"):
                getattr(found, part)[rows] = getattr(one, part)
        return found


def _columns(
    features: csr_matrix,
    told: Names,
    names: tuple[str, ...],
    weight: NDArray[np.float64],
    *,
    cost: float,
    rare: float,
) -> tuple[Floats, Floats]:
    """One against the rest: a column of weights and a bias per name. A name weighs by its count to the power `rare`, inverted."""
    rows = np.flatnonzero(told != "")
    met, numbers = np.unique(told[rows], return_counts=True)
    heavy = numbers**-rare
    heavy /= np.average(heavy, weights=numbers)
    model = LinearSVC(C=cost, class_weight=dict(zip(met, heavy, strict=True)), tol=1e-3, random_state=0)
    model.fit(features[rows].astype(np.float64), told[rows], sample_weight=weight[rows])
    coef = np.zeros((features.shape[1], len(names)), np.float32)
    bias = np.full(len(names), MISSING, np.float32)
    at = [names.index(str(one)) for one in model.classes_]
    coef[:, at], bias[at] = model.coef_.T, model.intercept_
    return coef, bias
