"""Pictures of the goods: simple drawings of what they are, the same each time.

A number stands for a kind (its last two figures, in the order of KINDS) and for whose photograph it is (the rest).
"""

from __future__ import annotations

import io
import random
from functools import cache

from PIL import Image, ImageDraw, ImageFilter

SIZE = 240
_BIG = SIZE * 2  # drawn at twice the size and made smaller, so that edges are soft
KINDS = ["Trainers", "Tobacco", "Vapes", "Medicines", "Documents", "Watches", "Accounts", "Software", "Fireworks", "Ivory",
         "Handbags", "Perfume", "Phones", "Spirits", "Tickets", "Tools", "Streaming", "Slimming"]  # fmt: skip
_GROUNDS = ["#dfe7ec", "#efe4d3", "#dfeadb", "#eedfe6", "#e2dff0", "#e9e9e4"]
_COLOURS = ["#23516b", "#7a3b22", "#2f5d3a", "#6b2f4f", "#3d3a6e", "#8a6a1f", "#444b52"]

#: kind → shapes: (form, box in hundredths of the picture, is it of the accent colour)
_SHAPES: dict[str, list[tuple[str, tuple[float, float, float, float], bool]]] = {
    "Trainers": [("round", (18, 52, 82, 70), False), ("round", (18, 40, 48, 66), False), ("box", (18, 68, 82, 75), True)],
    "Tobacco": [("round", (24, 30, 76, 74), False), ("box", (24, 42, 76, 56), True), ("box", (34, 62, 66, 66), True)],
    "Vapes": [("round", (42, 16, 58, 84), False), ("round", (45, 10, 55, 24), True), ("box", (46, 50, 54, 54), True)],
    "Medicines": [("round", (20, 30, 80, 70), False), ("oval", (28, 38, 44, 54), True), ("oval", (56, 38, 72, 54), True), ("oval", (42, 52, 58, 68), True)],
    "Documents": [("box", (28, 18, 72, 82), False), ("box", (34, 26, 50, 44), True), ("box", (34, 54, 66, 57), True), ("box", (34, 64, 60, 67), True)],
    "Watches": [("box", (42, 12, 58, 88), True), ("oval", (26, 26, 74, 74), False), ("ring", (32, 32, 68, 68), True), ("box", (49, 38, 51, 51), True), ("box", (49, 49, 62, 51), True)],
    "Accounts": [("oval", (38, 22, 62, 46), False), ("round", (26, 50, 74, 84), False), ("box", (60, 64, 80, 80), True)],
    "Software": [("oval", (20, 20, 80, 80), False), ("oval", (42, 42, 58, 58), True)],
    "Fireworks": [("box", (46, 30, 54, 84), False), ("oval", (40, 16, 60, 36), True), ("oval", (20, 24, 28, 32), True), ("oval", (70, 20, 78, 28), True), ("oval", (72, 46, 78, 52), True)],
    "Ivory": [("ring", (22, 20, 92, 90), False), ("ring", (30, 28, 84, 82), True)],
    "Handbags": [("ring", (34, 18, 66, 58), True), ("round", (22, 42, 78, 82), False), ("box", (46, 54, 54, 62), True)],
    "Perfume": [("round", (34, 36, 66, 84), False), ("box", (44, 20, 56, 36), True), ("box", (40, 54, 60, 68), True)],
    "Phones": [("round", (34, 14, 66, 86), False), ("box", (38, 22, 62, 76), True)],
    "Spirits": [("round", (36, 38, 64, 86), False), ("box", (44, 14, 56, 42), False), ("box", (38, 54, 62, 72), True)],
    "Tickets": [("round", (16, 34, 84, 66), False), ("box", (62, 34, 63, 66), True), ("box", (26, 44, 54, 48), True), ("box", (26, 54, 46, 57), True)],
    "Tools": [("round", (24, 26, 76, 44), False), ("box", (34, 40, 48, 84), False), ("box", (70, 32, 90, 37), True)],
    "Streaming": [("round", (16, 24, 84, 70), False), ("box", (22, 30, 78, 64), True), ("box", (36, 76, 64, 80), False)],
    "Slimming": [("round", (44, 12, 56, 70), False), ("box", (46, 26, 54, 54), True), ("box", (49, 70, 51, 88), True)],
}  # fmt: skip


@cache
def picture(number: int) -> bytes:
    """A PNG: what is sold, on a cloth, as one seller photographs it."""
    chance = random.Random(number * 7919 + 13)
    kind = KINDS[number % 100 % len(KINDS)]
    ground, main = chance.choice(_GROUNDS), chance.choice(_COLOURS)
    accent = chance.choice([c for c in ("#e8b04b", "#f4f1ea", "#b9c7cf", "#d97b5b") if c != ground])
    image = Image.new("RGB", (_BIG, _BIG), ground)
    draw = ImageDraw.Draw(image)
    for _ in range(14):  # the folds of the cloth
        y = chance.randrange(_BIG)
        draw.line(
            (0, y, _BIG, y + chance.randrange(-90, 90)), fill=_shade(ground, chance.choice((-9, 7))), width=18
        )
    image = image.filter(ImageFilter.GaussianBlur(9))
    shadow = Image.new("L", (_BIG, _BIG), 0)
    _draw(ImageDraw.Draw(shadow), kind, "#909090", "#909090", 3)
    image.paste("#30363b", mask=shadow.filter(ImageFilter.GaussianBlur(10)))
    _draw(ImageDraw.Draw(image), kind, main, accent, 0)
    turned = image.rotate(chance.uniform(-7, 7), Image.Resampling.BICUBIC, fillcolor=ground)
    out = io.BytesIO()
    turned.resize((SIZE, SIZE), Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()


def _draw(draw: ImageDraw.ImageDraw, kind: str, main: str, accent: str, shift: float) -> None:
    for form, box, second in _SHAPES[kind]:
        at = tuple((edge + shift) * _BIG / 100 for edge in box)
        colour = accent if second else main
        if form == "oval":
            draw.ellipse(at, fill=colour)
        elif form == "ring":
            draw.arc(at, 180 if kind == "Handbags" else 0, 360, fill=colour, width=18)
        else:
            draw.rounded_rectangle(at, radius=40 if form == "round" else 6, fill=colour)


def _shade(colour: str, step: int) -> tuple[int, ...]:
    return tuple(max(0, min(255, int(colour[i : i + 2], 16) + step)) for i in (1, 3, 5))
