"""A WACZ 1.1.1 of one page visited, standing on its own, with an index of our own making.

    pack = PackWriter(folder, created=now)
    pack.write(Record("response", url, at, (head, Span(spool, 0, size))))
    pack.page(url=url, ts=at, title="Offers", text="…")
    pack.finish(Path("capture.wacz"), meta={"title": "Offers"})       # unsigned; `seal` signs it

The manifest is the last entry of the ZIP file, so that sealing adds to the end and copies nothing twice.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import IO, Any

from bowstreet import __version__
from bowstreet.evidence import cdxj
from bowstreet.evidence.errors import EvidenceError
from bowstreet.evidence.pack import DIGEST, MANIFEST, Pack, open_pack
from bowstreet.evidence.record import CHUNK, Record, Ref
from bowstreet.evidence.warc import Measure, WarcWriter, measure

__all__ = ["DIGEST", "MANIFEST", "SOFTWARE", "Pack", "PackWriter", "manifest_bytes", "open_pack", "timestamp"]

SOFTWARE = f"Bowstreet {__version__}"
WARC_NAME = "data.warc.gz"
POST_LIMIT = 1 << 20
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9][A-Za-z0-9._-]*\Z", re.ASCII)
_KEPT = ("archive/", "indexes/", "pages/")


@dataclass(frozen=True)
class _Entry:
    """What the index will say of a record, once every request is known."""

    record: Record
    ref: Ref
    digest: str
    mime: str
    status: int | None
    record_digest: str


class PackWriter:
    """Collects the records, files and pages of one capture in `folder`, then makes the WACZ."""

    def __init__(self, folder: Path, *, created: datetime, software: str = SOFTWARE) -> None:
        self._folder = folder
        self._created = created
        self._software = software
        self._entries: list[_Entry] = []
        self._posts: dict[str, str] = {}
        self._pages: list[dict[str, Any]] = []
        self._files: list[tuple[str, bytes | Path]] = []
        folder.mkdir(parents=True, exist_ok=True)
        self._warc = WarcWriter(folder / WARC_NAME)
        self._info()

    def _info(self) -> None:
        lines = {"software": self._software, "format": "WARC File Format 1.1"}
        block = "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode()
        name = ("WARC-Filename", WARC_NAME)
        self._warc.write(Record("warcinfo", None, self._created, (block,), headers=(name,)))

    def write(self, record: Record) -> Ref:
        """Add one record to the WARC. Requests may come before or after what answers them."""
        found = measure(record)
        ref = self._warc.write(record, measured=found)
        if record.kind == "request" and found.head and (query := _post(record, found)):
            self._posts[record.id] = query
            if answer := record.header("WARC-Concurrent-To"):
                self._posts[answer.strip("<>")] = query
        if record.kind in ("response", "revisit", "resource") and record.url:
            self._entries.append(self._entry(record, ref, found))
        return ref

    def _entry(self, record: Record, ref: Ref, found: Measure) -> _Entry:
        head = found.head
        mime = head.media_type if head else record.content_type
        if record.kind == "revisit":
            mime = "warc/revisit"
        return _Entry(
            record=replace(record, block=()),  # an index needs no bytes
            ref=ref,
            digest=record.header("WARC-Payload-Digest") or found.payload or found.block,
            mime=mime or "unk",
            status=head.status if head else None,
            record_digest=_digest_at(self._warc.path, ref.offset, ref.length),
        )

    def file(
        self,
        name: str,
        data: bytes | Path,
        *,
        media_type: str = "application/octet-stream",
        url: str | None = None,
        at: datetime | None = None,
    ) -> Ref | None:
        """Add a file. With `url` it becomes a `resource` record (`urn:view:…`); else a listed file `name`.

        Files stand exactly one folder deep, where every validator looks; `name` alone goes to `files/name`.
        """
        if url is not None:
            part = data if isinstance(data, bytes) else (data, 0, data.stat().st_size)
            return self.write(Record("resource", url, at or self._created, (part,), media_type))
        name = name if "/" in name else f"files/{name}"
        if not _NAME.match(name) or name.startswith(_KEPT) or name in (n for n, _ in self._files):
            raise EvidenceError(f"a pack cannot hold a further file named {name!r}")
        self._files.append((name, data))
        return None

    def page(self, *, url: str, ts: datetime, title: str | None = None, text: str | None = None) -> None:
        """Name a page that a reader may begin with."""
        page = {"id": f"page-{len(self._pages) + 1}", "url": url, "ts": timestamp(ts), "title": title or url}
        self._pages.append(page | ({"text": text} if text is not None else {}))

    def finish(self, out: Path, *, meta: Mapping[str, Any] | None = None) -> Path:
        """Write the unsigned WACZ to `out`. `meta` may set title, description and further properties."""
        self._warc.close()
        resources: list[dict[str, Any]] = []
        when = self._created.astimezone(UTC).timetuple()[:6]
        with zipfile.ZipFile(out, "w", allowZip64=True) as archive:
            for name, data in self._contents():
                resources.append(_add(archive, name, data, when, resources))
            manifest = manifest_bytes(self._manifest(resources, dict(meta or {})))
            archive.writestr(_info(MANIFEST, when), manifest)
        return out

    def _contents(self) -> Iterator[tuple[str, bytes | Path]]:
        yield f"archive/{WARC_NAME}", self._warc.path
        yield "indexes/index.cdx", "".join(f"{line}\n" for line in self._index()).encode()
        yield "pages/pages.jsonl", "".join(f"{line}\n" for line in self._page_lines()).encode()
        yield from self._files

    def _index(self) -> list[str]:
        lines = [str(self._line(entry)) for entry in self._entries]
        return sorted(lines, key=str.encode)

    def _line(self, entry: _Entry) -> cdxj.Line:
        record, url = entry.record, entry.record.url or ""
        partner = (record.header("WARC-Concurrent-To") or "").strip("<>")
        query = self._posts.get(record.id) or self._posts.get(partner)
        fields: dict[str, Any] = {"url": url, "mime": entry.mime}
        if entry.status is not None:
            fields["status"] = str(entry.status)
        fields |= {"digest": entry.digest, "recordDigest": entry.record_digest}
        fields |= {"length": str(entry.ref.length), "offset": str(entry.ref.offset), "filename": WARC_NAME}
        if query:
            method, _, sent = query.partition("&")
            fields |= {"method": method.partition("=")[2], "requestBody": sent}
        key = cdxj.surt(cdxj.keyed(url, query) if query else url)
        return cdxj.Line(key, cdxj.digits(record.at), fields)

    def _page_lines(self) -> Iterator[str]:
        text = any("text" in page for page in self._pages)
        header = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}
        yield json.dumps(header | ({"hasText": True} if text else {}))
        yield from (json.dumps(page, ensure_ascii=False) for page in self._pages)

    def _manifest(self, resources: list[dict[str, Any]], meta: dict[str, Any]) -> dict[str, Any]:
        manifest: dict[str, Any] = {"profile": "data-package", "wacz_version": "1.1.1"}
        manifest |= {"software": self._software, "created": timestamp(self._created)}
        if self._pages:
            manifest |= {"mainPageUrl": self._pages[0]["url"], "mainPageDate": self._pages[0]["ts"]}
        return manifest | meta | {"resources": resources}


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    """The bytes of a manifest: what its digest is of."""
    return json.dumps(manifest, indent=2, ensure_ascii=False).encode() + b"\n"


def timestamp(at: datetime) -> str:
    """RFC 3339 in UTC, whole seconds: the form that every reader of a WACZ takes."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _post(record: Record, found: Measure) -> str | None:
    if found.head is None or found.head.method in ("GET", "HEAD"):
        return None
    block = b"".join(record.chunks()) if found.size <= POST_LIMIT else b""
    return cdxj.posted(found.head, block[found.head.size :])


