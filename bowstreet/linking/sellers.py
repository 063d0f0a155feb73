"""Which accounts may share a seller: pairs with weights and reasons, and clusters that keep every decision.

    links = link(accounts)
    links.pairs[0].reasons[0].words             # "both show the same PGP key"

Nothing is merged by itself: pairs are proposals, and clusters hold only what a person decided is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bowstreet.linking import decisions as decided_by
from bowstreet.linking import fellegi, fields, model
from bowstreet.linking.accounts import Account
from bowstreet.linking.book import Book
from bowstreet.linking.decisions import Key, clusters
from bowstreet.linking.likeness import compare
from bowstreet.linking.prose import with_prose
from bowstreet.linking.ranking import Ranker, Scored, score
from bowstreet.linking.reasons import Pair, Reason, Teller
from bowstreet.linking.tokens import Ints
from bowstreet.linking.tuning import Tuning

__all__ = ["Links", "Pair", "Reason", "clusters", "link", "top"]

Progress = Callable[[str], None]
#: Pairs told with their titles side by side; in longer answers the closest titles are left out.
BESIDE = 200_000


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
    only: set[str] | None = None,
) -> Links:  # fmt: skip
    """Propose pairs of accounts on different sites: those of `floor` or more, or, with `count`, each account's best so many.

    `decisions` holds same, different or unsure for pairs of account ids; a pair told apart is never proposed again.
    With `only`, every account is weighed, and pairs are told that have one of these. Raises LinkingError.
    """
    book = Book.of(accounts)
    weighed = weigh(book, ranker=ranker, tuning=tuning, progress=progress)
    weighed = weighed.where(_allowed(book, weighed, decided_by.keyed(decisions)))
    if only is not None:
        new = np.array([account.account in only for account in accounts], bool)
        weighed = weighed.where(new[weighed.left] | new[weighed.right])
    keep = best(weighed, count, len(book)) if count else np.flatnonzero(weighed.total >= floor)
    if progress:
        progress("reasons")
    pairs = tell(book, weighed.where(keep), engine=engine, tuning=tuning)
    return Links(tuple(pairs), clusters((account.account for account in accounts), decisions))


def weigh(
    book: Book,
    *,
    ranker: Ranker | None = None,
    tuning: Tuning | None = None,
    progress: Progress | None = None,
) -> Weighed:
    """Find the pairs worth weighing, and band them in every field."""
    looks = compare(book.texts, book.sites, fields.proposed(book), progress)
    scored = with_prose(score(looks, len(book), ranker), looks, book.prose)
    written = np.array([bool(text) for text in book.texts], bool)
    both = written[looks.left] & written[looks.right] if len(looks.left) else np.zeros(0, bool)
    bands = {**_writing(scored, both, book.others), **fields.banded(book, looks.left, looks.right)}
    total = fellegi.quick(bands, book.others, tuning)
    return Weighed(looks.left, looks.right, bands, total, total + np.where(both, scored.bits, 0) * 1e-6)


def _writing(scored: Scored, both: npt.NDArray[np.bool_], others: int) -> dict[str, npt.NDArray[np.int8]]:
    """One band of what is written and one of how; their steps add up to the calibrated odds of both."""
    whole = np.round((scored.bits - model.prior(others)) / model.HALF) * model.HALF
    style = np.clip(np.round(scored.style / model.HALF) * model.HALF, *model.STYLE_STEPS)
    rest = np.clip(whole - style, *model.WRITING_STEPS)
    code = {"writing": (rest, model.WRITING_STEPS), "style": (style, model.STYLE_STEPS)}
    return {
        name: np.where(both, 1 + (values - span[0]) / model.HALF, 0).astype(np.int8)
        for name, (values, span) in code.items()
    }


def _allowed(book: Book, weighed: Weighed, decided: Mapping[Key, str]) -> npt.NDArray[np.bool_]:
    keep = np.ones(len(weighed.left), bool)
    apart = {pair for pair, verdict in decided.items() if verdict == decided_by.DIFFERENT}
    if apart:
        ids = [account.account for account in book.accounts]
        for n, (one, other) in enumerate(zip(weighed.left.tolist(), weighed.right.tolist(), strict=True)):
            keep[n] = decided_by.key(ids[one], ids[other]) not in apart
    return keep


def best(weighed: Weighed, count: int, size: int) -> Ints:
    """The pairs that are among the best so many of either account."""
    if not len(weighed.left):
        return np.zeros(0, np.int64)
    who = np.concatenate([weighed.left, weighed.right])
    order = np.lexsort((-np.tile(weighed.exact, 2), who))
    starts = np.searchsorted(who[order], np.arange(size))
    place = np.arange(len(order)) - starts[who[order]]
    return np.unique(order[place < count] % len(weighed.left))


def tell(book: Book, weighed: Weighed, *, engine: str = "local", tuning: Tuning | None = None) -> list[Pair]:
    """Weigh by Splink, and put each pair's reasons into words; the weightiest first."""
    weights = fellegi.weigh(weighed.bands, book.others, engine, tuning)
    order = np.lexsort((-weighed.exact, -np.round(weights["total"], 2)))
    teller = Teller(book, side_by_side=len(order) <= BESIDE)
    names = list(weighed.bands)
    codes = np.stack([weighed.bands[name] for name in names], 1) if names else np.zeros((0, 0))
    told = np.stack([weights[name] for name in names], 1) if names else np.zeros((0, 0))
    pairs = []
    for n in order.tolist():
        one, other = int(weighed.left[n]), int(weighed.right[n])
        if book.accounts[one].account > book.accounts[other].account:
            one, other = other, one
        pairs.append(teller.pair(one, other, dict(zip(names, codes[n].tolist(), strict=True)),
                                 dict(zip(names, told[n].tolist(), strict=True)), float(weights["total"][n])))  # fmt: skip
    return pairs


def top(links: Links, accounts: Sequence[Account], count: int) -> list[Pair]:
    """For each account its `count` best candidates on other sites, in order."""
    found: dict[str, list[Pair]] = {account.account: [] for account in accounts}
    for pair in links.pairs:
        for one in (pair, pair.turned()):
            if len(found[one.left]) < count:
                found[one.left].append(one)
    return [pair for account in accounts for pair in found[account.account]]
