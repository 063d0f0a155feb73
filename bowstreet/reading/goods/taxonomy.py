"""The goods and services that listings offer, as labels two levels deep.

    by_label()["drugs/cannabis"].name           # "Cannabis and hashish"

The list is data: taxonomy.json. It follows the goods of INTERPOL's Dark Web and Virtual Assets taxonomy (v0.3, Apache-2.0)
where that has a concept, and says for each label how two coarser schemes call it: the categories of a large market of 2017,
which are the labels of most public data, and seven merged classes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Label:
    """One kind of goods. `interpol` is the concept's identifier there, where there is one."""

    label: str
    name: str
    alphabay: str
    seven: str
    interpol: str | None

    @property
    def top(self) -> str:
        """The first level: "drugs" of "drugs/cannabis"."""
        return self.label.partition("/")[0]


@cache
def labels() -> tuple[Label, ...]:
    """Every label, in the order of the file."""
    return tuple(
        Label(**one) for one in json.loads((files(__package__) / "taxonomy.json").read_text("utf-8"))
    )


@cache
def by_label() -> dict[str, Label]:
    """Every label by its own text."""
    return {one.label: one for one in labels()}
