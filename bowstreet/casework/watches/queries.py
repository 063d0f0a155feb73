"""What an officer may ask of watches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.operations.errors import BadOperation
from bowstreet.casework.people.models import Officer
from bowstreet.casework.watches import acts, changes
from bowstreet.casework.watches.models import Look, Watch


@dataclass(frozen=True)
class Report:
    """A watch with its looks, the latest first, and what changed between two of them; None before there are two."""

    watch: Watch
    looks: list[Look]
    change: changes.Change | None

    def line(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "watch": self.watch.pk,
            "url": self.watch.url,
            "looks": len(self.looks),
            "change": self.change.line() if self.change else None,
        }


@transaction.atomic
def of(officer: Officer, reference: str, *, at: datetime) -> list[Watch]:
    """The watches of an operation; the look is logged."""
    operation = operations.get(officer, reference)
    record.write(Act.CONSULTATION, by=officer.username, at=at, record="watches", operation=reference)
    return list(operation.watches.order_by("id").prefetch_related("looks__capture"))


@transaction.atomic
def report(
    officer: Officer,
    reference: str,
    number: int,
    *,
    at: datetime,
    before: int | None = None,
    after: int | None = None,
) -> Report:
    """What changed between two captures of a watch: those named, else the last two; the look is logged.

    Raises NotFound, BadOperation for a capture that is not the watch's, or CaptureError.
    """
    watch = acts.find(operations.get(officer, reference), number)
    record.write(Act.CONSULTATION, by=officer.username, at=at, record=f"watch:{number}", operation=reference)
    looks = list(watch.looks.select_related("capture").order_by("-at", "-id"))
    taken = [look.capture for look in looks if look.capture]
    by_number = {capture.pk: capture for capture in taken}
    for one in (before, after):
        if one is not None and one not in by_number:
            raise BadOperation(f"capture {one} is none of watch {number}")
    later = by_number[after] if after is not None else taken[0] if taken else None
    earlier = (
        by_number[before]
        if before is not None
        else next((c for c in taken if later and c.at < later.at), None)
    )
    change = changes.between(earlier, later) if earlier and later else None
    return Report(watch, looks, change)
