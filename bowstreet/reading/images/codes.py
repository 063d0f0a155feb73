"""QR and bar codes, also small, turned, dim or damaged: the picture is tried as it is, then in ways that mend what is usual."""

from __future__ import annotations

from collections.abc import Iterator

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

_LARGE, _SMALL = 1600, 700  # pixels on the longer side
_LIMIT = 16  # codes of one picture


def read(picture: Image.Image) -> tuple[str, ...]:
    """What the codes say, each once. Where nothing is found, the picture is tried again, mended."""
    grey = ImageOps.exif_transpose(picture).convert("L")
    if found := _codes(grey):
        return found
    for mended in _mended(grey):
        if found := _codes(mended):
            return found
    return ()


def _codes(grey: Image.Image) -> tuple[str, ...]:
    found = [
        code.text
        for binarizer in (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram)
        for code in zxingcpp.read_barcodes(grey, text_mode=zxingcpp.TextMode.Plain, binarizer=binarizer)
    ]
    return tuple(dict.fromkeys(found))[:_LIMIT]


def _mended(grey: Image.Image) -> Iterator[Image.Image]:
    long = max(grey.size)
    if min(grey.size) < 15 or ImageOps.autocontrast(grey).getextrema() == (0, 0):
        return
    framed = ImageOps.expand(grey, border=max(8, long // 12), fill=255)
    yield framed
    if long < _SMALL:
        yield _scaled(framed, 2)
        yield _scaled(framed, 3)
    if long > _LARGE:
        yield _scaled(framed, _LARGE / 2 / long)
    even = ImageOps.autocontrast(framed, cutoff=2)
    yield even.filter(ImageFilter.GaussianBlur(1.5))
    yield _scaled(even, 2 if long < _SMALL else 1).filter(ImageFilter.GaussianBlur(2.5))
    yield even.filter(ImageFilter.MedianFilter(5))
    yield even.filter(ImageFilter.UnsharpMask(4, 300))
    yield ImageOps.equalize(framed)
    yield _scaled(framed, 0.5)
    for angle in (15, 30, 45, 60, 75):
        yield framed.rotate(angle, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)


def _scaled(grey: Image.Image, by: float) -> Image.Image:
    size = (max(1, round(grey.width * by)), max(1, round(grey.height * by)))
    return grey.resize(size, Image.Resampling.LANCZOS)
