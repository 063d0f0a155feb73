"""Pictures: near ones are found, codes and words are read, bombs are refused, and what matches a list is left alone."""

from __future__ import annotations

import hashlib
import io
import json
import random
import struct
import time
import zlib
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps

from bowstreet.reading.facts import PageFacts
from bowstreet.reading.images import BadImage, BadList, HashList, opened, perceptual, read
from bowstreet.reading.images.pages import Pictures


def scene(seed: int = 1, size: tuple[int, int] = (320, 240)) -> Image.Image:
    """A picture of coloured shapes, always the same for a seed."""
    chance, picture = random.Random(seed), Image.new("RGB", size, (200, 210, 220))
    draw = ImageDraw.Draw(picture)
    for _ in range(24):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        shape = draw.ellipse if chance.random() < 0.5 else draw.rectangle
        shape(
            (x, y, x + chance.randrange(20, 120), y + chance.randrange(20, 90)),
            fill=tuple(chance.randbytes(3)),
        )
    return picture


def bytes_of(picture: Image.Image, form: str = "PNG", **how: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **how)  # type: ignore[arg-type]
    return file.getvalue()


def code(text: str) -> Image.Image:
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    return Image.fromarray(zxingcpp.write_barcode_to_image(barcode, scale=6, add_quiet_zones=True))


def test_a_picture_gives_digest_hash_size_and_camera_but_not_where() -> None:
    exif = Image.Exif()
    exif[271], exif[272] = "Maker", "Model 7"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 30.0)})
    body = bytes_of(scene(), "JPEG", exif=exif)
    facts = read(body, ocr=False)
    assert facts.sha256 == hashlib.sha256(body).hexdigest()
    assert (facts.width, facts.height, len(facts.pdq or "")) == (320, 240, 64)
    assert facts.camera is not None
    assert facts.camera.fields == {"make": "Maker", "model": "Model 7"}
    assert facts.camera.place == (51.5, -0.125)
    assert "51.5" not in json.dumps(facts.line())


@pytest.mark.parametrize(
    "change",
    [
        lambda i: i.resize((160, 120)), lambda i: i.convert("L").convert("RGB"), ImageOps.mirror, lambda i: i.rotate(90, expand=True),
        lambda i: i.crop((16, 12, 304, 228)), lambda i: ImageOps.expand(i, 8, "white"),
    ],
)  # fmt: skip
def test_a_changed_copy_is_near_and_a_stranger_is_not(change) -> None:  # type: ignore[no-untyped-def]
    pictures = {"own": scene(1), "copy": change(scene(1)), "stranger": scene(2)}
    hashes = {name: perceptual.views(picture) for name, picture in pictures.items()}
    assert perceptual.groups(hashes) == [("copy", "own")]


def test_a_hash_alone_tells_how_the_picture_looks_turned_and_mirrored() -> None:
    seen = perceptual.seen_as(perceptual.pdq(scene())[0])
    for change in (
        ImageOps.mirror,
        ImageOps.flip,
        lambda i: i.rotate(180),
        lambda i: i.rotate(90, expand=True),
    ):
        assert min(perceptual.distance(perceptual.pdq(change(scene()))[0], one) for one in seen) <= 30


@pytest.mark.parametrize("angle", [0, 30, 90, 180])
def test_a_code_is_read_however_it_is_turned(angle: int) -> None:
    picture = code("https://t.me/quarry_bank").convert("RGB").rotate(angle, expand=True, fillcolor="white")
    assert read(bytes_of(picture), ocr=False).qr == ("https://t.me/quarry_bank",)


def test_words_have_boxes_in_the_pictures_own_pixels() -> None:
    picture = Image.new("RGB", (700, 200), "white")
    ImageDraw.Draw(picture).text((40, 60), "QUARRY BANK", fill="black", font_size=64)
    facts = read(bytes_of(picture))
    assert "QUARRY" in facts.text
    box = next(word.box for word in facts.words if word.text == "QUARRY")
    assert 20 <= box[0] <= 60
    assert 50 <= box[1] <= 110


