"""Scores of what was read against what a page truly says; and Markdown tables."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus import Sample

from bowstreet.reading.facts import Listing, PageFacts
from bowstreet.reading.ranker import Ranker
from bowstreet.reading.reader import Way, read_rows
from bowstreet.reading.words import plain

FIELDS = ("title", "seller", "price", "category", "ships_from", "ships_to")


def rows(samples: Sequence[Sample]) -> list[dict[str, Any]]:
    """Samples as rows of PAGES."""
    return [
        {
            "url": s.url,
            "charset": None,
            "status": 200,
            "body": s.body,
            "record": "",
            "block": "",
            "body_digest": "",
        }
        for s in samples
    ]


def readings(samples: Sequence[Sample], ranker: Ranker, *, together: bool) -> list[PageFacts]:
    """What is read, each page by itself or all together."""
    way = Way(ranker)
    if together:
        return list(read_rows(rows(samples), way))
    return [next(read_rows([row], way)) for row in rows(samples)]


def right(name: str, found: Listing, truth: dict[str, Any]) -> bool:
    """Is a field right? Titles and places but for case and space; prices as numbers; lists as sets; no seller where none is."""
    want = truth[name]
    match name:
        case "price":
            return found.price is not None and any(abs(float(found.price.amount) - p) < 1e-9 for p in want)
        case "category":
            return [plain(s) for s in found.category] == [plain(s) for s in want]
        case "ships_to":
            return {plain(s) for s in found.ships_to} == {plain(s) for s in want}
    got = getattr(found, name)
    return (got is None) == (want is None) and (want is None or plain(got) == plain(want))


@dataclass
class Marks:
    """What was right and wrong of the pages of a market."""

    listing: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    record: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    wanted: int = 0
    found: int = 0
    hit: int = 0
    kinds: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    false: int = 0  # listings on pages that hold nothing to read

    def add(self, sample: Sample, page: PageFacts, *, show: bool = False) -> None:
        """Mark one page."""
        ok = page.kind == sample.kind
        self.kinds[sample.kind].append(ok)
        self.false += bool(page.listings) and sample.kind in ("login", "challenge", "missing")
        if show and not ok:
            _say(sample, f"is {sample.kind}, read as {page.kind}")
        if sample.kind == "listing" and "title" in sample.truth:
            self._one(sample, page, show)
        elif sample.kind == "results" and sample.truth.get("rows"):
            self._many(sample, page, show)

    def _one(self, sample: Sample, page: PageFacts, show: bool) -> None:
        for name in FIELDS:
            if sample.truth.get(name) or (name == "seller" and "seller" in sample.truth):
                ok = len(page.listings) == 1 and right(name, page.listings[0], sample.truth)
                self.listing[name].append(ok)
                if show and not ok:
                    got = page.listings[0] if page.listings else None
                    _say(sample, f"{page.kind} {name}: {getattr(got, name, None)!r} ≠ {sample.truth[name]!r}")

    def _many(self, sample: Sample, page: PageFacts, show: bool) -> None:
        gold, missed = sample.truth["rows"], 0
        self.wanted, self.found = self.wanted + len(gold), self.found + len(page.listings)
        for one in gold:
            own = next((o for o in page.listings if _same(o, one)), None)
            if own is None:
                missed += 1
                continue
            self.hit += 1
            for name in ("title", "seller", "price"):
                ok = right(name, own, one)
                self.record[name].append(ok)
                if show and not ok:
                    _say(sample, f"{name}: {getattr(own, name)!r} ≠ {one[name]!r}")
        if show and (missed or len(page.listings) != len(gold)):
            _say(sample, f"{page.kind}: {missed} of {len(gold)} records missed, {len(page.listings)} found")

    def listing_cells(self) -> list[str]:
        """Pages, and the share right of each field."""
        own = self.listing
        return [str(len(own["title"])), *(f"{share(own[name]):.2f}" if own[name] else "–" for name in FIELDS)]

    def record_cells(self) -> list[str]:
        """Rows, precision and recall, and the share right of each field of those found."""
        scores = [self.hit / max(1, self.found), self.hit / max(1, self.wanted)]
        scores += [share(self.record[name]) for name in ("title", "seller", "price")]
        return [str(self.wanted), *(f"{score:.3f}" for score in scores)]

    def kind_cells(self) -> list[str]:
        """The share of pages whose kind is right, and that of each kind."""
        every = [ok for own in self.kinds.values() for ok in own]
        by = ", ".join(f"{kind} {sum(own)}/{len(own)}" for kind, own in sorted(self.kinds.items()))
        return [f"{share(every):.3f}", by]


def share(marks: Sequence[bool]) -> float:
    """Of marks that are true."""
    return sum(marks) / max(1, len(marks))


def marks(samples: Sequence[Sample], read: Sequence[PageFacts], *, show: bool = False) -> Marks:
    """The marks of some pages."""
    made = Marks()
    for sample, page in zip(samples, read, strict=True):
        made.add(sample, page, show=show)
    return made


def _same(found: Listing, gold: dict[str, Any]) -> bool:
    """Is it that record? By its address, or by its title where records have none."""
    if gold["url"] is None:
        return plain(found.title) == plain(gold["title"])
    return (found.url or "").endswith(gold["url"])


def _say(sample: Sample, text: str) -> None:
    print(f"  {(sample.name or sample.url)[-46:]} {text}", file=sys.stderr)


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """A Markdown table."""
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for line in lines:
        print("| " + " | ".join(line) + " |")
    print()
