"""Whether examples would change what the reader is already sure of: asked before they are kept."""

from __future__ import annotations

from collections.abc import Sequence

from bowstreet.reading.examples import Example, Lessons
from bowstreet.reading.ranker import Ranker
from bowstreet.reading.reader import Way, facts
from bowstreet.reading.view import View

SURE = 0.9  # certainty that an example of one page does not overrule


def objections(examples: Sequence[Example], views: Sequence[View]) -> list[str]:
    """What the examples would change of what the reader is sure of on other pages of the site, in words."""
    found = []
    for view in views:
        before = facts(view, Way(Ranker.shipped()))
        after = facts(view, Way(Ranker.shipped(), lessons=Lessons(examples)))
        for old, new in zip(before.listings, after.listings, strict=False):
            for name in ("title", "seller", "price"):
                was, now = getattr(old, name), getattr(new, name)
                if was != now and was is not None and old.proof[name].score >= SURE:
                    found.append(
                        f"{view.page.url}: {name} would be {now!s} where the reader is sure of {was!s}"
                    )
    return found
