"""The words in a picture, with the box of each (Tesseract). Only for pictures large enough to hold any."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

from PIL import Image, ImageOps

SECONDS = 20
SURE = 40.0  # of 100: below it, a word is a guess
_LEAST, _MOST = 40, 2400  # pixels on the shorter, on the longer side


@dataclass(frozen=True)
class Word:
    """One word and where it stands: x, y, width, height in the picture's own pixels."""

    text: str
    box: tuple[int, int, int, int]
    sure: float


def read(picture: Image.Image) -> tuple[Word, ...]:
    """Words in reading order; none where the program is missing, or takes too long."""
    import pytesseract  # here, for it brings pandas along where that is installed: 60 MB

    grey = ImageOps.exif_transpose(picture).convert("L")
    if min(grey.size) < _LEAST:
        return ()
    scale = 2.0 if max(grey.size) < 1000 else min(1.0, _MOST / max(grey.size))
    sized = grey.resize((round(grey.width * scale), round(grey.height * scale)), Image.Resampling.LANCZOS)
    try:
        table = pytesseract.image_to_data(sized, output_type=pytesseract.Output.DICT, timeout=SECONDS)
    except (
        pytesseract.TesseractError,
        pytesseract.TesseractNotFoundError,
        RuntimeError,
        OSError,
        subprocess.SubprocessError,
    ):
        return ()
    found = zip(
        table["text"],
        table["left"],
        table["top"],
        table["width"],
        table["height"],
        table["conf"],
        strict=True,
    )
    return tuple(
        Word(text, (round(x / scale), round(y / scale), round(w / scale), round(h / scale)), float(sure))
        for text, x, y, w, h, sure in found
        if text.strip() and float(sure) >= SURE
    )


def said(words: tuple[Word, ...]) -> str:
    """The words as a text: those that stand on a line together."""
    lines: list[list[Word]] = []
    for word in words:
        last = lines[-1][-1] if lines else None
        if (
            last
            and word.box[0] > last.box[0]
            and abs(word.box[1] - last.box[1]) < max(word.box[3], last.box[3])
        ):
            lines[-1].append(word)
        else:
            lines.append([word])
    return "\n".join(" ".join(word.text for word in line) for line in lines)
