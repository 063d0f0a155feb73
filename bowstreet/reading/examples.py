"""What a person taught: "this is the title, this is the price" on a page, as log-odds that are added to the model's."""

from __future__ import annotations

from collections.abc import Sequence

from bowstreet.reading.category import Path
from bowstreet.reading.ranker import Candidate
from bowstreet.reading.view import View


class Lessons:
    """Nothing was taught."""

    def favour(self, view: View, name: str, found: Sequence[Candidate]) -> list[float]:
        """What the examples add to the log-odds of each candidate."""
        return [0.0] * len(found)

    def category(self, view: View) -> Path | None:
        """The category, where the examples show its place."""
        return None


NONE = Lessons()
