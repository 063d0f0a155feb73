"""Linking by what sellers write, per market pair: ranking, calibration, precision at the default threshold, ablation.

BOWSTREET_DATA=../shared/data .venv/bin/python benchmarks/linking.py            # about twenty minutes
BOWSTREET_DATA=../shared/data .venv/bin/python benchmarks/linking.py --quick    # without cuts and ablation

No figure uses weights fitted on the sellers it scores: Agora→AlphaBay in five folds by seller, AlphaBay→Cypher left out.
Intervals: 95 % bootstrap over sellers. Handles are hidden, in titles too.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
from linking_cuts import one_markets_prose, shares, sizes
from linking_data import MarketPair, folder, prose_pair, real_pairs
from linking_train import lesson, lessons
from sklearn.feature_extraction.text import TfidfVectorizer

from bowstreet.linking import model, prose, share, training
from bowstreet.linking.grams import cosines
from bowstreet.linking.handles import bare
from bowstreet.linking.ranking import Ranker
from bowstreet.linking.sellers import link
from bowstreet.linking.training import Firsts, Lesson
from bowstreet.linking.writing import VIEWS

Ranks = npt.NDArray[np.float64]
Scores = npt.NDArray[np.float32]
MISSING = 1000.0  # the rank of a truth that is not in the pool


def ranks(one: Lesson, score: npt.NDArray[np.floating], forward: bool = True) -> Ranks:
    """The place of each seller's other account, by a score of every pair in the pool."""
    who, whom = (one.looks.left, one.looks.right) if forward else (one.looks.right, one.looks.left)
    found = []
    for truth in sorted(one.truths):
        asked, sought = truth if forward else truth[::-1]
        mine = np.flatnonzero(who == asked)
        hit = mine[whom[mine] == sought]
        found.append(1 + (score[mine] > score[hit[0]]).sum() if len(hit) else MISSING)
    return np.array(found, float)


def baseline(pair: MarketPair, forward: bool = True) -> Ranks:
    """TF-IDF of runs of 3 to 5 characters within words, cosine: what is commonly done."""
    texts = ["\n".join((*a.titles, a.description)) for a in pair.accounts]
    rows = (
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32)
        .fit_transform(texts)
        .tocsr()
    )
    scores = cosines(rows[: pair.first], rows[pair.first :])
    scores = scores if forward else scores.T
    truths = [(a, b - pair.first) if forward else (b - pair.first, a) for a, b in sorted(pair.truths)]
    return np.array([1 + (scores[a] > scores[a, b]).sum() for a, b in truths], float)


def figures(found: Ranks) -> str:
    """R@1, R@10 and MRR with their intervals."""
    rng = np.random.default_rng(0)
    drawn = found[rng.integers(0, len(found), (2000, len(found)))]
    measures: list[Callable[[Ranks], Ranks]] = [
        lambda r: (r <= 1).mean(-1), lambda r: (r <= 10).mean(-1), lambda r: (1 / r).mean(-1)
    ]  # fmt: skip
    cells = []
    for measure in measures:
        low, high = np.percentile(measure(drawn), [2.5, 97.5])
        cells.append(f"{measure(found):.3f} [{low:.2f}, {high:.2f}]")
    return " | ".join(cells)


def without(taught: Sequence[Lesson], drop: Callable[[str], bool]) -> list[Lesson]:
    """The same lessons, some features left out."""
    names = taught[0].looks.names
    keep = [n for n, name in enumerate(names) if not drop(name)]
    return [
        replace(
            one,
            looks=replace(
                one.looks, features=one.looks.features[:, keep], names=tuple(names[n] for n in keep)
            ),
        )
        for one in taught
    ]


