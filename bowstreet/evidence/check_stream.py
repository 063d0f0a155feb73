"""Verification of records as they are read: each is what its digests say, and what the index will be held against."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, cast

from bowstreet.evidence.errors import BadArchive
from bowstreet.evidence.message import HEAD_LIMIT, Head
from bowstreet.evidence.pack import Window
from bowstreet.evidence.scan import Found, scan

_ALGORITHMS = {"sha1": "sha1", "sha256": "sha256", "sha-256": "sha256", "sha512": "sha512", "md5": "md5"}

Key = tuple[str, int]  # a WARC file's name in the pack, and an offset in it


@dataclass(frozen=True)
class Place:
    """A record that the index has to point at."""

    url: str | None
    kind: str
    at: datetime | None
    status: int | None
    payload: str | None


@dataclass
class Contents:
    """What was met while reading the records of one pack. `lengths` is of gzip members."""

    places: dict[Key, Place] = field(default_factory=dict)
    lengths: dict[Key, int] = field(default_factory=dict)

    def joined(self, other: Contents) -> Contents:
        """What both met, in order."""
        return Contents(self.places | other.places, self.lengths | other.lengths)


def check_stream(
    name: str, file: BinaryIO, start: int, size: int, contents: Contents, *, begin: int = 0
) -> None:
    """Check the records that stand in `size` bytes of a file, from `begin` on, and note what they are."""
    found: Found | None = None
    for following in scan(cast("BinaryIO", Window(file, start, size)), start=begin):
        _note_length(name, found, contents)
        found = following
        contents.places[name, found.offset] = _check(found, name)
    _note_length(name, found, contents)


def _note_length(name: str, found: Found | None, contents: Contents) -> None:
    """A record's end is known once the reader has gone past it."""
    if found and found.end and name.endswith(".gz"):
        contents.lengths[name, found.offset] = found.end - found.offset


def _check(found: Found, name: str) -> Place:
    block, payload = found.header("WARC-Block-Digest"), found.header("WARC-Payload-Digest")
    whole, part = hasher(block), hasher(payload if found.kind != "revisit" else None)
    head = _feed(found, whole, part)
    where = f"the record at byte {found.offset} of {name}"
    if found.form == "warc" and (not found.id or found.at is None or not found.kind):
        raise BadArchive(f"{where} lacks its type, its ID or its date")
    if whole and block and not equal(block, whole):
        raise BadArchive(f"{where} ({found.url or found.kind}) is not what its block digest says")
    if part and payload and not equal(payload, part) and not (head and head.chunked):
        raise BadArchive(f"{where} ({found.url or found.kind}) is not what its payload digest says")
    return Place(found.url, found.kind, found.at, head.status if head else None, payload)


def _feed(found: Found, whole: hashlib._Hash | None, part: hashlib._Hash | None) -> Head | None:
    """Pass a block through its digests; the payload begins after the HTTP head, where there is one."""
    opening, head, waiting = b"", None, found.http
    for chunk in found.chunks():
        if whole:
            whole.update(chunk)
        if waiting:
            opening += chunk
            head = Head.parse(opening)
            waiting = head is None and len(opening) <= HEAD_LIMIT
            chunk = opening[head.size :] if head else b""
        if part and not waiting:
            part.update(chunk)
    return head


def hasher(digest: str | None) -> hashlib._Hash | None:
    """What takes a digest of the kind that is written before its colon; None where that kind is unknown."""
    name = _ALGORITHMS.get((digest or "").partition(":")[0].lower())
    return hashlib.new(name, usedforsecurity=False) if name else None


def equal(told: str, found: hashlib._Hash) -> bool:
    """Is a digest the one that is told? They are written in base32 or in hex."""
    value = told.partition(":")[2].strip()
    if value.lower() == found.hexdigest():
        return True
    return value.upper().rstrip("=") == base64.b32encode(found.digest()).decode().rstrip("=")
