"""Each account against each on other sites: scores of likeness, corrected for hubs, for the pairs worth a closer look.

    looks = compare(texts, sites)
    looks.left, looks.right, looks.features      # one row per pair

Some accounts are a little like everybody (hubs). A score s(a, b) is therefore read as 2·s − h(a) − h(b), where h is the
mean of an account's five best scores (CSLS: Conneau et al., Word translation without parallel data, 2018). Five best of a
few say little, and on a small site they are mostly the account's own match: so h is measured on the account's own site as
well, and counts the more the fewer accounts stand on the others (`hubs`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from bowstreet.linking.grams import CHUNK, Floats, cosines, rows_of, weighted
from bowstreet.linking.tokens import Ints, Text
from bowstreet.linking.writing import VIEWS

NEAREST = 5  # the best scores that tell how much of a hub an account is
#: Accounts of a site that hubs are measured by: all of them, or so many evenly picked.
REFERENCES = 4000
#: So many accounts on other sites tell as much of a hub as those of its own site do.
ENOUGH = 500
POOL = 60  # pairs looked at more closely, for each account
#: The first look, by which the pool is chosen: what was found best without training.
FIRST_LOOK = {"wording": 1.0, "letters_long": 1.0, "template": 0.8, "wording_uncased": 0.5}


@dataclass(frozen=True)
class Looks:
    """Pairs on different sites (left before right), and what each view makes of them."""

    left: Ints
    right: Ints
    features: Floats
    names: tuple[str, ...]
    firsts: Floats  # for each account that is asked about: the best score of the first look, and its lead

    def __getitem__(self, name: str) -> Floats:
        """One feature of every pair."""
        return self.features[:, self.names.index(name)]


@dataclass(frozen=True)
class Block:
    """The accounts of one site (rows) against those of the sites after it (columns)."""

    rows: Ints
    columns: Ints


def blocks(sites: npt.NDArray[np.int64]) -> list[Block]:
    """Every pair of accounts on different sites, once."""
    order = [np.flatnonzero(sites == site) for site in np.unique(sites)]
    return [
        Block(rows, np.concatenate(order[place + 1 :])) for place, rows in enumerate(order[:-1]) if len(rows)
    ]


def compare(texts: Sequence[str], sites: npt.NDArray[np.int64], extra: tuple[Ints, Ints] | None = None,
            progress: Callable[[str], None] | None = None, pool: int = POOL,
            only: npt.NDArray[np.bool_] | None = None, prose: npt.NDArray[np.bool_] | None = None) -> Looks:  # fmt: skip
    """Look at every pair once, and at the best `pool` of each account, and the `extra` pairs, through every view.

    `prose` says which texts are prose: how much of a hub a list of titles is to prose is measured by prose.

    With `only`, the closer look is at the pairs of these accounts, and at those of the accounts they are paired with: what
    the others' pairs look like changes nothing for theirs."""
    parts, text, size = blocks(sites), Text.of(texts), len(texts)
    kinds = np.zeros(size, np.int64) if prose is None else prose.astype(np.int64)
    kept: dict[str, csr_matrix] = {}

    def rows(view: str) -> csr_matrix:
        if view not in kept:
            kept[view] = weighted(rows_of(*VIEWS[view](text), text.count))
        return kept[view]

    first = [np.zeros((len(part.rows), len(part.columns)), np.float32) for part in parts]
    for view, share in FIRST_LOOK.items():
        if progress:
            progress(f"first look: {view}")
        _add(first, _scores(rows(view), parts), hubs(rows(view), sites, kinds), kinds, parts, share)
    left, right = _chosen(parts, first, pool, extra)
    look = _at(parts, first, left, right, size)
    columns = {"first look": look} | _standing(look, left, right, size)
    asked = _asked(sites) & ~kinds.astype(bool) & np.array([bool(text) for text in texts], bool)
    firsts = _firsts(look, columns["lead, worse"], left, right, asked)
    if only is not None:
        near = np.zeros(size, bool)
        touched = only[left] | only[right]
        near[left[touched]] = near[right[touched]] = True
        keep = near[left] | near[right]
        left, right, parts = left[keep], right[keep], _narrowed(parts, near)
        columns = {name: values[keep] for name, values in columns.items()}
    looked = np.zeros(size, bool)
    looked[left] = looked[right] = True
    closer: dict[str, Floats] = {}
    for view in VIEWS:
        if progress:
            progress(f"closer look: {view}")
        one = _at(parts, _scores(rows(view), parts), left, right, size)
        aside = hubs(rows(view), sites, kinds, looked)
        hub = aside[left, kinds[right]] + aside[right, kinds[left]]
        closer |= {view: one, f"{view}, hubs aside": 2 * one - hub}
        kept.pop(view, None)
    lines = np.array([text.count("\n") for text in texts], np.float32)
    small, large = np.minimum(lines[left], lines[right]), np.maximum(lines[left], lines[right])
    columns = closer | columns | {"titles, fewer": np.log1p(small), "titles, more": np.log1p(large)}
    names = tuple(columns)
    table = (
        np.stack([columns[name] for name in names], 1) if len(left) else np.zeros((0, len(names)), np.float32)
    )
    return Looks(left, right, table.astype(np.float32), names, firsts)


