"""What a kind of identifier is: a pattern that proposes, in linear time, and a function that decides.

    KIND = Kind("bitcoin", r"[13][1-9A-HJ-NP-Za-km-z]{25,34}", validate)

`validate` gets the text as written and gives the normalised value, or None for "looks like one, but is not valid"; or
raises NotOne where it is no such thing at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import re2

from bowstreet.reading.facts import Identifier


class NotOne(Exception):
    """What was proposed is plainly something else: say nothing of it."""


@dataclass(frozen=True)
class Kind:
    """One kind. `pattern` is RE2's, which cannot hang; group 1, where there is one, is the identifier itself."""

    name: str
    pattern: str
    validate: Callable[[str], str | None]

    @cached_property
    def _compiled(self) -> Any:
        return re2.compile(self.pattern)

    def find(self, text: str) -> Iterator[Identifier]:
        """Every one in the text, in order, with its exact span."""
        for found in self._compiled.finditer(text):
            group = 1 if found.re.groups else 0
            start, written = found.start(group), found[group]
            try:
                value = self.validate(written)
            except NotOne:
                continue
            yield Identifier(self.name, written, value, value is not None, start, start + len(written))
