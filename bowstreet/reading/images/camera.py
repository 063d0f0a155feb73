"""What a camera or a program wrote into a picture (EXIF 2.3). Where it was taken is kept apart: it is shown only when asked."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import ExifTags, Image

_KEPT = {
    271: "make", 272: "model", 305: "software", 306: "changed", 315: "artist", 33432: "copyright", 36867: "taken",
    42033: "body", 42035: "lens_make", 42036: "lens", 42037: "lens_serial", 42032: "owner", 36881: "zone",
}  # fmt: skip
_LONGEST = 200  # characters


@dataclass(frozen=True)
class Camera:
    """Fields by name, and the place in degrees of latitude and longitude (WGS 84), where they are given."""

    fields: dict[str, str]
    place: tuple[float, float] | None = None


def read(picture: Image.Image) -> Camera:
    """What is written in it; nothing where it is broken."""
    try:
        exif = picture.getexif()
        every = dict(exif) | dict(exif.get_ifd(ExifTags.IFD.Exif))
        place = _place(dict(exif.get_ifd(ExifTags.IFD.GPSInfo)))
    except (
        ValueError,
        SyntaxError,
        KeyError,
        TypeError,
        OSError,
        AttributeError,
        IndexError,
        OverflowError,
        ZeroDivisionError,
    ):
        return Camera({})
    fields = {name: _clean(every[tag]) for tag, name in _KEPT.items() if tag in every}
    return Camera({name: text for name, text in fields.items() if text}, place)


def _clean(value: object) -> str:
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    return "".join(c for c in text if c.isprintable()).strip()[:_LONGEST]


def _place(gps: dict[int, object]) -> tuple[float, float] | None:
    try:
        latitude = _degrees(gps[2]) * (-1 if gps[1] in ("S", b"S") else 1)
        longitude = _degrees(gps[4]) * (-1 if gps[3] in ("W", b"W") else 1)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _degrees(value: object) -> float:
    degrees, minutes, seconds = (float(part) for part in value)  # type: ignore[attr-defined]
    return round(degrees + minutes / 60 + seconds / 3600, 6)
