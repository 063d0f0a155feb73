"""What an archive holds of a page: the bytes that a proof counts in, and the pictures and styles that came with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from bowstreet.evidence.errors import BadArchive, EvidenceError
from bowstreet.evidence.intake import kind_of, warcs
from bowstreet.evidence.message import Head, decode
from bowstreet.evidence.pages import pages
from bowstreet.evidence.scan import scan

SHEET_BYTES = 1 << 20
NOTHING = b"Nothing in this capture can be shown as a page."


@dataclass
class Held:
    """One page as captured. `images` and `sheets` are by address."""

    body: bytes = NOTHING
    charset: str | None = None
    url: str = ""
    images: dict[str, bytes] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)


def held(
    path: Path, record: str = "", *, styled: bool = False, without: frozenset[str] = frozenset()
) -> Held:
    """The page of `record`, else as it was shown in the end; with its styles where they are wanted.

    Pictures whose SHA-256 is in `without` are left out.

    What is broken is passed over: as much is shown as can be read.
    """
    found, best = Held(), -1
    try:
        for batch in pages(path, faults=[]):
            for row in batch.to_pylist():
                if not row["body"]:
                    continue
                if row["role"] == "image":
                    if not without or hashlib.sha256(row["body"]).hexdigest() not in without:
                        found.images.setdefault(row["url"], row["body"])
                    continue
                rank = 3 if record and row["record"] == record else 2 if row["role"] == "dom" else 1
                if rank > best and not (record and rank == 2 and best >= 0):
                    best, found.body, found.url = rank, row["body"], row["url"]
                    found.charset = "utf-8" if row["role"] == "dom" else row["charset"]
        if styled:
            found.sheets = _sheets(path)
    except EvidenceError:
        return found
    return found


def picture(path: Path, digest: str) -> bytes | None:
    """A picture of an archive, by the SHA-256 of its bytes; None where there is none such that can be read."""
    try:
        for batch in pages(path, faults=[]):
            for row in batch.to_pylist():
                if (
                    row["role"] == "image"
                    and row["body"]
                    and hashlib.sha256(row["body"]).hexdigest() == digest
                ):
                    return bytes(row["body"])
    except EvidenceError:
        return None
    return None


def _sheets(path: Path) -> dict[str, str]:
    kind = kind_of(path)
    if kind == "html":
        return {}
    sheets: dict[str, str] = {}
    with warcs(path, kind, []) as streams:
        for warc in streams:
            for one in scan(warc.file, faults=[]):
                if one.kind != "response" or one.size > SHEET_BYTES or not one.url:
                    continue
                block = one.content(SHEET_BYTES)
                try:
                    head = Head.parse(block)
                    if head and head.media_type == "text/css":
                        body = decode(block[head.size :], head, limit=SHEET_BYTES)
                        sheets.setdefault(one.url, body.decode(head.charset or "utf-8", "replace"))
                except (BadArchive, LookupError):
                    continue
    return sheets
