"""Archives and saved files to the PAGES table: what reading begins with. The only file here that needs Arrow.

    for batch in pages(Path("capture.wacz")):
        …                              # pyarrow.RecordBatch of tables.PAGES, bounded in size

A body that is larger than 32 MB once decoded, or is not the coding it says, is null; its row stays.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from bowstreet.evidence.errors import BadArchive
from bowstreet.evidence.intake import HTML_TYPES, Warc, kind_of, warcs
from bowstreet.evidence.message import Head, decode
from bowstreet.evidence.pack import open_pack
from bowstreet.evidence.scan import Fault, Found, scan
from bowstreet.evidence.seal import file_digest
from bowstreet.tables import PAGES

BODY_LIMIT = 32 << 20
BLOCK_LIMIT = 64 << 20
BATCH_ROWS = 64
BATCH_BYTES = 16 << 20
MAX_PAGES = 100_000
TEXT_TYPES = (
    *HTML_TYPES,
    "text/plain",
    "text/xml",
    "application/xml",
    "application/json",
    "application/ld+json",
)
DOM = "urn:dom:"
_SAVED = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S+)\s*-->", re.IGNORECASE)
_CANONICAL = re.compile(rb"<link[^>]+rel=[\"']?canonical[\"']?[^>]*href=[\"']?([^\"'\s>]+)", re.IGNORECASE)
_SUFFIXES = {".txt": "text/plain", ".json": "application/json", ".xml": "text/xml"}

Row = dict[str, Any]


@dataclass(frozen=True)
class _Source:
    """Which archive rows come from, and the pages that it says were visited."""

    name: str
    visited: tuple[str, ...]

    def page(self, url: str, role: str) -> str | None:
        """The page that a resource belongs to: itself, or the one page that was visited."""
        if url in self.visited or (role != "image" and not self.visited):
            return url
        return self.visited[0] if len(self.visited) == 1 else None


def pages(path: Path, *, faults: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    """Every page, DOM snapshot and image in an archive, a saved file, or a folder of them.

    What is broken is noted in `faults`; without it, BadArchive is raised for what is no archive at all.
    """
    yield from _batches(rows(path, faults=faults))


def rows(path: Path, *, faults: list[str] | None = None) -> Iterator[Row]:
    """The same, row by row as mappings: what reads them here and now needs no tables, and holds one body at a time."""
    noted: list[str] = [] if faults is None else faults
    yield from _rows(path, noted, strict=faults is None)


def _rows(path: Path, faults: list[str], *, strict: bool) -> Iterator[Row]:
    if path.is_dir():
        for child in sorted(p for p in path.rglob("*") if p.is_file()):
            yield from _rows(child, faults, strict=False)
        return
    try:
        kind = "text" if path.suffix.lower() in _SUFFIXES else kind_of(path)
    except BadArchive as error:
        if strict:
            raise
        faults.append(str(error))
        return
    yield from _loose(path) if kind in ("html", "text") else _archive(path, kind, faults)


def _archive(path: Path, kind: str, faults: list[str]) -> Iterator[Row]:
    source = _Source(f"sha256:{file_digest(path)}", _visited(path) if kind == "wacz" else ())
    with warcs(path, kind, faults) as streams:
        for warc in streams:
            yield from _records(warc, source, faults)


def _records(warc: Warc, source: _Source, faults: list[str]) -> Iterator[Row]:
    met: list[Fault] = []
    for found in scan(warc.file, faults=met):
        try:
            row = _row(found, source)
        except BadArchive as error:
            faults.append(str(error))
            continue
        if row:
            yield row
    faults += [f"{path} {fault}".strip() for path, fault in ((warc.name, f) for f in met)]


def _row(found: Found, source: _Source) -> Row | None:
    """The row for a record that a reader may look at, or None."""
    url = found.url or ""
    if found.kind == "resource":
        media, head = (found.header("Content-Type") or "").split(";")[0].strip().lower(), None
        role = "dom" if url.startswith(DOM) else "file"
        if media not in TEXT_TYPES or (role == "file" and url.startswith("urn:")):
            return None
        block = found.content(BLOCK_LIMIT)
    elif found.kind == "response" and url.startswith(("http://", "https://")):
        opening = found.read(1 << 16)
        head = Head.parse(opening)
        media = _media(head, opening)
        role = "image" if media.startswith("image/") else "response"
        if role == "response" and media not in TEXT_TYPES:
            return None
        block = opening + found.content(BLOCK_LIMIT) if found.size > len(opening) else opening
    else:
        return None
    digest, body = _sha(block), _body(block, head)
    del block  # it may be large, and so may the body
    return _values(source, url.removeprefix(DOM), role, found, head, media, digest, body)


def _values(
    source: _Source,
    url: str,
    role: str,
    found: Found,
    head: Head | None,
    media: str,
    block: str,
    body: bytes | None,
) -> Row:
    return {
        "source": source.name,
        "url": url,
        "ts": found.at,
        "role": role,
        "page": source.page(url, role),
        "record": found.id,
        "block": block,
        "body_digest": None if body is None else _sha(body),
        "status": head.status if head else None,
        "media_type": media or None,
        "charset": head.charset if head else _charset(found.header("Content-Type")),
        "body": body,
    }


def _media(head: Head | None, opening: bytes) -> str:
    """The media type as declared; where none is, what the body looks like."""
    if head and head.media_type:
        return head.media_type
    start = opening[head.size :].lstrip()[:200].lower() if head else b""
    return "text/html" if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) else ""


def _body(block: bytes, head: Head | None) -> bytes | None:
    if head is None:
        return block
    try:
        body = decode(block[head.size :], head, limit=BODY_LIMIT)
    except (BadArchive, ImportError):
        return None
    return body if len(body) <= BODY_LIMIT else None


def _charset(content_type: str | None) -> str | None:
    return Head("", (("content-type", content_type or ""),), 0).charset


def _loose(path: Path) -> Iterator[Row]:
    """A saved page: its address is the one it says it was saved from, or its canonical one, or its file's."""
    if path.stat().st_size > BODY_LIMIT:
        raise BadArchive(f"{path.name} is larger than {BODY_LIMIT} bytes: too large for a saved page")
    body = path.read_bytes()
    match = _SAVED.search(body[:8192]) or _CANONICAL.search(body[: 1 << 16])
    url = match[1].decode("utf-8", "replace") if match else path.resolve().as_uri()
    yield {
        "source": str(path),
        "url": url,
        "ts": datetime.fromtimestamp(path.stat().st_mtime, UTC),
        "role": "file",
        "page": url,
        "record": None,
        "block": _sha(body),
        "body_digest": _sha(body),
        "status": None,
        "media_type": _SUFFIXES.get(path.suffix.lower(), "text/html"),
        "charset": None,
        "body": body,
    }


def _visited(path: Path) -> tuple[str, ...]:
    """The addresses in the page list of a WACZ; none where it cannot be read."""
    try:
        with open_pack(path) as pack:
            lines = pack.read("pages/pages.jsonl").split(b"\n")[1 : MAX_PAGES + 1]
    except BadArchive:
        return ()
    found = (re.search(rb'"url"\s*:\s*"((?:[^"\\]|\\.)*)"', line) for line in lines)
    return tuple(match[1].decode("utf-8", "replace").replace("\\/", "/") for match in found if match)


def _batches(rows: Iterable[Row]) -> Iterator[pa.RecordBatch]:
    held: list[Row] = []
    size = 0
    for row in rows:
        held.append(row)
        size += len(row["body"] or b"")
        del row  # what is held here is held twice while the batch is made: no more than that
        if len(held) >= BATCH_ROWS or size >= BATCH_BYTES:
            yield _batch(held)
            size = 0
    if held:
        yield _batch(held)


def _batch(held: list[Row]) -> pa.RecordBatch:
    made = pa.RecordBatch.from_pylist(held, schema=PAGES)
    held.clear()
    return made


def _sha(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
