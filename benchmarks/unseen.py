"""How well families of layouts are read that the model was not trained on. Prints Markdown.

    .venv/bin/python benchmarks/unseen.py [--shipped] [--alone] [--show] [FAMILY…]

Half of the families (CLOSED) is read by a model that was trained on the made-up markets, the real ones (where BOWSTREET_DATA
has them) and the other half (OPEN); and the other way round. `--shipped` reads with the model that is shipped, which saw every family.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator

import corpus
from families import CLOSED, FAMILIES, OPEN
from scoring import FIELDS, Marks, readings, share, table
from train_reader import Cases, Views, cases, family, merged, synthetic, synthetic_views, train, views

from bowstreet.reading.ranker import Ranker

SEEDS = (901, 902, 903)  # the last is without addresses


def main() -> None:
    """Every table."""
    chosen = [one for one in sys.argv[1:] if not one.startswith("--")] or [one.name for one in FAMILIES]
    show, together = "--show" in sys.argv, "--alone" not in sys.argv
    every = dict.fromkeys(chosen, Marks())
    for held, ranker in [(chosen, Ranker.shipped())] if "--shipped" in sys.argv else folds(chosen):
        for name in held:
            every[name] = Marks()
            for seed in SEEDS:
                samples = corpus.family(name, seed, address=seed != SEEDS[-1])
                for sample, page in zip(samples, readings(samples, ranker, together=together), strict=True):
                    every[name].add(sample, page, show=show)
    tables(every)


def folds(chosen: list[str]) -> Iterator[tuple[list[str], Ranker]]:
    """Families, and the model that none of them was shown to: half of them by what the other half teaches."""
    found, seen = everything_else()
    for held in (CLOSED, OPEN):
        names = [name for name in chosen if name in held]
        if names:
            others = [family(name) for name in sorted(OPEN | CLOSED) if name not in held]
            yield (
                names,
                Ranker(
                    train(merged(found, *(c for c, _ in others)), seen + [v for _, vs in others for v in vs])
                ),
            )


def everything_else() -> tuple[Cases, Views]:
    """What a model is trained on besides the families."""
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
    return found, seen


def tables(every: dict[str, Marks]) -> None:
    """The three tables, and what they come to."""
    said = {name: f"{name}{' (closed)' if name in CLOSED else ''}" for name in every}
    table(("family", "n", *FIELDS), [[said[n], *m.listing_cells()] for n, m in every.items() if m.listing])
    table(
        ("family", "rows", "P", "R", "title", "seller", "price"),
        [[said[n], *m.record_cells()] for n, m in every.items() if m.wanted],
    )
    table(("family", "kind right", "by kind"), [[said[n], *m.kind_cells()] for n, m in every.items()])
    for group in (CLOSED, set(every) - CLOSED):
        own = [m for n, m in every.items() if n in group]
        if not own:
            continue
        kinds: dict[str, list[bool]] = defaultdict(list)
        for m in own:
            for kind, of in m.kinds.items():
                kinds[kind] += of
        fields = {name: mean([share(m.listing[name]) for m in own if m.listing[name]]) for name in FIELDS}
        records = [(m.hit / max(1, m.found), m.hit / max(1, m.wanted)) for m in own if m.wanted]
        wide = {
            name: mean([share(m.record[name]) for m in own if m.record[name]])
            for name in ("title", "seller", "price")
        }
        print(
            f"{'closed' if group is CLOSED else 'open'}, means of {len(own)} families: listing pages {shown(fields)}; result pages P {mean([p for p, _ in records]):.3f}, R {mean([r for _, r in records]):.3f}, {shown(wide)}; "
            f"kinds {shown({k: share(of) for k, of in sorted(kinds.items())})}, all {mean([share([ok for of in m.kinds.values() for ok in of]) for m in own]):.3f}; listings on pages with nothing to read: {sum(m.false for m in own)}\n"
        )


def shown(scores: dict[str, float]) -> str:
    """Names with numbers."""
    return ", ".join(f"{name} {score:.3f}" for name, score in scores.items())


def mean(some: list[float]) -> float:
    """Of what there is."""
    return sum(some) / max(1, len(some))


if __name__ == "__main__":
    main()
