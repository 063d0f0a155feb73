"""A Merkle tree as plain files: the tiles and entry bundles of c2sp.org/tlog-tiles, in a folder.

    tile/entries/000            256 leaves, each after its length (two bytes, big-endian)
    tile/0/x001/067             256 leaf hashes;  tile/1/… the hashes of full tiles below, and so on
    tile/0/000.p/17             a partial tile, written where a checkpoint needs it
    growing-3                   leaves 768 and on, until there are 256 of them and they become a bundle

Only `growing-N` ever changes, and only at its end; every tile is written once.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from bowstreet.evidence.errors import BadLedger
from bowstreet.evidence.merkle import fold, leaf_hash, tree_hash

WIDTH = 256
MAX_LEAF = 0xFFFF


class Tiles:
    """The files of one tree. Whoever writes holds the lock; a reader sees whole tiles only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._cache: dict[tuple[int, int], bytes] = {}
        self.full = 0
        self.growing: list[bytes] = []
        self._seen = -1
        self.refresh()

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return self.full * WIDTH + len(self.growing)

    def refresh(self) -> None:
        """Take in what another process has added."""
        while self._bundle(self.full).exists():
            self.full, self._seen, self.growing = self.full + 1, -1, []
        path = self._growing()
        length = path.stat().st_size if path.exists() else 0
        if length != self._seen:
            data = path.read_bytes() if length else b""
            self.growing, self._seen = list(_parse(data, whole=False)), length

    def append(self, leaves: Iterable[bytes]) -> None:
        """Add leaves at the end; on disk before this returns."""
        items = list(leaves)
        if any(not 0 < len(leaf) <= MAX_LEAF for leaf in items):
            raise BadLedger(f"a leaf has 1 to {MAX_LEAF} bytes")
        self._mend()
        try:
            self._grow(items)
        except BaseException:
            self._seen = -1  # what is on disk counts, not what was meant to be: it is read again
            raise

    def _grow(self, items: list[bytes]) -> None:
        at = 0
        while at < len(items):
            batch = items[at : at + WIDTH - len(self.growing)]
            at += len(batch)
            self.growing += batch
            if len(self.growing) == WIDTH:
                self._close_tile()
            else:
                self._write_growing(batch)

    def _mend(self) -> None:
        """After a crash the last leaf may be cut short: it was never given a number, so it goes."""
        whole = sum(2 + len(leaf) for leaf in self.growing)
        path = self._growing()
        if path.exists() and path.stat().st_size > whole:
            os.truncate(path, whole)

    def _write_growing(self, batch: list[bytes]) -> None:
        """All of the batch, on disk, or none of it: a disk that is full takes half, which is cut off again."""
        path = self._growing()
        before = path.stat().st_size if path.exists() else 0
        try:
            with path.open("ab") as file:
                file.write(_pack(batch))
                file.flush()
                os.fsync(file.fileno())
                self._seen = file.tell()
        except OSError:
            with suppress(OSError):
                os.truncate(path, before)
            raise

    def _close_tile(self) -> None:
        """256 leaves become a bundle and a tile; every level above that is now full follows."""
        hashes = b"".join(map(leaf_hash, self.growing))
        self._put(self._tile(0, self.full), hashes)
        self._put(self._bundle(self.full), _pack(self.growing))
        self._growing().unlink(missing_ok=True)
        self.full, self.growing, self._seen = self.full + 1, [], -1
        level, count = 1, self.full
        while count and count % WIDTH == 0:
            below = range(count - WIDTH, count)
            self._put(self._tile(level, count // WIDTH - 1), b"".join(self._top(level - 1, n) for n in below))
            level, count = level + 1, count // WIDTH

    def write_partial(self) -> None:
        """Write the partial tiles of the tree as it is now: what a checkpoint needs."""
        level, count = 0, self.size
        while count:
            number, width = divmod(count, WIDTH)
            if width:
                data = b"".join(self._hash_at(level, i) for i in range(number * WIDTH, count))
                self._put(_partial(self._tile(level, number), width), data)
            level, count = level + 1, number
        if self.growing:
            self._put(_partial(self._bundle(self.full), len(self.growing)), _pack(self.growing))

    def root(self, size: int | None = None) -> bytes:
        """The tree hash over the first `size` leaves."""
        return tree_hash(0, self.size if size is None else size, self.subtree)

    def subtree(self, start: int, size: int) -> bytes:
        """The hash of `size` leaves from `start`: a power of two, standing at a multiple of itself."""
        level = 0
        while size >= WIDTH:
            level, start, size = level + 1, start // WIDTH, size // WIDTH
        return fold([self._hash_at(level, start + i) for i in range(size)])

    def leaf(self, index: int) -> bytes:
        """One leaf."""
        if index >= self.full * WIDTH:
            return self.growing[index - self.full * WIDTH]
        return list(_parse(self._bundle(index // WIDTH).read_bytes()))[index % WIDTH]

    def leaves(self) -> Iterator[bytes]:
        """Every leaf, in order, as the bundles have it."""
        for number in range(self.full):
            yield from self.bundle(number)
        yield from self.growing

    def bundle(self, number: int) -> list[bytes]:
        """The leaves of one full bundle."""
        return list(_parse(self._bundle(number).read_bytes()))

    def partials(self) -> list[int]:
        """The widths of the partial tiles of leaf hashes that stand after the last full one."""
        folder = _partial(self._tile(0, self.full), 1).parent
        return sorted(int(p.name) for p in folder.glob("[1-9]*")) if folder.is_dir() else []

    def partial(self, width: int) -> bytes:
        """Such a tile."""
        return _partial(self._tile(0, self.full), width).read_bytes()

    def stored(self, level: int, number: int) -> bytes:
        """A full tile as it stands in its file."""
        path = self._tile(level, number)
        data = path.read_bytes() if path.exists() else b""
        if len(data) != 32 * WIDTH:
            raise BadLedger(f"{path.relative_to(self.folder)} is missing or is not {32 * WIDTH} bytes")
        return data

    def _hash_at(self, level: int, index: int) -> bytes:
        """The hash at a place of a level: from a tile, from what is growing, or folded from the tile below."""
        if level == 0 and index >= self.full * WIDTH:
            return leaf_hash(self.growing[index - self.full * WIDTH])
        number, place = divmod(index, WIDTH)
        if self._tile(level, number).exists():
            return self._load(level, number)[32 * place : 32 * place + 32]
        return self._top(level - 1, index)

    def _top(self, level: int, number: int) -> bytes:
        """The hash of a whole tile."""
        data = self._load(level, number)
        return fold([data[i : i + 32] for i in range(0, len(data), 32)])

    def _load(self, level: int, number: int) -> bytes:
        key = level, number
        if key not in self._cache:
            if len(self._cache) > 512:
                self._cache.clear()
            self._cache[key] = self.stored(level, number)
        return self._cache[key]

    def _tile(self, level: int, number: int) -> Path:
        return self.folder / "tile" / str(level) / _digits(number)

    def _bundle(self, number: int) -> Path:
        return self.folder / "tile" / "entries" / _digits(number)

    def _growing(self) -> Path:
        return self.folder / f"growing-{self.full}"

    def _put(self, path: Path, data: bytes) -> None:
        """Write a file once, whole, and on disk."""
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)


def _partial(path: Path, width: int) -> Path:
    return path.with_name(f"{path.name}.p") / str(width)


def _digits(number: int) -> str:
    """The path of a tile's number: groups of three digits, all but the last after an `x`."""
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.append(f"x{number % 1000:03d}")
    return "/".join(reversed(groups))


def _pack(leaves: list[bytes]) -> bytes:
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def _parse(data: bytes, *, whole: bool = True) -> Iterator[bytes]:
    """The leaves in a bundle; a last one cut short is an error, or where it may be, left out."""
    at = 0
    while at + 2 <= len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        if at + 2 + length > len(data):
            break
        yield data[at + 2 : at + 2 + length]
        at += 2 + length
    if whole and at != len(data):
        raise BadLedger("a bundle of leaves is cut short")
