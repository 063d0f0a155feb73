"""Giving an operation's sellers and links to somebody, in a format of theirs. It is a disclosure, and logged as one."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from bowstreet.casework.findings import queries as findings
from bowstreet.casework.findings.models import Account, Identifier, Listing
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer
from bowstreet.casework.review.exports import ftm, stix, tables
from bowstreet.casework.review.exports.dossier import Dossier, Link, Offer, Seen, Seller, Sign
from bowstreet.casework.review.models import Decision, Proposal
from bowstreet.casework.review.records import record_of

MARKING = "OFFICIAL-SENSITIVE"
#: DPA 2018 s.38(4)–(5): what is sent says how accurate, complete and current it is.
QUALITY = "Read by machine from the captures named. A link is a proposal with reasons, unless a decision stands beside it."

FORMATS: dict[str, Callable[[Dossier], dict[str, bytes]]] = {
    "ftm": lambda dossier: {"entities.ftm.json": ftm.lines(dossier).encode()},
    "stix": lambda dossier: {"bundle.stix.json": stix.bundle(dossier).encode()},
    "csv": tables.csv_files,
    "parquet": tables.parquet_files,
}


class BadExport(Exception):
    """An export that cannot be made as asked. The message says what to mend."""


def export(
    *,
    officer: Officer,
    operation: Operation,
    form: str,
    recipient: str,
    reason: str,
    folder: Path,
    at: datetime,
    marking: str = MARKING,
) -> list[Path]:
    """Write the files into a new folder and log the disclosure; all of it happens, or nothing. Raises BadExport."""
    if not operations.works_on(officer, operation):
        raise BadExport(f"You may look at {operation.reference}, and not act on it")
    if form not in FORMATS:
        raise BadExport(f"'{form}' is no format: choose one of {', '.join(FORMATS)}")
    if not recipient.strip() or not reason.strip():
        raise BadExport("Say who receives it and why: a disclosure is logged with both")
    if folder.exists():
        raise BadExport(f"{folder} is there already: name a folder that is not")
    marking = marking.strip() or MARKING
    files = FORMATS[form](dossier(operation, marking=marking, at=at)) | {"links.jsonl": _records(operation)}
    note = {
        "marking": marking,
        "quality": QUALITY,
        "format": form,
        "files": {n: _digest(data) for n, data in files.items()},
    }
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with (
            tempfile.TemporaryDirectory(prefix=".export-", dir=folder.parent) as scratch,
            transaction.atomic(),
        ):
            ready = Path(scratch) / "ready"
            ready.mkdir()
            for name, data in files.items():
                (ready / name).write_bytes(data)
            (ready / "README.txt").write_text(
                f"{marking}\n\n{operation}\nMade {at:%d %B %Y %H:%M %Z} for {recipient.strip()}.\n\n{QUALITY}\n"
            )
            record.write(
                Act.DISCLOSURE, by=officer.username, at=at, record=f"sellers:{operation.reference}",
                operation=operation.reference, recipient=recipient.strip(), reason=reason.strip(), detail=note,
            )  # fmt: skip
            shutil.move(ready, folder)
    except OSError as error:
        raise BadExport(
            f"{folder} could not be written ({error.strerror or error}); nothing was exported"
        ) from None
    return sorted(folder.iterdir())


def packed(**asked: Any) -> bytes:
    """The same files as a ZIP, in memory. Raises BadExport."""
    out = io.BytesIO()
    with (
        tempfile.TemporaryDirectory(prefix="bowstreet-export-") as scratch,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack,
    ):
        for path in export(**asked, folder=Path(scratch) / "export"):
            pack.write(path, path.name)
    return out.getvalue()


def _records(operation: Operation) -> bytes:
    """Every pair's whole record, as its page shows it: JSON lines, whatever the format."""
    decisions: dict[tuple[str, str], list[Decision]] = {}
    for one in operation.decisions.select_related("officer").order_by("-at", "-id"):
        decisions.setdefault((one.left, one.right), []).append(one)
    lines = (
        json.dumps(record_of(one, decisions.get((one.left, one.right), ())), ensure_ascii=False)
        for one in operation.proposals.order_by("-weight", "id")
    )
    return "".join(f"{line}\n" for line in lines).encode()


def dossier(operation: Operation, *, marking: str, at: datetime) -> Dossier:
    """All that is exported, as it stands now."""
    sellers = tuple(_seller(one) for one in findings.sellers(operation))
    standing = {
        (d.left, d.right): d for d in operation.decisions.filter(withdrawn_at=None).select_related("officer")
    }
    links = tuple(
        _link(one, standing.get((one.left, one.right)))
        for one in operation.proposals.order_by("-weight", "id")
    )
    return Dossier(operation.reference, marking, at, sellers, links)


def _seller(one: findings.Seller) -> Seller:
    facts: list[Account | Identifier | Listing] = [*one.accounts, *one.identifiers, *one.listings]
    seen = [_seen(fact).at for fact in facts]
    said = [account.fields for account in one.accounts] + [listing.fields for listing in one.listings]
    places = {str(fields["ships_from"]) for fields in said if fields.get("ships_from")}
    return Seller(
        one.id, one.site, one.handle, one.description, tuple(sorted(places)), tuple(_signs(one.identifiers)),
        tuple(_offers(one.listings)), min(seen, default=None), max(seen, default=None),
    )  # fmt: skip


def _signs(identifiers: Iterable[Identifier]) -> Iterable[Sign]:
    first = {(i.type, i.value): i for i in reversed([i for i in identifiers if i.valid])}
    return [Sign(kind, value, _seen(one)) for (kind, value), one in sorted(first.items())]


def _offers(listings: Iterable[Listing]) -> Iterable[Offer]:
    first = {(one.url or one.title): one for one in reversed(list(listings))}
    return [
        Offer(
            one.title,
            one.amount,
            one.currency,
            str((one.fields.get("goods") or {}).get("label", "")),
            one.url,
            _seen(one),
        )
        for one in reversed(first.values())
    ]


def _seen(fact: Account | Identifier | Listing) -> Seen:
    return Seen(fact.page.url, f"sha256:{fact.page.capture.sha256}", fact.page.capture.at)


def _link(one: Proposal, taken: Decision | None) -> Link:
    return Link(
        one.left, one.right, one.weight, one.probability, tuple(str(r.get("words", "")) for r in one.reasons),
        taken.verdict if taken else "", taken.officer.name if taken else "", taken.at if taken else None,
    )  # fmt: skip


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
