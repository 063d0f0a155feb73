"""WARC/1.1 files: one gzip member per record, digests of every block, flat memory whatever the size.

    with WarcWriter(Path("data.warc.gz")) as warc:
        ref = warc.write(Record("resource", "urn:pageinfo:http://shop.example/", at, (b"{}",), "application/json"))
    for record in records(Path("data.warc.gz")):
        print(record.kind, record.url, record.offset)

Reading is in `scan`; this file writes. A payload digest is left out wherever a transfer coding was applied,
because readers disagree about what it would be a digest of; the block digest covers every byte.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bowstreet.evidence.errors import EvidenceError
from bowstreet.evidence.message import HEAD_LIMIT, Head
from bowstreet.evidence.record import CONTENT_TYPES, Record, Ref, Span, new_id, warc_date
from bowstreet.evidence.scan import Fault, Found, records

__all__ = ["Fault", "Found", "Measure", "Record", "Ref", "Span", "WarcWriter", "new_id", "records"]

SAMPLE = 1 << 13


@dataclass(frozen=True)
class Measure:
    """What one pass over a block finds: its size, its digests, and the HTTP head where it has one."""

    size: int
    block: str
    payload: str | None
    head: Head | None
    level: int


def measure(record: Record) -> Measure:
    """Read the block once: digests, size, head, and the gzip level its content deserves."""
    http = (record.content_type or CONTENT_TYPES[record.kind]).startswith("application/http")
    block, payload, size = hashlib.sha256(), hashlib.sha256(), 0
    opening, head, waiting = b"", None, http
    sample = b""
    for chunk in record.chunks():
        size += len(chunk)
        block.update(chunk)
        sample += chunk[: max(0, SAMPLE - len(sample))]
        if not waiting:
            payload.update(chunk)
            continue
        opening += chunk
        head = Head.parse(opening)
        if head or len(opening) > HEAD_LIMIT:
            payload.update(opening[head.size :] if head else b"")
            opening, waiting = b"", False
    told = not (http and (head is None or head.chunked)) and record.kind in (
        "response",
        "resource",
        "request",
    )
    return Measure(size, _hex(block), _hex(payload) if told else None, head, _level(sample))


class WarcWriter:
    """Appends records to one file. `gzip=False` writes them plain."""

    def __init__(self, path: Path, *, gzip: bool = True) -> None:
        self.path = path
        self._gzip = gzip
        self._file = path.open("ab")
        self.offset = self._file.tell()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Finish the file. Nothing can be written afterwards."""
        self._file.close()

    def write(self, record: Record, *, measured: Measure | None = None) -> Ref:
        """Write one record and say where it stands. `measured` spares a second pass over the block."""
        found = measured or measure(record)
        start = self.offset
        self._member(_header(record, found), record, found)
        self.offset = self._file.tell()
        return Ref(record.id, found.block, found.payload, start, self.offset - start, found.size)

    def _member(self, header: bytes, record: Record, found: Measure) -> None:
        out = _Gzip(self._file, found.level) if self._gzip else _Plain(self._file)
        out.write(header)
        written = 0
        for chunk in record.chunks():
            written += len(chunk)
            out.write(chunk)
        if written != found.size:
            raise EvidenceError("a record's bytes changed while it was being written")
        out.write(b"\r\n\r\n")
        out.close()


class _Plain:
    def __init__(self, file: io.BufferedWriter) -> None:
        self._file = file

    def write(self, data: bytes) -> None:
        self._file.write(data)

    def close(self) -> None:
        self._file.flush()


class _Gzip(_Plain):
    def __init__(self, file: io.BufferedWriter, level: int) -> None:
        super().__init__(file)
        self._stream = zlib.compressobj(level, zlib.DEFLATED, 31)

    def write(self, data: bytes) -> None:
        self._file.write(self._stream.compress(data))

    def close(self) -> None:
        self._file.write(self._stream.flush())
        self._file.flush()


def _header(record: Record, found: Measure) -> bytes:
    lines = ["WARC/1.1", f"WARC-Type: {record.kind}", f"WARC-Record-ID: <{record.id}>"]
    if record.url:
        lines.append(f"WARC-Target-URI: {record.url}")
    lines += [f"WARC-Date: {warc_date(record.at)}", *_others(record)]
    lines.append(f"WARC-Block-Digest: {found.block}")
    if found.payload and record.header("WARC-Payload-Digest") is None:
        lines.append(f"WARC-Payload-Digest: {found.payload}")
    lines.append(f"Content-Type: {record.content_type or CONTENT_TYPES[record.kind]}")
    lines.append(f"Content-Length: {found.size}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _others(record: Record) -> Iterable[str]:
    for name, value in record.headers:
        bare = name.lower() in ("warc-concurrent-to", "warc-refers-to", "warc-warcinfo-id")
        yield f"{name}: <{value.strip('<>')}>" if bare else f"{name}: {value}"


def _hex(digest: hashlib._Hash) -> str:
    return f"sha256:{digest.hexdigest()}"


def _level(sample: bytes) -> int:
    """6 for what shrinks; 0 (stored) for pictures, video and coded bodies, which only cost time."""
    return 6 if len(zlib.compress(sample, 1)) < 0.9 * len(sample) else 0
