"""A picture of a page with parts of it made black, for a copy that is served."""

from __future__ import annotations

import io
from collections.abc import Iterable

from PIL import Image, ImageDraw

from bowstreet.capture.layout import Box

MARGIN = 4  # pixels around each part: letters reach beyond their box


def blacken(png: bytes, boxes: Iterable[Box]) -> bytes:
    """Draw black over `boxes`, in pixels of a picture that shows each CSS pixel as one. The picture is written anew."""
    with Image.open(io.BytesIO(png)) as opened:
        picture = opened.convert("RGB")
    draw = ImageDraw.Draw(picture)
    for left, top, width, height in boxes:
        draw.rectangle(
            (left - MARGIN, top - MARGIN, left + width + MARGIN, top + height + MARGIN), fill="black"
        )
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
