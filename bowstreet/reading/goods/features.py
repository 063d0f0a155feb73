"""A title to hashed features: runs of 2 to 6 characters within words, and runs of 1 to 3 words.

Hashed, so that no vocabulary is inside the model, and so no handle: a bucket says nothing of the text that fell into it.

    matrix(["5g Cocaine, pure"]).shape          # (1, RUNS + WORDS)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

#: Buckets: the runs of characters come first, the runs of words after them.
RUNS = 1 << 16
WORDS = 1 << 15
SIZE = RUNS + WORDS
TITLE_LIMIT = 400  # characters; what comes after is never about the goods

Buckets = NDArray[np.int32]
#: Runs of Latin letters and digits, and runs of other letters. One other letter alone is a picture that lost its coding.
_WORD = re.compile(r"[0-9a-z\u00c0-\u024f]+|[^\W_0-9a-z\u00c0-\u024f]{2,}")


def words(title: str) -> list[str]:
    """The words of a title, folded: compatibility forms, case and accents gone."""
    folded = unicodedata.normalize("NFKD", title[:TITLE_LIMIT]).casefold()
    return _WORD.findall("".join(c for c in folded if not unicodedata.combining(c)))


@lru_cache(maxsize=1 << 17)
def runs(word: str) -> Buckets:
    """The buckets of one word's runs of characters, its edges marked."""
    edged = f" {word} ".encode()
    found = {edged[at : at + size] for size in range(2, 7) for at in range(len(edged) - size + 1)}
    return np.fromiter((crc32(run) & (RUNS - 1) for run in sorted(found)), np.int32, len(found))


def phrases(said: Sequence[str]) -> Buckets:
    """The buckets of runs of one to three words."""
    found = [
        " ".join(said[at : at + size]).encode() for size in (1, 2, 3) for at in range(len(said) - size + 1)
    ]
    return np.fromiter((RUNS + (crc32(one) & (WORDS - 1)) for one in found), np.int32, len(found))


def matrix(titles: Sequence[str]) -> csr_matrix:
    """Counts, a row per title. Titles without a word give an empty row."""
    parts: list[Buckets] = []
    ends = [0]
    for title in titles:
        said = words(title)
        own = [runs(word) for word in said] + [phrases(said)]
        parts += own
        ends.append(ends[-1] + sum(map(len, own)))
    indices = np.concatenate(parts) if parts else np.empty(0, np.int32)
    counts = csr_matrix((np.ones(len(indices), np.float32), indices, np.array(ends)), (len(titles), SIZE))
    counts.sum_duplicates()
    return counts


def weigh(counts: csr_matrix, idf: NDArray[np.float32]) -> csr_matrix:
    """Log counts times the rarity of the bucket, each of the two halves of a row of length one."""
    weighed = counts.copy()
    weighed.data = (1 + np.log(weighed.data)) * idf[weighed.indices]
    rows = np.repeat(np.arange(weighed.shape[0]), np.diff(weighed.indptr))
    half = 2 * rows + (weighed.indices >= RUNS)
    length = np.sqrt(np.bincount(half, weighed.data**2, 2 * weighed.shape[0]))
    weighed.data = (weighed.data / length[half]).astype(np.float32)
    return weighed


def rarity(counts: csr_matrix) -> NDArray[np.float32]:
    """Smoothed inverse document frequency of every bucket: ln((1 + n) / (1 + df)) + 1."""
    df = np.bincount(counts.indices, minlength=SIZE)
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + df)) + 1, dtype=np.float32)
