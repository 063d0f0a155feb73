"""Taking in evidence from elsewhere: WARC, ARC, WACZ and saved HTML, looked at as it was received.

    intake = look(Path("received.warc.gz"))
    intake.sha256, intake.records, intake.pages, intake.errors

The file itself is kept unchanged, whatever is wrong with it; the errors say where it broke, and what could be
read before and after is counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from bowstreet.evidence.errors import BadArchive
from bowstreet.evidence.message import Head
from bowstreet.evidence.pack import Pack, Window, open_pack
from bowstreet.evidence.scan import Fault, Found, scan
from bowstreet.evidence.seal import file_digest
from bowstreet.evidence.source import GZIP

HTML_TYPES = ("text/html", "application/xhtml+xml")
_LOCAL = re.compile(rb"PK\x03\x04.{22}(..)(..)(archive/[\w.-]+?\.warc(?:\.gz)?)", re.DOTALL)
_MARKUP = re.compile(rb"\s*(<!--|<!doctype|<html|<head|<body|<\?xml|<[a-z])", re.IGNORECASE)


@dataclass(frozen=True)
class Intake:
    """What was received: its kind (wacz, warc, arc, html), digest (hex), counts, and where it is broken."""

    path: Path
    kind: str
    sha256: str
    records: int
    pages: int
    errors: tuple[str, ...]


@dataclass(frozen=True)
class Warc:
    """One stream of records within something received. `name` is empty where it is the file itself."""

    name: str
    file: BinaryIO


def kind_of(path: Path) -> str:
    """wacz, warc, arc or html by the first bytes; BadArchive for anything else, saying what is taken in."""
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"PK\3\4"):
        return "wacz"
    if start.startswith((b"WARC/", GZIP)):
        return "warc"
    if start.startswith(b"filedesc:"):
        return "arc"
    if _MARKUP.match(start.removeprefix(b"\xef\xbb\xbf")) or path.suffix.lower() in (
        ".html",
        ".htm",
        ".xhtml",
    ):
        return "html"
    raise BadArchive(f"{path.name} is none of WARC, ARC, WACZ and HTML: it cannot be taken in")


def look(path: Path, *, seen: Callable[[int], None] | None = None) -> Intake:
    """Read all of what was received, in flat memory, and say what is there. BadArchive where it is no evidence.

    `seen` is told how many bytes have been read, now and then."""
    kind = kind_of(path)
    digest = file_digest(path)
    if kind == "html":
        return Intake(path, kind, digest, 1, 1, ())
    records = pages = 0
    faults: list[str] = []
    with warcs(path, kind, faults) as streams:
        for warc in streams:
            for found in _scan(warc, faults):
                records += 1
                if seen and not records % 64:
                    seen(found.offset)
                kind = "arc" if found.form == "arc" else kind
                pages += is_page(found)
    return Intake(path, kind, digest, records, pages, tuple(faults))


def _scan(warc: Warc, faults: list[str]) -> Iterator[Found]:
    met: list[Fault] = []
    yield from scan(warc.file, faults=met)
    faults += [f"{warc.name}, {fault}" if warc.name else str(fault) for fault in met]


def is_page(found: Found) -> bool:
    """Whether a record is an HTML page as a server gave it, with status 200."""
    if found.kind != "response" or not found.http:
        return False
    try:
        head = Head.parse(found.read(1 << 16))
    except BadArchive:
        return False
    return head is not None and head.status == 200 and head.media_type in HTML_TYPES


@contextmanager
def warcs(path: Path, kind: str, faults: list[str]) -> Iterator[Iterator[Warc]]:
    """The streams of records in a file; what is wrong with the container goes to `faults`."""
    with path.open("rb") as file:
        yield _of_pack(path, file, faults) if kind == "wacz" else iter([Warc("", file)])


def _of_pack(path: Path, file: BinaryIO, faults: list[str]) -> Iterator[Warc]:
    try:
        with open_pack(path) as pack:
            faults += [problem.what for problem in pack.problems]
            yield from _stored(pack, file, faults)
    except BadArchive as error:
        faults.append(str(error))
        yield from _salvaged(file)


def _stored(pack: Pack, file: BinaryIO, faults: list[str]) -> Iterator[Warc]:
    if not pack.warcs():
        faults.append("there is no WARC file in the archive")
    for name in pack.warcs():
        try:
            start, size = pack.span(name)
        except BadArchive as error:
            faults.append(str(error))
            continue
        yield Warc(name, cast("BinaryIO", Window(file, start, size)))


def _salvaged(file: BinaryIO) -> Iterator[Warc]:
    """The first WARC of a ZIP file that was cut short: stored, so it can be read as far as it goes."""
    file.seek(0)
    match = _LOCAL.search(file.read(1 << 20))
    if match:
        file.seek(0, 2)
        start = match.end() + int.from_bytes(match[2], "little")
        yield Warc(match[3].decode(), cast("BinaryIO", Window(file, start, file.tell() - start)))
