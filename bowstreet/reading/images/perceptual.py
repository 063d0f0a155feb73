"""Perceptual hashes (PDQ, Meta 2019): 256 bits that change little when a picture is scaled, recoded or lightly changed.

distance(left, right) <= NEAR                 # of 256 bits; the same picture
groups({"a": "f8…", "b": "f8…"})              →  [("a", "b")]
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

import numpy as np
import pdqhash
from numpy.typing import NDArray
from PIL import Image, ImageChops

BITS = 256
#: bits that may differ from a screened hash, as PDQ's authors advise
NEAR = 31
#: bits that may differ between copies of one picture, chosen on half of the benchmark's pictures; strangers differ in 106 and more
SAME = 72
#: below this quality a hash says little: a flat colour, an icon
GOOD = 50
_BLOCK = 2048


def pdq(picture: Image.Image) -> tuple[str, int]:
    """Hash in hexadecimal digits, and quality from 0 to 100."""
    bits, quality = pdqhash.compute(np.asarray(_bounded(picture)))
    return _hex(bits), int(quality)


def turned(picture: Image.Image) -> tuple[str, ...]:
    """The hashes of the picture as it is, turned and mirrored: eight."""
    bits, _ = pdqhash.compute_dihedral(np.asarray(_bounded(picture)))
    return tuple(_hex(one) for one in bits)


def _bounded(picture: Image.Image, side: int = 512) -> Image.Image:
    """At most 512 on a side, as PDQ's own tools do: the hash is of the low frequencies."""
    small = picture.copy()
    small.thumbnail((side, side))
    return small


def _hex(bits: Iterable[int]) -> str:
    return np.packbits(np.asarray(bits, dtype=np.uint8)).tobytes().hex()


def distance(left: str, right: str) -> int:
    """How many of the 256 bits differ."""
    return (int(left, 16) ^ int(right, 16)).bit_count()


def seen_as(text: str) -> tuple[str, ...]:
    """About what the hash would be if the picture were turned or mirrored: eight, worked out from the hash alone.

    The bits are the signs of a cosine transform: mirroring turns the odd rows or columns round, turning swaps them. Within
    some twenty bits of the hash of the turned picture itself.
    """
    grid = np.unpackbits(np.frombuffer(bytes.fromhex(text), dtype=np.uint8)).reshape(16, 16)
    odd = np.arange(16) % 2
    found = []
    for one in (grid, grid.T):
        found += [
            _hex((one ^ (odd * x)[None, :] ^ (odd * y)[:, None]).ravel()) for x in (0, 1) for y in (0, 1)
        ]
    return tuple(found)


def views(picture: Image.Image) -> tuple[str, ...]:
    """Hashes of the picture, of it without a frame of one colour, of its middle 96 and 90 %, and of it aslant.

    One picture cut, framed or turned is then near such a view of the other, where the hashes of the wholes are far apart.
    """
    parts = [
        picture,
        _unframed(picture),
        *(_middle(picture, part) for part in (0.96, 0.9)),
        *_aslant(picture),
    ]
    return tuple(dict.fromkeys(pdq(part)[0] for part in parts))


def _unframed(picture: Image.Image) -> Image.Image:
    ground = Image.new("RGB", picture.size, picture.getpixel((0, 0)))
    box = ImageChops.difference(picture, ground).point(lambda level: 255 if level > 24 else 0).getbbox()
    small = box is None or min(box[2] - box[0], box[3] - box[1]) < min(picture.size) / 2
    return picture if small else picture.crop(box)


def _aslant(picture: Image.Image) -> Iterator[Image.Image]:
    """Turned by tens of degrees, its corners filled with black or with white: within five of any angle up to 45."""
    small = _bounded(picture, 256)
    for angle in (-40, -30, -20, -10, 10, 20, 30, 40):
        for fill in ("black", "white"):
            yield small.rotate(angle, fillcolor=fill, resample=Image.Resampling.BILINEAR)


def _middle(picture: Image.Image, part: float) -> Image.Image:
    x, y = round(picture.width * (1 - part) / 2), round(picture.height * (1 - part) / 2)
    return picture.crop((x, y, picture.width - x, picture.height - y))


def near(
    pictures: Mapping[str, Sequence[str]], bits: int = SAME, *, turned: bool = True
) -> Iterator[tuple[str, str, int]]:
    """Every pair of names of which a view of one is near the other, with how many bits differ; also turned or mirrored.

    All pairs are compared, by products of matrices of -1 and 1: 256 less the product is twice the distance.
    """
    names = sorted(name for name in pictures if pictures[name])
    if not names:
        return
    wholes = signs([pictures[name][0] for name in names])
    owners = np.asarray([index for index, name in enumerate(names) for _ in pictures[name]])
    every = [seen_as(text)[: 8 if turned else 1] for name in names for text in pictures[name]]
    sides = [signs(list(side)) for side in zip(*every, strict=True)]
    least: dict[tuple[int, int], int] = {}
    for at, past in product(range(0, len(names), _BLOCK), range(0, len(owners), _BLOCK)):
        alike = np.max([wholes[at : at + _BLOCK] @ side[past : past + _BLOCK].T for side in sides], axis=0)
        for left, right in zip(*np.nonzero(alike >= BITS - 2 * bits), strict=True):
            pair = tuple(sorted((at + int(left), int(owners[past + right]))))
            apart = round((BITS - float(alike[left, right])) / 2)
            if pair[0] != pair[1]:
                least[pair[0], pair[1]] = min(apart, least.get((pair[0], pair[1]), apart))
    for (left, right), apart in sorted(least.items()):
        yield names[left], names[right], apart


def signs(texts: Sequence[str]) -> NDArray[np.float32]:
    """Hashes as rows of -1 and 1."""
    raw = np.frombuffer(b"".join(bytes.fromhex(text) for text in texts), dtype=np.uint8).reshape(
        len(texts), -1
    )
    return np.unpackbits(raw, axis=1).astype(np.float32) * 2 - 1


def groups(pictures: Mapping[str, Sequence[str]], bits: int = SAME) -> list[tuple[str, ...]]:
    """Names whose pictures are near each other, directly or by way of others; those that stand alone are left out."""
    leads = {name: name for name in pictures}

    def lead(name: str) -> str:
        while leads[name] != name:
            leads[name] = name = leads[leads[name]]
        return name

    for left, right, _ in near(pictures, bits):
        leads[lead(left)] = lead(right)
    found: dict[str, list[str]] = defaultdict(list)
    for name in sorted(pictures):
        found[lead(name)].append(name)
    return [tuple(group) for group in found.values() if len(group) > 1]
