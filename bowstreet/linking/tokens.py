"""Text as arrays: a million accounts' titles become tokens and hashes without a Python object for each.

    text = Text.of(["10g Speed - Free shipping", "…"])
    text.tokens().hashes            # one 64-bit hash per token: digits, letters, punctuation or space

A token is a run of characters of one class, so nothing of how a seller writes is lost: spaces, separators, case.
A hash is a polynomial of the characters modulo 2^64, read off prefix sums (Karp and Rabin, 1987).
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]

LETTER, DIGIT, SPACE, SIGN = 1, 2, 3, 4
BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so it has an inverse modulo 2^64
INVERSE = np.uint64(pow(int(BASE), -1, 1 << 64))
#: Characters of one account that are compared; more of the same seller adds nothing but time.
LIMIT = 200_000


def said(lines: Iterable[str]) -> str:
    """One text of an account's titles: each line once, compatibility forms folded (NFKC), HTML entities read."""
    once = dict.fromkeys(line.strip() for line in lines)
    joined = "\n".join(line for line in once if line)[:LIMIT]
    if not joined:
        return ""
    if not joined.isascii():
        joined = unicodedata.normalize("NFKC", joined)
    return f"\n{html.unescape(joined) if '&' in joined else joined}\n"


def mixed(hashes: Hashes) -> Hashes:
    """Scramble, so that any bits will do (the finaliser of MurmurHash3)."""
    out = hashes ^ (hashes >> np.uint64(33))
    out *= np.uint64(0xFF51AFD7ED558CCD)
    out ^= out >> np.uint64(33)
    out *= np.uint64(0xC4CEB9FE1A85EC53)
    out ^= out >> np.uint64(33)
    return out


@dataclass(frozen=True)
class Tokens:
    """Tokens of some texts, in order: whose they are, of what class, and their hash."""

    owner: Ints
    kind: npt.NDArray[np.uint8]
    hashes: Hashes
    capitals: Ints  # how many capital letters each has
    length: Ints
    leading: npt.NDArray[np.bool_]  # does it begin with a capital?

    def where(self, keep: npt.NDArray[np.bool_]) -> Tokens:
        """Some of the tokens."""
        return Tokens(
            self.owner[keep], self.kind[keep], self.hashes[keep], self.capitals[keep], self.length[keep], self.leading[keep]
        )  # fmt: skip

    def hashed(self, hashes: Hashes) -> Tokens:
        """The same tokens, called otherwise."""
        return Tokens(self.owner, self.kind, hashes, self.capitals, self.length, self.leading)


