"""The fields beside writing: which pairs they propose, and the band of each pair in each.

bands = banded(book, left, right)      # {"key": [0, 1, …], "handle": […], …}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import combinations
from math import log

import numpy as np
import numpy.typing as npt

from bowstreet.linking import handles, model
from bowstreet.linking.book import Book
from bowstreet.linking.tokens import Ints

SHARED = ("key", "contact", "money", "other identifier", "picture")
#: A value that more accounts than this hold proposes no pair by itself.
BLOCK = 50
#: Up to so many accounts, close handles propose pairs too; beyond, only the same.
CLOSE_HANDLES = 50_000
#: Characters from which on a title that few have proposes pairs.
LONG_TITLE = 12
RARE_PLACE = 0.05  # the share of accounts up to which a place is a rare one
SOME_GOODS = 0.1  # of two profiles of goods, the share in common from which on they are somewhat alike
NEAR_PRICE, FAR_PRICE = 0.8, 1.6  # natural logarithms: times 2.2, times 5
FEW = 0.1  # the share of a site's accounts that begin at one time, up to which they are few

Codes = npt.NDArray[np.int8]
Bands = dict[str, Codes]


def proposed(book: Book) -> tuple[Ints, Ints]:
    """Pairs on different sites that share a value or a title that few hold, or whose handles are the same or close."""
    found: set[tuple[int, int]] = set()
    for block in _blocks(book):
        if len(block) <= BLOCK and not (len(book) > 10 and 2 * len(block) >= len(book)):
            found.update(
                pair for pair in combinations(sorted(block), 2) if book.sites[pair[0]] != book.sites[pair[1]]
            )
    pairs = np.array(sorted(found | set(_same_titles(book))), np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _same_titles(book: Book) -> Iterator[tuple[int, int]]:
    """Pairs on different sites with a title in common that few accounts have."""
    lines = [
        (n, hash(plain))
        for n, account in enumerate(book.accounts)
        for plain in {" ".join(title.lower().split()) for title in account.titles}
        if len(plain) >= LONG_TITLE
    ]
    owner, titles = np.array(lines, np.int64).reshape(-1, 2).T
    order = np.argsort(titles, kind="stable")
    starts = np.flatnonzero(np.diff(titles[order], prepend=titles[order][:1] - 1))
    lengths = np.diff(starts, append=len(order))
    for begin, length in zip(*(part[(lengths > 1) & (lengths <= model.COMMON)] for part in (starts, lengths)), strict=True):  # fmt: skip
        for one, other in combinations(sorted(owner[order[begin : begin + length]].tolist()), 2):
            if book.sites[one] != book.sites[other]:
                yield one, other


def _blocks(book: Book) -> Iterator[Sequence[int]]:
    for name in SHARED:
        yield from book.holders[name].values()
    held = book.holders["picture"]
    for name, others in book.near_pictures.items():
        yield from (sorted({*held[name], *held[other]}) for other in others if name < other)
    yield from book.holders["handle"].values()
    if len(book) > CLOSE_HANDLES:
        return
    near: dict[str, list[int]] = {}
    for name, places in book.holders["handle"].items():
        for form in handles.near(name):
            near.setdefault(form, []).extend(places)
    yield from (list(dict.fromkeys(places)) for places in near.values() if len(places) > 1)


def banded(book: Book, left: Ints, right: Ints) -> Bands:
    """The band of each pair in every field beside writing; 0 where there is nothing to compare.

    Pairs are looked at one by one only where both accounts hold something in the field."""
    ways: dict[str, tuple[npt.NDArray[np.bool_], Callable[[Book, int, int], int]]] = {
        name: (np.array([bool(held) for held in book.values[name]], bool), partial(_shared, field=name)) for name in SHARED
    }  # fmt: skip
    bands = {
        name: _one_by_one(book, left, right, has[left] & has[right], way) for name, (has, way) in ways.items()
    }
    bands["handle"] = _handles(book, left, right)
    bands["place"] = _places(book, left, right)
    markets = np.array([bool(told) for told in book.markets], bool)
    bands["market"] = _one_by_one(book, left, right, markets[left] & markets[right], _market)
    offers = np.array([bool(told) for told in book.profiles], bool)
    bands["goods"] = _one_by_one(book, left, right, offers[left] & offers[right], _goods)
    priced = np.array([bool(told) for told in book.usual_prices], bool)
    bands["price"] = _one_by_one(book, left, right, priced[left] & priced[right], _price)
    bands["time"] = _time(book, left, right)
    claims = np.array([bool(account.claims) for account in book.accounts], bool)
    bands["claim"] = _one_by_one(book, left, right, claims[left] | claims[right], _claim)
    return bands


def _one_by_one(
    book: Book, left: Ints, right: Ints, where: npt.NDArray[np.bool_], way: Callable[[Book, int, int], int]
) -> Codes:
    out = np.zeros(len(left), np.int8)
    at = np.flatnonzero(where)
    out[at] = [
        way(book, one, other) for one, other in zip(left[at].tolist(), right[at].tolist(), strict=True)
    ]
    return out


def common(book: Book, field: str, one: int, other: int) -> tuple[str, int]:
    """The rarest value that both hold, and how many accounts hold it; nothing and 0 where there is none."""
    both = book.values[field][one] & book.values[field][other]
    counted = sorted((len(book.holders[field][value]), value) for value in both)
    return (counted[0][1], counted[0][0]) if counted else ("", 0)


def nearly(book: Book, one: int, other: int) -> tuple[str, str, int] | None:
    """The two pictures that are nearly the same, and how many accounts hold such; None where there are none, or where
    more do than count."""
    theirs = book.values["picture"][other]
    found = [
        (held, mine, near)
        for mine in book.values["picture"][one]
        for near, held in book.near_pictures.get(mine, {}).items()
        if near in theirs and held <= model.COMMON
    ]
    held, mine, near = min(found, default=(0, "", ""))
    return (mine, near, held) if found else None


def _shared(book: Book, one: int, other: int, field: str) -> int:
    mine, theirs = book.values[field][one], book.values[field][other]
    if not mine or not theirs:
        return 0
    _, holders = common(book, field, one, other)
    if holders:
        agreed = "same" if field == "picture" else "shared"
        return model.band(field, agreed if holders <= model.COMMON else "common")
    if field == "picture":
        return model.band(field, "near") if nearly(book, one, other) else 0
    return model.band("key", "different") if field == "key" else 0


def _numbers(values: Iterable[object]) -> npt.NDArray[np.int64]:
    """A number for each different value; -1 for an empty one."""
    known: dict[object, int] = {}
    return np.array([known.setdefault(value, len(known)) if value else -1 for value in values], np.int64)


def _handles(book: Book, left: Ints, right: Ints) -> Codes:
    bare, plain = _numbers(book.bare), _numbers(handles.plain(a.handle) for a in book.accounts)
    one, other = bare[left], bare[right]
    told, same = (one >= 0) & (other >= 0), one == other
    held = np.bincount(bare[bare >= 0], minlength=1)[np.maximum(one, 0)] if len(bare) else one
    names = [model.band("handle", name) for name in ("common", "same", "same but for dressing", "different")]
    cases = [~told, same & (held > model.COMMON), same & (plain[left] == plain[right]), same]
    out = np.select(cases, [0, *names[:3]], names[3]).astype(np.int8)
    length = np.array([len(name) for name in book.bare], np.int64)
    ends = np.array([(ord(name[0]) << 21) + ord(name[-1]) if name else 0 for name in book.bare], np.int64)
    starts = ends >> 21
    near = told & ~same & ((starts[left] == starts[right]) | (np.abs(length[left] - length[right]) <= 1))
    near &= (starts[left] == starts[right]) | ((ends[left] ^ ends[right]) & 0x1FFFFF == 0)
    for n in np.flatnonzero(near):
        if handles.close(book.bare[left[n]], book.bare[right[n]]):
            out[n] = model.band("handle", "close")
    return out


def _places(book: Book, left: Ints, right: Ints) -> Codes:
    single = _numbers(next(iter(p)) if len(p) == 1 else "" for p in book.places)
    some, several = np.array([[bool(p), len(p) > 1] for p in book.places], bool).reshape(-1, 2).T
    both = some[left] & some[right]
    out = _one_by_one(book, left, right, both & (several[left] | several[right]), _place)
    plain = both & ~several[left] & ~several[right]
    share = (
        np.bincount(single[single >= 0], minlength=1)[np.maximum(single[left], 0)] / max(1, len(book))
        if len(single)
        else single
    )
    names = [model.band("place", name) for name in ("different", "same, rare", "same")]
    told = np.select([single[left] != single[right], share <= RARE_PLACE], names[:2], names[2])
    return np.where(plain, told, out).astype(np.int8)


def _place(book: Book, one: int, other: int) -> int:
    both = book.places[one] & book.places[other]
    if not both:
        return model.band("place", "different")
    share = min(len(book.holders["place"][name]) for name in both) / len(book)
    return model.band("place", "same, rare" if share <= RARE_PLACE else "same")


def _market(book: Book, one: int, other: int) -> int:
    mine, theirs = book.markets[one], book.markets[other]
    if not mine & theirs:
        return model.band("market", "different")
    held = len(book.holders["market"][", ".join(sorted(mine))])
    return model.band("market", "same, rare") if mine == theirs and held <= RARE_PLACE * len(book) else 0


def _goods(book: Book, one: int, other: int) -> int:
    mine, theirs = book.profiles[one], book.profiles[other]
    both = sum(min(share, theirs.get(label, 0.0)) for label, share in mine.items())
    return model.band("goods", "alike" if both >= SOME_GOODS else "different")


def prices(book: Book, one: int, other: int) -> tuple[str, float, float] | None:
    """A currency that both ask for, and the usual price of each in it."""
    mine, theirs = book.usual_prices[one], book.usual_prices[other]
    shared = min(mine.keys() & theirs.keys(), default=None)
    return None if shared is None else (shared, mine[shared], theirs[shared])


def _price(book: Book, one: int, other: int) -> int:
    told = prices(book, one, other)
    if told is None:
        return 0
    apart = abs(log(told[1] / told[2]))
    return model.band("price", "near" if apart < NEAR_PRICE else "far" if apart >= FAR_PRICE else "between")


def _time(book: Book, left: Ints, right: Ints) -> Codes:
    out = np.zeros(len(left), np.int8)
    for one, other in ((left, right), (right, left)):
        end, begin = book.days[one, 1], book.days[other, 0]
        gap = begin - end
        follows = (end > 0) & (begin > 0) & (gap >= 0) & (gap <= model.FOLLOWS)
        out[follows & (book.newcomers[other] <= FEW)] = model.band("time", "follows")
    return out


def _claim(book: Book, one: int, other: int) -> int:
    mine, theirs = book.accounts[one], book.accounts[other]
    named = theirs.site.lower() in mine.claims or mine.site.lower() in theirs.claims
    return model.band("claim", "named") if named else 0
