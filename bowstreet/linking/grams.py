"""Which n-grams each account writes, as sparse rows, and how alike two rows are.

    rows = weighted(rows_of(owner, hashes, count))
    scores = cosines(rows[here], rows[there])

An n-gram counts once per account however often it is written, and the more the fewer accounts write it:
log((1 + N) / (1 + df)), on unit length.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from bowstreet.linking.tokens import Hashes, Ints

Floats = npt.NDArray[np.float32]
FEWEST_BITS, MOST_BITS = (
    12,
    22,
)  # n-grams are told apart by so many bits of their hash: four times as many values as n-grams
CHUNK = 256
FEWEST = 100  # fewer accounts are weighed as though they were so many: between two, all that both write would be common


def rows_of(owner: Ints, hashes: Hashes, count: int, bits: int = 0) -> csr_matrix:
    """One row per account, 1 where it writes the n-gram."""
    bits = bits or min(MOST_BITS, max(FEWEST_BITS, (4 * len(hashes)).bit_length()))
    keys = (owner.astype(np.uint64) << np.uint64(bits)) | (hashes >> np.uint64(64 - bits))
    keys.sort()
    if len(keys):
        keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])]
    columns = (keys & np.uint64((1 << bits) - 1)).astype(np.int32)
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount((keys >> np.uint64(bits)).astype(np.int64), minlength=count), out=starts[1:])
    return csr_matrix((np.ones(len(columns), np.float32), columns, starts), shape=(count, 1 << bits))


def weighted(rows: csr_matrix, most: int | None = None) -> csr_matrix:
    """Rows by rarity, on unit length. An n-gram in one account, or in more than `most`, joins nobody: it is left out."""
    count = max(rows.shape[0], FEWEST)
    spread = np.bincount(rows.indices, minlength=rows.shape[1])
    rarity = np.log((1 + count) / (1 + spread)).astype(np.float32)
    values = rarity[rows.indices]
    lengths = (
        np.sqrt(np.add.reduceat(np.append(values * values, 0), rows.indptr[:-1])) if rows.shape[0] else values
    )
    lengths = np.where(np.diff(rows.indptr) > 0, lengths, 1)
    values = values / np.repeat(np.maximum(lengths, 1e-9), np.diff(rows.indptr)).astype(np.float32)
    shared = spread >= 2
    if most is not None:
        shared &= spread <= most
    keep = shared[rows.indices]
    starts = np.concatenate([[0], np.cumsum(keep)])[rows.indptr]
    return csr_matrix((values[keep], rows.indices[keep], starts), shape=rows.shape)


def cosines(here: csr_matrix, there: csr_matrix) -> Floats:
    """Every row of one against every row of the other."""
    turned = there.T.tocsr()
    out = np.zeros((here.shape[0], there.shape[0]), np.float32)
    for begin in range(0, here.shape[0], CHUNK):
        out[begin : begin + CHUNK] = (here[begin : begin + CHUNK] @ turned).toarray()
    return out
