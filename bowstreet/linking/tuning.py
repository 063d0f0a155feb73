"""Weights tuned by what people decided, when asked: how far each field is trusted, and the starting point.

    tuning, report = tune(links.pairs, decisions)
    report.before, report.after         # log loss on decisions left out in turn; lower is better

A field's weights are multiplied by a factor near 1, which needs good evidence to move. The shipped weights stay as they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

from bowstreet.linking import decisions as decided_by
from bowstreet.linking import model
from bowstreet.linking.errors import BadDecisions
from bowstreet.linking.reasons import Pair

FEWEST = 20  # decisions, of which
FEWEST_EACH = 5  # same and different each
STIFFNESS = 10.0  # how hard it is to move a factor from 1
NAMES = ("writing", *model.FIELDS)
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Tuning:
    """What decisions made of the weights: bits added to the starting point, and a factor for each field."""

    shift: float = 0.0
    factors: Mapping[str, float] = field(default_factory=dict)

    def factor(self, name: str) -> float:
        """How far a field is trusted; style goes with writing."""
        return self.factors.get("writing" if name == "style" else name, 1.0)


@dataclass(frozen=True)
class Report:
    """How many decisions, and the mean log loss (bits) on those left out in turn, before and after."""

    same: int
    different: int
    before: float
    after: float
    kept: bool  # was the tuning better on what it had not seen, and so kept?


def tune(pairs: Sequence[Pair], decisions: Mapping[decided_by.Key, str]) -> tuple[Tuning, Report]:
    """Fit factors to decisions on told pairs. Raises BadDecisions where they are too few."""
    verdicts = decided_by.keyed(decisions)
    known = [
        (pair, verdicts[key] == decided_by.SAME) for pair in pairs
        if verdicts.get(key := decided_by.key(pair.left, pair.right)) in (decided_by.SAME, decided_by.DIFFERENT)
    ]  # fmt: skip
    labels = np.array([same for _, same in known], float)
    same, different = int(labels.sum()), int(len(labels) - labels.sum())
    if len(known) < FEWEST or min(same, different) < FEWEST_EACH:
        raise BadDecisions(
            f"training needs {FEWEST} decisions, {FEWEST_EACH} of each: there are {same} same and {different} different. Decide more pairs first"
        )
    told = np.array([_row(pair) for pair, _ in known])
    prior = np.array([pair.prior for pair, _ in known])
    left_out = np.zeros(len(labels))
    for n in range(len(labels)):
        others = np.arange(len(labels)) != n
        shift, factors = _fit(told[others], prior[others], labels[others])
        left_out[n] = prior[n] + shift + told[n] @ factors
    before, after = _loss(prior + told.sum(1), labels), _loss(left_out, labels)
    report = Report(same, different, round(before, 3), round(after, 3), after < before)
    if not report.kept:
        return Tuning(), report
    shift, factors = _fit(told, prior, labels)
    return Tuning(
        round(shift, 3), {n: round(float(f), 3) for n, f in zip(NAMES, factors, strict=True)}
    ), report


def _row(pair: Pair) -> list[float]:
    weights = dict.fromkeys(NAMES, 0.0)
    for reason in pair.reasons:
        weights[reason.kind or reason.field] += reason.weight
    return list(weights.values())


def _loss(bits: Numbers, labels: Numbers) -> float:
    odds = bits * np.log(2)
    return float((np.logaddexp(0, odds) - labels * odds).mean() / np.log(2))


def _fit(told: Numbers, prior: Numbers, labels: Numbers) -> tuple[float, Numbers]:
    def loss(given: Numbers) -> tuple[float, Numbers]:
        odds = (prior + given[0] + told @ given[1:]) * np.log(2)
        away = np.concatenate([[given[0] / 4], given[1:] - 1])
        value = (np.logaddexp(0, odds) - labels * odds).sum() + STIFFNESS * away @ away
        miss = (expit(odds) - labels) * np.log(2)
        slope = np.concatenate([[miss.sum()], told.T @ miss]) + 2 * STIFFNESS * away * np.concatenate(
            [[0.25], np.ones(told.shape[1])]
        )
        return float(value), slope

    start = np.concatenate([[0.0], np.ones(told.shape[1])])
    bounds = [(-8.0, 8.0), *[(0.25, 2.0)] * told.shape[1]]
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return float(best[0]), best[1:]


def save(tuning: Tuning, path: Path) -> None:
    """Keep a tuning, for the next linking."""
    told = {"version": 1, "shift": tuning.shift, "factors": dict(tuning.factors)}
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def load(path: Path) -> Tuning:
    """Read a tuning. Raises BadDecisions."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Tuning(
            float(told["shift"]), {str(n): float(f) for n, f in told["factors"].items() if n in NAMES}
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadDecisions(
            f"{path} is not a tuning that can be read ({error}): make it again with --retrain"
        ) from None
