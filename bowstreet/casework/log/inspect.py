"""Reading the log: only for the purposes of DPA 2018 s.62(4), and reading it is itself logged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet

from bowstreet.casework.log import record
from bowstreet.casework.log.models import Act, Entry

PURPOSES = {
    "lawfulness": "Checking that processing was lawful",
    "self-monitoring": "Self-monitoring, conduct and discipline",
    "integrity": "Integrity and security of the data",
    "criminal": "Criminal proceedings",
}
ACTS = Act.choices


class BadPurpose(Exception):
    """The log may be read for four purposes only: choose one of them."""


@dataclass(frozen=True)
class Wanted:
    """Which entries: of an operation, by one officer, of one act, about a record that has these words; all of them without.

    `upto` is the number of the newest, so that the pages of a list stay where they are while the log grows."""

    upto: int
    operation: str = ""
    actor: str = ""
    act: str = ""
    words: str = ""


def wanted(query: Mapping[str, str]) -> Wanted:
    """What an address asks for; what it asks for and is not there finds nothing."""
    said = {name: query.get(name, "").strip() for name in ("operation", "actor", "act", "words")}
    newest = Entry.objects.aggregate(newest=Max("number"))["newest"] or 0
    upto = query.get("upto", "")
    return Wanted(int(upto) if upto.isascii() and upto.isdigit() and len(upto) < 16 else newest, **said)


@transaction.atomic
def entries(*, by: str, purpose: str, at: datetime, wanted: Wanted) -> QuerySet[Entry]:
    """The entries wanted, newest first. That they were read, and which, is an entry itself, not among them."""
    if purpose not in PURPOSES:
        raise BadPurpose("Choose why you need to read the log")
    record.write(
        Act.CONSULTATION, by=by, at=at, record="log", operation=wanted.operation[:20], detail=asdict(wanted), reason=PURPOSES[purpose]
    )  # fmt: skip
    asked = {
        "operation": wanted.operation,
        "actor": wanted.actor,
        "act": wanted.act,
        "record__icontains": wanted.words,
    }
    given = {name: value for name, value in asked.items() if value}
    return Entry.objects.filter(number__lte=wanted.upto, **given).order_by("-number")
