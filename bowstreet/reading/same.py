"""The same listing seen again, and texts that are nearly the same: pure functions, Arrow in and out.

keys(listings)               # one key a row: equal on another day and on another mirror
near(texts).to_pylist()      # [{"left": 0, "right": 7, "similarity": 0.91}, …]
groups(texts)                # one group number a row; a text like no other is its own group

Near-duplicates by MinHash with banding: Broder, "On the resemblance and containment of documents" (1997). What the bands
propose is checked by the sets themselves, so that a pair's similarity is exact.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

SHINGLE = 3  # words
PERMUTATIONS, BANDS = 64, 16  # pairs of similarity 0.7 are proposed with a probability of 0.99
LEAST = 0.7  # Jaccard similarity of shingles from which texts are nearly the same
CROWD = 200  # texts in one bucket beyond which only neighbours are compared: a text that everybody has
_WORD = re.compile(r"\w+")
_PRIME = (1 << 31) - 1
NEAR = pa.schema([("left", pa.int64()), ("right", pa.int64()), ("similarity", pa.float64())])


def keys(listings: pa.Table) -> pa.StringArray:
    """A key for each row of LISTINGS, of its seller and its title; null where either is not known.

    Host, price and stock are left out: they change from mirror to mirror and from day to day. So two sellers' copies of one
    text have two keys, and one seller's listing has the same key on every market that has it under this title.
    """
    sellers, titles = listings.column("seller").to_pylist(), listings.column("title").to_pylist()
    return pa.array([_key(seller, title) for seller, title in zip(sellers, titles, strict=True)], pa.string())


def _key(seller: str | None, title: str | None) -> str | None:
    if not seller or not title:
        return None
    said = " ".join(_words(title)) or title
    return hashlib.sha256(f"{seller.casefold()}\n{said}".encode()).hexdigest()[:32]


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def near(texts: pa.StringArray, least: float = LEAST) -> pa.Table:
    """Pairs of texts whose shingles overlap by at least `least`. Texts of fewer than five words have no pairs."""
    sets = [_shingles(text or "") for text in texts.to_pylist()]
    found = []
    for left, right in _proposed(sets):
        a, b = sets[left], sets[right]
        shared = len(a & b)
        similarity = shared / (len(a) + len(b) - shared)
        if similarity >= least:
            found.append({"left": left, "right": right, "similarity": round(similarity, 4)})
    return pa.Table.from_pylist(found, schema=NEAR)


def groups(texts: pa.StringArray, least: float = LEAST) -> pa.Int64Array:
    """For each text, the number of the first text of its group."""
    first = list(range(len(texts)))

    def top(one: int) -> int:
        while first[one] != one:
            first[one] = first[first[one]]
            one = first[one]
        return one

    pairs = near(texts, least)
    for left, right in zip(pairs.column("left").to_pylist(), pairs.column("right").to_pylist(), strict=True):
        a, b = sorted((top(left), top(right)))
        first[b] = a
    return pa.array([top(one) for one in range(len(texts))], pa.int64())


def _shingles(text: str) -> frozenset[int]:
    words = _words(text[:20_000])
    if len(words) < 5:
        return frozenset()
    runs = (" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))
    return frozenset(
        int.from_bytes(hashlib.blake2b(run.encode(), digest_size=4).digest(), "little") % _PRIME
        for run in runs
    )


def _proposed(sets: Sequence[frozenset[int]]) -> list[tuple[int, int]]:
    random = np.random.default_rng(20261124)
    factor = random.integers(1, _PRIME, PERMUTATIONS, dtype=np.int64)[:, None]
    shift = random.integers(0, _PRIME, PERMUTATIONS, dtype=np.int64)[:, None]
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for number, one in enumerate(sets):
        if one:
            values = np.fromiter(one, dtype=np.int64, count=len(one))
            least = ((factor * values + shift) % _PRIME).min(axis=1)
            for band, part in enumerate(least.reshape(BANDS, -1)):
                buckets[band, part.tobytes()].append(number)
    pairs = set[tuple[int, int]]()
    for inside in buckets.values():
        for i, left in enumerate(inside):
            reach = len(inside) if len(inside) <= CROWD else i + 2
            pairs.update((left, right) for right in inside[i + 1 : reach])
    return sorted(pairs)
