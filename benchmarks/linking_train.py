"""Train the weights that ship: `script/train-linking`. Numbers only are written; no text, no handle."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from linking_data import MarketPair, folder, halves, prose_pair, real_pairs

from bowstreet.linking import bulk, fields, prose, training
from bowstreet.linking.book import Book
from bowstreet.linking.likeness import compare
from bowstreet.linking.ranking import WEIGHTS
from bowstreet.linking.training import Firsts, Lesson

HALVES = 0.15  # what a lesson from one market's halves counts, beside 1 for a pair of markets


def lesson(pair: MarketPair, weight: float = 1.0) -> Lesson:
    """Look at every account of a pair of markets."""
    book = Book.of(pair.accounts)
    looks = compare(book.texts, book.sites, fields.proposed(book), prose=book.prose)
    return Lesson(looks, pair.truths, len(book), weight)


def lessons(data: Path) -> list[Lesson]:
    """Agora→AlphaBay first; then AlphaBay→Cypher; then the halves."""
    return [*(lesson(pair) for pair in real_pairs(data)), *(lesson(pair, HALVES) for pair in halves(data))]


def prose_odds(pair: MarketPair) -> tuple[float, float]:
    """Log2 odds of a sum of 0 and of each unit, for prose against titles."""
    looks = lesson(pair).looks
    total = prose.summed(looks)
    labels = np.array([p in pair.truths for p in zip(looks.left.tolist(), looks.right.tolist(), strict=True)])
    matched = np.isin(looks.left, [left for left, _ in pair.truths])
    given = Firsts(total, np.zeros(len(total)), labels, np.where(matched, 1.0, training.UNMATCHED))
    told = training.odds(given)
    return told[0] / float(np.log(2)), told[1] / float(np.log(2))


def bulk_odds(pair: MarketPair) -> tuple[float, ...]:
    """Log2 odds of a score of 0 by words, and of each unit of score and of lead: for `bulk`."""
    book = Book.of(pair.accounts)
    near = bulk.neighbours(book.texts, book.sites)
    score, lead = bulk.standing(near)
    same = dict(pair.truths)
    who, column = np.nonzero(near.index[: pair.first] >= 0)
    found = zip(who.tolist(), near.index[who, column].tolist(), strict=True)
    labels = np.array([same.get(one) == other for one, other in found])
    weights = np.where(np.isin(who, list(same)), 1.0, training.UNMATCHED)
    told = training.odds(Firsts(score[who, column], lead[who, column], labels, weights))
    return tuple(float(one / np.log(2)) for one in told)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=WEIGHTS)
    data, into = folder(), parser.parse_args(arguments).into
    taught = lessons(data)
    told = training.unseen(taught[0], training.rankers(taught, 0), training.folds(taught[0]))
    ranker = training.calibrated(training.fit(taught), told, taught[0].looks)
    training.save(ranker, into)
    print(
        f"weights in {into}; odds {ranker.odds}; prose {prose_odds(prose_pair(data))}; bulk {bulk_odds(real_pairs(data)[0])}"
    )


if __name__ == "__main__":
    main()
