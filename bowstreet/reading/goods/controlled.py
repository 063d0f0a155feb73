"""Which controlled drug a title names, with its class and schedule in United Kingdom law.

    named("5g Colombian cocaine")               # Controlled("cocaine", "A", "2")

Class: Misuse of Drugs Act 1971, Schedule 2. Schedule: Misuse of Drugs Regulations 2001. The table is data, controlled.json,
to be checked against the law in force before it is relied on; an installation may name a table of its own.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from bowstreet.reading.goods.features import words


@dataclass(frozen=True)
class Controlled:
    """A substance; `drug_class` is A, B or C, `schedule` 1 to 5 (4 in two parts)."""

    substance: str
    drug_class: str
    schedule: str


def named(title: str) -> Controlled | None:
    """The controlled drug that the title names first; None where it names none."""
    said = words(title)
    table, longest = _table()
    for at in range(len(said)):
        for size in range(longest, 0, -1):
            if found := table.get(" ".join(said[at : at + size])):
                return found
    return None


@cache
def _table() -> tuple[dict[str, Controlled], int]:
    named_by_user = os.environ.get("BOWSTREET_CONTROLLED_DRUGS")
    text = (
        Path(named_by_user).read_text("utf-8")
        if named_by_user
        else (files(__package__) / "controlled.json").read_text("utf-8")
    )
    table: dict[str, Controlled] = {}
    for row in json.loads(text)["substances"]:
        found = Controlled(row["substance"], row["class"], row["schedule"])
        for name in (row["substance"], *row["names"]):
            table[" ".join(words(name))] = found
    return table, max(name.count(" ") for name in table) + 1
