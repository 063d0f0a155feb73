"""Fit the weights of `bowstreet.reading.ranker`: a conditional logit with "none of them", weights shrunk to nought.

Each case is a page and a field: its candidates, and which of them are right (none may be). Cases of one site weigh as much
together as those of any other.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from bowstreet.reading.ranker import Candidate


@dataclass(frozen=True)
class Case:
    """Candidates for one field of one page of a site, and which are right."""

    site: str
    candidates: list[Candidate]
    right: list[bool]
    weight: float = 1.0


def fit(cases: list[Case], *, shrink: float = 1.0, start: dict[str, float] | None = None) -> dict[str, float]:
    """Feature → weight."""
    names = sorted({name for case in cases for one in case.candidates for name in one.features})
    column = {name: i for i, name in enumerate(names)}
    sites = Counter(case.site for case in cases)
    rows, owners, rights, weights = [], [], [], []
    for number, case in enumerate(cases):
        weights.append(case.weight / sites[case.site] ** 0.7)
        for one, right in zip(case.candidates, case.right, strict=True):
            row = np.zeros(len(names))
            for name, value in one.features.items():
                row[column[name]] = value
            rows.append(row)
            owners.append(number)
            rights.append(right)
    x, owner, right, weight = np.array(rows), np.array(owners), np.array(rights), np.array(weights)
    weight = weight / weight.sum() * len(cases)
    some = np.zeros(len(cases))
    np.add.at(some, owner[right], 1.0)

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        score = np.clip(x @ w, -60, 60)
        e = np.exp(score)
        total = np.ones(len(cases))
        np.add.at(total, owner, e)
        good = np.where(some > 0, 0.0, 1.0)
        np.add.at(good, owner[right], e[right])
        p = e / total[owner]
        q = np.where(right, e / np.maximum(good[owner], 1e-300), 0.0) * (some[owner] > 0)
        grad = x.T @ ((p - q) * weight[owner]) + 2 * shrink * w
        return float(
            -(weight * (np.log(np.maximum(good, 1e-300)) - np.log(total))).sum() + shrink * w @ w
        ), grad

    done = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 400})
    return {name: round(float(w), 3) for name, w in zip(names, done.x, strict=True) if abs(w) > 0.01}