def rows(
    data_pairs: Sequence[MarketPair], taught: Sequence[Lesson], scored: npt.NDArray[np.float32]
) -> Iterator[str]:
    """The table of market pairs."""
    pair, cypher = data_pairs[:2]
    first = taught[0]
    look = first.looks["first look"]
    for forward, name in ((True, "Agora→AlphaBay"), (False, "AlphaBay→Agora")):
        yield f"| {name}, {len(pair.truths)} among {len(pair.accounts) - pair.first if forward else pair.first:,} | baseline | {figures(baseline(pair, forward))} |"
        yield f"| | first look, untrained | {figures(ranks(first, look, forward))} |"
        yield f"| | **ranking** | {figures(ranks(first, scored, forward))} |"
    many = np.array([min(len(pair.accounts[n].titles) for n in truth) >= 5 for truth in sorted(pair.truths)])
    yield f"| Agora→AlphaBay, 5+ titles each ({many.sum()}) | baseline | {figures(baseline(pair)[many])} |"
    yield f"| | **ranking** | {figures(ranks(first, scored)[many])} |"
    left_out: Ranker = training.fit([one for n, one in enumerate(taught) if n != 1])
    told = left_out.score(taught[1].looks.features)
    yield f"| AlphaBay→Cypher, {len(cypher.truths)} among {len(cypher.accounts) - cypher.first} | baseline | {figures(baseline(cypher))} |"
    yield f"| | **ranking**, pair left out | {figures(ranks(taught[1], told))} |"
    yield f"| Cypher→AlphaBay, {len(cypher.truths)} among {cypher.first:,} | baseline | {figures(baseline(cypher, False))} |"
    yield f"| | **ranking**, pair left out | {figures(ranks(taught[1], told, False))} |"
    both = np.concatenate([ranks(first, scored), ranks(taught[1], told)])
    yield f"| both pooled, {len(both)} | **ranking** | {figures(both)} |"


@dataclass(frozen=True)
class Judges:
    """Rankers that each had not seen a fold of Agora's sellers, and the fold of every account of theirs."""

    rankers: Sequence[Ranker]
    folds: Mapping[str, int]

    def score(self, pair: MarketPair, one: Lesson) -> Firsts:
        """Score a cut of the pair, each seller by the ranker that had not seen it."""
        fold = np.array([self.folds.get(account.account, 0) for account in pair.accounts])
        return training.unseen(one, self.rankers, fold)


def cut_rows(pair: MarketPair, judges: Judges) -> Iterator[str]:
    """The pair cut to size, both ways."""
    for name, cuts in sizes(pair):
        found: dict[tuple[str, bool], list[Ranks]] = {}
        for part in cuts:
            one = lesson(part)
            told = judges.score(part, one).score
            for forward in (True, False):
                found.setdefault(("baseline", forward), []).append(baseline(part, forward))
                found.setdefault(("**ranking**", forward), []).append(ranks(one, told, forward))
        for (which, forward), places in found.items():
            yield f"| {name}, {'Agora→AlphaBay' if forward else 'AlphaBay→Agora'} | {which} | {figures(np.concatenate(places))} |"


def share_rows(
    pair: MarketPair, judges: Judges, odds: tuple[float, float, float], ranker: Ranker
) -> Iterator[str]:
    """Calibration of the first candidate where other shares of the sellers have a known match."""
    for part, cut in shares(pair):
        one = lesson(cut)
        told = judges.score(cut, one)
        plain = odds[0] + odds[1] * told.score + odds[2] * told.lead
        moved = plain + share.shift(one.looks.firsts, ranker.first, ranker.usual) * math.log(2)
        order = np.lexsort((-plain, one.looks.left))
        who = one.looks.left[order]
        best = order[np.concatenate([[True], who[1:] != who[:-1]])]
        cells = [expected_error(1 / (1 + np.exp(-bits[best])), told.labels[best]) for bits in (plain, moved)]
        yield f"| {part:.2f} | {len(best)} | {told.labels[best].mean():.3f} | {cells[0]:.3f} | **{cells[1]:.3f}** |"


