"""One picture to facts: hashes, codes, words, camera. Screened first; what matches a list is quarantined, and nothing else is done.

read(body).pdq                               # near for the same picture, scaled or recoded
read(body, lists=HashList.load([path])).match
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from bowstreet.reading.images import camera, codes, perceptual, words
from bowstreet.reading.images.camera import Camera
from bowstreet.reading.images.opening import BadImage, flat, opened
from bowstreet.reading.images.screening import BadList, HashList, Match
from bowstreet.reading.images.words import Word

NO_LISTS = HashList()


@dataclass(frozen=True)
class ImageFacts:
    """What one picture says. A quarantined one says only its digest and why."""

    sha256: str
    pdq: str | None = None
    quality: int | None = None
    width: int | None = None
    height: int | None = None
    qr: tuple[str, ...] = ()
    text: str = ""
    words: tuple[Word, ...] = ()
    camera: Camera | None = None
    views: tuple[str, ...] = ()  # further hashes, for near duplicates that are cut or framed
    match: Match | None = None
    fault: str | None = None
    url: str = ""
    record: str = ""

    def line(self) -> dict[str, Any]:
        """As the JSON line shows it. Where it was taken is not in it."""
        shown: dict[str, Any] = {
            "sha256": self.sha256,
            "pdq": self.pdq,
            "qr": list(self.qr),
            "text": self.text,
        }
        if self.url:
            shown["url"] = self.url
        if self.match:
            shown["quarantined"] = {
                "type": self.match.type,
                "category": self.match.category,
                "source": self.match.source,
                "version": self.match.version,
            }
            return shown
        shown |= {"quality": self.quality, "width": self.width, "height": self.height}
        if self.words:
            shown["words"] = [{"text": one.text, "box": list(one.box)} for one in self.words]
        if self.camera and self.camera.fields:
            shown["camera"] = self.camera.fields
        return shown | ({"fault": self.fault} if self.fault else {})


def read(
    body: bytes, *, lists: HashList = NO_LISTS, ocr: bool = True, url: str = "", record: str = ""
) -> ImageFacts:
    """Everything about one picture. Never fails: what cannot be read says so in `fault`."""
    digest = hashlib.sha256(body).hexdigest()
    if match := lists.exactly(body):
        return ImageFacts(digest, match=match, url=url, record=record)
    try:
        with opened(body) as picture:
            plain = flat(picture)
            pdq, quality = perceptual.pdq(plain)
            if lists.near and (match := lists.nearly(perceptual.turned(plain))):
                return ImageFacts(digest, match=match, url=url, record=record)
            found = words.read(picture) if ocr else ()
            return ImageFacts(
                digest, pdq, quality, picture.width, picture.height, codes.read(plain), words.said(found), found,
                camera.read(picture), perceptual.views(plain), url=url, record=record,
            )  # fmt: skip
    except BadImage as error:
        return ImageFacts(digest, fault=str(error), url=url, record=record)


__all__ = ["BadImage", "BadList", "Camera", "HashList", "ImageFacts", "Match", "Word", "opened", "read"]
