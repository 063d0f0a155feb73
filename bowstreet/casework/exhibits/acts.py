"""Producing an exhibit: captures in a bag that anyone can verify, with the proof of its place in the ledger.

The bag is made first, apart; its row, its log entry and its place are then given in one transaction. So there is never an
exhibit without its bag, and a full disk or a kill half-way leaves nothing.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import Max

from bowstreet.casework.captures import queries as captures
from bowstreet.casework.captures.acts import home
from bowstreet.casework.captures.models import Capture
from bowstreet.casework.exhibits.models import Exhibit
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer
from bowstreet.evidence.errors import EvidenceError
from bowstreet.evidence.exhibit import Item, make_bag

TRIES = 5  # others may take the number that a bag was made for


class BadExhibit(Exception):
    """An exhibit that cannot be produced as asked. The message says what to mend, `field` where it was given."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class _Taken(Exception):
    """Another exhibit took the number while the bag was made."""


def produce(
    *, officer: Officer, operation: Operation, numbers: Sequence[int], description: str, at: datetime
) -> Exhibit:
    """Produce an exhibit of some captures. Raises BadExhibit; then there is neither a row nor a bag."""
    if not operations.works_on(officer, operation):
        raise BadExhibit(f"You may look at {operation.reference}, and not act on it")
    chosen = list(operation.captures.filter(id__in=numbers).order_by("id"))
    if not chosen or len(chosen) != len(set(numbers)):
        raise BadExhibit("Choose at least one capture of this operation", field="captures")
    if held := [str(capture.id) for capture in chosen if capture.quarantined]:
        raise BadExhibit(
            f"Capture {', '.join(held)} holds a quarantined picture, and is not exported: hand it to whoever deals with such material",
            field="captures",
        )
    if not description.strip():
        raise BadExhibit(
            "Describe the exhibit: what it is, so that it can be told without opening it", field="description"
        )
    for _ in range(TRIES):
        try:
            return _produce(officer, operation, chosen, description.strip(), at)
        except _Taken:
            continue
        except (EvidenceError, OSError) as error:
            raise BadExhibit(f"The exhibit could not be written, and nothing was kept: {error}") from None
    raise BadExhibit("Others are producing exhibits at this moment: ask again")


def _produce(
    officer: Officer, operation: Operation, chosen: list[Capture], description: str, at: datetime
) -> Exhibit:
    exhibit = Exhibit(
        operation=operation, initials=officer.initials, number=_next(officer, operation),
        description=description, officer=officer, at=at,
    )  # fmt: skip
    place = path(exhibit)
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=place.parent) as scratch:
        bag = _bag(exhibit, chosen, Path(scratch) / exhibit.name)
        try:
            with transaction.atomic():
                _keep(exhibit, chosen)
                shutil.rmtree(place, ignore_errors=True)  # of one that was killed before its row was kept
                bag.rename(place)
        except IntegrityError:
            raise _Taken from None
    return exhibit


def _next(officer: Officer, operation: Operation) -> int:
    last = operation.exhibits.filter(initials=officer.initials).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _keep(exhibit: Exhibit, chosen: list[Capture]) -> None:
    if exhibit.number != _next(exhibit.officer, exhibit.operation):
        raise _Taken
    exhibit.entry = record.write(
        Act.DISCLOSURE, by=exhibit.officer.username, at=exhibit.at, record=f"exhibit:{exhibit.reference}",
        operation=exhibit.operation.reference, recipient="exhibit bag", reason=exhibit.description,
        detail={"captures": [f"sha256:{c.sha256}" for c in chosen]},
    )  # fmt: skip
    exhibit.save(force_insert=True)
    exhibit.captures.set(chosen)


def _bag(exhibit: Exhibit, chosen: list[Capture], folder: Path) -> Path:
    key = home().key()
    items = [Item(captures.archive(one), _file_name(number, one)) for number, one in enumerate(chosen, 1)]
    entries = [record.proven(one.entry, key, at=exhibit.at) for one in chosen]
    info = {
        "Source-Organization": "Bowstreet",
        "External-Identifier": exhibit.reference,
        "External-Description": exhibit.description,
        "Contact-Name": exhibit.officer.name,
    }
    if not_kept := [
        f"{item.name}: {words}" for item, one in zip(items, chosen, strict=True) for words in one.cannot_keep
    ]:
        info["Bowstreet-Not-Kept"] = " ".join(not_kept)
    return make_bag(
        folder, items=items, key=key, at=exhibit.at, entries=entries, info=info, authorities=home().known_authorities()
    )  # fmt: skip


def _file_name(number: int, capture: Capture) -> str:
    kinds = {
        "wire": ".wacz",
        "native": ".wacz",
        "wacz": ".wacz",
        "warc": ".warc",
        "arc": ".arc",
        "html": ".html",
    }
    return f"capture-{number:03d}{kinds.get(capture.mode, '.bin')}"


def path(exhibit: Exhibit) -> Path:
    """Where the bag is."""
    return home().folder / "exhibits" / exhibit.operation.reference / exhibit.name
