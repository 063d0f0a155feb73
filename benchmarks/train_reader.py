"""Train the reader's weights: `BOWSTREET_DATA=../shared/data .venv/bin/python benchmarks/train_reader.py`.

Writes bowstreet/reading/models/fields.json: one number for each named feature of each field, and no text of any page. Seeds
are fixed. Without the folder of real pages it trains on synthetic markets alone.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import corpus
from corpus import Sample
from fitting import Case, fit

from bowstreet.reading import kinds
from bowstreet.reading.candidates import prices, sellers, titles
from bowstreet.reading.document import Document
from bowstreet.reading.memory import EMPTY, Memory
from bowstreet.reading.ranker import Candidate, Ranker
from bowstreet.reading.reader import Way, signs
from bowstreet.reading.records import links, records
from bowstreet.reading.rows import Rows
from bowstreet.reading.structured import structured
from bowstreet.reading.view import View
from bowstreet.reading.words import plain

MODEL = Path(__file__).parents[1] / "bowstreet/reading/models/fields.json"
SITES = 160  # synthetic markets to train on
SHRINK = {
    "page.title": 1.0,
    "page.seller": 1.0,
    "page.price": 0.3,
    "record.title": 1.0,
    "record.seller": 1.0,
    "record.price": 1.0,
}
SHOP = 3.0  # what a shop page weighs, for there are few
KIND_SITES, KIND_SHRINK = 90, 1.0
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
            Case(sample.site, sold, [one.value.lower() == truth["seller"].lower() for one in sold])
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
    for i, row in enumerate(rows.rows):
        gold = next((one for one in sample.truth["rows"] if row.url.endswith(one["url"])), None)
        if gold is None:
            continue
        weight = 1 / len(rows.rows)
        t, s, p = (rows.candidates[name][i] for name in ("title", "seller", "price"))
        found["record.title"].append(
            Case(sample.site, t, [plain(one.value) == plain(gold["title"]) for one in t], weight)
        )
        found["record.seller"].append(
            Case(sample.site, s, [one.value.lower() == gold["seller"].lower() for one in s], weight)
        )
        found["record.price"].append(
            Case(
                sample.site,
                p,
                [any(abs(float(one.value) - x) < 1e-9 for x in gold["price"]) for one in p],
                weight,
            )
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


def synthetic_views() -> Views:
    """Pages of other synthetic markets, of every kind, for the model of the kind."""
    return views(corpus.synthetic(1000, 1000 + KIND_SITES))


def main() -> None:
    """Train on all there is and write the model."""
    found, seen = synthetic(), synthetic_views()
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
