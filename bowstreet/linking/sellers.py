"""Which accounts may share a seller: pairs with weights and reasons, and clusters that keep every decision.

    links = link(accounts)
    links.pairs[0].reasons[0].words             # "both show the same PGP key"

Nothing is merged by itself: pairs are proposals, and clusters hold only what a person decided is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, log2
from typing import Any

import numpy as np
import numpy.typing as npt

from bowstreet.linking import bulk, fellegi, fields, model
from bowstreet.linking import decisions as decided_by
from bowstreet.linking.accounts import Account
from bowstreet.linking.book import Book
from bowstreet.linking.decisions import Key, clusters
from bowstreet.linking.grams import Floats
from bowstreet.linking.likeness import compare
from bowstreet.linking.prose import with_prose
from bowstreet.linking.ranking import Ranker, Scored, score
from bowstreet.linking.reasons import Pair, Reason, Teller
from bowstreet.linking.tokens import Ints
from bowstreet.linking.tuning import Tuning

__all__ = ["Links", "Pair", "Reason", "clusters", "link", "ranked", "top"]

Progress = Callable[[str], None]
#: Pairs told with their titles side by side; in longer answers the closest titles are left out.
BESIDE = 200_000
#: Up to so many pairs, each account is held against each on other sites; beyond, candidates are found by words.
EACH_WITH_EACH = 30_000_000
SLACK = 4.0  # bits that place and claim may add to a pair that shares nothing else


@dataclass(frozen=True)
class Links:
    """Pairs, the weightiest first, and sellers: groups of accounts that a person said are the same."""

    pairs: tuple[Pair, ...]
    sellers: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Weighed:
    """Pairs by the places of their accounts, with their bands and weights; `exact` breaks ties between bands."""

    left: Ints
    right: Ints
    bands: fellegi.Bands
    total: npt.NDArray[np.float64]
    exact: npt.NDArray[np.float64]

    def where(self, keep: npt.NDArray[np.bool_] | Ints) -> Weighed:
        """Some of the pairs."""
        bands = {name: codes[keep] for name, codes in self.bands.items()}
        return Weighed(self.left[keep], self.right[keep], bands, self.total[keep], self.exact[keep])


def link(
    accounts: Sequence[Account], *, decisions: Mapping[Key, str] | None = None, floor: float = -4.0, count: int = 0,
    engine: str = "local", tuning: Tuning | None = None, ranker: Ranker | None = None, progress: Progress | None = None,
    only: set[str] | None = None, likely: bool = False,
) -> Links:  # fmt: skip
    """Propose pairs of accounts on different sites: those of `floor` or more, or, with `count`, each account's best so many.

    With `likely`, only links: probable enough, and for two kinds of reason.
    `decisions` holds same, different or unsure for pairs of account ids; a pair told apart is never proposed again.
    With `only`, pairs are told that have one of these, as a full run would tell them. Raises LinkingError.
    """
    book = Book.of(accounts)
    weighed = weigh(
        book, None if count else floor, decisions, ranker=ranker, tuning=tuning, only=only, progress=progress
    )
    if likely:
        weighed = weighed.where(_likely(weighed, book.others, tuning))
    if count:
        weighed = weighed.where(np.unique(best(weighed, count, len(book))[1]))
    pairs = tuple(
        p for p in Telling.of(book, weighed, engine, tuning, progress).all() if p.likely or not likely
    )
    return Links(pairs, clusters((account.account for account in accounts), decisions))


def ranked(
    accounts: Sequence[Account], count: int, *, decisions: Mapping[Key, str] | None = None, engine: str = "local",
    tuning: Tuning | None = None, progress: Progress | None = None, only: set[str] | None = None,
) -> Iterator[Pair]:  # fmt: skip
    """For each account in turn its `count` best candidates on other sites, in order, told one at a time. Raises LinkingError."""
    book = Book.of(accounts)
    weighed = weigh(book, None, decisions, tuning=tuning, only=only, progress=progress)
    who, which = best(weighed, count, len(book))
    used, place = np.unique(which, return_inverse=True)
    telling = Telling.of(book, weighed.where(used), engine, tuning, progress)
    for account, n in zip(who.tolist(), place.tolist(), strict=True):
        pair = telling.pair(n)
        yield pair if pair.left == book.accounts[account].account else pair.turned()


def weigh(
    book: Book, floor: float | None, decisions: Mapping[Key, str] | None = None, *, ranker: Ranker | None = None,
    tuning: Tuning | None = None, only: set[str] | None = None, progress: Progress | None = None,
) -> Weighed:  # fmt: skip
    """Find the pairs worth weighing, and band them in every field; keep those of `floor` or more, and not told apart.

    With a floor of infinity, those that can be links: pairs by writing alone, which cannot, are not looked for in bulk."""
    mine = None if only is None else np.array([account.account in only for account in book.accounts], bool)
    left, right, scored = _found(book, floor, ranker, progress, mine)
    keep = _allowed(book, left, right, decided_by.keyed(decisions), mine)
    left, right, bits, style = left[keep], right[keep], scored.bits[keep], scored.style[keep]
    written = np.array([bool(text) for text in book.texts], bool)
    both = written[left] & written[right]
    bands = {**_writing(bits, style, both), **fields.banded(book, left, right)}
    total = fellegi.quick(bands, book.others, tuning)
    weighed = Weighed(left, right, bands, total, total + np.where(both, np.maximum(bits, -99), -99) * 1e-6)
    return weighed if floor in (None, inf) else weighed.where(total >= floor)


def _found(
    book: Book, floor: float | None, ranker: Ranker | None, progress: Progress | None,
    only: npt.NDArray[np.bool_] | None = None,
) -> tuple[Ints, Ints, Scored]:  # fmt: skip
    """Candidates, by every view where each can be held against each, else by words."""
    extra = fields.proposed(book)
    counts = np.bincount(book.sites) if len(book) else np.zeros(1)
    if (len(book) ** 2 - (counts**2).sum()) / 2 <= EACH_WITH_EACH:
        looks = compare(book.texts, book.sites, extra, progress, only=only, prose=book.prose)
        return looks.left, looks.right, with_prose(score(looks, len(book), ranker), looks, book.prose)
    near = bulk.neighbours(book.texts, book.sites, progress)
    # Beside writing, only shared values and handles can lift a pair much, and pairs with those are in `extra`.
    start = model.prior(model.AMONG) - model.prior(book.others)
    found = bulk.found(near, extra, None if floor is None else floor - SLACK + start, only)
    return found.left, found.right, Scored(found.bits, found.bits, np.zeros(len(found.bits), np.float32))


def _writing(bits: Floats, style: Floats, both: npt.NDArray[np.bool_]) -> dict[str, npt.NDArray[np.int8]]:
    """One band of what is written and one of how; their steps add up to what the calibrated odds say beyond the prior.

    Where both together speak against, writing does not speak for, whatever its manner."""
    whole = np.clip(bits - model.prior(model.AMONG), *model.WRITTEN)
    whole = np.round(whole / model.HALF) * model.HALF
    style = np.clip(np.round(style / model.HALF) * model.HALF, *model.STYLE_STEPS)
    style = np.where(whole > 0, np.minimum(style, whole), np.maximum(style, whole))
    rest = whole - style

    def codes(values: npt.NDArray[Any], lowest: float) -> npt.NDArray[np.int8]:
        return np.where(both, 1 + (values - lowest) / model.HALF, 0).astype(np.int8)

    return {"writing": codes(rest, model.WRITING_STEPS[0]), "style": codes(style, model.STYLE_STEPS[0])}


def _allowed(
    book: Book, left: Ints, right: Ints, decided: Mapping[Key, str], only: npt.NDArray[np.bool_] | None
) -> npt.NDArray[np.bool_]:
    """Not told apart, and, where asked, with one of some accounts."""
    keep = np.ones(len(left), bool)
    if only is not None:
        keep &= only[left] | only[right]
    place = {account.account: n for n, account in enumerate(book.accounts)} if decided else {}
    apart = [
        sorted((place[one], place[other])) for (one, other), verdict in decided.items()
        if verdict == decided_by.DIFFERENT and one in place and other in place
    ]  # fmt: skip
    if apart:
        told = np.array(apart, np.int64)
        keep &= ~np.isin(left.astype(np.int64) << 32 | right, told[:, 0] << 32 | told[:, 1])
    return keep


def _likely(weighed: Weighed, others: int, tuning: Tuning | None) -> npt.NDArray[np.bool_]:
    """What `Pair.likely` says, from the bands: so that a million accounts' weak pairs need not be put into words."""
    weights = fellegi.table(others, tuning)
    start, kinds = fellegi.start(others, tuning), np.zeros(len(weighed.left), np.int64)
    for name in model.KINDS:
        capped = [False, *(level == "common" for level, _ in model.FIELDS.get(name, []))]
        worth = np.array([0.0, *weights[name]])
        worth[: len(capped)][capped] = 0
        told = worth[weighed.bands[name]]
        if name == "writing":
            told = told + np.array([0.0, *weights["style"]])[weighed.bands["style"]]
        kinds += told >= model.needed(name, start)
    apart = weighed.bands["key"] == model.band("key", "different")
    enough = weighed.total >= log2(model.LIKELY / (1 - model.LIKELY))
    return np.asarray(enough & (kinds >= 2) & ~apart, bool)


