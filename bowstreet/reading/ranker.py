"""A choice among candidates, by weights that anyone can read: a conditional logit with "none of them" as a choice.

    choice = Ranker.shipped().choose("page.price", candidates)
    choice.candidate, choice.sure

Each candidate is a bag of named features. The weights are a JSON file: field → feature → weight (docs/reference/reading-model-card.md).
McFadden, "Conditional logit analysis of qualitative choice behavior" (1974).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

Features = dict[str, float]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that a field may have: its span in the text of the page, the unit it begins in, and what speaks for it."""

    value: str
    start: int
    end: int
    unit: int
    way: str  # "label", "model", "json-ld" …
    features: Features = field(default_factory=dict)
    currency: str = ""
    slot: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """The best candidate and how sure it is: the probability of it among all and none."""

    candidate: Candidate
    sure: float
    score: float


@dataclass(frozen=True)
class Ranker:
    """Weights of features for each field."""

    weights: Mapping[str, Mapping[str, float]]

    @staticmethod
    @cache
    def shipped() -> Ranker:
        """The model that comes with Bowstreet."""
        text = resources.files("bowstreet.reading").joinpath("models/fields.json").read_text()
        return Ranker(json.loads(text)["weights"])

    def score(self, name: str, features: Features) -> float:
        """Log-odds against "none of them"."""
        weights = self.weights[name]
        return sum([weights.get(feature, 0.0) * value for feature, value in features.items()])

    def scores(self, name: str, candidates: Sequence[Candidate]) -> list[float]:
        """The log-odds of each."""
        return [self.score(name, one.features) for one in candidates]

    def choose(
        self,
        name: str,
        candidates: Sequence[Candidate],
        extra: Sequence[float] | None = None,
        floor: float = 0.0,
    ) -> Choice | None:
        """The most likely candidate, or None where its log-odds are below `floor`. `extra` adds to the log-odds.

        Candidates of one value count together: what is said twice is surer.
        """
        if not candidates:
            return None
        scores = self.scores(name, candidates)
        if extra is not None:
            scores = [a + b for a, b in zip(scores, extra, strict=True)]
        top = max(0.0, *scores)
        weigh = [math.exp(score - top) for score in scores]
        total = sum(weigh) + math.exp(-top)
        at = max(range(len(scores)), key=scores.__getitem__)
        if scores[at] < floor:
            return None
        same = sum(w for w, one in zip(weigh, candidates, strict=True) if one.value == candidates[at].value)
        return Choice(candidates[at], same / total, scores[at])
