"""What a kind of identifier is: what proposes it, in linear time, and what decides.

    KIND = Kind("bitcoin", runs.RUN, validate)

`decide` gets what was proposed, as written, and gives the normalised value; or None for "looks like one, but is not
valid"; or Part, where only a part of it is meant; or raises NotOne where it is no such thing at all. Where its
surroundings matter, `fits` looks at them. Kinds that name the same pattern share one pass over the text; what a kind
finds never depends on which others are looked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bowstreet.reading.facts import Identifier
from bowstreet.reading.identifiers.text import Dense, Large, Lead, Text

__all__ = [
    "Dense",
    "Fits",
    "Kind",
    "Large",
    "Lead",
    "NotOne",
    "Part",
    "Text",
    "behind",
    "not_behind",
    "words",
]
REMEMBERED = 512  # characters; the answer about anything longer is not kept


class NotOne(Exception):
    """What was proposed is plainly something else: say nothing of it."""


@dataclass(frozen=True)
class Part:
    """The identifier is only this span of what was proposed. `shown` hides what must not be shown of its text."""

    value: str | None
    start: int
    end: int
    shown: Callable[[str], str] | None = None


Fits = Callable[[bytes, int, int], bool]


@dataclass(frozen=True)
class Kind:
    """One kind. `proposes` is RE2's pattern over folded text, or a lead."""

    name: str
    proposes: str | Lead
    decide: Callable[[str], str | Part | None]
    fits: Fits | None = None

    @cached_property
    def _decided(self) -> Callable[[str], Part | None]:
        return lru_cache(maxsize=1 << 14)(self._answer)

    def _answer(self, written: str) -> Part | None:
        try:
            answer = self.decide(written)
        except NotOne:
            return None
        return answer if isinstance(answer, Part) else Part(answer, 0, len(written))

    def find(self, text: str | Text) -> Iterator[Identifier]:
        """Every one in the text, with its exact span."""
        whole = Text(text) if isinstance(text, str) else text
        fits, folded, decided = self.fits, whole.folded, self._decided
        spans = whole.led(self.proposes) if isinstance(self.proposes, Lead) else whole.proposed(self.proposes)
        for start, end in spans:
            own = whole.text[start:end]
            written = own if own.isascii() else whole.written(start, end)
            answer = decided(written) if end - start <= REMEMBERED else self._answer(written)
            if answer is None or (fits is not None and not fits(folded, start, end)):
                continue
            begin, past = start + answer.start, start + answer.end
            begin, past = whole.place(begin, past)
            shown = whole.given[begin:past]
            if answer.shown is not None:
                shown = answer.shown(shown)
            yield Identifier(self.name, shown, answer.value, answer.value is not None, begin, past)


def behind(pattern: str, reach: int = 40) -> Fits:
    """Fits where the pattern is found in the text just before."""
    made = re.compile(pattern.encode("latin-1"), re.I)
    return lambda folded, start, end: made.search(folded[max(0, start - reach) : start]) is not None


def not_behind(pattern: str, reach: int = 40) -> Fits:
    """Fits where the pattern is not found in the text just before."""
    found = behind(pattern, reach)
    return lambda folded, start, end: not found(folded, start, end)


def words(text: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(text.split())
