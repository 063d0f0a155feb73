"""Reading the log: only for the purposes of DPA 2018 s.62(4), and reading it is itself logged."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bowstreet.casework.log import record
from bowstreet.casework.log.models import Act, Entry

PURPOSES = {
    "lawfulness": "Checking that processing was lawful",
    "self-monitoring": "Self-monitoring, conduct and discipline",
    "integrity": "Integrity and security of the data",
    "criminal": "Criminal proceedings",
}
PAGE = 100


class BadPurpose(Exception):
    """The log may be read for four purposes only: choose one of them."""


@transaction.atomic
def entries(*, by: str, purpose: str, at: datetime, operation: str = "") -> list[Entry]:
    """The last hundred entries, of one operation or of all."""
    if purpose not in PURPOSES:
        raise BadPurpose("Choose why you need to read the log")
    found = Entry.objects.order_by("-number")
    if operation:
        found = found.filter(operation=operation)
    rows = list(found[:PAGE])
    record.write(Act.CONSULTATION, by=by, at=at, record="log", operation=operation, reason=PURPOSES[purpose])
    return rows
