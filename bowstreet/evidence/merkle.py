"""Merkle tree hashes and proofs (RFC 6962, section 2.1), SHA-256.

    root([b"a", b"b"]); inclusion proofs and consistency proofs are lists of hashes, leaf's sibling first.

`subtree(start, size)` in these functions gives the hash of `size` leaves from `start`, where `size` is a power of two
and `start` a multiple of it: whoever stores the tree gives it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

Subtree = Callable[[int, int], bytes]
EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: a zero byte goes before it."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: a one byte goes before its children."""
    return hashlib.sha256(b"\1" + left + right).digest()


def fold(hashes: list[bytes]) -> bytes:
    """The hash over a power of two of hashes, pairwise upwards."""
    sha = hashlib.sha256
    while len(hashes) > 1:
        hashes = [sha(b"\1" + hashes[i] + hashes[i + 1]).digest() for i in range(0, len(hashes), 2)]
    return hashes[0]


def root(leaves: Iterable[bytes]) -> bytes:
    """The tree hash of leaves' data: small trees, and tests."""
    hashes = [leaf_hash(leaf) for leaf in leaves]
    return tree_hash(0, len(hashes), lambda start, size: fold(hashes[start : start + size]))


def split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def tree_hash(start: int, size: int, subtree: Subtree) -> bytes:
    """MTH of `size` leaves from `start`."""
    if size == 0:
        return EMPTY
    if size & (size - 1) == 0:
        return subtree(start, size)
    left = split(size)
    return node_hash(subtree(start, left), tree_hash(start + left, size - left, subtree))


def inclusion(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """PATH(index, D[size]): the hashes that lead from a leaf to the root."""
    path: list[bytes] = []
    start = 0
    while size > 1:
        left = split(size)
        if index < left:
            path.append(tree_hash(start + left, size - left, subtree))
            size = left
        else:
            path.append(subtree(start, left))
            start, index, size = start + left, index - left, size - left
    return path[::-1]


def consistency(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """PROOF(old, D[new]): the hashes that show the old tree to be a beginning of the new one."""
    proof: list[bytes] = []
    start, whole = 0, True
    while old != new:
        left = split(new)
        if old <= left:
            proof.append(tree_hash(start + left, new - left, subtree))
            new = left
        else:
            proof.append(subtree(start, left))
            start, old, new, whole = start + left, old - left, new - left, False
    if not whole:
        proof.append(tree_hash(start, new, subtree))
    return proof[::-1]


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: list[bytes]) -> bytes | None:
    """The root that a proof leads to from a leaf's hash; None where the proof has the wrong length (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    fn, sn, result = index, size - 1, leaf
    for sibling in proof:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            result = node_hash(sibling, result)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            result = node_hash(result, sibling)
        fn, sn = fn >> 1, sn >> 1
    return result if sn == 0 else None


def consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: list[bytes]) -> bool:
    """Whether a proof shows that the tree of `old` leaves is a beginning of that of `new` (RFC 9162, 2.1.4.2)."""
    if old == new or old == 0:
        return not proof and (old == 0 or old_root == new_root)
    if old > new or not proof:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and first == old_root and second == new_root
