"""What an officer may ask of operations. Every question begins with the officer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations.errors import BadOperation, NotFound
from bowstreet.casework.operations.models import Authority, Membership, Operation, Seat
from bowstreet.casework.people.models import Officer


@dataclass(frozen=True)
class Event:
    """Something that happened to an operation, for people to read."""

    at: datetime
    title: str
    by: str
    text: str = ""


def of(officer: Officer) -> list[Operation]:
    """The operations the officer is on."""
    return list(Operation.objects.filter(members=officer).order_by("reference"))


def get(officer: Officer, reference: str) -> Operation:
    """One of them. Raises NotFound, also for one that exists and they are not on."""
    sitting = (
        Membership.objects.select_related("operation")
        .filter(officer=officer, operation__reference=reference)
        .first()
    )
    if sitting is None:
        raise NotFound(
            f"there is no operation {reference} that {officer.username} is on: 'bowstreet operation list' shows them"
        )
    found = sitting.operation
    found.seat = sitting.role
    return found


@transaction.atomic
def look(officer: Officer, reference: str, *, at: datetime) -> tuple[Operation, list[Authority]]:
    """An operation with its authorities; the look is logged."""
    operation = _asked(officer, reference, "", at)
    return operation, list(operation.authorities.order_by("number"))


def quarantined(operation: Operation) -> list[int]:
    """The captures that hold pictures of a hash list, the latest first: for whoever leads the operation."""
    return list(operation.captures.filter(quarantined__gt=0).order_by("-id").values_list("id", flat=True))


@transaction.atomic
def members(officer: Officer, reference: str, *, at: datetime) -> list[Membership]:
    """Who is on an operation; the look is logged."""
    operation = _asked(officer, reference, "/members", at)
    return list(operation.memberships.select_related("officer").order_by("officer__name", "id"))


def authority(officer: Officer, reference: str, number: int) -> Authority:
    """One authority of an operation. Raises NotFound."""
    found = get(officer, reference).authorities.filter(number=number).first()
    if found is None:
        raise NotFound(f"there is no authority A{number} in {reference}")
    return found


def history(operation: Operation) -> list[Event]:
    """What was decided about an operation, the latest first."""
    found = [Event(operation.opened_at, "Operation opened", "")]
    for one in operation.authorities.all():
        if one.number > 1:
            found.append(
                Event(one.starts, f"Authority A{one.number} recorded", one.granted_by, one.rationale)
            )
        if one.cancelled_at:
            title = f"Authority A{one.number} cancelled"
            found.append(Event(one.cancelled_at, title, one.cancelled_by, one.cancelled_for))
    for decided in operation.reviews.select_related("officer"):
        title = f"Reviewed: kept until {decided.due:%-d %B %Y}"
        found.append(Event(decided.at, title, decided.officer.name, decided.reason))
    return sorted(found, key=lambda event: event.at, reverse=True)


def leads(officer: Officer, operation: Operation) -> bool:
    """Does the officer lead the operation?"""
    return operation.memberships.filter(officer=officer, role=Seat.LEAD).exists()


def works_on(officer: Officer, operation: Operation) -> bool:
    """May the officer act on the operation, and not only look? In plain SQL: every act asks it."""
    asked = (
        "SELECT 1 FROM operations_membership WHERE operation_id = %s AND officer_id = %s AND role IN (%s, %s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, (operation.pk, officer.pk, Seat.LEAD.value, Seat.MEMBER.value))
        return cursor.fetchone() is not None


def must_work_on(officer: Officer, operation: Operation) -> None:
    """Raise BadOperation where they may look only."""
    if not works_on(officer, operation):
        raise BadOperation(f"{officer.username} may look at {operation.reference}, and not act on it")


def _asked(officer: Officer, reference: str, part: str, at: datetime) -> Operation:
    operation = get(officer, reference)
    record.write(
        Act.CONSULTATION, by=officer.username, at=at, record=f"operation:{reference}{part}", operation=reference
    )  # fmt: skip
    return operation