def _asked(sites: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """The accounts that could each have another: all but those of the largest site."""
    return np.asarray(sites != (np.bincount(sites).argmax() if len(sites) else 0), bool)


def _firsts(look: Floats, lead: Floats, left: Ints, right: Ints, asked: npt.NDArray[np.bool_]) -> Floats:
    """Of each account asked about, its best pair's score and lead."""
    who, place = np.concatenate([left, right]), np.tile(np.arange(len(left)), 2)
    mine = asked[who]
    who, place = who[mine], place[mine]
    order = np.lexsort((-look[place], who))
    who, place = who[order], place[order]
    first = place[np.concatenate([who[:1] >= 0, who[1:] != who[:-1]])]
    return np.stack([look[first], lead[first]], 1)


def _scores(rows: csr_matrix, parts: list[Block]) -> list[Floats]:
    return [cosines(rows[part.rows], rows[part.columns]) for part in parts]


def _narrowed(parts: list[Block], near: npt.NDArray[np.bool_]) -> list[Block]:
    """The parts of the blocks that have one of some accounts."""
    found = []
    for part in parts:
        mine = near[part.rows]
        found.append(Block(part.rows[mine], part.columns))
        found.append(Block(part.rows[~mine], part.columns[near[part.columns]]))
    return found


def hubs(
    rows: csr_matrix, sites: npt.NDArray[np.int64], kinds: Ints, only: npt.NDArray[np.bool_] | None = None
) -> Floats:
    """How much of a hub each account is (of `only` some): the mean of its best few scores, on other sites and on its own.

    A column for each kind of account that it may be to: titles, and prose."""
    who = np.arange(len(sites)) if only is None else np.flatnonzero(only)
    out = np.zeros((len(sites), 2), np.float32)
    for kind in np.unique(kinds):
        picked = _references(sites, kinds == kind)
        turned = rows[picked].T.tocsr()
        stand = np.bincount(sites[picked], minlength=int(sites.max()) + 1)[sites]
        others = len(picked) - stand
        share = np.where(stand > 0, others / (others + ENOUGH), 1).astype(np.float32)
        for begin in range(0, len(who), CHUNK):
            here = who[begin : begin + CHUNK]
            scores = (rows[here] @ turned).toarray()
            same = sites[here][:, None] == sites[picked][None]
            own = _most(np.where(same & (here[:, None] != picked[None]), scores, 0)).mean(1)
            out[here, kind] = share[here] * _most(np.where(same, 0, scores)).mean(1) + (1 - share[here]) * own
    return out


def _references(sites: npt.NDArray[np.int64], which: npt.NDArray[np.bool_]) -> Ints:
    """The accounts that hubs are measured by: of each site all of them, or so many evenly picked."""
    stood = [np.flatnonzero((sites == site) & which) for site in np.unique(sites[which])]
    even = [np.linspace(0, len(who) - 1, min(REFERENCES, len(who))).astype(int) for who in stood]
    return np.concatenate([who[at] for who, at in zip(stood, even, strict=True)])


def _most(scores: Floats) -> Floats:
    """The best few of each row; 0 where there are fewer."""
    count = min(NEAREST, scores.shape[1])
    best = np.zeros((len(scores), NEAREST), np.float32)
    best[:, :count] = -np.partition(-scores, count - 1, axis=1)[:, :count]
    return best


def _add(
    into: list[Floats], scores: list[Floats], hub: Floats, kinds: Ints, parts: list[Block], share: float
) -> None:
    corrected = [
        2 * block - hub[part.rows][:, kinds[part.columns]] - hub[part.columns][:, kinds[part.rows]].T
        for part, block in zip(parts, scores, strict=True)
    ]
    count = sum(block.size for block in corrected)
    if not count:
        return
    mean = sum(float(block.sum(dtype=np.float64)) for block in corrected) / count
    spread = (sum(float(((block - mean) ** 2).sum(dtype=np.float64)) for block in corrected) / count) ** 0.5
    for total, block in zip(into, corrected, strict=True):
        total += share * block / max(spread, 1e-6)


def _chosen(
    parts: list[Block], first: list[Floats], pool: int, extra: tuple[Ints, Ints] | None
) -> tuple[Ints, Ints]:
    """For each account the best `pool` of each block, and the extra pairs: left before right, each once."""
    keys = [
        np.minimum(one, other).astype(np.int64) << 32 | np.maximum(one, other)
        for part, block in zip(parts, first, strict=True)
        for one, other in (
            *_best(part.rows, part.columns, block, pool),
            *_best(part.columns, part.rows, block.T, pool),
        )
    ]
    if extra is not None:
        keys.append(np.minimum(*extra).astype(np.int64) << 32 | np.maximum(*extra))
    every = np.unique(np.concatenate(keys)) if keys else np.zeros(0, np.int64)
    return every >> 32, every & 0xFFFFFFFF


def _best(who: Ints, whom: Ints, block: Floats, pool: int) -> Iterator[tuple[Ints, Ints]]:
    count = min(pool, block.shape[1])
    if count:
        top = np.argpartition(-block, count - 1, axis=1)[:, :count]
        yield np.repeat(who, count), whom[top.ravel()]


def _at(parts: list[Block], scores: list[Floats], left: Ints, right: Ints, size: int) -> Floats:
    """The scores of some pairs."""
    out = np.zeros(len(left), np.float32)
    place = np.full(size, -1, np.int64)
    for part, block in zip(parts, scores, strict=True):
        for one, other in ((left, right), (right, left)):
            place[:] = -1
            place[part.rows] = np.arange(len(part.rows))
            row = place[one]
            place[:] = -1
            place[part.columns] = np.arange(len(part.columns))
            column = place[other]
            inside = (row >= 0) & (column >= 0)
            out[inside] = block[row[inside], column[inside]]
    return out


def _standing(look: Floats, left: Ints, right: Ints, size: int) -> dict[str, Floats]:
    """How the pair stands among the pairs of each of its two accounts: places and leads, the worse and the better."""
    places, leads = [], []
    for who in (left, right):
        place, lead = standing(look, left, right, who, size)
        places.append(place)
        leads.append(lead)
    return {
        "place, worse": np.log1p(np.maximum(*places)), "place, better": np.log1p(np.minimum(*places)),
        "lead, worse": np.minimum(*leads), "lead, better": np.maximum(*leads),
    }  # fmt: skip


def standing(look: Floats, left: Ints, right: Ints, who: Ints, size: int) -> tuple[Floats, Floats]:
    """Among all pairs of the account `who`: this one's place from 0, and its lead over the best of the others."""
    count = len(left)
    every = np.concatenate([left, right])
    twice = np.concatenate([look, look])
    order = np.lexsort((-twice, every))
    starts = np.searchsorted(every[order], np.arange(size))
    place = np.empty(2 * count, np.float32)
    place[order] = np.arange(2 * count) - starts[every[order]]
    mine = place[:count] if who is left else place[count:]
    ranked = np.append(twice[order], -np.inf)
    first = ranked[np.minimum(starts, 2 * count)]
    second_at = np.minimum(starts + 1, 2 * count)
    ends = np.searchsorted(every[order], np.arange(size), side="right")
    second = np.where(second_at < ends, ranked[second_at], first - 10)
    lead = np.where(mine == 0, look - second[who], look - first[who])
    return mine.astype(np.float32), lead.astype(np.float32)
