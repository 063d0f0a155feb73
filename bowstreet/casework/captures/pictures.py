"""Pictures out of archives, drawn again: nothing of a hostile file reaches the reader's browser but its pixels.

A blurred one is made of a few dozen points: what it showed is not in it, and cannot be brought back by a style sheet.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageFilter, UnidentifiedImageError

KINDS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "ICO")
MOST_BYTES = 24 << 20
MOST_PIXELS = 40_000_000
WIDEST = 1280  # pixels of a picture that is shown sharp
POINTS = 12  # of a blurred one, on its longer side: what is drawn can be told from the rest, and no more
TALLEST_BLUR = 720


@dataclass(frozen=True)
class Picture:
    """A picture drawn again: its bytes and media type, and how large the captured one was."""

    data: bytes
    media: str
    width: int
    height: int


def sharp(data: bytes) -> Picture | None:
    """The picture, no wider than WIDEST; None for what is no picture, or too large a one."""
    found = _open(data)
    if found is None:
        return None
    width, height = found.size
    if width > WIDEST:
        found = found.resize((WIDEST, max(1, height * WIDEST // width)))
    clear = found.mode in ("RGBA", "LA", "P")
    out = io.BytesIO()
    if clear:
        found.convert("RGBA").save(out, "PNG")
    else:
        found.convert("RGB").save(out, "JPEG", quality=82)
    return Picture(out.getvalue(), "image/png" if clear else "image/jpeg", width, height)


def blurred(data: bytes) -> Picture | None:
    """The picture with what it shows taken out; None for what is no picture, or too large a one."""
    found = _open(data)
    if found is None:
        return None
    width, height = found.size
    scale = POINTS / min(max(width, height), TALLEST_BLUR * 2)
    points = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = found.convert("RGB").resize(points, Image.Resampling.BOX)
    shown = small.resize((points[0] * 8, points[1] * 8), Image.Resampling.BICUBIC)
    out = io.BytesIO()
    shown.filter(ImageFilter.GaussianBlur(6)).save(out, "PNG", optimize=True)
    return Picture(out.getvalue(), "image/png", width, height)


def _open(data: bytes) -> Image.Image | None:
    if len(data) > MOST_BYTES:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = Image.open(io.BytesIO(data), formats=KINDS)
            if found.width * found.height > MOST_PIXELS:
                return None
            found.load()
            return found
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        return None
