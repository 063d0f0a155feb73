"""Verification of the index and of the page list against the records that were read."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, cast

from bowstreet.evidence import cdxj
from bowstreet.evidence.check_stream import Contents, Key, Place, equal, hasher
from bowstreet.evidence.errors import BadArchive
from bowstreet.evidence.pack import Pack, open_pack

MAX_LINE = 1 << 20
MAX_INDEX = 1 << 30


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
    if not isinstance(told, str) or not (digest := hasher(told)):
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
    if not equal(told, digest):
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
