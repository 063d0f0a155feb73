"""Training the weights of `ranking`, from pairs of markets whose sellers are known.

    ranker = fit([Lesson(looks, truths, size, 1.0), …])

A truth is a pair of account places that share a seller. Accounts without a truth take part as candidates, and, with less
weight, in calibration: that nobody is known to be the same does not make it so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

from bowstreet.linking.grams import Floats
from bowstreet.linking.likeness import POOL, Looks
from bowstreet.linking.ranking import Ranker, leads
from bowstreet.linking.tokens import Ints

RIDGE = 30.0
UNMATCHED = 0.3  # the weight of an account without a truth in calibration
TREES = {"objective": "lambdarank", "learning_rate": 0.05, "num_leaves": 7, "min_data_in_leaf": 20,
         "feature_fraction": 0.4, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5.0,
         "lambdarank_truncation_level": 10, "verbose": -1, "num_threads": 1, "deterministic": True,
         "force_row_wise": True}  # fmt: skip
ROUNDS = 200


@dataclass(frozen=True)
class Lesson:
    """A pair of markets: its looks, the true pairs (left, right), how many accounts, and how much it counts."""

    looks: Looks
    truths: frozenset[tuple[int, int]]
    size: int
    weight: float = 1.0

    @property
    def labels(self) -> npt.NDArray[np.bool_]:
        """Which pairs are true."""
        return np.array([pair in self.truths for pair in zip(self.looks.left.tolist(), self.looks.right.tolist(), strict=True)], bool)  # fmt: skip

    def pools(self) -> Iterable[Ints]:
        """For each account with a truth in it, the places of its pool, best first look first; the truth is among them."""
        look, labels = self.looks["first look"], self.labels
        known = {account for truth in self.truths for account in truth}
        for who in (self.looks.left, self.looks.right):
            order = np.lexsort((-look, who))
            starts = np.searchsorted(who[order], np.arange(self.size + 1))
            for account in sorted(known):
                pool = order[starts[account] : starts[account + 1]][:POOL]
                if len(pool) == POOL and labels[pool].sum() == 1:
                    yield pool


def fit(lessons: Sequence[Lesson], held: Sequence[frozenset[tuple[int, int]]] | None = None) -> Ranker:
    """Fit a ranker; `held` are truths of each lesson to leave out, with every pair of their accounts."""
    held = held or [frozenset()] * len(lessons)
    taught = [replace(one, truths=one.truths - out) for one, out in zip(lessons, held, strict=True)]
    gathered = [(one, known, pool) for one in taught for known in (one.labels,) for pool in one.pools()]
    features = np.stack([one.looks.features[pool] for one, _, pool in gathered])
    labels = np.stack([known[pool] for _, known, pool in gathered])
    weights = np.array([one.weight for one, _, _ in gathered])
    centre, scale, coefficients = _logit(features, labels.argmax(1), weights)
    booster = _trees(features, labels, weights)
    flat = features.reshape(-1, features.shape[2])
    linear, grown = ((flat - centre) / scale) @ coefficients, booster.predict(flat, num_threads=1)
    of_logit, of_trees = ((float(part.mean()), float(part.std())) for part in (linear, grown))
    centre, scale, coefficients = (np.asarray(part, np.float32) for part in (centre, scale, coefficients))
    return Ranker(
        lessons[0].looks.names, centre, scale, coefficients, of_logit, of_trees, (0.0, 1.0, 0.0), booster
    )


def _logit(features: Floats, first: Ints, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Conditional logit (McFadden, 1973): which of a pool is the one; with a ridge."""
    flat = features.reshape(-1, features.shape[2])
    centre, scale = flat.mean(0), flat.std(0) + 1e-6
    told = (features - centre) / scale
    rows = np.arange(len(first))

    def loss(given: Floats) -> tuple[float, Floats]:
        chances = told @ given
        chances = np.exp(chances - chances.max(1, keepdims=True))
        chances /= chances.sum(1, keepdims=True)
        value = -(weights * np.log(chances[rows, first] + 1e-12)).sum() + RIDGE * given @ given
        chances[rows, first] -= 1
        slope = np.einsum("i,ij,ijk->k", weights, chances, told, optimize=True) + 2 * RIDGE * given
        return float(value), slope

    best = minimize(loss, np.zeros(features.shape[2]), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return centre, scale, best.x


def _trees(features: Floats, labels: npt.NDArray[np.bool_], weights: Floats) -> Any:
    import lightgbm

    pools, size = labels.shape
    data = lightgbm.Dataset(
        features.reshape(-1, features.shape[2]), labels.ravel().astype(int), group=[size] * pools, weight=np.repeat(weights, size)
    )  # fmt: skip
    return lightgbm.train({**TREES, "seed": 1}, data, ROUNDS)


@dataclass(frozen=True)
class Firsts:
    """Scores of pairs by a ranker that had not seen their sellers, with their leads: what calibration is fitted on."""

    score: Floats
    lead: Floats
    labels: npt.NDArray[np.bool_]
    weights: Floats


def calibrated(ranker: Ranker, firsts: Firsts, looks: Looks) -> Ranker:
    """The ranker with odds fitted on such scores, and on the first look at the same pairs."""
    plain = replace(firsts, score=looks["first look"], lead=looks["lead, worse"])
    first = odds(plain)
    usual = float(expit(first[0] + looks.firsts @ np.asarray(first[1:])).mean())
    return replace(ranker, odds=odds(firsts), first=first, usual=usual)


def odds(firsts: Firsts) -> tuple[float, float, float]:
    """Intercept, and what a unit of score and of lead adds to the log odds: logistic regression (Platt, 1999)."""
    labels = firsts.labels.astype(float)
    told = np.stack([np.ones(len(labels)), firsts.score, firsts.lead], 1)

    def loss(given: Floats) -> tuple[float, Floats]:
        chance = told @ given
        value = (firsts.weights * (np.logaddexp(0, chance) - labels * chance)).sum() + 0.1 * given[
            1:
        ] @ given[1:]
        slope = told.T @ (firsts.weights * (expit(chance) - labels))
        return float(value), slope + np.array([0, 0.2 * given[1], 0.2 * given[2]])

    best = minimize(loss, np.zeros(3), jac=True, method="L-BFGS-B").x
    return float(best[0]), float(best[1]), float(best[2])


def folds(lesson: Lesson, count: int = 5, seed: int = 1) -> npt.NDArray[np.int64]:
    """A fold for every account; the accounts of one seller share theirs."""
    fold = np.random.default_rng(seed).integers(0, count, lesson.size)
    for place, (left, right) in enumerate(sorted(lesson.truths)):
        fold[left] = fold[right] = place % count
    return fold


def rankers(lessons: Sequence[Lesson], about: int, count: int = 5, seed: int = 1) -> list[Ranker]:
    """One ranker for each fold of a lesson, fitted without the truths of its accounts."""
    fold = folds(lessons[about], count, seed)
    out = [
        frozenset(truth for truth in lessons[about].truths if fold[truth[0]] == one) for one in range(count)
    ]
    return [
        fit(lessons, [held if place == about else frozenset() for place in range(len(lessons))])
        for held in out
    ]


def unseen(lesson: Lesson, by_fold: Sequence[Ranker], fold: npt.NDArray[np.int64]) -> Firsts:
    """Score every pair of a lesson by the ranker that was fitted without the fold of its left account."""
    score, lead = (np.zeros(len(lesson.looks.left), np.float32) for _ in "ab")
    for one, ranker in enumerate(by_fold):
        found = ranker.score(lesson.looks.features)
        mine = fold[lesson.looks.left] == one
        score[mine], lead[mine] = found[mine], leads(found, lesson.looks, lesson.size)[mine]
    matched = np.zeros(lesson.size, bool)
    matched[[left for left, _ in lesson.truths]] = True
    return Firsts(score, lead, lesson.labels, np.where(matched[lesson.looks.left], 1.0, UNMATCHED))


def save(ranker: Ranker, folder: Path) -> None:
    """Write the weights: numbers and no text."""
    told = {
        "names": list(ranker.names), "centre": _short(ranker.centre), "scale": _short(ranker.scale),
        "coefficients": _short(ranker.coefficients), "logit": ranker.logit, "trees": ranker.trees, "odds": ranker.odds, "first": ranker.first, "usual": ranker.usual,
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "writing.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    (folder / "writing-trees.txt").write_text(ranker.booster.model_to_string(), encoding="utf-8")


def _short(values: Floats) -> list[float]:
    return [float(f"{value:.6g}") for value in values]
