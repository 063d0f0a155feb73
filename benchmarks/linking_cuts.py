"""Market pairs cut to size, and prose made of listings: what the model meets elsewhere, made of what is held.

for name, cuts in sizes(pair): …        # each cut is a MarketPair with some of its truths
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from linking_data import MarketPair, agora, alphabay, hidden
from linking_data import account as account_of

from bowstreet.linking.accounts import Account

GROUPS = 9  # draws of a small cut: each holds every ninth truth
DISTRACTORS = 1200


def cut(pair: MarketPair, left: Iterable[int], right: Iterable[int]) -> MarketPair:
    """Some of the accounts of each side, and the truths among them."""
    here, there = sorted(set(left)), sorted(set(right))
    at = {place: n for n, place in enumerate([*here, *there])}
    truths = frozenset((at[a], at[b]) for a, b in pair.truths if a in at and b in at)
    return MarketPair(pair.name, tuple(pair.accounts[n] for n in at), len(here), truths)


def sizes(pair: MarketPair) -> Iterator[tuple[str, list[MarketPair]]]:
    """The sides cut down: to the sellers asked about, or to so many."""
    truths = sorted(pair.truths)
    left, right = range(pair.first), range(pair.first, len(pair.accounts))
    yield "only the sellers asked about, among all", [cut(pair, [a for a, _ in truths], right)]
    for here, there in ((93, None), (None, 93), (93, 93), (300, 300), (10, 300)):
        name = f"{here or 'all'} against {there or 'all'}"
        yield (
            name,
            [_drawn(pair, truths[n::GROUPS], left, right, here, there, n) for n in range(GROUPS)],
        )


def _drawn(
    pair: MarketPair, group: list[tuple[int, int]], left: range, right: range, here: int | None, there: int | None, seed: int
) -> MarketPair:  # fmt: skip
    rng = np.random.default_rng(seed)

    def side(every: range, known: list[int], taken: set[int], size: int | None) -> list[int]:
        others = [n for n in every if n not in taken]
        wanted = len(others) if size is None else max(0, size - len(known))
        return [*known, *rng.permutation(others)[:wanted].tolist()]

    return cut(pair, side(left, [a for a, _ in group], {a for a, _ in pair.truths}, here),
               side(right, [b for _, b in group], {b for _, b in pair.truths}, there))  # fmt: skip


def shares(pair: MarketPair) -> Iterator[tuple[float, MarketPair]]:
    """The left side cut so that such a share of its sellers has a known match."""
    rng, known = np.random.default_rng(3), [a for a, _ in sorted(pair.truths)]
    others = [n for n in range(pair.first) if n not in set(known)]
    right = range(pair.first, len(pair.accounts))
    for share in (0.25, 0.5, 0.75, 1.0):
        some = rng.permutation(others)[: round(len(known) * (1 - share) / share)]
        yield share, cut(pair, [*known, *some.tolist()], right)
    yield 0.0, cut(pair, others, right)


def one_markets_prose(data: Path) -> MarketPair:
    """Agora: what a seller says of half its listings, as prose, against the titles of its others and of 1,200 of AlphaBay."""
    rng = np.random.default_rng(0)
    prose: list[Account] = []
    titled: list[Account] = []
    for seller, rows in agora(data).items():
        titles = rng.permutation(list(dict.fromkeys(row["title"] for row in rows))).tolist()
        told = set(titles[: len(titles) // 2])
        texts = dict.fromkeys(
            re.sub(r"\s*\.\.\.\s*$", "", row["text"].removeprefix(row["title"]))
            for row in rows
            if row.get("text") and row["title"] in told
        )
        text = " ".join(hidden(texts, seller)).strip()[:1500]
        other = account_of(seller, "titles", [row for row in rows if row["title"] not in told])
        if len(titles) >= 4 and len(text) > 80 and other.titles:
            prose.append(Account(f"prose/{seller}", "prose", description=text))
            titled.append(replace(other, ships_from=frozenset()))
    bay = list(alphabay(data).items())
    some = [account_of(*bay[n][:1], "titles", bay[n][1]) for n in rng.permutation(len(bay))[:DISTRACTORS]]
    some = [replace(one, account=f"bay/{one.account}") for one in some]
    truths = frozenset((n, len(prose) + n) for n in range(len(prose)))
    return MarketPair("one market's prose", (*prose, *titled, *some), len(prose), truths)
