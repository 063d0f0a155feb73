"""Goods from titles: vendors never seen, markets never seen, calibration, speed. With --train, the weights that ship.

    BOWSTREET_DATA=… .venv/bin/python benchmarks/goods.py             prints the tables of RESULTS.md
    BOWSTREET_DATA=… .venv/bin/python benchmarks/goods.py --train     writes bowstreet/reading/goods/goods.npz

Five folds by vendor: a vendor's titles, on whichever market, are never trained on where they are scored. Calibration is fitted
on these held-out answers too, and scored by a second split by vendor.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from goods_data import Title, agora, alphabay, cypher
from goods_invented import titles as invented
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.svm import LinearSVC

from bowstreet.reading.goods import taxonomy
from bowstreet.reading.goods.classify import chance
from bowstreet.reading.goods.features import matrix, rarity, weigh
from bowstreet.reading.goods.weights import Curve, Floats, Groups, Weights

OUT = Path(__file__).parents[1] / "bowstreet/reading/goods/goods.npz"
FOLDS = 5
TEMPERATURE = 10.0
FURTHER_MARKETS = 0.5  # weight of a title of the smaller markets, beside the largest's
RARE_LABELS = 0.7  # labels are weighed by their count to this power, inverted
COST = 0.2
DRAWS = 500
_FLAT = Curve(np.array([0, 1], np.float32), np.array([0, 1], np.float32))


def fold(vendor: str) -> int:
    """Which fifth a vendor falls in, whatever the market."""
    return int(hashlib.sha256(vendor.lower().encode()).hexdigest(), 16) % FOLDS


def fit(titles: Sequence[Title], weights: Sequence[float]) -> Weights:
    """Train on titles that have a label, each with its weight."""
    counts = matrix([one.text for one in titles])
    idf = rarity(counts)
    told = np.array([one.label for one in titles])
    names, numbers = np.unique(told, return_counts=True)
    rare = numbers**-RARE_LABELS
    rare /= np.average(rare, weights=numbers)
    model = LinearSVC(C=COST, class_weight=dict(zip(names, rare, strict=True)))
    model.fit(weigh(counts, idf), told, sample_weight=np.array(weights))
    coef = model.coef_.T.astype(np.float32)
    scale = np.abs(coef).max(0) / 127
    table = np.round(coef / scale).astype(np.int8)
    return Weights(
        tuple(map(str, names)),
        table,
        scale,
        model.intercept_.astype(np.float32),
        idf,
        TEMPERATURE,
        _FLAT,
        _FLAT,
    )


def believe(model: Weights, titles: Sequence[Title], labels: Sequence[str]) -> Floats:
    """The belief in each of `labels`, a row per title."""
    own = chance(weigh(matrix([one.text for one in titles]), model.idf), model)
    out = np.zeros((len(titles), len(labels)), np.float32)
    for column, name in enumerate(model.labels):
        out[:, labels.index(name)] = own[:, column]
    return out


def held_out(main: Sequence[Title], further: Sequence[Title], labels: Sequence[str]) -> Floats:
    """The beliefs about `main`, each by a model that saw nothing of the title's vendor."""
    out = np.zeros((len(main), len(labels)), np.float32)
    at = np.array([fold(one.vendor) for one in main])
    for number in range(FOLDS):
        seen = [one for one, f in zip(main, at, strict=True) if f != number]
        more = [one for one in further if fold(one.vendor) != number]
        model = fit([*seen, *more], [1.0] * len(seen) + [FURTHER_MARKETS] * len(more))
        rows = np.flatnonzero(at == number)
        out[rows] = believe(model, [main[row] for row in rows], labels)
    return out


def grouped(chances: Floats, groups: Groups) -> tuple[NDArray[np.str_], Floats]:
    """The best name of each row, and the belief in it."""
    sums = np.stack([groups.sums(row) for row in chances])
    return np.array(groups.names)[sums.argmax(1)], sums.max(1)


def interval(vendors: Sequence[str], score: Callable[[NDArray[np.intp]], float]) -> str:
    """A score with its 95 % bootstrap interval by vendor."""
    names = np.array(vendors)
    rows = {name: np.flatnonzero(names == name) for name in np.unique(names)}
    draw = np.random.default_rng(1)
    keys = list(rows)
    drawn = [
        score(np.concatenate([rows[keys[k]] for k in draw.integers(len(keys), size=len(keys))]))
        for _ in range(DRAWS)
    ]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return f"{score(np.arange(len(names))):.3f} [{low:.3f} {high:.3f}]"


def row(name: str, told: NDArray[np.str_], said: NDArray[np.str_], vendors: Sequence[str]) -> str:
    """A line of a table: accuracy and macro-F1 over the classes that occur."""
    occur = np.unique(told)
    accuracy = interval(vendors, lambda at: float(accuracy_score(told[at], said[at])))
    macro = interval(
        vendors,
        lambda at: float(f1_score(told[at], said[at], average="macro", labels=occur, zero_division=0)),
    )
    return f"| {name} | {len(told)} | {accuracy} | {macro} |"


