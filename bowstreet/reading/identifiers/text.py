"""A text in which identifiers are looked for: what each pattern proposes in it, in linear time.

Text("write to anna@post.example").proposed(r"[a-z]+@[a-z.]+")      →  [(9, 26)]
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Any

import re2

from bowstreet.reading.identifiers.fold import LETTER, RUNS_UNSEEN, UNSEEN, fold

Span = tuple[int, int]
REACH = 2048  # characters over which the match of a sparse pattern may go; what is longer is no identifier


@dataclass(frozen=True)
class Lead:
    """A word or a host that leads to the identifier: `then` is matched right behind it, its group 1 is the identifier.

    `then` is one of Python's own patterns, tried once at one place: keep every repetition in it counted.
    """

    words: tuple[str, ...]
    then: str

    def __post_init__(self) -> None:
        _WORDS.update(self.words)
        _leads.cache_clear()

    @cached_property
    def follows(self) -> re.Pattern[bytes]:
        """`then`, compiled."""
        return re.compile(self.then.encode("latin-1"), re.I)


_WORDS: set[str] = set()


class Dense(str):
    """A pattern that proposes thousands a megabyte: it takes a pass of its own."""


class Large(str):
    """A pattern too large to be tried together with all others: it takes a pass with others as large."""


@lru_cache(maxsize=256)
def compiled(pattern: str, groups: bool = True) -> Any:
    """The pattern for folded text, by RE2, which cannot hang."""
    options = re2.Options()
    options.never_capture = not groups
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = 64 << 20
    options.log_errors = False
    return re2.compile(pattern.encode("latin-1"), options)


@lru_cache(maxsize=1)
def _leads() -> Any:
    words = "|".join(re.escape(word) for word in sorted(_WORDS, key=lambda word: (-len(word), word)))
    return compiled(rf"(?i)\b(?:{words})\b")


@dataclass
class Text:
    """A text in which identifiers are looked for, and what each pattern proposed in it.

    Characters that nobody sees are left out; `place` gives where a span stands in the text as it was given.
    Patterns that seldom match are tried `together`: one pass for all of a set finds the areas in which each is tried by
    itself. A match of any one begins within a match of all together, so none is lost.
    """

    given: str
    together: tuple[frozenset[str], ...] = ()
    text: str = field(init=False)
    folded: bytes = field(init=False)
    _left_out: list[tuple[int, int]] = field(
        default_factory=list
    )  # where, in what is left → how many before it
    _spans: dict[str, list[Span]] = field(default_factory=dict)
    _areas: dict[frozenset[str], list[Span]] = field(default_factory=dict)
    _led: dict[bytes, list[int]] | None = None

    def __post_init__(self) -> None:
        self.text = self.given
        self.folded = fold(self.text)
        if not self.given.isascii() and UNSEEN.encode() in self.folded:
            self.text = RUNS_UNSEEN.sub("", self.given)
            gone = 0
            for run in RUNS_UNSEEN.finditer(self.given):
                gone += len(run[0])
                self._left_out.append((run.end() - gone, gone))
            self.folded = fold(self.text)

    def place(self, start: int, end: int) -> Span:
        """The span in the text as it was given."""
        if not self._left_out:
            return start, end
        return self._given(start), self._given(end - 1) + 1

    def _given(self, at: int) -> int:
        behind = bisect_right(self._left_out, at, key=itemgetter(0))
        return at + (self._left_out[behind - 1][1] if behind else 0)

    def proposed(self, pattern: str) -> list[Span]:
        """Where a pattern matches: its group 1, where it has one."""
        if pattern not in self._spans:
            made = compiled(pattern)
            group = 1 if made.groups else 0
            others = next((one for one in self.together if pattern in one and len(one) > 1), None)
            areas = self._near(others) if others else [(0, len(self.folded))]
            self._spans[pattern] = [
                found.span(group) for start, end in areas for found in made.finditer(self.folded, start, end)
            ]
        return self._spans[pattern]

    def _near(self, patterns: frozenset[str]) -> list[Span]:
        """Where any of the patterns begins, with what such a match may reach over."""
        if patterns not in self._areas:
            self._areas[patterns] = self._found(patterns)
        return self._areas[patterns]

    def _found(self, patterns: frozenset[str]) -> list[Span]:
        areas: list[Span] = []
        start = end = 0
        for found in compiled("|".join(f"(?:{one})" for one in sorted(patterns)), False).finditer(
            self.folded
        ):
            if found.start() > end:
                areas.append((start, end))
                start = found.start()
            end = found.end() + REACH
        return [(start, end) for start, end in [*areas, (start, end)] if end > start]

    def led(self, lead: Lead) -> Iterator[Span]:
        """What stands behind the words of a lead."""
        if self._led is None:
            self._led = defaultdict(list)
            for found in _leads().finditer(self.folded):
                self._led[found[0].lower()].append(found.end())
        for word in lead.words:
            for end in self._led.get(word.encode("latin-1"), ()):
                if found := lead.follows.match(self.folded, end):
                    yield found.span(1)

    def written(self, start: int, end: int) -> str:
        """A span in plain letters, and other letters as they stand."""
        own = self.text[start:end]
        if own.isascii():
            return own
        plain = self.folded[start:end].decode("latin-1")
        if LETTER not in plain:
            return plain
        return "".join(
            written if letter == LETTER else letter for written, letter in zip(own, plain, strict=True)
        )
