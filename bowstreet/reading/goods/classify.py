"""Titles to labels, with a calibrated score and the words that decided.

"Not sure" is an answer: `sure` is False then, and the label is the best guess. Where the first level is sure and the second
is not, the label is the first level alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from bowstreet.reading.goods import taxonomy
from bowstreet.reading.goods.controlled import Controlled, named
from bowstreet.reading.goods.corrections import Corrections
from bowstreet.reading.goods.features import matrix, phrases, runs, weigh, words
from bowstreet.reading.goods.weights import Floats, Weights, shipped

#: From these calibrated scores on the first level is sure, and the second is told too: see the model card.
SURE = 0.8
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
    chances = chance(rows, model)
    told = (corrections or Corrections()).nearest(rows)
    return [
        _goods(title, rows[at], chances[at], told[at], model) if rows[at].nnz else Goods("other", 0.0, False)
        for at, title in enumerate(titles)
    ]


def chance(rows: csr_matrix, model: Weights) -> Floats:
    """For weighed rows the share of belief in each label, `(rows, labels)`; a row adds up to one."""
    met, place = np.unique(rows.indices, return_inverse=True)
    dense = csr_matrix((rows.data, place, rows.indptr), (rows.shape[0], len(met)))
    margin = model.temperature * (dense @ model.of(met) + model.bias)
    raised = np.exp(margin - margin.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)


def _goods(
    title: str, row: csr_matrix, chances: Floats, told: tuple[str, float] | None, model: Weights
) -> Goods:
    control = named(title)
    answer = _told(*told) if told else _answer(chances, model, controlled=control is not None)
    return replace(
        answer,
        words=_deciding(title, row, answer.label, model),
        control=control if answer.label.startswith(("drugs", "medicines")) else None,
    )


def _told(label: str, alike: float) -> Goods:
    known = taxonomy.by_label()[label]
    return Goods(label, round(min(0.99, alike), 3), True, (), known.alphabay, known.seven, corrected=True)


def _answer(chances: Floats, model: Weights, *, controlled: bool) -> Goods:
    """The first level with the most belief in it, and the second where that is sure too."""
    believed = believed_tops(chances, model, controlled=controlled)
    top = int(believed.argmax())
    leaf = int(np.where(model.tops.of_label == top, chances, -1).argmax())
    of_top, of_leaf = float(model.top(believed[top])), float(model.leaf(chances[leaf]))
    label, score = model.labels[leaf], of_leaf
    if of_top >= SURE and of_leaf < SURE_OF_LEAF:
        label, score = model.tops.names[top], of_top
    alphabay, seven = (model.schemes[name].best(chances) for name in ("alphabay", "seven"))
    return Goods(label, round(score, 3), of_top >= SURE, (), alphabay, seven)


def believed_tops(chances: Floats, model: Weights, *, controlled: bool) -> Floats:
    """The belief in each first level. A medicine that is a controlled drug is a drug, whatever sellers call it."""
    believed = model.tops.sums(chances)
    if controlled:
        drugs, medicines = model.tops.names.index("drugs"), model.tops.names.index("medicines")
        believed[drugs] += believed[medicines]
        believed[medicines] = 0
    return believed


def _deciding(title: str, row: csr_matrix, label: str, model: Weights) -> tuple[str, ...]:
    """The words that spoke most for the label: each word's part of the margin, over the average of all labels."""
    column = next((at for at, one in enumerate(model.labels) if one.startswith(label)), 0)
    weights = model.of(row.indices)
    for_label = row.data * (weights[:, column] - weights.mean(axis=1))
    spoken = dict(zip(row.indices.tolist(), for_label.tolist(), strict=True))
    parts = {
        word: sum(spoken.get(bucket, 0.0) for bucket in (*runs(word).tolist(), *phrases([word]).tolist()))
        for word in words(title)
    }
    best = sorted(parts, key=lambda word: -parts[word])[:WORDS_SHOWN]
    return tuple(word for word in best if parts[word] > 0)
