"""Pictures: copies found among strangers, and QR codes read, also turned, scaled and damaged.

BOWSTREET_DATA=../shared/data .venv/bin/python benchmarks/images.py
"""

from __future__ import annotations

import io
import itertools
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from bowstreet.reading.images import codes, perceptual
from bowstreet.reading.images.opening import flat

Change = Callable[[Image.Image], Image.Image]


def recoded(quality: int) -> Change:
    """Saved again as JPEG."""

    def change(picture: Image.Image) -> Image.Image:
        file = io.BytesIO()
        picture.convert("RGB").save(file, "JPEG", quality=quality)
        return Image.open(file).convert("RGB")

    return change


def cropped(part: float) -> Change:
    """Cut by a part on each side."""
    return lambda i: i.crop(
        (
            round(i.width * part),
            round(i.height * part),
            round(i.width * (1 - part)),
            round(i.height * (1 - part)),
        )
    )


def marked(picture: Image.Image) -> Image.Image:
    """With a name across it."""
    copy = picture.copy()
    ImageDraw.Draw(copy).text(
        (copy.width // 10, copy.height // 2), "SELLER 123", fill="red", font_size=max(8, copy.width // 14)
    )
    return copy


CHANGES: dict[str, Change] = {
    "as it is": lambda i: i,
    "half the size": lambda i: i.resize((i.width // 2, i.height // 2)),
    "twice the size": lambda i: i.resize((i.width * 2, i.height * 2)),
    "JPEG quality 20": recoded(20),
    "grey": lambda i: i.convert("L").convert("RGB"),
    "blurred": lambda i: i.filter(ImageFilter.GaussianBlur(2)),
    "brighter": lambda i: ImageEnhance.Brightness(i).enhance(1.3),
    "darker": lambda i: ImageEnhance.Brightness(i).enhance(0.7),
    "more contrast": lambda i: ImageEnhance.Contrast(i).enhance(1.4),
    "stretched": lambda i: i.resize((round(i.width * 1.2), i.height)),
    "name across": marked,
    "cut by 2 % a side": cropped(0.02),
    "cut by 5 % a side": cropped(0.05),
    "framed": lambda i: ImageOps.expand(i, max(4, i.width // 40), "white"),
    "mirrored": ImageOps.mirror,
    "turned by 90°": lambda i: i.rotate(90, expand=True),
    "turned by 7°": lambda i: i.rotate(7, fillcolor="black"),
    "turned by 25°": lambda i: i.rotate(25, fillcolor="white"),
}


def hashes_of(paths: list[Path]) -> dict[str, tuple[str, ...]]:
    """ "picture/change" → hash."""
    found = {}
    for path in paths:
        picture = flat(Image.open(path))
        found |= {
            f"{path.stem}/{name}": perceptual.views(change(picture)) for name, change in CHANGES.items()
        }
    return found


def score(hashes: dict[str, tuple[str, ...]], bits: int) -> tuple[float, float, float]:
    """Pair precision, recall and F1: a pair is right where both are copies of one picture."""
    told = {(left, right) for left, right, _ in perceptual.near(hashes, bits)}
    right = {
        pair
        for pair in itertools.combinations(sorted(hashes), 2)
        if pair[0].split("/")[0] == pair[1].split("/")[0]
    }
    hit = len(told & right)
    precision, recall = hit / max(1, len(told)), hit / len(right)
    return precision, recall, 2 * precision * recall / (precision + recall)


def copies(data: Path) -> None:
    """The bound is chosen on half of the pictures and scored on the other."""
    root = data / "near-dup-images"
    paths = [
        *sorted((root / "imagededup" / "base_images").glob("*.jpg")), *sorted((root / "perception/perception/testing/images").glob("*.jpg")),
        root / "imagehash/tests/data/peppers.png", root / "perception/tests/images/chair.png", root / "perception/tests/images/chair3.png",
    ]  # fmt: skip
    random.Random(5).shuffle(paths)
    half = len(paths) // 2
    chosen_on, scored_on = hashes_of(paths[:half]), hashes_of(paths[half:])
    best = max(range(20, 81, 2), key=lambda bits: (score(chosen_on, bits)[2], -bits))
    print(f"Bound with the best F1 on {half} pictures: {best} bits of 256; shipped: {perceptual.SAME}\n")
    print("| pictures | bound | pairs that are copies | precision | recall | F1 |\n|---|---|---|---|---|---|")
    for bits in dict.fromkeys((perceptual.SAME, perceptual.NEAR)):
        precision, recall, f1 = score(scored_on, bits)
        pairs = (len(paths) - half) * len(CHANGES) * (len(CHANGES) - 1) // 2
        print(
            f"| the other {len(paths) - half}, {len(CHANGES)} forms each | {bits} | {pairs} | {precision:.3f} | {recall:.3f} | {f1:.3f} |"
        )
    mixed = sorted((root / "imagededup" / "mixed_images").glob("*.jpg"))
    hashes = {}
    for path in mixed:
        try:
            hashes[path.stem.replace("_", "/", 1) if "_" in path.stem else f"{path.stem}/"] = (
                perceptual.views(flat(Image.open(path)))
            )
        except OSError:
            continue
    precision, recall, f1 = score(hashes, perceptual.SAME)
    print(
        f"| imagededup, mixed ({len(hashes)} that open) | {perceptual.SAME} | – | {precision:.3f} | {recall:.3f} | {f1:.3f} |"
    )


def damaged(picture: Image.Image) -> Image.Image:
    """A blot on 1 % of it, off the corners where the finders are."""
    copy = picture.convert("RGB")
    side = round((copy.width * copy.height * 0.01) ** 0.5)
    x, y = round(copy.width * 0.55), round(copy.height * 0.55)
    ImageDraw.Draw(copy).rectangle((x, y, x + side, y + side), fill="white")
    return copy


QR_CHANGES: dict[str, Change] = {
    "as it is": lambda i: i,
    "turned by 90°": lambda i: i.rotate(90, expand=True),
    "turned by 30°": lambda i: i.convert("RGB").rotate(
        30, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC
    ),
    "twice the size": lambda i: i.resize((i.width * 2, i.height * 2)),
    "three quarters of the size": lambda i: i.resize(
        (round(i.width * 0.75), round(i.height * 0.75)), Image.Resampling.LANCZOS
    ),
    "JPEG quality 30": recoded(30),
    "half the contrast": lambda i: ImageEnhance.Contrast(i.convert("RGB")).enhance(0.5),
    "blot on 1 %": damaged,
}


def qr(data: Path) -> None:
    """Texts as the suite gives them, line ends and outer spaces aside; zxing-cpp's own defaults beside."""
    import zxingcpp

    print("\n| QR codes | read | of | share | zxing-cpp once | ms a picture |\n|---|---|---|---|---|---|")
    cases = []
    for text in sorted((data / "qr").rglob("*.txt")):
        pictures = [
            text.with_suffix(suffix)
            for suffix in (".webp", ".png", ".jpg")
            if text.with_suffix(suffix).exists()
        ]
        if pictures and not text.name.endswith(".result.txt"):
            cases.append((flat(Image.open(pictures[0])), same(text.read_bytes().decode())))
    for name, change in QR_CHANGES.items():
        read = once = 0
        begun = time.process_time()
        for picture, wanted in cases:
            read += wanted in map(same, codes.read(change(picture)))
        spent = time.process_time() - begun
        for picture, wanted in cases:
            found = zxingcpp.read_barcodes(change(picture).convert("L"), text_mode=zxingcpp.TextMode.Plain)
            once += wanted in (same(code.text) for code in found)
        print(
            f"| {name} | {read} | {len(cases)} | {read / len(cases):.3f} | {once} | {spent / len(cases) * 1000:.0f} |"
        )


def same(text: str) -> str:
    """Without differences of line ends and outer spaces."""
    return text.replace("\r\n", "\n").strip()


def main() -> None:
    data = Path(os.environ.get("BOWSTREET_DATA", "../shared/data"))
    copies(data)
    qr(data)


if __name__ == "__main__":
    main()
