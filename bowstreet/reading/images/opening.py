"""A picture opened safely: its size is asked before a pixel of it is decoded.

with opened(body) as picture:
    picture.size
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageFile

BYTES, PIXELS, SIDE, FRAMES = 64 << 20, 40_000_000, 20_000, 1
#: what browsers show; a format's decoder that no page needs is one less to attack
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "ICO", "AVIF", "PPM")
ImageFile.LOAD_TRUNCATED_IMAGES = False


class BadImage(ValueError):
    """No picture that can be read; says why."""


@contextmanager
def opened(body: bytes) -> Iterator[Image.Image]:
    """The picture's first frame, decoded only if its size is within bounds. BadImage says what is wrong."""
    if len(body) > BYTES:
        raise BadImage(f"{len(body) >> 20} MB: pictures over {BYTES >> 20} MB are not opened")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(body), formats=FORMATS)
            width, height = picture.size
            if width * height > PIXELS or max(width, height) > SIDE:
                raise BadImage(f"{width} × {height} pixels: pictures over {PIXELS:,} are not decoded")
            with picture:
                picture.load()
                yield picture
    except BadImage:
        raise
    except Image.DecompressionBombError:
        raise BadImage(f"pictures over {PIXELS:,} pixels are not decoded") from None
    except (
        OSError, ValueError, SyntaxError, TypeError, IndexError, KeyError, AttributeError, OverflowError, RuntimeError,
        EOFError, struct.error, zlib.error, NotImplementedError, MemoryError,
    ) as error:  # fmt: skip
        raise BadImage(f"no picture that can be read: {type(error).__name__}") from None


def flat(picture: Image.Image) -> Image.Image:
    """In red, green and blue, on white where it is clear."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        ground = Image.new("RGBA", clear.size, (255, 255, 255, 255))
        return Image.alpha_composite(ground, clear).convert("RGB")
    return picture.convert("RGB")
