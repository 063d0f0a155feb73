"""How well pages of markets never seen are read: each market with a model trained without it. Prints Markdown.

    BOWSTREET_DATA=../shared/data .venv/bin/python benchmarks/reading.py [--quick]

A market is scored by a model that saw synthetic markets, shops and the other real markets, never itself. "alone" reads each
page by itself; "together" gives the pages of the market in one call, as their own unlabelled memory.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Sequence

import corpus
from corpus import Sample
from families import FAMILIES
from fitting import fit
from markets import Page, Site
from scoring import FIELDS, marks, readings, right, rows, table
from selectolax.lexbor import LexborHTMLParser
from train_reader import SHRINK, Cases, cases, family, merged, synthetic, synthetic_views, train, views

from bowstreet.reading.document import Document
from bowstreet.reading.examples import BadExamples, Example, Lessons, show
from bowstreet.reading.facts import PageFacts
from bowstreet.reading.ranker import Ranker
from bowstreet.reading.reader import Way, read_rows
from bowstreet.reading.view import View

HELD = 40  # made-up markets of seeds not trained on


def shop_scores(samples: Sequence[Sample], read: Sequence[PageFacts]) -> tuple[int, int, int]:
    """True positives, false positives, false negatives of the price, as the benchmark counts them."""
    tp = fp = fn = 0
    for sample, page in zip(samples, read, strict=True):
        gold = sample.truth["price"]
        price = page.listings[0].price if page.listings else None
        ok = price is not None and any(abs(float(price.amount) - g) < 1e-9 for g in gold)
        tp, fp, fn = tp + ok, fp + (price is not None and not ok), fn + (bool(gold) and not ok)
        if not ok and (gold or price):
            print(f"  {sample.url[:70]} {page.kind} {price} ≠ {gold}", file=sys.stderr)
    return tp, fp, fn


def folds(quick: bool) -> tuple[dict[str, list[Sample]], dict[str, Ranker], Cases]:
    """The markets' pages, the model of each trained without it, and the cases of the synthetic markets."""
    made = synthetic()
    pages: dict[str, list[Sample]] = defaultdict(list)
    for sample in (*corpus.markets(), *corpus.cypher(8 if quick else 32)):
        pages[sample.site].append(sample)
    own = {
        market: merged(cases(of, remember=True), cases(of, remember=False)) for market, of in pages.items()
    }
    shop = cases(corpus.shops(), remember=False)
    seen = synthetic_views() + views(corpus.shops())
    for one in FAMILIES:
        more, shown = family(one.name)
        made, seen = merged(made, more), seen + shown
    models = {}
    for market in pages:
        others = [m for m in pages if m != market]
        shown = seen + [view for m in others for view in views(pages[m])]
        models[market] = Ranker(train(merged(made, shop, *(own[m] for m in others)), shown))
    return pages, models, merged(made, *own.values()) | {"shop": shop["page.price"]}


def shops(every: Cases, base: Ranker) -> None:
    """Price on shop pages, each site with weights of the price fitted without it; the other weights are `base`'s."""
    samples = list(corpus.shops())
    total = [0, 0, 0]
    for site in sorted({s.site for s in samples}):
        others = [case for case in every["shop"] if case.site != site]
        price = fit([*every["page.price"], *others], shrink=SHRINK["page.price"])
        held = [s for s in samples if s.site == site]
        read = readings(held, Ranker({**base.weights, "page.price": price}), together=False)
        total = [a + b for a, b in zip(total, shop_scores(held, read), strict=True)]
    tp, fp, fn = total
    p, r = tp / max(1, tp + fp), tp / max(1, tp + fn)
    table(
        ("shop pages", "precision", "recall", "price F1", "best commercial, 2021"),
        [[str(len(samples)), f"{p:.3f}", f"{r:.3f}", f"{2 * p * r / (p + r):.3f}", "0.918"]],
    )


