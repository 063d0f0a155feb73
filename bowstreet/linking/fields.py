"""The fields beside writing: which pairs they propose, and the band of each pair in each.

bands = banded(book, left, right)      # {"key": [0, 1, …], "handle": […], …}
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations

import numpy as np
import numpy.typing as npt

from bowstreet.linking import handles, model
from bowstreet.linking.book import Book
from bowstreet.linking.tokens import Ints

SHARED = ("key", "contact", "money", "other identifier", "picture")
#: A value that more accounts than this hold proposes no pair by itself.
BLOCK = 50


def proposed(book: Book) -> tuple[Ints, Ints]:
    """Pairs on different sites that share a value that few hold, or whose handles are the same or close."""
    found: set[tuple[int, int]] = set()
    for block in _blocks(book):
        if len(block) <= BLOCK and not (len(book) > 10 and 2 * len(block) >= len(book)):
            found.update(
                pair for pair in combinations(sorted(block), 2) if book.sites[pair[0]] != book.sites[pair[1]]
            )
    pairs = np.array(sorted(found), np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _blocks(book: Book) -> Iterator[Sequence[int]]:
    for name in SHARED:
        yield from book.holders[name].values()
    yield from book.holders["handle"].values()
    near: dict[str, list[int]] = {}
    for name, places in book.holders["handle"].items():
        for form in handles.near(name):
            near.setdefault(form, []).extend(places)
    yield from (list(dict.fromkeys(places)) for places in near.values() if len(places) > 1)


def banded(book: Book, left: Ints, right: Ints) -> dict[str, npt.NDArray[np.int8]]:
    """The band of each pair in every field beside writing; 0 where there is nothing to compare."""
    pairs = list(zip(left.tolist(), right.tolist(), strict=True))
    ways: dict[str, Callable[[Book, int, int], int]] = {
        **{name: partial(_shared, field=name) for name in SHARED}, "handle": _handle, "place": _place, "claim": _claim
    }  # fmt: skip
    return {
        name: np.fromiter((way(book, one, other) for one, other in pairs), np.int8, len(pairs))
        for name, way in ways.items()
    }


def common(book: Book, field: str, one: int, other: int) -> tuple[str, int]:
    """The rarest value that both hold, and how many accounts hold it; nothing and 0 where there is none."""
    both = book.values[field][one] & book.values[field][other]
    counted = sorted((len(book.holders[field][value]), value) for value in both)
    return (counted[0][1], counted[0][0]) if counted else ("", 0)


def _shared(book: Book, one: int, other: int, field: str) -> int:
    mine, theirs = book.values[field][one], book.values[field][other]
    if not mine or not theirs:
        return 0
    _, holders = common(book, field, one, other)
    if holders:
        return model.band(field, "shared" if holders <= model.COMMON else "common")
    return model.band("key", "different") if field == "key" else 0


def _handle(book: Book, one: int, other: int) -> int:
    mine, theirs = book.bare[one], book.bare[other]
    if not mine or not theirs:
        return 0
    if mine == theirs:
        if len(book.holders["handle"][mine]) > model.COMMON:
            return model.band("handle", "common")
        same = handles.plain(book.accounts[one].handle) == handles.plain(book.accounts[other].handle)
        return model.band("handle", "same" if same else "same but for dressing")
    return model.band("handle", "close" if handles.close(mine, theirs) else "different")


def _place(book: Book, one: int, other: int) -> int:
    mine, theirs = book.places[one], book.places[other]
    if not mine or not theirs:
        return 0
    both = mine & theirs
    if not both:
        return model.band("place", "different")
    share = min(len(book.holders["place"][name]) for name in both) / len(book)
    return model.band("place", "same, rare" if share <= 0.05 else "same")


def _claim(book: Book, one: int, other: int) -> int:
    mine, theirs = book.accounts[one], book.accounts[other]
    named = theirs.site.lower() in mine.claims or mine.site.lower() in theirs.claims
    return model.band("claim", "named") if named else 0