def prose_rows(pair: MarketPair, name: str) -> Iterator[str]:
    """Prose without titles against titles, and the other way."""
    one = lesson(pair)
    for forward, way in ((True, name), (False, "→".join(name.split("→")[::-1]))):
        among = len(pair.accounts) - pair.first if forward else pair.first
        yield f"| {way}, {len(pair.truths)} among {among:,} | baseline | {figures(baseline(pair, forward))} |"
        yield f"| | **sum of scores** | {figures(ranks(one, prose.summed(one.looks), forward))} |"


def expected_error(chance: Ranks, right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error over ten bins of equal width."""
    bins = np.minimum((chance * 10).astype(int), 9)
    return float(sum(abs(chance[bins == b].sum() - right[bins == b].sum()) for b in range(10)) / len(chance))


def calibration(taught: Sequence[Lesson], told: Firsts) -> Iterator[str]:
    """Of first candidates: stated probability against truth, the odds too fitted without the seller's fold."""
    first = taught[0]
    fold = training.folds(first)[first.looks.left]
    chance = np.zeros(len(told.score))
    for one in range(5):
        seen = fold != one
        part = Firsts(told.score[seen], told.lead[seen], told.labels[seen], told.weights[seen])
        odds = training.odds(part)
        chance[~seen] = 1 / (
            1 + np.exp(-(odds[0] + odds[1] * told.score[~seen] + odds[2] * told.lead[~seen]))
        )
    for who, name in ((first.looks.left, "Agora sellers"), (first.looks.right, "AlphaBay sellers")):
        order = np.lexsort((-chance, who))
        best = order[np.concatenate([[True], who[order][1:] != who[order][:-1]])]
        matched = np.isin(who[best], [account for truth in first.truths for account in truth])
        for keep, which in (
            (np.ones(len(best), bool), "all, unmatched included"),
            (matched, "only those with a known match"),
        ):
            mine = best[keep]
            yield f"| {name}, {which} | {len(mine):,} | {chance[mine].mean():.3f} | {told.labels[mine].mean():.3f} | {expected_error(chance[mine], told.labels[mine]):.3f} |"


def threshold() -> Iterator[str]:
    """Links at the default threshold."""
    for shown in (False, True):
        pair = real_pairs(folder(), shown=shown)[0]
        names = [account.account for account in pair.accounts]
        truths = {frozenset((names[a], names[b])) for a, b in pair.truths}
        told = link(pair.accounts, floor=2.0)
        links = [one for one in told.pairs if one.likely]
        sure = [one for one in told.pairs if one.probability >= model.LIKELY]
        by_text = sum(frozenset((one.left, one.right)) in truths for one in sure)
        right = [one for one in links if frozenset((one.left, one.right)) in truths]
        rest = [one for one in links if one not in right]
        dressed = [
            one for one in rest if bare(one.left.partition("/")[2]) == bare(one.right.partition("/")[2])
        ]
        told_links = (
            f"{len(links)}: {len(right)} same handle, {len(dressed)} more the same but for its dressing"
        )
        cells = f"{len(sure)}, {by_text} same handle {interval(by_text, len(sure))} | {told_links}"
        good = interval(len(right) + len(dressed), len(links)) if links else "–"
        yield f"| handles {'shown' if shown else 'hidden'} | {cells} | {good} |"


def interval(right: int, of: int) -> str:
    """The 95 % interval of a share (Wilson, 1927)."""
    middle, wide = (
        (right + 1.92) / (of + 3.84),
        1.96 * math.sqrt(right * (of - right) / of + 0.96) / (of + 3.84),
    )
    return f"[{max(0.0, middle - wide):.2f}, {min(1.0, middle + wide):.2f}]"


VIEWS_OF = {
    "wording": "runs of tokens",
    "letters": "runs of characters",
    "words": "single words",
    "phrases": "words in a row",
    "openings": "first and last words",
}


def _begins(view: str, name: str) -> bool:
    return name.startswith(view)


ABLATIONS: dict[str, Callable[[str], bool]] = {
    "all": lambda name: False,
    "without style (template, shape, quantities)": lambda name: (
        name.split(",")[0] in {"template", "template_coarse", "shape", "quantities"}
    ),
    "without hub correction": lambda name: "hubs aside" in name,
    "without standing (places and leads)": lambda name: name.startswith(("place,", "lead,")),
    "without the number of titles": lambda name: name.startswith("titles,"),
    "without raw scores": lambda name: name in VIEWS,
    **{f"without {view} ({told})": partial(_begins, view) for view, told in VIEWS_OF.items()},
}


def ablated(taught: Sequence[Lesson], fold: npt.NDArray[np.int64]) -> Scores:
    """Every pair scored by rankers taught so, that had not seen its seller."""
    return training.unseen(taught[0], training.rankers(taught, 0), fold).score


def parts(one: Lesson, judges: Judges, fold: npt.NDArray[np.int64]) -> dict[str, Scores]:
    """The two halves of the ranking, each alone."""
    linear, grown = (np.zeros(len(one.looks.left), np.float32) for _ in "ab")
    for number, ranker in enumerate(judges.rankers):
        mine = fold[one.looks.left] == number
        features = one.looks.features[mine]
        linear[mine] = ((features - ranker.centre) / ranker.scale) @ ranker.coefficients
        grown[mine] = ranker.booster.predict(features, num_threads=2)
    return {"conditional logit alone": linear, "trees alone": grown}


def main() -> None:
    data = folder()
    pairs = real_pairs(data)
    taught = lessons(data)
    fold = training.folds(taught[0])
    judges = Judges(
        training.rankers(taught, 0), {a.account: int(fold[n]) for n, a in enumerate(pairs[0].accounts)}
    )
    scored = training.unseen(taught[0], judges.rankers, fold)
    head = "| | | R@1 | R@10 | MRR |\n|---|---|---|---|---|"
    print("### Ranking by market pair\n\n" + head)
    told = [
        *rows(pairs, taught, scored.score),
        *prose_rows(prose_pair(data), "descriptions of Agora→titles of AlphaBay"),
    ]
    print("\n".join(told), flush=True)
    print(
        "\n### Calibration of the first candidate\n\n| | accounts | mean probability | right | ECE |\n|---|---|---|---|---|"
    )
    print("\n".join(calibration(taught, scored)), flush=True)
    print(
        "\n### Links at the default threshold, Agora→AlphaBay\n\n| | probability ≥ 0.9 | links: a second kind of reason too | right, 95 % interval |\n|---|---|---|---|"
    )
    print("\n".join(threshold()), flush=True)
    if "--quick" in sys.argv:
        return
    print(
        "\n### Shares\n\n| sellers with a known match | sellers | right | ECE, share not told | ECE |\n|---|---|---|---|---|"
    )
    ranker = training.calibrated(judges.rankers[0], scored, taught[0].looks)
    print("\n".join(share_rows(pairs[0], judges, ranker.odds, ranker)), flush=True)
    print("\n### Cuts\n\n" + head)
    for row in cut_rows(pairs[0], judges):
        print(row, flush=True)
    print("\n".join(prose_rows(one_markets_prose(data), "prose of Agora→titles of Agora")), flush=True)
    print("\n### Ablation, Agora→AlphaBay\n\n| | R@1 | R@10 | MRR |\n|---|---|---|---|")
    for name, drop in ABLATIONS.items():
        print(
            f"| {name} | {figures(ranks(taught[0], ablated(without(taught, drop), fold)))} |",
            flush=True,
        )
    look = taught[0].looks["first look"]
    for name, part in parts(taught[0], judges, fold).items():
        print(f"| {name} | {figures(ranks(taught[0], part))} |", flush=True)
    print(f"| the first look alone, untrained | {figures(ranks(taught[0], look))} |")


if __name__ == "__main__":
    main()
