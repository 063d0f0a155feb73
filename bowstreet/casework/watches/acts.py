"""Watching a page: writing it down, looking when it is due, ending it. The gate and the rule on repeats are asked each time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.db import transaction

from bowstreet.capture.errors import CaptureError
from bowstreet.capture.scope import split
from bowstreet.casework.captures import acts as captures
from bowstreet.casework.captures.acts import Clock
from bowstreet.casework.findings import acts as findings
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.operations.errors import BadOperation, NotFound
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer
from bowstreet.casework.watches.models import Look, Watch
from bowstreet.evidence.errors import EvidenceError
from bowstreet.flow import Capturing

_EVERY = re.compile(r"([0-9]{1,5})\s*(m|h|d)\Z")
_SECONDS = {"m": 60, "h": 3600, "d": 86400}
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=90)


def interval(said: str) -> timedelta:
    """Read '30m', '6h' or '2d'. Raises BadOperation."""
    found = _EVERY.match(said.strip().lower())
    every = timedelta(seconds=int(found[1]) * _SECONDS[found[2]]) if found else timedelta()
    if not SHORTEST <= every <= LONGEST:
        raise BadOperation(
            f"'{said}' is no interval: write '30m', '6h' or '2d', between 5 minutes and 90 days"
        )
    return every


@transaction.atomic
def add(
    *,
    officer: Officer,
    operation: Operation,
    url: str,
    every: timedelta,
    at: datetime,
    egress: str = "direct",
) -> Watch:
    """Have a page captured again and again, for the first time now. Raises BadAddress or BadOperation."""
    operations.must_work_on(officer, operation)
    split(url)
    watch = Watch.objects.create(
        operation=operation, officer=officer, url=url, every=int(every.total_seconds()), egress=egress, since=at, next_at=at
    )  # fmt: skip
    _log(watch, officer, at, {"url": url, "every": watch.every})
    return watch


@transaction.atomic
def end(watch: Watch, *, officer: Officer, at: datetime) -> None:
    """Look no more. What was captured is kept. Raises BadOperation."""
    operations.must_work_on(officer, watch.operation)
    Watch.objects.filter(id=watch.id).update(next_at=None)
    _log(watch, officer, at, {"ended": True})


def due(*, at: datetime) -> bool:
    """Is there a page to look at?"""
    return Watch.objects.filter(next_at__lte=at).exists()


def look_due(*, now: Clock, pages: Capturing | None = None) -> Look | None:
    """Look at a page that is due, which no other worker is at; None where none is due.

    Its next time is set when the look is over: one that was killed is made up for once its lease is over.
    """
    at = now()
    due = Watch.objects.filter(next_at__lte=at)
    for watch in due.select_related("operation", "officer").order_by("next_at")[:20]:
        if Watch.objects.filter(id=watch.id, next_at=watch.next_at).update(next_at=at + captures.LEASE):
            made = look(watch, now=now, pages=pages)
            following = at + timedelta(seconds=watch.every)
            Watch.objects.filter(id=watch.id, next_at__isnull=False).update(next_at=following)
            return made
    return None


def look(watch: Watch, *, now: Clock, pages: Capturing | None = None) -> Look:
    """Capture the page now, or write down why that was refused or failed."""
    try:
        capture = captures.collect(
            officer=watch.officer, operation=watch.operation, url=watch.url, now=now, egress=watch.egress, watched=True,
            pages=pages,
        )  # fmt: skip
    except CaptureError as error:
        return Look.objects.create(watch=watch, at=now(), problem=str(error))
    made = Look.objects.create(watch=watch, at=capture.at, capture=capture)
    try:
        findings.read_capture(capture, officer=watch.officer, at=now())
    except EvidenceError:
        return made  # it can be read again at any time
    return made


def find(operation: Operation, number: int) -> Watch:
    """One watch of an operation. Raises NotFound."""
    found = operation.watches.filter(id=number).select_related("operation", "officer").first()
    if found is None:
        raise NotFound(
            f"there is no watch {number} in {operation.reference}: 'bowstreet watch list' lists them"
        )
    return found


def _log(watch: Watch, officer: Officer, at: datetime, detail: dict[str, object]) -> None:
    record.write(
        Act.COLLECTION, by=officer.username, at=at, record=f"watch:{watch.pk}", operation=watch.operation.reference,
        detail=detail,
    )  # fmt: skip
