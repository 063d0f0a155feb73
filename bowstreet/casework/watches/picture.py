"""What differs between two screenshots: the share of their pixels, and the boxes in which they differ.

compare(before_png, after_png).boxes        →  ((320, 96, 160, 32),)          # x, y, width, height
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

TILE = 16  # pixels: boxes stand on this grid
THRESHOLD = 24  # of 255, in the channel that differs most: below it is the browser's own smoothing
MOST_BOXES = 100

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Picture:
    """Two screenshots compared. `share` of all pixels differs, from 0 to 1; where one is longer, its end differs."""

    share: float
    boxes: tuple[Box, ...]
    before: tuple[int, int]
    after: tuple[int, int]


def compare(before: bytes, after: bytes) -> Picture | None:
    """Compare two PNGs; None where one cannot be read as a picture."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(before)) as one, Image.open(io.BytesIO(after)) as two:
            left, right = one.convert("RGB"), two.convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, ValueError):
        return None
    mask = _mask(left, right)
    share = mask.histogram()[255] / (mask.width * mask.height)
    return Picture(round(share, 6), tuple(_boxes(mask))[:MOST_BOXES], left.size, right.size)


def _mask(left: Image, right: Image) -> Image:
    """White where they differ, on the smallest canvas that holds both; what only one covers differs."""
    from PIL import Image, ImageChops

    size = (max(left.width, right.width), max(left.height, right.height))
    canvas = [Image.new("RGB", size) for _ in range(2)]
    for place, picture in zip(canvas, (left, right), strict=True):
        place.paste(picture)
    bands = ImageChops.difference(*canvas).split()
    most = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    mask = most.point(lambda value: 255 if value > THRESHOLD else 0)
    both = (min(left.width, right.width), min(left.height, right.height))
    if both != size:
        alone = Image.new("L", size, 255)
        alone.paste(0, (0, 0, *both))
        mask = ImageChops.lighter(mask, alone)
    return mask


def _boxes(mask: Image) -> Iterator[Box]:
    """The boxes around tiles that differ and touch, from the top."""
    small = mask.reduce(TILE)
    tiles = {(n % small.width, n // small.width) for n, value in enumerate(small.tobytes()) if value}
    for first in sorted(tiles, key=lambda tile: (tile[1], tile[0])):
        if first not in tiles:
            continue
        group = _touching(first, tiles)
        left, top = min(x for x, _ in group) * TILE, min(y for _, y in group) * TILE
        right, bottom = (max(x for x, _ in group) + 1) * TILE, (max(y for _, y in group) + 1) * TILE
        yield left, top, min(right, mask.width) - left, min(bottom, mask.height) - top


def _touching(first: tuple[int, int], tiles: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Take a tile and all that hang together with it out of `tiles`; a gap of one tile is bridged."""
    group, waiting = [], [first]
    tiles.discard(first)
    while waiting:
        x, y = waiting.pop()
        group.append((x, y))
        near = {(x + dx, y + dy) for dx in range(-2, 3) for dy in range(-2, 3)} & tiles
        tiles -= near
        waiting += near
    return group