def best(weighed: Weighed, count: int, size: int) -> tuple[Ints, Ints]:
    """For each account in turn its best so many pairs, in order: the account, and the pair's place."""
    who = np.concatenate([weighed.left, weighed.right])
    order = np.lexsort((-np.tile(weighed.exact, 2), who))
    starts = np.searchsorted(who[order], np.arange(size))
    kept = order[np.arange(len(order)) - starts[who[order]] < count] if len(order) else order
    return who[kept], kept % max(1, len(weighed.left))


@dataclass(frozen=True)
class Telling:
    """Pairs weighed by Splink, ready to be put into words one at a time."""

    book: Book
    weighed: Weighed
    weights: fellegi.Weights
    teller: Teller

    @classmethod
    def of(
        cls, book: Book, weighed: Weighed, engine: str, tuning: Tuning | None, progress: Progress | None
    ) -> Telling:
        """Weigh them. Raises LinkingError."""
        if progress:
            progress("weighing")
        weights = fellegi.weigh(weighed.bands, book.others, engine, tuning)
        prior = fellegi.start(book.others, tuning)
        return cls(book, weighed, weights, Teller(book, prior, side_by_side=len(weighed.left) <= BESIDE))

    def all(self) -> Iterator[Pair]:
        """Every pair, the weightiest first."""
        for n in np.lexsort((-self.weighed.exact, -np.round(self.weights["total"], 2))).tolist():
            yield self.pair(n)

    def pair(self, n: int) -> Pair:
        """One pair."""
        one, other = int(self.weighed.left[n]), int(self.weighed.right[n])
        if self.book.accounts[one].account > self.book.accounts[other].account:
            one, other = other, one
        bands = {name: int(codes[n]) for name, codes in self.weighed.bands.items()}
        weights = {name: float(self.weights[name][n]) for name in bands}
        return self.teller.pair(one, other, bands, weights, float(self.weights["total"][n]))


def top(links: Links, accounts: Sequence[Account], count: int) -> list[Pair]:
    """For each account its `count` best candidates on other sites, in order, among pairs already told."""
    found: dict[str, list[Pair]] = {account.account: [] for account in accounts}
    for pair in links.pairs:
        for one in (pair, pair.turned()):
            if len(found[one.left]) < count:
                found[one.left].append(one)
    return [pair for account in accounts for pair in found[account.account]]
