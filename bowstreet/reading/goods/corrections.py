"""Labels that analysts gave to titles: kept as data, and used before the model is asked.

{"title": "10x blue ghosts", "label": "drugs/ecstasy"}      one JSON object per line
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bowstreet.reading.goods.features import matrix, weigh
from bowstreet.reading.goods.taxonomy import by_label
from bowstreet.reading.goods.weights import shipped

#: Titles at least so alike (cosine, 0 to 1) to a corrected one take its label.
ALIKE = 0.5


class BadCorrections(Exception):
    """A file of corrections that is not as it should be. The message names the line."""


@dataclass(frozen=True)
class Corrections:
    """Pairs of title and label, the later before the earlier where two are as alike."""

    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Corrections:
        """Check the labels. Raises BadCorrections."""
        found = tuple(pairs)
        for title, label in found:
            if label not in by_label():
                raise BadCorrections(f"{label!r} (given to {title[:60]!r}) is no label of the taxonomy")
        return cls(found)

    @classmethod
    def read(cls, path: Path) -> Corrections:
        """Read a file of JSON lines. Raises BadCorrections."""
        try:
            lines = path.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise BadCorrections(f"{path} cannot be read: {error}") from None
        return cls.of(
            _pair(line, f"{path}, line {number}") for number, line in enumerate(lines, 1) if line.strip()
        )

    @cached_property
    def _rows(self) -> csr_matrix:
        return weigh(matrix([title for title, _ in self.pairs]), shipped().idf)

    def nearest(self, rows: csr_matrix) -> Sequence[tuple[str, float] | None]:
        """For each weighed row the label of the corrected title most like it, and how alike; None where none is."""
        if not self.pairs:
            return [None] * rows.shape[0]
        alike: NDArray[np.float32] = (rows @ self._rows.T).toarray() / 2
        best = alike.shape[1] - 1 - alike[:, ::-1].argmax(1)
        return [
            (self.pairs[at][1], float(alike[row, at])) if alike[row, at] >= ALIKE else None
            for row, at in enumerate(best)
        ]


def _pair(line: str, place: str) -> tuple[str, str]:
    try:
        given = json.loads(line)
        title, label = given["title"], given["label"]
    except (ValueError, KeyError, TypeError):
        title = label = None
    if not isinstance(title, str) or not isinstance(label, str):
        raise BadCorrections(f'{place}: a correction is {{"title": "…", "label": "…"}}')
    return title, label
