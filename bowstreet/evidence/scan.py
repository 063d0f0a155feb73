"""Reading WARC 1.0 and 1.1 and ARC files, plain or gzip, as a stream: hostile input, flat memory.

    faults: list[Fault] = []
    for record in records(path, faults=faults):     # without faults=, the first fault raises BadArchive
        data = record.read(1 << 20)

Each record is read where it stands: asking for the next one passes over what was not read. After a fault,
a gzip file is taken up again at its next member; what was readable before is never lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from bowstreet.evidence.errors import BadArchive
from bowstreet.evidence.source import CHUNK, HEADER_LIMIT, Source

NO_LENGTH = -1
_VERSION = re.compile(rb"WARC/(0\.\d+|1\.[01])\s*\Z")
_ARC = re.compile(rb"[a-z]{2,10}:\S.* \S+ \d{8,20} \S+ \S+\s*\Z")
_NUMBER = re.compile(r"\d{1,15}\Z", re.ASCII)


@dataclass(frozen=True)
class Fault:
    """Where an archive broke, in bytes from the start of the file as stored, and how."""

    offset: int
    what: str

    def __str__(self) -> str:
        return f"at byte {self.offset}: {self.what}"


class Found:
    """One record as found in a file. Its block can be read once, while it is the latest record."""

    def __init__(
        self, source: Source, form: str, headers: tuple[tuple[str, str], ...], size: int, offset: int
    ) -> None:
        self.form = form
        self.headers = headers
        self.offset = offset
        self.size = size
        self.end: int | None = None
        self.fault: Fault | None = None
        self._source = source
        self._left = size
        self._named = {name.lower(): value for name, value in reversed(headers)}

    def header(self, name: str) -> str | None:
        """The first WARC header so named, whatever its case."""
        return self._named.get(name.lower())

    @property
    def kind(self) -> str:
        """The WARC-Type: response, request, resource, metadata, revisit, warcinfo, arc_header …"""
        return self.header("WARC-Type") or ""

    @property
    def url(self) -> str | None:
        """The address, without the angle brackets that some writers put round it."""
        value = self.header("WARC-Target-URI")
        return value.strip("<>") if value else None

    @property
    def id(self) -> str | None:
        """The record ID without its angle brackets."""
        value = self.header("WARC-Record-ID")
        return value.strip("<>") if value else None

    @property
    def at(self) -> datetime | None:
        """The time of capture in UTC, or None where it is missing or is no time."""
        return parse_date(self.header("WARC-Date") or "")

    @property
    def http(self) -> bool:
        """Whether the block is an HTTP message."""
        return (self.header("Content-Type") or "").lower().startswith("application/http")

    def read(self, count: int = CHUNK) -> bytes:
        """Up to `count` bytes of the block; empty at its end. BadArchive where the file stops short."""
        if self._left <= 0:
            return b""
        data = self._source.read(min(count, self._left))
        self._left -= len(data)
        if not data:
            missing, self._left = self._left, 0
            raise BadArchive(f"the block is {missing} bytes short", offset=self.offset)
        return data

    def chunks(self) -> Iterator[bytes]:
        """The rest of the block."""
        while data := self.read():
            yield data

    def content(self, limit: int) -> bytes:
        """The whole block, refused with BadArchive where it is larger than `limit`."""
        if self.size > limit:
            raise BadArchive(f"the block is larger than {limit} bytes", offset=self.offset)
        return b"".join(self.chunks())


def records(path: Path, *, faults: list[Fault] | None = None, start: int = 0) -> Iterator[Found]:
    """Every record of a WARC or ARC file, in order, beginning at byte `start`.

    With `faults`, what is broken is noted there and reading goes on as far as it can; a record that is cut
    short is still given, and its `fault` says so. Without, the first fault raises BadArchive.
    """
    with path.open("rb") as file:
        yield from scan(file, faults=faults, start=start)


def scan(file: BinaryIO, *, faults: list[Fault] | None = None, start: int = 0) -> Iterator[Found]:
    """As `records`, of a file already open."""
    source = Source(file, start=start)
    more = True
    while more:
        try:
            found = _next(source)
            if found is None:
                return
            yield found
            _finish(source, found)
        except BadArchive as error:
            if faults is None:
                raise
            where = source.offset if error.offset is None else error.offset
            faults.append(Fault(where, str(error).removeprefix(f"at byte {where}: ")))
            more = source.skip_to_member(source.member) if source.broken else _resume(source)


def _resume(source: Source) -> bool:
    """After a fault within readable bytes: go to the next line that begins a record."""
    while (line := source.line(whole=False)) is not None:
        if _VERSION.match(line) or _ARC.match(line):
            source.put_back(line)
            break
    return True


def _next(source: Source) -> Found | None:
    start, line = _first_line(source)
    if line is None:
        return None
    if not _VERSION.match(line):
        return _arc(source, start, line)
    headers = _warc_headers(source)
    size = next((v for k, v in headers if k.lower() == "content-length"), "")
    if not _NUMBER.match(size):
        raise BadArchive("a record has no Content-Length", offset=start)
    return Found(source, "warc", headers, int(size), start)


def _first_line(source: Source) -> tuple[int, bytes | None]:
    """The line a record begins with, past blank lines and the ends of members, and where it stands."""
    while True:
        start = source.offset
        line = source.line()
        if line is not None and line.strip():
            return start, line
        if line is None and (not source.gzip or not source.next_member()):
            return start, None


def _warc_headers(source: Source) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    for text in source.plain_lines() or _lines(source):
        if text[0] in " \t" and pairs:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {text.strip()}")
        elif ":" in text:
            name, _, value = text.partition(":")
            pairs.append((name.strip(), value.strip()))
    return tuple(pairs)


def _lines(source: Source) -> Iterator[str]:
    """The lines of a header, whatever they end with, up to the blank one."""
    total = 0
    while (line := source.line()) is not None and line.strip(b"\r\n"):
        total += len(line)
        if total > HEADER_LIMIT:
            raise BadArchive("a record's header is too long", offset=source.offset)
        yield line.decode("utf-8", "replace").strip("\r\n")


def _arc(source: Source, start: int, line: bytes) -> Found:
    """An ARC record: address, IP, date, media type, length (the Internet Archive's ARC 1 and 2)."""
    if not _ARC.match(line):
        raise BadArchive(f"no record begins here: {line[:40]!r}", offset=start)
    words = line.decode("utf-8", "replace").strip().split(" ")
    tail = 9 if len(words) >= 10 and _NUMBER.match(words[-8]) and _NUMBER.match(words[-2]) else 4
    url, ip, date, mime, size = (
        " ".join(words[:-tail]),
        words[-tail],
        words[1 - tail],
        words[2 - tail],
        words[-1],
    )
    header = url.startswith("filedesc:")
    headers = (
        ("WARC-Type", "arc_header" if header else "response"),
        ("WARC-Target-URI", url),
        ("WARC-IP-Address", ip),
        ("WARC-Date", date),
        ("ARC-Media-Type", mime),
        ("Content-Type", "text/plain" if header else "application/http; msgtype=response"),
    )
    return Found(source, "arc", headers, int(size) if _NUMBER.match(size) else NO_LENGTH, start)


def _finish(source: Source, found: Found) -> None:
    """Pass over what was not read, and over the end of the record."""
    try:
        if found.size == NO_LENGTH:
            raise BadArchive("a record does not say how long it is", offset=found.offset)
        for _ in found.chunks():
            pass
    except BadArchive as error:
        found.fault = Fault(found.offset, str(error).removeprefix(f"at byte {found.offset}: "))
        raise
    _pass_end(source, found)
    found.end = source.end


def _pass_end(source: Source, found: Found) -> None:
    """The blank lines after a block. In a gzip file the member ends with the record, or offsets mean nothing."""
    for _ in range(2 if found.form == "warc" else 1):
        line = source.line(whole=False)
        if line is not None and line.strip():
            source.put_back(line)
            if _VERSION.match(line) or _ARC.match(line):
                break
            raise BadArchive("a block is longer than its record says", offset=found.offset)
    while source.gzip and (line := source.line(whole=False)) is not None:
        if line.strip():
            source.put_back(line)
            raise BadArchive("a gzip member holds more than one record", offset=source.member)


def parse_date(text: str) -> datetime | None:
    """A WARC-Date (RFC 3339, down to the nanosecond) or an ARC date (14 digits), as UTC."""
    try:
        if len(text) == 20 and text[10] == "T" and text[19] == "Z":
            return datetime.fromisoformat(text).astimezone(UTC)
        if re.fullmatch(r"\d{14}", text, re.ASCII):
            return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        short = re.sub(r"(\.\d{6})\d{1,3}", r"\1", text.strip())
        value = datetime.fromisoformat(short)
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