def _digest_at(path: Path, offset: int, length: int) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        file.seek(offset)
        while length > 0 and (data := file.read(min(CHUNK, length))):
            digest.update(data)
            length -= len(data)
    return f"sha256:{digest.hexdigest()}"


def _info(name: str, when: tuple[int, ...]) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, (max(when[0], 1980), *when[1:6]))  # type: ignore[arg-type]
    stored = name.startswith("archive/") or name.endswith((".gz", ".png", ".jpg", ".pdf"))
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def _add(
    archive: zipfile.ZipFile,
    name: str,
    data: bytes | Path,
    when: tuple[int, ...],
    before: list[dict[str, Any]],
) -> dict[str, Any]:
    """Write one entry, hashing it on the way; give its line in the manifest."""
    info, digest, size = _info(name, when), hashlib.sha256(), 0
    info.file_size = data.stat().st_size if isinstance(data, Path) else len(data)
    with _opened(data) as chunks, archive.open(info, "w") as entry:
        for chunk in chunks:
            entry.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    title = _unique(name.rsplit("/", 1)[-1].lower(), {str(r["name"]) for r in before})
    return {"name": title, "path": name, "hash": f"sha256:{digest.hexdigest()}", "bytes": size}


def _unique(name: str, taken: set[str]) -> str:
    return next(n for n in chain([name], (f"{i}-{name}" for i in count(2))) if n not in taken)


@contextmanager
def _opened(data: bytes | Path) -> Iterator[Iterator[bytes]]:
    if isinstance(data, bytes):
        yield iter((data,))
        return
    with data.open("rb") as file:
        yield _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk
