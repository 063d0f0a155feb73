"""Pictures that are nearly the same: by PDQ, a hash of 256 bits that changes little where a picture is scaled or recoded.

near(["f8f8…", "f8f9…"])        # ([0], [1]): the pairs of places that differ in few bits

The threshold is the one PDQ's authors recommend (Facebook, The TMK+PDQF video-hashing algorithm and the PDQ image-hashing
algorithm, 2019).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bowstreet.linking.tokens import Ints

BITS = 256
NEAR = 31  # of 256 bits, at most so many differ
#: So many different pictures are held each against each; beyond, only the very same are found.
MOST = 20_000
_PDQ = re.compile(r"[0-9a-fA-F]{64}")
_BLOCK = 1024


def near(pictures: Sequence[str]) -> tuple[Ints, Ints]:
    """The pairs of places, first before second, whose pictures differ in few bits. What is no PDQ is near nothing."""
    places = np.array([n for n, text in enumerate(pictures) if _PDQ.fullmatch(text)], np.int64)
    if not 1 < len(places) <= MOST:
        return places[:0], places[:0]
    signs = _signs([pictures[n] for n in places])
    left, right = [], []
    for begin in range(0, len(places), _BLOCK):
        alike = signs[begin : begin + _BLOCK] @ signs[begin:].T >= BITS - 2 * NEAR
        one, other = np.nonzero(np.triu(alike, 1))
        left.append(places[begin + one])
        right.append(places[begin + other])
    return np.concatenate(left), np.concatenate(right)


def _signs(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """The bits as 1 and -1: 256 less twice the distance is then a product."""
    octets = np.frombuffer(bytes.fromhex("".join(texts)), np.uint8).reshape(len(texts), BITS // 8)
    return np.unpackbits(octets, axis=1).astype(np.float32) * 2 - 1
