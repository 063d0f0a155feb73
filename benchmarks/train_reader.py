"""Train the reader's weights: `BOWSTREET_DATA=../shared/data .venv/bin/python benchmarks/train_reader.py`.

Writes bowstreet/reading/models/fields.json: one number for each named feature of each field, and no text of any page. Seeds
are fixed. Without the folder of real pages it trains on synthetic markets alone.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import corpus
from corpus import Sample
from families import FAMILIES
from fitting import Case, fit

from bowstreet.reading import kinds
from bowstreet.reading.candidates import prices, sellers, titles
from bowstreet.reading.document import Document
from bowstreet.reading.memory import EMPTY, Memory
from bowstreet.reading.ranker import Candidate, Ranker
from bowstreet.reading.reader import Way, signs
from bowstreet.reading.records import Record, links, records
from bowstreet.reading.rows import Rows
from bowstreet.reading.structured import structured
from bowstreet.reading.view import View
from bowstreet.reading.words import plain

MODEL = Path(__file__).parents[1] / "bowstreet/reading/models/fields.json"
SITES = 80  # synthetic markets to train on
SHRINK = {
    "page.title": 1.0,
    "page.seller": 1.0,
    "page.price": 0.3,
    "record.title": 1.0,
    "record.seller": 1.0,
    "record.price": 1.0,
}
SHOP = 3.0  # what a shop page weighs, for there are few
KIND_SITES, KIND_SHRINK = 30, 1.0
ROWS = 10  # records of a page that are learnt from
FAMILY_SEEDS = (1, 2, 3)  # markets of each family to train on; the last is without addresses
Cases = dict[str, list[Case]]
Views = list[tuple[Sample, View]]


def cases(samples: Iterable[Sample], *, remember: bool) -> Cases:
    """Cases of every field from the pages of some sites, with each site's memory or without."""
    found: Cases = defaultdict(list)
    by_site: dict[str, list[tuple[Sample, View]]] = defaultdict(list)
    for sample in samples:
        if sample.truth or remember:
            by_site[sample.site].append(
                (sample, View(Document.parse(sample.body, charset="utf-8", url=sample.url)))
            )
    for pages in by_site.values():
        memory = Memory.of(view for _, view in pages) if remember else EMPTY
        for sample, view in pages:
            if sample.kind == "listing" and sample.truth:
                _listing(found, sample, view, memory)
            elif sample.kind == "results" and sample.truth.get("rows"):
                _results(found, sample, view, memory)
    return found


def _listing(found: Cases, sample: Sample, view: View, memory: Memory) -> None:
    truth, said = sample.truth, structured(view.page)
    named = titles(view, memory, said)
    title: Candidate | None = max(
        named, key=lambda one: one.features.get("in_title", 0.0) + one.features.get("h1", 0.0), default=None
    )
    if "title" in truth:
        right = [plain(one.value) == plain(truth["title"]) for one in named]
        found["page.title"].append(Case(sample.site, named, right))
        title = next((one for one, good in zip(named, right, strict=True) if good), title)
    if "seller" in truth:
        sold = sellers(view, memory, links(view), title)
        found["page.seller"].append(
            Case(sample.site, sold, [_is(one.value, truth["seller"]) for one in sold])
        )
    if "price" in truth:
        paid = prices(view, memory, said, title)
        right = [any(abs(float(one.value) - p) < 1e-9 for p in truth["price"]) for one in paid]
        if (
            any(right) or not truth["price"]
        ):  # some of the benchmark's truths are no amount that the page shows
            found["page.price"].append(Case(sample.site, paid, right, SHOP if "gold" in truth else 1.0))


