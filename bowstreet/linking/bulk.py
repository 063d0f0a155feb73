"""A million accounts: candidates by words, where each cannot be held against each.

    near = neighbours(texts, sites)
    near.index, near.cosine             # for each account its nearest on other sites, the nearest first; -1 where there are fewer

Words and pairs of words, in either order, are hashed; those that more than a growing share of accounts use propose nobody; the rest are a
sparse product of which only the best few a row are kept (sparse_dot_topn). Memory grows with accounts, not with pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, vstack

from bowstreet.linking.grams import Floats, rows_of, weighted
from bowstreet.linking.likeness import NEAREST
from bowstreet.linking.tokens import Ints, Text
from bowstreet.linking.writing import pairs_of_words

CANDIDATES = 20
CHUNK = 20_000
THREADS = 2
#: An n-gram that more accounts use than this, at so many accounts, proposes nobody; the cap grows slower than they do.
CAP, CAP_AT, CAP_GROWTH = 200, 100_000, 0.85


@dataclass(frozen=True)
class Near:
    """Each account's nearest by words, as two tables of one row per account."""

    index: npt.NDArray[np.int32]
    cosine: Floats
    rows: csr_matrix

    @property
    def hubs(self) -> Floats:
        """How much of a hub each account is: the mean of its best few scores."""
        return np.asarray(self.cosine[:, :NEAREST].mean(1), np.float32)


def cap(count: int) -> int:
    """How many accounts may use an n-gram that proposes candidates."""
    return max(CAP, int(CAP * (count / CAP_AT) ** CAP_GROWTH))


def neighbours(
    texts: Sequence[str], sites: npt.NDArray[np.int64], progress: Callable[[str], None] | None = None
) -> Near:
    """Find the nearest of every account on other sites."""
    from sparse_dot_topn import sp_matmul_topn

    if progress:
        progress("words")
    rows = weighted(_rows(texts), cap(len(texts)))
    index = np.full((len(texts), CANDIDATES), -1, np.int32)
    cosine = np.zeros((len(texts), CANDIDATES), np.float32)
    for site in np.unique(sites):
        if progress:
            progress(f"candidates, site {site + 1}")
        here, there = np.flatnonzero(sites == site), np.flatnonzero(sites != site)
        if not len(there):
            continue
        found = sp_matmul_topn(
            rows[here], rows[there].T.tocsr(), top_n=CANDIDATES, sort=True, n_threads=THREADS
        )
        filled = np.diff(found.indptr)
        line = np.repeat(here, filled)
        column = np.arange(len(line)) - np.repeat(found.indptr[:-1], filled)
        index[line, column] = there[found.indices]
        cosine[line, column] = found.data
    return Near(index, cosine, rows)


def _rows(texts: Sequence[str]) -> csr_matrix:
    parts = []
    for begin in range(0, len(texts), CHUNK):
        text = Text.of(texts[begin : begin + CHUNK])
        parts.append(rows_of(*pairs_of_words(text), text.count, bits=22))
    return vstack(parts, format="csr") if parts else csr_matrix((0, 1 << 22), dtype=np.float32)


@dataclass(frozen=True)
class Found:
    """Pairs on different sites (left before right), and log2 of the odds by writing."""

    left: Ints
    right: Ints
    bits: Floats


NOBODY, ALONE = -9.0, 0.5  # the score of no candidate; the most that a lead can be
#: Log2 of the odds: of a score of 0, of its unit, and of a unit of its lead, fitted on market pairs (script/train-linking).
ODDS = (-6.2, 11.75, 7.6)


def standing(near: Near) -> tuple[Floats, Floats]:
    """Each candidate's score, hubs aside, and its lead over the best of the account's others; where there is none, far below."""
    hubs = near.hubs
    score = 2 * near.cosine - hubs[:, None] - hubs[np.maximum(near.index, 0)]
    score[near.index < 0] = NOBODY
    order = np.sort(score, axis=1)[:, ::-1]
    first, second = order[:, :1], np.maximum(order[:, 1:2], order[:, :1] - ALONE)
    return score, np.where(score == first, score - second, score - first)


def found(
    near: Near, extra: tuple[Ints, Ints], floor: float | None, only: npt.NDArray[np.bool_] | None = None
) -> Found:
    """The candidates of at least `floor` bits by words (all, where it is None), and the extra pairs whatever theirs; of `only`
    some accounts, where they are given."""
    hubs, none = near.hubs, near.index < 0
    score, lead = standing(near)
    bits = np.where(none, -np.inf, ODDS[0] + ODDS[1] * score + ODDS[2] * lead)
    keep = ~none if floor is None else bits >= floor
    if only is not None:
        keep &= only[:, None] | only[np.maximum(near.index, 0)]
        touched = only[extra[0]] | only[extra[1]]
        extra = extra[0][touched], extra[1][touched]
    who = np.broadcast_to(np.arange(len(near.index))[:, None], keep.shape)[keep]
    whom = near.index[keep].astype(np.int64)
    left, right = np.minimum(who, whom), np.maximum(who, whom)
    known = _least(left, right, bits[keep].astype(np.float32))
    more = _fresh(known, extra)
    cosine = _cosines(near.rows, *more)
    by_words = ODDS[0] + ODDS[1] * (2 * cosine - hubs[more[0]] - hubs[more[1]]) - ODDS[2] * 0.1
    return Found(
        np.concatenate([known.left, more[0]]), np.concatenate([known.right, more[1]]), np.concatenate([known.bits, by_words.astype(np.float32)])
    )  # fmt: skip


def _least(left: Ints, right: Ints, bits: Floats) -> Found:
    """Each pair once; seen from both accounts, the lesser of its odds."""
    order = np.lexsort((bits, right, left))
    left, right, bits = left[order], right[order], bits[order]
    once = np.ones(len(left), bool)
    once[1:] = (left[1:] != left[:-1]) | (right[1:] != right[:-1])
    return Found(left[once], right[once], bits[once])


def _fresh(known: Found, extra: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Extra pairs that are not known yet."""
    have = known.left.astype(np.int64) << 32 | known.right
    told = np.unique(extra[0].astype(np.int64) << 32 | extra[1])
    told = told[~np.isin(told, have)]
    return told >> 32, told & 0xFFFFFFFF


def _cosines(rows: csr_matrix, left: Ints, right: Ints) -> Floats:
    out = np.zeros(len(left), np.float32)
    for begin in range(0, len(left), CHUNK):
        part = slice(begin, begin + CHUNK)
        out[part] = np.asarray(rows[left[part]].multiply(rows[right[part]]).sum(1)).ravel()
    return out
