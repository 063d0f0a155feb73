"""Titles to labels, with a calibrated score and the words that decided.

"Not sure" is an answer: `sure` is False then, and the label is the best guess. Where the second level is not sure, the label
is the first level alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from bowstreet.reading.goods import taxonomy
from bowstreet.reading.goods.beliefs import Beliefs, believe
from bowstreet.reading.goods.controlled import Controlled, named
from bowstreet.reading.goods.corrections import Corrections
from bowstreet.reading.goods.features import matrix, phrases, runs, weigh, words
from bowstreet.reading.goods.weights import Floats, Weights, shipped

#: From these calibrated scores on the first level is sure, and the second is told too: see the model card.
SURE = 0.92
SURE_OF_LEAF = 0.5
WORDS_SHOWN = 4


@dataclass(frozen=True)
class Goods:
    """What a title offers. `score` is how often an answer with such a score is right; `words` decided, the first most."""

    label: str
    score: float
    sure: bool
    words: tuple[str, ...] = ()
    alphabay: str = ""  # the same in the two coarser schemes of taxonomy.py
    seven: str = ""
    control: Controlled | None = None
    corrected: bool = False  # an analyst gave the label, to this title or to one like it

    def line(self) -> dict[str, Any]:
        """As JSON shows it."""
        control = self.control and {
            "substance": self.control.substance, "class": self.control.drug_class, "schedule": self.control.schedule,
        }  # fmt: skip
        return {
            "label": self.label, "score": self.score, "sure": self.sure, "words": list(self.words),
            "alphabay": self.alphabay, "seven": self.seven, "control": control, "corrected": self.corrected,
        }  # fmt: skip


def classify(titles: Sequence[str], *, corrections: Corrections | None = None) -> list[Goods]:
    """One answer per title. A title without a word is "other", not sure."""
    if not titles:
        return []
    model = shipped()
    rows = weigh(matrix(titles), model.idf)
    beliefs = believe(rows, model)
    told = (corrections or Corrections()).nearest(rows)
    return [
        _goods(title, rows[at], beliefs.of(at), told[at], model)
        if rows[at].nnz
        else Goods("other", 0.0, False)
        for at, title in enumerate(titles)
    ]


def _goods(
    title: str, row: csr_matrix, beliefs: Beliefs, told: tuple[str, float] | None, model: Weights
) -> Goods:
    control = named(title)
    answer = _told(*told) if told else _answer(beliefs, model, controlled=control is not None)
    return replace(
        answer,
        words=_deciding(title, row, answer.label, model),
        control=control if answer.label.startswith(("drugs", "medicines")) else None,
    )


def _told(label: str, alike: float) -> Goods:
    known = taxonomy.by_label()[label]
    return Goods(label, round(min(0.99, alike), 3), True, (), known.alphabay, known.seven, corrected=True)


def _answer(beliefs: Beliefs, model: Weights, *, controlled: bool) -> Goods:
    """The first level with the most belief in it, and the second where that is sure too."""
    believed = settled(beliefs.tops[0], model, controlled=controlled)
    top = int(believed.argmax())
    score = float(model.top(believed[top]))
    within = np.where(model.groups.of_label == top, beliefs.labels[0], 0)
    leaf = int(within.argmax())
    label = model.labels[leaf]
    if label != model.tops[top] and model.leaf(within[leaf] / max(within.sum(), 1e-9)) < SURE_OF_LEAF:
        label = model.tops[top]
    schemes = model.alphabay[int(beliefs.alphabay.argmax())], model.seven[int(beliefs.seven.argmax())]
    return Goods(label, round(score, 3), score >= SURE, (), *schemes)


def settled(tops: Floats, model: Weights, *, controlled: bool) -> Floats:
    """The belief in each first level. A medicine that is a controlled drug is a drug, whatever sellers call it."""
    believed = tops.copy()
    if controlled:
        drugs, medicines = model.tops.index("drugs"), model.tops.index("medicines")
        believed[drugs] += believed[medicines]
        believed[medicines] = 0
    return believed


def _deciding(title: str, row: csr_matrix, label: str, model: Weights) -> tuple[str, ...]:
    """The words that spoke most for the first level: each word's part of the margin, over the average of all levels."""
    column = model.tops.index(label.partition("/")[0])
    weights = model.of(row.indices)[:, : len(model.tops)]
    for_label = row.data * (weights[:, column] - weights.mean(axis=1))
    spoken = dict(zip(row.indices.tolist(), for_label.tolist(), strict=True))
    parts = {
        word: sum(spoken.get(bucket, 0.0) for bucket in (*runs(word).tolist(), *phrases([word]).tolist()))
        for word in words(title)
    }
    best = sorted(parts, key=lambda word: -parts[word])[:WORDS_SHOWN]
    return tuple(word for word in best if parts[word] > 0)
