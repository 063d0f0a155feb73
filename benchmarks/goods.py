"""Goods from titles: vendors never seen, markets never seen, calibration, speed. With --train, the weights that ship.

    BOWSTREET_DATA=… .venv/bin/python benchmarks/goods.py             prints the tables of RESULTS.md
    BOWSTREET_DATA=… .venv/bin/python benchmarks/goods.py --train     and writes bowstreet/reading/goods/goods.npz

Five folds by vendor: a vendor's titles, on whichever market, are never trained on where they are scored, and what is doubted
among the training titles is decided without them too. Calibration is fitted on these held-out answers, and scored by a second
split by vendor. Beside ours stands a plain peer, trained and scored on the same rows: scikit-learn's hashed runs of characters
and words, inverse document frequencies, one linear support vector machine.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from goods_data import Title, agora, alphabay, cypher
from goods_fit import ALPHABAY, LABELS, SEVEN, TOPS, Bench
from goods_invented import titles as invented
from goods_peer import hashed, peer, peer_held_out
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import f1_score

from bowstreet.reading.goods import classify, taxonomy
from bowstreet.reading.goods.beliefs import Beliefs, believe
from bowstreet.reading.goods.classify import settled
from bowstreet.reading.goods.controlled import named
from bowstreet.reading.goods.features import matrix, weigh
from bowstreet.reading.goods.weights import Curve, Floats, Weights

Names = NDArray[np.str_]
OUT = Path(__file__).parents[1] / "bowstreet/reading/goods/goods.npz"
DRAWS = 500
HIGH = 0.8
ENOUGH = 10  # titles that a category must have to count in the second macro-F1


def row(name: str, told: Names, said: Names, vendors: Sequence[str]) -> str:
    """A line of a table: accuracy and macro-F1 over the classes that occur, with 95 % bootstrap intervals by vendor."""
    names, at = np.unique(np.concatenate([told, said]), return_inverse=True)
    occur = np.isin(names, told)
    _, whose = np.unique(np.array(vendors), return_inverse=True)
    cells = at[: len(told)] * len(names) + at[len(told) :]
    shape = whose.max() + 1, len(names) ** 2
    each = csr_matrix((np.ones(len(cells)), (whose, cells)), shape)
    draws = np.random.default_rng(1).multinomial(shape[0], np.full(shape[0], 1 / shape[0]), DRAWS)
    drawn = np.array([_scores(one, occur) for one in each.T.dot(draws.T).T])
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    whole = _scores(np.asarray(each.sum(0)).ravel(), occur)
    shown = (f"{score:.3f} [{low[k]:.3f} {high[k]:.3f}]" for k, score in enumerate(whole))
    return f"| {name} | {len(told)} | {' | '.join(shown)} |"


def _scores(cells: NDArray[np.float64], occur: NDArray[np.bool_]) -> tuple[float, float]:
    """Accuracy and macro-F1 of a table of told against said, flattened."""
    table = cells.reshape(len(occur), len(occur))
    right = np.diag(table)
    f1 = 2 * right / np.maximum(table.sum(0) + table.sum(1), 1)
    return float(right.sum() / table.sum()), float(f1[occur].mean())


def error_of_calibration(score: Floats, right: NDArray[np.bool_], bins: int = 15) -> float:
    """Expected calibration error: the mean gap between score and share right, over bins of the score."""
    at = np.minimum((score * bins).astype(int), bins - 1)
    gaps = [
        abs(score[at == b].mean() - right[at == b].mean()) * (at == b).sum()
        for b in range(bins)
        if (at == b).any()
    ]
    return float(sum(gaps) / len(score))


def curve(score: Floats, right: NDArray[np.bool_], weight: Floats | None = None) -> Curve:
    """Isotonic calibration, at 40 points."""
    fitted = IsotonicRegression(y_min=0.02, y_max=0.99, out_of_bounds="clip").fit(
        score, right, sample_weight=weight
    )
    points = np.quantile(score, np.linspace(0, 1, 40))
    points[0], points[-1] = 0, 1
    return Curve(points.astype(np.float32), fitted.predict(points).astype(np.float32))


def firsts(model: Weights, titles: Sequence[Title], tops: Floats) -> tuple[Names, Floats]:
    """The first level told of each title, and the belief in it."""
    rows = [
        settled(one, model, controlled=named(title.text) is not None)
        for title, one in zip(titles, tops, strict=True)
    ]
    return np.array(TOPS)[np.argmax(rows, axis=1)], np.max(rows, axis=1)


def sample(main: Sequence[Title], bench: Bench, said: Names) -> Floats:
    """What each title weighs in what is said of the first level: those drawn stand for all that is not plainly a drug."""
    drawn = np.array([one.drawn for one in main])
    plain = (bench.tops[: len(main)] == "drugs") & (said == "drugs") & ~drawn
    return np.where(drawn, (len(main) - plain.sum()) / drawn.sum(), np.where(plain, 1.0, 0.0)).astype(
        np.float32
    )


def calibrate(model: Weights, main: Sequence[Title], bench: Bench, beliefs: Beliefs) -> Weights:
    """The weights with what the held-out beliefs say of them: the first level by titles that were read, the second by sellers."""
    said, score = firsts(model, main, beliefs.tops)
    weight, truth = sample(main, bench, said), bench.tops[: len(main)]
    top_curve = curve(score, said == truth, weight)
    under = np.array([one.partition("/")[0] for one in LABELS])
    within = np.where(under == said[:, None], beliefs.labels, 0)
    share = within.max(1) / np.maximum(within.sum(1), 1e-9)
    right = np.array(LABELS)[within.argmax(1)] == np.array([one.label for one in main])
    rows = (said == truth) & np.isin(said, [one.partition("/")[0] for one in LABELS if "/" in one])
    return replace(model, top=top_curve, leaf=curve(share[rows], right[rows]))


def tables(main: Sequence[Title], bench: Bench, beliefs: Beliefs, model: Weights) -> None:
    """Print what the held-out beliefs are worth."""
    known = taxonomy.by_label()
    vendors = [one.vendor for one in main]
    truth = [known[one.label or "other"] for one in main]
    schemes = (
        ("12 categories", np.array([one.category for one in main]), np.array(ALPHABAY), beliefs.alphabay),
        ("seven classes", np.array([one.seven for one in truth]), np.array(SEVEN), beliefs.seven),
    )
    print("Vendors never seen (five folds by vendor, sellers' own labels; intervals by vendor)\n")
    print("| scheme | titles | accuracy | macro-F1 |\n|---|---|---|---|")
    counts, folds = hashed([one.text for one in main]), bench.folds[: len(main)]
    for name, told, names, shares in schemes:
        print(row(name, told, names[shares.argmax(1)], vendors))
        print(row(f"{name}, plain peer", told, peer_held_out(folds, counts, told), vendors))
    print(row("whole label", np.array([one.label for one in truth]), np.array(LABELS)[beliefs.labels.argmax(1)], vendors))  # fmt: skip
    name, told, names, shares = schemes[0]
    each = f1_score(told, names[shares.argmax(1)], average=None, labels=np.unique(told))
    print(
        "\nF1 by category: " + ", ".join(f"{n} {s:.2f}" for n, s in zip(np.unique(told), each, strict=True))
    )

    print("\nFirst level, by titles that were read (800 drawn at random from what is not plainly a drug; vendors never seen)\n")  # fmt: skip
    said, belief = firsts(model, main, beliefs.tops)
    score, right, drawn = (
        model.top(belief),
        said == bench.tops[: len(main)],
        np.array([one.drawn for one in main]),
    )
    weight = sample(main, bench, said)
    high = score >= HIGH
    print(f"| titles | right | share from score {HIGH} | right there |\n|---|---|---|---|")
    for name, part in (("drawn", drawn.astype(np.float32)), ("all, by weight", weight)):
        print(f"| {name} | {np.average(right, weights=part):.3f} | {np.average(high, weights=part):.2f} | {np.average(right, weights=part * high):.3f} |")  # fmt: skip

    print("\nCalibration, fitted on one half of the vendors and scored on the other\n")
    print("| scheme | error before | error after | share at 95 % right |\n|---|---|---|---|")
    half = np.array([hashlib.sha256(f"half {v}".encode()).digest()[0] % 2 for v in vendors], dtype=bool)
    for name, told, names, shares in schemes:
        score, right = shares.max(1), names[shares.argmax(1)] == told
        after = curve(score[half], right[half])(score[~half])
        order = np.argsort(-after)
        enough = np.cumsum(right[~half][order]) / np.arange(1, len(order) + 1) >= 0.95
        share = (np.flatnonzero(enough)[-1] + 1) / len(order) if enough.any() else 0
        print(f"| {name} | {error_of_calibration(score, right):.3f} | {error_of_calibration(after, right[~half]):.3f} | {share:.2f} |")  # fmt: skip


def markets(main: Sequence[Title], further: Sequence[tuple[str, Sequence[Title]]]) -> None:
    """Print how the largest market alone teaches about others, over their categories that occur, and that are not tiny."""
    taught = [*main, *invented()]
    bench = Bench(taught, len(main))
    model = bench.fit(np.arange(len(taught)), bench.doubted())
    counts, categories = hashed([one.text for one in main]), np.array([one.category for one in main])
    print("\nMarkets never seen (trained on the largest market alone; 12 categories)\n")
    print(f"| market | titles | accuracy | macro-F1, categories that occur | macro-F1, of {ENOUGH} titles or more |\n|---|---|---|---|---|")  # fmt: skip
    for name, titles in further:
        told = np.array([one.category for one in titles])
        names, numbers = np.unique(told, return_counts=True)
        texts = [one.text for one in titles]
        ours = np.array(ALPHABAY)[believe(weigh(matrix(texts), model.idf), model).alphabay.argmax(1)]
        for whose, said in (("", ours), (", plain peer", peer(counts, categories, hashed(texts)))):
            large = f1_score(told, said, average="macro", labels=names[numbers >= ENOUGH], zero_division=0)
            print(f"{row(name + whose, told, said, [one.vendor for one in titles])} {large:.3f} |")


def speed(main: Sequence[Title]) -> None:
    """Print titles a second."""
    texts = [one.text for one in main[::4]]
    classify(texts[:200])
    begin = time.perf_counter()
    for at in range(0, len(texts), 40):
        classify(texts[at : at + 40])
    ours = time.perf_counter() - begin
    begin = time.perf_counter()
    matrix(texts)
    print(
        f"\nTitles a second, 40 at a time, words and calibration included: {len(texts) / ours:,.0f}; ÷ hashing alone: {ours / (time.perf_counter() - begin):.1f}"
    )


def main() -> None:
    """Print the tables; with --train write the weights."""
    first, second, third = alphabay(), agora(), cypher()
    bench = Bench([*first, *second, *third, *invented()], len(first))
    beliefs = bench.held_out(lambda number: print(f"fold {number}", file=sys.stderr))
    model = bench.fit(np.arange(len(bench.titles)), bench.doubted())
    model = calibrate(model, first, bench, beliefs)
    if "--train" in sys.argv:
        model.save(OUT)
        print(f"{OUT}: {len(LABELS)} labels, {OUT.stat().st_size / 1e6:.1f} MB", file=sys.stderr)  # fmt: skip
    tables(first, bench, beliefs, model)
    markets(first, (("Agora, early 2014", second), ("Cypher, 2020", third)))
    speed(first)


if __name__ == "__main__":
    main()
