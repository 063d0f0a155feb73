"""A WARC record to be written, and the pieces its block is made of (ISO 28500:2017, WARC/1.1).

Record("response", "http://shop.example/", at, (head, Span(spool, 0, 314_572_800)))
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bowstreet.evidence.errors import EvidenceError

CHUNK = 1 << 20

CONTENT_TYPES = {
    "response": "application/http; msgtype=response",
    "request": "application/http; msgtype=request",
    "revisit": "application/http; msgtype=response",
    "metadata": "application/warc-fields",
    "warcinfo": "application/warc-fields",
    "resource": "application/octet-stream",
}
REVISIT_PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


class Span(NamedTuple):
    """Bytes `start` to `end` (not included) of a file: a block too large to hold."""

    path: Path
    start: int
    end: int


Part = bytes | Span | tuple[Path, int, int]


def new_id() -> str:
    """A fresh record ID, without its angle brackets."""
    return f"urn:uuid:{uuid.uuid4()}"


@dataclass(frozen=True)
class Record:
    """One record to write. `headers` holds what the kind, address, time and block do not say already.

    `kind` is the WARC-Type; `block` the exact bytes of the block, in pieces; `at` the time of capture.
    """

    kind: str
    url: str | None
    at: datetime
    block: tuple[Part, ...] = ()
    content_type: str | None = None
    id: str = field(default_factory=new_id)
    headers: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in CONTENT_TYPES:
            raise EvidenceError(f"no WARC record is of kind {self.kind!r}")
        if self.at.tzinfo is None:
            raise EvidenceError("a record's time needs a time zone")
        if any(c in f"{name}{value}" for name, value in self._pairs() for c in "\r\n\0"):
            raise EvidenceError("a WARC header cannot hold a line break")

    def _pairs(self) -> tuple[tuple[str, str], ...]:
        return (*self.headers, ("url", self.url or ""), ("type", self.content_type or ""), ("id", self.id))

    def header(self, name: str) -> str | None:
        """The first of `headers` so named, whatever its case."""
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)

    def chunks(self) -> Iterator[bytes]:
        """The block's bytes, at most a megabyte at a time."""
        for part in self.block:
            yield from (part,) if isinstance(part, bytes) else _read(Span(*part))


@dataclass(frozen=True)
class Ref:
    """Where a written record stands: its ID, its digests, and the bytes it takes in the WARC file."""

    id: str
    block: str
    payload: str | None
    offset: int
    length: int
    size: int


def warc_date(at: datetime) -> str:
    """RFC 3339 in UTC, with microseconds where there are any (WARC/1.1 allows up to nine digits)."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _read(span: Span) -> Iterator[bytes]:
    with span.path.open("rb") as file:
        file.seek(span.start)
        left = span.end - span.start
        while left > 0:
            data = file.read(min(CHUNK, left))
            if not data:
                raise EvidenceError(f"{span.path.name} is {left} bytes shorter than the record needs")
            left -= len(data)
            yield data
