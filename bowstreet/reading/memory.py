"""What the pages of one site have in common: its template, learnt from pages that nobody labelled.

    memory = Memory.of(views)
    memory.share("Browse categories")     # of the site's pages that say so: 1.0

A text that stands on most pages is furniture; a slot that says something else on each page is content.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from bowstreet.reading.view import View

LIMIT = 200  # pages remembered of one site: more change nothing
_TEXTS = 400  # units remembered of one page


class Memory:
    """Texts and slots of a site's pages."""

    def __init__(self) -> None:
        self.pages = 0
        self._texts: Counter[str] = Counter()
        self._slots: Counter[int] = Counter()
        self._said: dict[int, set[str]] = defaultdict(set)

    @classmethod
    def of(cls, views: Iterable[View]) -> Memory:
        """The memory of these pages."""
        made = cls()
        for view in views:
            made.add(view)
        return made

    def add(self, view: View) -> None:
        """Remember a page."""
        if self.pages >= LIMIT:
            return
        self.pages += 1
        self._texts.update(set(view.texts[:_TEXTS]))
        first: dict[int, str] = {}
        for slot, text in zip(view.slots[:_TEXTS], view.texts, strict=False):
            first.setdefault(slot, text)
        for slot, text in first.items():
            self._slots[slot] += 1
            self._said[slot].add(text[:80])

    def share(self, text: str) -> float:
        """The share of pages that say this, the page that asks left out; 0 where there is no other page."""
        return max(0, self._texts[text] - 1) / (self.pages - 1) if self.pages > 1 else 0.0

    def varies(self, slot: int) -> float:
        """How much a slot that several pages have says something else on each: 0 to 1."""
        seen = self._slots[slot]
        return (len(self._said[slot]) - 1) / (seen - 1) if seen > 1 else 0.0


EMPTY = Memory()
