"""Pictures of the goods: simple drawings, the same for everyone who uses the same one."""

from __future__ import annotations

import io
import random
from functools import cache

from PIL import Image, ImageDraw

SIZE = 240
_GROUNDS = ["#e8eef2", "#f4ece1", "#e9f1e6", "#f3e8ee", "#eceaf5"]


@cache
def picture(number: int) -> bytes:
    """A PNG of `number`: a few overlapping shapes, always the same."""
    chance = random.Random(number * 7919 + 13)
    image = Image.new("RGB", (SIZE, SIZE), _GROUNDS[number % len(_GROUNDS)])
    draw = ImageDraw.Draw(image)
    for _ in range(9):
        x, y = chance.randrange(20, 150), chance.randrange(20, 150)
        box = (x, y, x + chance.randrange(30, 80), y + chance.randrange(30, 80))
        colour = tuple(chance.randrange(40, 210) for _ in range(3))
        shape = chance.choice((draw.ellipse, draw.rectangle))
        shape(box, fill=colour, outline="#333333", width=2)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
