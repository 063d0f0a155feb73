"""Writing an operation's choices down, a supervisor's decision, and the rule on repeated visits.

Looking at the same person's page again and again may become directed surveillance (Covert Surveillance and Property
Interference Code of Practice, 3.15 and 3.16): beyond a threshold each further visit needs a supervisor's decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from bowstreet.capture.canonical import canonical
from bowstreet.capture.errors import PermitRefused
from bowstreet.casework.conduct.models import Choice, Further, Robots
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.operations.errors import BadOperation
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer, Role


class RepeatVisit(PermitRefused):
    """The page was visited as often as the operation's choice allows; a supervisor has to decide on more."""


@dataclass(frozen=True)
class Conduct:
    """What holds for an operation now."""

    obeys_robots: bool
    repeat_visits: int


def of(operation: Operation) -> Conduct:
    """The latest choice, or what the installation sets: robots.txt obeyed, so many visits."""
    last = operation.choices.order_by("-id").first()
    if last is None:
        return Conduct(True, settings.REPEAT_VISITS)
    return Conduct(last.robots == Robots.OBEY, last.repeat_visits)


@transaction.atomic
def choose(
    *, operation: Operation, officer: Officer, robots: str, repeat_visits: int, reason: str, at: datetime
) -> Choice:
    """Write down how visits are conducted, and why. Raises BadOperation."""
    operations.must_work_on(officer, operation)
    if robots not in Robots.values:
        raise BadOperation(
            f"robots.txt is either obeyed or ignored: choose 'obey' or 'ignore', not '{robots}'"
        )
    if not 1 <= repeat_visits <= 1000:
        raise BadOperation("a page is visited between 1 and 1000 times before a supervisor has to decide")
    if not reason.strip():
        raise BadOperation("a choice needs its reason in writing")
    detail = {"robots": robots, "repeat_visits": repeat_visits}
    record.write(
        Act.ALTERATION, by=officer.username, at=at, record=f"operation:{operation.reference}",
        operation=operation.reference, detail=detail, reason=reason,
    )  # fmt: skip
    return Choice.objects.create(
        operation=operation,
        robots=robots,
        repeat_visits=repeat_visits,
        reason=reason.strip(),
        by=officer,
        at=at,
    )


@transaction.atomic
def allow(
    *, operation: Operation, supervisor: Officer, url: str, visits: int, reason: str, at: datetime
) -> Further:
    """Decide that a page may be visited so many times more. Raises BadOperation or BadAddress."""
    if supervisor.role != Role.SUPERVISOR:
        raise BadOperation(
            f"{supervisor.username} is no supervisor: further visits are a supervisor's decision"
        )
    if not 1 <= visits <= 1000:
        raise BadOperation("a decision allows between 1 and 1000 further visits")
    if not reason.strip():
        raise BadOperation("a decision needs its reason in writing")
    page = canonical(url)
    record.write(
        Act.ALTERATION, by=supervisor.username, at=at, record=f"visits:{page[:280]}", operation=operation.reference,
        detail={"further": visits}, reason=reason,
    )  # fmt: skip
    return Further.objects.create(
        operation=operation, url=page, visits=visits, reason=reason.strip(), by=supervisor, at=at
    )


def check(*, operation: Operation, officer: Officer, url: str, visited: int, at: datetime) -> None:
    """Raise RepeatVisit, logged, where a page was visited as often as may be. Nobody's own decision counts for them."""
    threshold = of(operation).repeat_visits
    if visited < threshold:
        return
    decided = operation.further.filter(url=canonical(url)).exclude(by=officer)
    if visited < threshold + (decided.aggregate(sum=Sum("visits"))["sum"] or 0):
        return
    why = (
        f"{url} was visited {visited} times in {operation.reference}: a further visit needs a supervisor's decision "
        "('bowstreet watch allow')"
    )
    with transaction.atomic():
        record.write(
            Act.COLLECTION, by=officer.username, at=at, record=f"visit:{url[:250]}", operation=operation.reference,
            detail={"refused": why},
        )  # fmt: skip
    raise RepeatVisit(why)
