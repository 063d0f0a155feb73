"""Verification of what a WACZ holds: every record's digests, the index against the records, the pages.

The digests of files and of records are taken in two threads: hashing and inflating let go of the
interpreter's lock, so that two cores are used.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO, cast

from bowstreet.evidence import cdxj
from bowstreet.evidence.errors import BadArchive
from bowstreet.evidence.message import HEAD_LIMIT, Head
from bowstreet.evidence.pack import Pack, Window, open_pack
from bowstreet.evidence.scan import Found, scan

MAX_LINE = 1 << 20
MAX_INDEX = 1 << 30
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


def check_records(pack: Pack) -> Contents:
    """Read every record of every WARC file; BadArchive at the first that is not what its header says."""
    from bowstreet.evidence.halves import check_in_halves

    contents = Contents()
    for name in pack.warcs():
        found = check_in_halves(pack, name)
        if found is not None:
            contents = contents.joined(found)
            continue
        start, size = pack.span(name)
        with pack.path.open("rb") as file:
            try:
                check_stream(name, file, start, size, contents)
            except BadArchive as error:
                raise error if name in str(error) else BadArchive(f"{name}, {error}") from None
    if not contents.places:
        raise BadArchive("there is no record in the archive")
    return contents


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
    whole, part = _hasher(block), _hasher(payload if found.kind != "revisit" else None)
    head = _feed(found, whole, part)
    where = f"the record at byte {found.offset} of {name}"
    if found.form == "warc" and (not found.id or found.at is None or not found.kind):
        raise BadArchive(f"{where} lacks its type, its ID or its date")
    if whole and block and not _equal(block, whole):
        raise BadArchive(f"{where} ({found.url or found.kind}) is not what its block digest says")
    if part and payload and not _equal(payload, part) and not (head and head.chunked):
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


def _hasher(digest: str | None) -> hashlib._Hash | None:
    name = _ALGORITHMS.get((digest or "").partition(":")[0].lower())
    return hashlib.new(name, usedforsecurity=False) if name else None


def _equal(told: str, found: hashlib._Hash) -> bool:
    """Digests are written in base32 or in hex."""
    value = told.partition(":")[2].strip()
    if value.lower() == found.hexdigest():
        return True
    return value.upper().rstrip("=") == base64.b32encode(found.digest()).decode().rstrip("=")


def check_index(pack: Pack, contents: Contents) -> int:
    """Every line of the index points at the record it names, and every response has a line. How many lines."""
    seen: set[Key] = set()
    names = {name.rsplit("/", 1)[-1]: name for name in pack.warcs()}
    count = 0
    for index in _indexes(pack):
        last = ""
        for text in _lines(pack, index):
            if text.startswith("!meta"):
                continue
            line = cdxj.parse(text)
            if text.encode() < last.encode():
                raise BadArchive(f"{index} is not in order: {line.key[:80]!r} stands too late")
            last = text
            seen.add(_point(line, contents, names))
            count += 1
    hidden = [k for k, p in contents.places.items() if p.kind == "response" and k not in seen]
    if hidden:
        raise BadArchive(f"the record at byte {hidden[0][1]} of {hidden[0][0]} is in no index")
    return count


def _indexes(pack: Pack) -> list[str]:
    names = [n for n in pack.names if n.startswith("indexes/") and n.endswith((".cdx", ".cdxj", ".cdx.gz"))]
    if not names:
        raise BadArchive("there is no index")
    return sorted(names)


def _point(line: cdxj.Line, contents: Contents, names: dict[str, str]) -> Key:
    """Which record a line points at; BadArchive where that record is another."""
    fields = line.fields
    try:
        key = names[str(fields["filename"]).rsplit("/", 1)[-1]], int(fields["offset"])
        place, length = contents.places[key], int(fields.get("length", 0))
    except (KeyError, ValueError, TypeError):
        raise BadArchive(f"the index points at no record for {line.key[:80]!r}") from None
    for what, told, found in _claims(line, place, contents.lengths.get(key), length):
        if told != found:
            raise BadArchive(f"the index gives {line.key[:80]!r} the {what} {told}, its record {found}")
    return key


def _claims(
    line: cdxj.Line, place: Place, found: int | None, told: int
) -> Iterator[tuple[str, object, object]]:
    """What an index line says beside what its record says, wherever both say it."""
    fields = line.fields
    yield "address", fields.get("url"), place.url
    if place.at:
        yield "time", line.time[:14], cdxj.digits(place.at)[:14]
    if found is not None:
        yield "length", told, found
    if place.kind == "response" and place.status and "status" in fields:
        yield "status", str(fields["status"]), str(place.status)
    digest = str(fields.get("digest", ""))
    if place.payload and digest.split(":")[0] == place.payload.split(":")[0]:
        yield "digest", digest, place.payload


def check_record_digests(path: Path) -> None:
    """Every record digest in the index is that of the bytes it points at. Opens the file anew: it may run beside."""
    with open_pack(path) as pack:
        spans = {name.rsplit("/", 1)[-1]: pack.span(name) for name in pack.warcs()}
        for line in index_lines(pack):
            _record_digest(pack, line, spans)


def _record_digest(pack: Pack, line: cdxj.Line, spans: dict[str, tuple[int, int]]) -> None:
    told, title = line.fields.get("recordDigest"), line.key
    if not isinstance(told, str) or not (digest := _hasher(told)):
        return
    try:
        start, size = spans[str(line.fields["filename"]).rsplit("/", 1)[-1]]
        offset, length = int(line.fields["offset"]), int(line.fields["length"])
    except (KeyError, ValueError, TypeError):
        raise BadArchive(f"the index points at no record for {title[:80]!r}") from None
    if not 0 <= offset <= offset + length <= size:
        raise BadArchive(f"the index points outside the archive for {title[:80]!r}")
    pack.file.seek(start + offset)
    while length > 0:
        data = pack.file.read(min(1 << 20, length))
        length -= len(data)
        digest.update(data)
    if not _equal(told, digest):
        raise BadArchive(f"the record of {title[:80]!r} is not what the index's record digest says")


def index_lines(pack: Pack) -> Iterator[cdxj.Line]:
    """Every line of every index."""
    for index in _indexes(pack):
        for text in _lines(pack, index):
            if not text.startswith("!meta"):
                yield cdxj.parse(text)


def _lines(pack: Pack, name: str) -> Iterator[str]:
    """The lines of a text file in the pack, plain or gzip, each and all of bounded size."""
    total = 0
    with pack.open(name) as raw:
        stream = cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if name.endswith(".gz") else raw
        while line := stream.readline(MAX_LINE + 1):
            total += len(line)
            if len(line) > MAX_LINE or total > MAX_INDEX:
                raise BadArchive(f"{name} is too large to be what it says")
            try:
                text = line.decode().rstrip("\r\n")
            except UnicodeDecodeError:
                raise BadArchive(f"{name} is not UTF-8") from None
            if text:
                yield text


def check_pages(pack: Pack, contents: Contents) -> int:
    """The page list is well formed and every page's address has a record. How many pages."""
    held = {place.url for place in contents.places.values()}
    count = 0
    for name in sorted(n for n in pack.names if n.startswith("pages/") and n.endswith(".jsonl")):
        for number, text in enumerate(_lines(pack, name)):
            page = _object(text, name, number)
            if number == 0:
                if not str(page.get("format", "")).startswith("json-pages-1."):
                    raise BadArchive(f"{name} does not begin with the line that says it is a page list")
                continue
            if not isinstance(page.get("url"), str) or _moment(page.get("ts")) is None:
                raise BadArchive(f"line {number + 1} of {name} lacks an address or a time")
            if name == "pages/pages.jsonl" and page["url"] not in held:
                raise BadArchive(f"the page {str(page['url'])[:80]!r} has no record")
            count += 1
    return count


def _object(text: str, name: str, number: int) -> dict[str, object]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise BadArchive(f"line {number + 1} of {name} is no JSON object")
    return value


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