def _results(found: Cases, sample: Sample, view: View, memory: Memory) -> None:
    rows = Rows(view, memory, records(view))
    for i, row in enumerate(rows.rows[:ROWS]):
        gold = _gold(row, sample.truth["rows"])
        if gold is None:
            continue
        weight = 1 / min(ROWS, len(rows.rows))
        t, s, p = (rows.candidates[name][i] for name in ("title", "seller", "price"))
        found["record.title"].append(
            Case(sample.site, t, [plain(one.value) == plain(gold["title"]) for one in t], weight)
        )
        found["record.seller"].append(
            Case(sample.site, s, [_is(one.value, gold["seller"]) for one in s], weight)
        )
        found["record.price"].append(
            Case(
                sample.site,
                p,
                [any(abs(float(one.value) - x) < 1e-9 for x in gold["price"]) for one in p],
                weight,
            )
        )


def _is(name: str, true: str | None) -> bool:
    """Is it the seller? None is, where the page names none."""
    return true is not None and name.lower() == true.lower()


def _gold(row: Record, rows: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The truth of a record: by its address, or by its title where it has none."""
    return next(
        (
            g
            for g in rows
            if (row.url.endswith(g["url"]) if g["url"] else plain(g["title"]) == plain(row.title.text))
        ),
        None,
    )


def merged(*some: Cases) -> Cases:
    """Cases of several sets together."""
    found: Cases = defaultdict(list)
    for one in some:
        for name, own in one.items():
            found[name] += own
    return found


def train(found: Cases, views: Views) -> dict[str, dict[str, float]]:
    """Field → feature → weight; the kind of page last, for it goes by what the fields' models find."""
    weights = {name: fit(found[name], shrink=shrink) for name, shrink in SHRINK.items()}
    return weights | {"kind": fit(kinds_of(views, weights), shrink=KIND_SHRINK)}


def kinds_of(views: Views, weights: dict[str, dict[str, float]]) -> list[Case]:
    """Cases of the kind of page, those left out that rules tell."""
    way, found = Way(Ranker(weights)), []
    for sample, view in views:
        if (
            sample.kind not in (kinds.LOGIN, kinds.CHALLENGE, kinds.MISSING)
            and kinds.blocked(view, 200) is None
        ):
            each = kinds.candidates(view, signs(view, way)[0])
            found.append(Case(sample.site, each, [one.value == sample.kind for one in each]))
    return found


def views(samples: Iterable[Sample]) -> Views:
    """Pages taken apart."""
    return [
        (sample, View(Document.parse(sample.body, charset="utf-8", url=sample.url))) for sample in samples
    ]


def synthetic() -> Cases:
    """Cases of the synthetic markets, half of them with the memory of their site."""
    return merged(
        cases(corpus.synthetic(0, SITES // 2), remember=True),
        cases(corpus.synthetic(SITES // 2, SITES), remember=False),
    )


def family(name: str) -> tuple[Cases, Views]:
    """Cases of a family of layouts, with its markets' memory and without; and its pages taken apart, for the kind."""
    made = [corpus.family(name, seed, address=seed != FAMILY_SEEDS[-1]) for seed in FAMILY_SEEDS]
    found = merged(*(cases(own, remember=bool(n % 2)) for n, own in enumerate(made)))
    return found, views([sample for own in made[1:] for sample in own])


def synthetic_views() -> Views:
    """Pages of other synthetic markets, of every kind, for the model of the kind."""
    return views(corpus.synthetic(1000, 1000 + KIND_SITES))


def main() -> None:
    """Train on all there is and write the model."""
    found, seen = synthetic(), synthetic_views()
    for one in FAMILIES:
        more, pages = family(one.name)
        found, seen = merged(found, more), seen + pages
    if corpus.MSC.is_dir():
        real = [*corpus.markets(), *corpus.cypher(16)]
        found = merged(
            found,
            cases(real, remember=True),
            cases(real, remember=False),
            cases(corpus.shops(), remember=False),
        )
        seen += views([*real, *corpus.shops()])
    weights = train(found, seen)
    MODEL.write_text(json.dumps({"version": 1, "weights": weights}, indent=1, sort_keys=True) + "\n")
    sizes = {name: len(own) for name, own in found.items()}
    print(f"{MODEL.name}: {sizes}", file=sys.stderr)


if __name__ == "__main__":
    main()
