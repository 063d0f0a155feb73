"""The trained weights: made by script/train-goods, described in docs/reference/goods-model-card.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bowstreet.reading.goods.taxonomy import by_label

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Curve:
    """A calibration: from the model's own score to how often it is right, rising."""

    score: Floats
    right: Floats

    def __call__(self, score: Floats) -> Floats:
        return np.interp(score, self.score, self.right).astype(np.float32)


@dataclass(frozen=True)
class Groups:
    """Labels put together under names; `of_label` says for each label which name it falls under."""

    names: tuple[str, ...]
    of_label: NDArray[np.intp]

    @classmethod
    def of(cls, names: tuple[str, ...], told: Sequence[str]) -> Groups:
        """Group under `names` by what is told of each label."""
        return cls(names, np.array([names.index(one) for one in told], dtype=np.intp))

    def sums(self, chances: Floats) -> Floats:
        """The belief in each name, for rows of beliefs in labels."""
        return np.stack([chances[:, self.of_label == at].sum(1) for at in range(len(self.names))], axis=1)


@dataclass(frozen=True)
class Weights:
    """Four linear models over the same hashed features, side by side in `table`: whole numbers to be multiplied by `scale`.

    The columns of the first levels were learnt from titles read by hand; those of the labels and of the two schemes
    from sellers' own categories.
    """

    tops: tuple[str, ...]
    labels: tuple[str, ...]
    alphabay: tuple[str, ...]
    seven: tuple[str, ...]
    table: NDArray[np.int8]
    scale: Floats
    bias: Floats
    idf: Floats
    top: Curve  # how often the first level is right
    leaf: Curve  # how often the second is right where the first is

    def of(self, buckets: NDArray[np.int32]) -> Floats:
        """The weights of some buckets as real numbers, `(buckets, columns)`. The whole table is never made real."""
        return self.table[buckets].astype(np.float32) * self.scale

    @cached_property
    def groups(self) -> Groups:
        """The labels by their first level, numbered as in `tops`."""
        return Groups.of(self.tops, [by_label()[label].top for label in self.labels])

    @cached_property
    def ends(self) -> tuple[int, int, int]:
        """Where the columns of the first levels, of the labels and of the first scheme end."""
        a, b, c = np.cumsum([len(self.tops), len(self.labels), len(self.alphabay)]).tolist()
        return a, b, c

    def save(self, path: Path) -> None:
        """Write them as one compressed file that holds numbers and labels, and no object of any program."""
        np.savez_compressed(
            path, tops=np.array(self.tops), labels=np.array(self.labels), alphabay=np.array(self.alphabay),
            seven=np.array(self.seven), table=self.table, scale=self.scale, bias=self.bias,
            idf=self.idf.astype(np.float16), top=np.stack([self.top.score, self.top.right]),
            leaf=np.stack([self.leaf.score, self.leaf.right]),
        )  # fmt: skip

    @classmethod
    def open(cls, path: Path) -> Weights:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as kept:
            tops, labels, alphabay, seven = (
                tuple(map(str, kept[part])) for part in ("tops", "labels", "alphabay", "seven")
            )
            return cls(
                tops, labels, alphabay, seven, kept["table"], kept["scale"], kept["bias"], kept["idf"].astype(np.float32),
                Curve(*kept["top"]), Curve(*kept["leaf"]),
            )  # fmt: skip


@cache
def shipped() -> Weights:
    """The weights that come with the project."""
    with as_file(files(__package__) / "goods.npz") as path:
        return Weights.open(path)