def bomb() -> bytes:
    """A PNG that says it is 50,000 pixels square."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


def test_a_picture_bomb_is_refused_by_its_size_before_a_pixel_is_decoded() -> None:
    begun = time.process_time()
    assert "pixels are not decoded" in (read(bomb()).fault or "")
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    "body", [b"", b"\0" * 100, b"<svg/>", bytes_of(scene())[:400], b"GIF89a", b"\xff\xd8\xff\xe0"]
)
def test_what_is_no_picture_says_so_and_ends_nothing(body: bytes) -> None:
    facts = read(body)
    assert facts.fault
    assert facts.pdq is None
    with pytest.raises(BadImage), opened(body):
        pass


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 5000),
    st.binary(min_size=1, max_size=8),
    st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"]),
)
def test_a_damaged_picture_never_ends_the_reading(at: int, put: bytes, form: str) -> None:
    body = bytearray(bytes_of(scene(3, (64, 48)), form))
    at %= len(body)
    body[at : at + len(put)] = put
    facts = read(bytes(body), ocr=False)
    assert facts.sha256 == hashlib.sha256(body).hexdigest()


def listed(folder: Path, *entries: dict[str, str]) -> HashList:
    path = folder / "list.json"
    path.write_text(json.dumps({"source": "test list", "version": "7", "media": list(entries)}))
    return HashList.load([path])


def test_an_exact_match_is_quarantined_before_anything_is_decoded(tmp_path: Path) -> None:
    body = bomb()
    lists = listed(
        tmp_path, {"type": "SHA-256", "value": hashlib.sha256(body).hexdigest().upper(), "category": "2"}
    )
    facts = read(body, lists=lists)
    assert facts.match is not None
    assert facts.fault is None
    assert facts.line() == {
        "sha256": facts.sha256, "pdq": None, "qr": [], "text": "",
        "quarantined": {"type": "sha256", "category": "2", "source": "test list", "version": "7"},
    }  # fmt: skip


@pytest.mark.parametrize("change", [lambda i: i, lambda i: i.resize((200, 150)), ImageOps.mirror])
def test_a_near_match_is_quarantined_and_a_stranger_is_not(tmp_path: Path, change) -> None:  # type: ignore[no-untyped-def]
    lists = listed(tmp_path, {"type": "pdq", "value": perceptual.pdq(scene(1))[0], "category": "1"})
    facts = read(bytes_of(change(scene(1))), lists=lists)
    assert facts.match is not None
    assert (facts.match.type, facts.match.category, facts.pdq, facts.qr, facts.words) == (
        "pdq",
        "1",
        None,
        (),
        (),
    )
    assert read(bytes_of(scene(2)), lists=lists, ocr=False).match is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"media": [{"type": "sha256", "value": "12"}]}',
        '{"media": [{"type": "crc", "value": "12"}]}',
        '{"media": [1]}',
    ],
)
def test_a_list_is_used_whole_or_not_at_all(tmp_path: Path, text: str) -> None:
    path = tmp_path / "list.json"
    path.write_text(text)
    with pytest.raises(BadList, match=r"list\.json"):
        HashList.load([path])


def test_pictures_are_given_to_the_page_that_shows_them_and_read_once() -> None:
    body, page = bytes_of(scene()), "http://shop.example/1"
    rows = [
        {"role": "image", "body": body, "url": "http://shop.example/a.png", "page": page, "record": "r1"},
        {"role": "image", "body": body, "url": "http://shop.example/b.png", "page": None, "record": "r2"},
        {"role": "response", "body": b'<img src="/b.png">', "url": page, "page": page, "record": "r3"},
    ]
    pictures = Pictures(ocr=False)
    assert len(list(pictures.watched(rows))) == 3
    facts = pictures.given(PageFacts(page, "r3", "other", None), rows[2])
    assert [one.url for one in facts.images] == ["http://shop.example/a.png", "http://shop.example/b.png"]
    assert len({one.sha256 for one in facts.images}) == 1
