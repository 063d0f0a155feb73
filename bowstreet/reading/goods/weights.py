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
    def of(cls, told: Sequence[str]) -> Groups:
        """Group by what is told of each label."""
        names = tuple(dict.fromkeys(told))
        return cls(names, np.array([names.index(one) for one in told], dtype=np.intp))

    def sums(self, chances: Floats) -> Floats:
        """The belief in each name, for one row of beliefs in labels."""
        return np.bincount(self.of_label, chances, len(self.names)).astype(np.float32)

    def best(self, chances: Floats) -> str:
        """The name with the most belief in it."""
        return self.names[int(self.sums(chances).argmax())]


@dataclass(frozen=True)
class Weights:
    """A linear model over hashed features: a column of `table` per label, whole numbers to be multiplied by `scale`."""

    labels: tuple[str, ...]
    table: NDArray[np.int8]
    scale: Floats
    bias: Floats
    idf: Floats
    temperature: float
    top: Curve  # how often the first level is right
    leaf: Curve  # how often the whole label is right

    def of(self, buckets: NDArray[np.int32]) -> Floats:
        """The weights of some buckets as real numbers, `(buckets, labels)`. The whole table is never made real."""
        return self.table[buckets].astype(np.float32) * self.scale

    @cached_property
    def tops(self) -> Groups:
        """The labels by their first level."""
        return Groups.of([by_label()[label].top for label in self.labels])

    @cached_property
    def schemes(self) -> dict[str, Groups]:
        """The labels as the two coarser schemes group them."""
        known = [by_label()[label] for label in self.labels]
        return {
            "alphabay": Groups.of([one.alphabay for one in known]),
            "seven": Groups.of([one.seven for one in known]),
        }

    def save(self, path: Path) -> None:
        """Write them as one compressed file that holds numbers and labels, and no object of any program."""
        np.savez_compressed(
            path, labels=np.array(self.labels), table=self.table, scale=self.scale, bias=self.bias,
            idf=self.idf.astype(np.float16), temperature=np.float32(self.temperature),
            top=np.stack([self.top.score, self.top.right]), leaf=np.stack([self.leaf.score, self.leaf.right]),
        )  # fmt: skip

    @classmethod
    def open(cls, path: Path) -> Weights:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as kept:
            return cls(
                tuple(str(label) for label in kept["labels"]), kept["table"], kept["scale"], kept["bias"],
                kept["idf"].astype(np.float32), float(kept["temperature"]), Curve(*kept["top"]), Curve(*kept["leaf"]),
            )  # fmt: skip


@cache
def shipped() -> Weights:
    """The weights that come with the project."""
    with as_file(files(__package__) / "goods.npz") as path:
        return Weights.open(path)
