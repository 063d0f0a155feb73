"""Margins of the model to shares of belief.

believe(rows, shipped()).tops.sum(axis=1)        # ones
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from bowstreet.reading.goods.taxonomy import by_label
from bowstreet.reading.goods.weights import Floats, Groups, Weights

#: How steeply a margin becomes belief. Calibration comes after; these only set how the parts of a mixture weigh.
STEEP_OF_TOPS = 6.0
STEEP = 10.0


@dataclass(frozen=True)
class Beliefs:
    """Shares of belief, a row per title: in each first level, each whole label, each name of the two coarser schemes."""

    tops: Floats
    labels: Floats
    alphabay: Floats
    seven: Floats

    def of(self, row: int) -> Beliefs:
        """Those about one title, still as rows."""
        at = slice(row, row + 1)
        return Beliefs(self.tops[at], self.labels[at], self.alphabay[at], self.seven[at])


def believe(rows: csr_matrix, model: Weights) -> Beliefs:
    """What the model believes about weighed rows.

    A scheme's own columns and the labels under each of its names are two opinions: their mean is the belief.
    """
    met, place = np.unique(rows.indices, return_inverse=True)
    dense = csr_matrix((rows.data, place, rows.indptr), (rows.shape[0], len(met)))
    margin = dense @ model.of(met) + model.bias
    first, second, third = model.ends
    labels = _shares(STEEP * margin[:, first:second])
    known = [by_label()[label] for label in model.labels]
    schemes = (
        (model.alphabay, [one.alphabay for one in known], margin[:, second:third]),
        (model.seven, [one.seven for one in known], margin[:, third:]),
    )
    alphabay, seven = (
        np.asarray(_shares(STEEP * own) + Groups.of(names, told).sums(labels), np.float32) / np.float32(2)
        for names, told, own in schemes
    )
    return Beliefs(_shares(STEEP_OF_TOPS * margin[:, :first]), labels, alphabay, seven)


def _shares(margin: Floats) -> Floats:
    raised = np.exp(margin - margin.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)
