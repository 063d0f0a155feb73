"""Producing an exhibit: captures in a bag that anyone can verify, with the proof of its place in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Max

from bowstreet.casework.captures import queries as captures
from bowstreet.casework.captures.acts import home
from bowstreet.casework.captures.models import Capture
from bowstreet.casework.exhibits.models import Exhibit
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer
from bowstreet.evidence.errors import EvidenceError
from bowstreet.evidence.exhibit import Item, make_bag


class BadExhibit(Exception):
    """An exhibit that cannot be produced as asked. The message says what to mend."""


def produce(
    *, officer: Officer, operation: Operation, numbers: Sequence[int], description: str, at: datetime
) -> Exhibit:
    """Produce an exhibit of some captures. Raises BadExhibit.

    A reference whose bag could not be written is spent: none is ever used again.
    """
    chosen = list(operation.captures.filter(id__in=numbers).order_by("id"))
    if not chosen or len(chosen) != len(set(numbers)):
        raise BadExhibit("Choose at least one capture of this operation")
    if not description.strip():
        raise BadExhibit("Describe the exhibit: what it is, so that it can be told without opening it")
    with transaction.atomic():
        exhibit = _allocate(officer, operation, chosen, description.strip(), at)
    try:
        _bag(exhibit, chosen, officer, at)
    except (EvidenceError, OSError) as error:
        raise BadExhibit(f"the exhibit {exhibit.reference} could not be written: {error}") from None
    return exhibit


def _allocate(
    officer: Officer, operation: Operation, chosen: list[Capture], description: str, at: datetime
) -> Exhibit:
    last = operation.exhibits.filter(initials=officer.initials).aggregate(last=Max("number"))["last"] or 0
    reference = f"{officer.initials}/{last + 1}"
    number = record.write(
        Act.DISCLOSURE, by=officer.username, at=at, record=f"exhibit:{reference}", operation=operation.reference,
        recipient="exhibit bag", reason=description, detail={"captures": [f"sha256:{c.sha256}" for c in chosen]},
    )  # fmt: skip
    exhibit = Exhibit.objects.create(
        operation=operation, initials=officer.initials, number=last + 1, description=description, officer=officer,
        at=at, entry=number,
    )  # fmt: skip
    exhibit.captures.set(chosen)
    return exhibit


def _bag(exhibit: Exhibit, chosen: list[Capture], officer: Officer, at: datetime) -> None:
    key = home().key()
    items = [Item(captures.archive(one), _file_name(number, one)) for number, one in enumerate(chosen, 1)]
    entries = [record.proven(one.entry, key, at=at) for one in chosen]
    folder = path(exhibit)
    folder.parent.mkdir(parents=True, exist_ok=True)
    info = {
        "Source-Organization": "Bowstreet",
        "External-Identifier": exhibit.reference,
        "External-Description": exhibit.description,
        "Contact-Name": officer.name,
    }
    make_bag(
        folder,
        items=items,
        key=key,
        at=at,
        entries=entries,
        info=info,
        authorities=home().known_authorities(),
    )


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