def error_of_calibration(score: Floats, right: NDArray[np.bool_], bins: int = 15) -> float:
    """Expected calibration error: the mean gap between score and share right, over bins of the score."""
    at = np.minimum((score * bins).astype(int), bins - 1)
    gaps = [
        abs(score[at == b].mean() - right[at == b].mean()) * (at == b).sum()
        for b in range(bins)
        if (at == b).any()
    ]
    return float(sum(gaps) / len(score))


def curve(score: Floats, right: NDArray[np.bool_]) -> Curve:
    """Isotonic calibration, at 40 points."""
    fitted = IsotonicRegression(y_min=0.02, y_max=0.99, out_of_bounds="clip").fit(score, right)
    points = np.quantile(score, np.linspace(0, 1, 40))
    points[0], points[-1] = 0, 1
    return Curve(points.astype(np.float32), fitted.predict(points).astype(np.float32))


def tables() -> None:
    """Print all figures."""
    main, second, third = alphabay(), agora(), cypher()
    labels = [one.label for one in taxonomy.labels()]
    known = taxonomy.by_label()
    schemes = {
        "12 categories": Groups.of([known[label].alphabay for label in labels]),
        "seven classes": Groups.of([known[label].seven for label in labels]),
        "first level of the taxonomy": Groups.of([known[label].top for label in labels]),
        "whole label": Groups.of(labels),
    }
    further = [one for one in [*second, *third, *invented()] if one.label]
    vendors = [one.vendor for one in main]
    chances = held_out(main, further, labels)
    truth = [known[one.label or "other"] for one in main]
    told = {
        "12 categories": np.array([one.alphabay for one in truth]), "seven classes": np.array([one.seven for one in truth]),
        "first level of the taxonomy": np.array([one.top for one in truth]), "whole label": np.array([one.label for one in truth]),
    }  # fmt: skip
    print("Vendors never seen (five folds by vendor, sellers' own labels; intervals by vendor)\n")
    print("| scheme | titles | accuracy | macro-F1 |\n|---|---|---|---|")
    for name, groups in schemes.items():
        print(row(name, told[name], grouped(chances, groups)[0], vendors))
    best = grouped(chances, schemes["12 categories"])[0]
    each = f1_score(told["12 categories"], best, average=None, labels=np.unique(told["12 categories"]))
    print(
        "\nF1 by category: "
        + ", ".join(f"{n} {s:.2f}" for n, s in zip(np.unique(told["12 categories"]), each, strict=True))
    )

    print(
        "\nMarkets never seen (trained on the largest market alone; 12 categories, over those that occur)\n"
    )
    print("| market | titles | accuracy | macro-F1 |\n|---|---|---|---|")
    alone = fit([*main, *invented()], [1.0] * (len(main) + len(invented())))
    for name, titles in (("Agora, early 2014", second), ("Cypher, 2020", third)):
        said = grouped(believe(alone, titles, labels), schemes["12 categories"])[0]
        print(row(name, np.array([one.category for one in titles]), said, [one.vendor for one in titles]))

    half = np.array([hashlib.sha256(f"half {v}".encode()).digest()[0] % 2 for v in vendors], dtype=bool)
    print("\nCalibration, fitted on one half of the vendors and scored on the other\n")
    print("| scheme | error before | error after | share at 95 % right |\n|---|---|---|---|")
    for name in ("seven classes", "first level of the taxonomy"):
        said, score = grouped(chances, schemes[name])
        right = said == told[name]
        after = curve(score[half], right[half])(score[~half])
        order = np.argsort(-after)
        share = np.cumsum(right[~half][order]) / np.arange(1, len(order) + 1)
        sure = np.flatnonzero(share >= 0.95)
        print(
            f"| {name} | {error_of_calibration(score, right):.3f} | {error_of_calibration(after, right[~half]):.3f} | {(sure[-1] + 1) / len(order) if len(sure) else 0:.2f} |"
        )

    from bowstreet.reading.goods import classify

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


def train() -> None:
    """Fit on everything, calibrate on held-out vendors, and write the weights."""
    main = alphabay()
    further = [one for one in [*agora(), *cypher(), *invented()] if one.label]
    model = fit([*main, *further], [1.0] * len(main) + [FURTHER_MARKETS] * len(further))
    known = taxonomy.by_label()
    labels = list(model.labels)
    chances = held_out(main, further, labels)
    groups = Groups.of([known[label].top for label in labels])
    said, score = grouped(chances, groups)
    right = said == np.array([known[one.label or "other"].top for one in main])
    whole = np.array(labels)[chances.argmax(1)] == np.array([one.label for one in main])
    Weights(
        model.labels, model.table, model.scale, model.bias, model.idf, TEMPERATURE,
        curve(score, right), curve(chances.max(1), whole),
    ).save(OUT)  # fmt: skip
    print(f"{OUT}: {len(labels)} labels, {OUT.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    train() if "--train" in sys.argv else tables()