@dataclass(frozen=True)
class Text:
    """Texts as one array of code points, and which text each belongs to."""

    points: npt.NDArray[np.uint32]
    owner: Ints
    count: int

    @classmethod
    def of(cls, texts: Sequence[str]) -> Text:
        """Take texts in. Half a surrogate pair, as broken decoders leave, is kept as it is."""
        lengths = np.fromiter((len(text) for text in texts), np.int64, len(texts))
        points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
        return cls(points, np.repeat(np.arange(len(texts)), lengths), len(texts))

    def lower(self) -> Text:
        """In lower case, one character for one."""
        return Text(_tables().lower[self.points], self.owner, self.count)

    def shape(self) -> Text:
        """Letters become a or A and digits 0; a run of one sign is cut at three."""
        points = _tables().shape[self.points]
        if len(points) > 3:
            same = (
                (points[3:] == points[2:-1]) & (points[2:-1] == points[1:-2]) & (points[1:-2] == points[:-3])
            )
            keep = np.concatenate([np.ones(3, bool), ~same])
            return Text(points[keep], self.owner[keep], self.count)
        return Text(points, self.owner, self.count)

    def tokens(self, *, signs_apart: bool = False) -> Tokens:
        """Runs of one class; with `signs_apart`, every sign is a token of its own."""
        tables, size = _tables(), len(self.points)
        if not size:
            none = np.zeros(0, np.int64)
            return Tokens(none, none.astype(np.uint8), none.astype(np.uint64), none, none, none.astype(bool))
        kinds = tables.kind[self.points]
        fresh = np.ones(size, bool)
        fresh[1:] = (kinds[1:] != kinds[:-1]) | (self.owner[1:] != self.owner[:-1])
        if signs_apart:
            fresh |= kinds == SIGN
        starts = np.flatnonzero(fresh)
        ends = np.append(starts[1:], size)
        upper = np.concatenate([[0], np.cumsum(tables.upper[self.points], dtype=np.int64)])
        return Tokens(
            self.owner[starts],
            kinds[starts],
            self._hashes(starts, ends),
            upper[ends] - upper[starts],
            ends - starts,
            tables.upper[self.points[starts]],
        )

    def _hashes(self, starts: Ints, ends: Ints) -> Hashes:
        powers = _powers(len(self.points))
        sums = np.zeros(len(self.points) + 1, np.uint64)
        np.cumsum((self.points.astype(np.uint64) + np.uint64(1)) * powers, out=sums[1:])
        return mixed((sums[ends] - sums[starts]) * _inverses(len(self.points))[starts])

    def runs(self, shortest: int, longest: int) -> tuple[Ints, Hashes]:
        """Every run of characters within one text: its owner and hash."""
        owners, found = [], []
        rolling = np.zeros(len(self.points), np.uint64)
        for size in range(1, longest + 1):
            left = len(self.points) - size + 1
            if left <= 0:
                break
            rolling = rolling[:left] * BASE + self.points[size - 1 :].astype(np.uint64) + np.uint64(size)
            if size >= shortest:
                inside = self.owner[:left] == self.owner[size - 1 :]
                found.append(mixed(rolling[inside]))
                owners.append(self.owner[:left][inside])
        if not found:
            return np.zeros(0, np.int64), np.zeros(0, np.uint64)
        return np.concatenate(owners), np.concatenate(found)


def sequences(tokens: Tokens, shortest: int, longest: int) -> tuple[Ints, Hashes]:
    """Every sequence of tokens within one text: its owner and hash."""
    owners, found = [], []
    rolling = np.zeros(len(tokens.hashes), np.uint64)
    for size in range(1, longest + 1):
        left = len(tokens.hashes) - size + 1
        if left <= 0:
            break
        rolling = mixed(rolling[:left] * BASE + tokens.hashes[size - 1 :] + np.uint64(size))
        if size >= shortest:
            inside = tokens.owner[:left] == tokens.owner[size - 1 :]
            found.append(rolling[inside])
            owners.append(tokens.owner[:left][inside])
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    return np.concatenate(owners), np.concatenate(found)


@dataclass(frozen=True)
class _Tables:
    kind: npt.NDArray[np.uint8]
    lower: npt.NDArray[np.uint32]
    shape: npt.NDArray[np.uint32]
    upper: npt.NDArray[np.bool_]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    """What each code point is; above the basic plane all are signs (emoji, mostly), which is enough here."""
    size = 0x110000
    kind = np.full(size, SIGN, np.uint8)
    lower, shape = np.arange(size, dtype=np.uint32), np.arange(size, dtype=np.uint32)
    upper = np.zeros(size, bool)
    for point in range(0x10000):
        char = chr(point)
        if char.isspace():
            kind[point] = SPACE
        elif char.isdigit():
            kind[point], shape[point] = DIGIT, ord("0")
        elif char.isalpha():
            small = char.lower()
            kind[point] = LETTER
            upper[point] = char.isupper()
            lower[point] = ord(small) if len(small) == 1 else point
            if char.isascii():
                shape[point] = ord("A" if char.isupper() else "a")
    return _Tables(kind, lower, shape, upper)


def _powers(size: int) -> Hashes:
    return _progression(BASE, size)


def _inverses(size: int) -> Hashes:
    return _progression(INVERSE, size)


@lru_cache(maxsize=2)
def _cached(step: int, size: int) -> Hashes:
    out = np.full(size, np.uint64(step))
    out[0] = 1
    return np.cumprod(out, dtype=np.uint64)


def _progression(step: np.uint64, size: int) -> Hashes:
    """1, step, step², … modulo 2^64: kept, at the next power of two, for the next text."""
    return _cached(int(step), 1 << max(10, (size - 1).bit_length()))[:size]
