"""QR and bar codes, also small, turned, dim or damaged: the picture is tried as it is, then in ways that mend what is usual."""

from __future__ import annotations

from collections.abc import Iterator

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

_LARGE, _SMALL, _LEAST = 1600, 700, 15  # pixels on the longer side; on the shorter
_TINY = 400  # pictures so small are cheap to try at length
_LIMIT = 16  # codes of one picture


def read(picture: Image.Image) -> tuple[str, ...]:
    """What the codes say, each once. Where none is read, the picture is tried mended; at length only if it may hold one."""
    grey = ImageOps.exif_transpose(picture).convert("L")
    if found := _codes(grey):
        finer = _codes(_scaled(_framed(grey), 2)) if max(grey.size) < _SMALL else ()
        return tuple(dict.fromkeys(found + finer))[:_LIMIT]  # a code may stand within another
    if min(grey.size) < _LEAST or len(set(grey.getextrema())) == 1:
        return ()
    seen = False
    for mended in _quickly(grey):
        found, spoilt = _codes(mended), _spoilt(mended)
        if found:
            return found
        seen = seen or spoilt
    for mended in _at_length(grey) if seen or max(grey.size) < _TINY or _two_toned(grey) else ():
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


def _two_toned(grey: Image.Image) -> bool:
    """Is it black and white, as a code is, with little between?"""
    shades = grey.histogram()
    return sum(shades[:64]) + sum(shades[192:]) > 0.9 * grey.width * grey.height


def _spoilt(grey: Image.Image) -> bool:
    """Is a code seen that cannot be read?"""
    return bool(zxingcpp.read_barcodes(grey, return_errors=True))


def _framed(grey: Image.Image) -> Image.Image:
    return ImageOps.expand(grey, border=max(8, max(grey.size) // 12), fill=255)


def _quickly(grey: Image.Image) -> Iterator[Image.Image]:
    framed, long = _framed(grey), max(grey.size)
    yield framed
    yield _scaled(framed, 2 if long < _SMALL else min(1.0, _LARGE / 2 / long)).filter(
        ImageFilter.GaussianBlur(1.5)
    )


def _at_length(grey: Image.Image) -> Iterator[Image.Image]:
    framed, long = _framed(grey), max(grey.size)
    if long < _SMALL:
        yield _scaled(framed, 2)
        yield _scaled(framed, 3)
        yield framed.resize((framed.width * 4, framed.height * 4), Image.Resampling.NEAREST)
    even = ImageOps.autocontrast(framed, cutoff=2)
    yield even.filter(ImageFilter.GaussianBlur(1.5))
    yield _scaled(even, 2 if long < _SMALL else 1).filter(ImageFilter.GaussianBlur(2.5))
    yield even.filter(ImageFilter.MedianFilter(5))
    yield even.filter(ImageFilter.UnsharpMask(4, 300))
    yield ImageOps.equalize(framed)
    yield _scaled(framed, 0.5)
    large = _scaled(framed, 3) if long < _TINY else framed
    for angle in (15, 30, 45, 60, 75):
        yield large.rotate(angle, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)


def _scaled(grey: Image.Image, by: float) -> Image.Image:
    size = (max(1, round(grey.width * by)), max(1, round(grey.height * by)))
    return grey.resize(size, Image.Resampling.LANCZOS)