def examples() -> None:
    """Made-up markets of seeds not trained on, read with none, one and two listing pages explained; scored on the others."""
    lines = []
    for count in (0, 1, 2):
        good: dict[str, list[bool]] = defaultdict(list)
        kinds_right, rows_right = list[bool](), list[bool]()
        for seed in range(5000, 5000 + HELD):
            site = Site(seed)
            shown = [site.listing(n) for n in (11, 12)][:count]
            row = site.results(9)
            lessons = Lessons([*map(_explained, shown), *([_row(row)] if count else [])])
            way = Way(Ranker.shipped(), lessons=lessons)
            for page in (site.listing(n) for n in (1, 2, 3)):
                facts = next(read_rows(rows([_sample(page)]), way))
                kinds_right.append(facts.kind == page.kind)
                for name in FIELDS:
                    if page.truth.get(name):
                        good[name].append(
                            len(facts.listings) == 1 and right(name, facts.listings[0], page.truth)
                        )
            many = _sample(site.results(1))
            facts = next(read_rows(rows([many]), way))
            kinds_right.append(facts.kind == many.kind)
            for one in many.truth["rows"]:
                own = next((o for o in facts.listings if (o.url or "").endswith(one["url"])), None)
                rows_right.append(
                    own is not None and all(right(name, own, one) for name in ("title", "seller", "price"))
                )
        lines.append(
            [
                str(count),
                *(f"{sum(good[name]) / len(good[name]):.3f}" for name in FIELDS),
                f"{sum(rows_right) / len(rows_right):.3f}",
                f"{sum(kinds_right) / len(kinds_right):.3f}",
            ]
        )
    table(("examples", *FIELDS, "rows of result pages wholly right", "kind"), lines)


def _sample(page: Page) -> Sample:
    return Sample(page.site, page.kind, page.url, page.html.encode(), page.truth)


def _explained(page: Page) -> Example:
    view = View(Document.parse(page.html.encode(), charset=None, url=page.url))
    truth = page.truth
    try:
        return show(
            view,
            {
                "title": truth["title"],
                "seller": truth["seller"],
                "price": f"{truth['price'][0]:.2f}" if truth["price"][0] > 1 else str(truth["price"][0]),
            },
        )
    except BadExamples:  # the page writes the price otherwise
        return show(view, {"title": truth["title"], "seller": truth["seller"]})


def _row(page: Page) -> Example:
    view, one = View(Document.parse(page.html.encode(), charset=None, url=page.url)), page.truth["rows"][0]
    return show(view, {"title": one["title"], "seller": one["seller"]})


def speed(samples: Sequence[Sample]) -> None:
    """Whole reading against parsing alone, one process."""
    list(read_rows(rows(samples[:4])))
    begun = time.process_time()
    list(read_rows(rows(samples)))
    whole = time.process_time() - begun
    begun = time.process_time()
    for sample in samples:
        _ = Document.parse(sample.body, charset=None, url=sample.url).places
    parse = time.process_time() - begun
    begun = time.process_time()
    for sample in samples:
        LexborHTMLParser(sample.body)
    bare = time.process_time() - begun
    n = len(samples)
    table(("pages", "reading, ms a page", "parsing with places, ms", "ratio (aim ≤ 8)", "bare Lexbor, ms"),
          [[str(n), f"{1000 * whole / n:.1f}", f"{1000 * parse / n:.1f}", f"{whole / parse:.1f}", f"{1000 * bare / n:.2f}"]])  # fmt: skip


def main() -> None:
    """Every table."""
    quick = "--quick" in sys.argv
    pages, models, every = folds(quick)
    listings, records, kinds, false = [], [], [], 0
    for market, samples in pages.items():
        for said, together in (("together", True), ("alone", False)):
            got = marks(samples, readings(samples, models[market], together=together), show=together)
            if got.listing:
                listings.append([market, said, *got.listing_cells()])
            records.append([market, said, *got.record_cells()])
            kinds.append([market, said, *got.kind_cells()])
            false += got.false
    table(("listing pages of", "read", "n", *FIELDS), listings)
    table(("result pages of", "read", "rows", "records P", "R", "title", "seller", "price"), records)
    table(("market", "read", "kind right", "by kind"), kinds)
    print(f"Listings read from log-in, challenge and missing pages: {false}\n")
    speed([s for of in pages.values() for s in of])
    if not quick:
        shops(every, models["empire"])
        examples()


if __name__ == "__main__":
    main()
