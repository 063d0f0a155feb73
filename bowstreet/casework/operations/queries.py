"""What an officer may ask of operations. Every question begins with the officer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations.errors import NotFound
from bowstreet.casework.operations.models import Authority, Operation
from bowstreet.casework.people.models import Officer


def of(officer: Officer) -> list[Operation]:
    """The operations the officer is on."""
    return list(Operation.objects.filter(members=officer).order_by("reference"))


def get(officer: Officer, reference: str) -> Operation:
    """One of them. Raises NotFound, also for one that exists and they are not on."""
    found = Operation.objects.filter(members=officer, reference=reference).first()
    if found is None:
        raise NotFound(
            f"there is no operation {reference} that {officer.username} is on: 'bowstreet operation list' shows them"
        )
    return found


@transaction.atomic
def look(officer: Officer, reference: str, *, at: datetime) -> tuple[Operation, list[Authority]]:
    """An operation with its authorities; the look is logged."""
    operation = get(officer, reference)
    record.write(
        Act.CONSULTATION, by=officer.username, at=at, record=f"operation:{reference}", operation=reference
    )
    return operation, list(operation.authorities.order_by("number"))
