"""What may be done to an operation: open it, say who is on it, record and cancel authorities, review what it holds."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max

from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations import queries
from bowstreet.casework.operations.errors import BadOperation
from bowstreet.casework.operations.given import new_ranges, new_sites, written
from bowstreet.casework.operations.models import Authority, Membership, Operation, Purpose, Review, Seat
from bowstreet.casework.people.models import Officer

#: Settings, not law: how long open-source research runs before it is looked at again, and the review of the data.
RESEARCH_DAYS = 28
REVIEW_DAYS = 365
LONGEST_DAYS = 366


@transaction.atomic
def open_operation(
    *,
    officer: Officer,
    name: str,
    purpose: str,
    rationale: str,
    sites: Sequence[str],
    at: datetime,
    test_ranges: Sequence[str] = (),
    bad_tls: str = "refuse",
    days: int = RESEARCH_DAYS,
    accounts: Sequence[str] = (),
) -> Operation:
    """Open an operation under open-source research, with the officer as the one who leads it. Raises BadOperation."""
    name = written(name, "an operation needs a name", field="name")
    if purpose not in Purpose.values:
        raise BadOperation(
            f"'{purpose}' is no purpose of DPA 2018 s.31: choose one of {', '.join(Purpose.values)}",
            field="purpose",
        )
    if bad_tls not in ("refuse", "record"):
        raise BadOperation("bad TLS is either refused or recorded: choose 'refuse' or 'record'")
    operation = Operation(
        reference=uuid.uuid4().hex[:20],  # until its number is known
        name=name,
        purpose=purpose,
        test_ranges=new_ranges(test_ranges),
        bad_tls=bad_tls,
        opened_at=at,
        review_due=(at + timedelta(days=REVIEW_DAYS)).date(),
    )
    operation.save()
    operation.reference = f"OP-{operation.pk:04d}"
    operation.save(update_fields=["reference"])
    Membership.objects.create(operation=operation, officer=officer, role=Seat.LEAD, since=at)
    authority = _authority(officer, operation, rationale, sites, days, at, accounts)
    _log(
        Act.COLLECTION, operation, officer, at,
        {"name": name, "purpose": purpose, "sites": authority.sites, "rationale": authority.rationale, "accounts": authority.accounts},
    )  # fmt: skip
    return operation


@transaction.atomic
def record_authority(
    *,
    officer: Officer,
    operation: Operation,
    rationale: str,
    sites: Sequence[str],
    days: int,
    at: datetime,
    accounts: Sequence[str] = (),
) -> Authority:
    """Record a further authority for open-source research, in force from now on. Raises BadOperation."""
    must_lead(officer, operation)
    made = _authority(officer, operation, rationale, sites, days, at, accounts)
    _log(
        Act.COLLECTION, operation, officer, at,
        {"authority": made.reference, "sites": made.sites, "rationale": made.rationale, "ends": made.ends.isoformat(),
         "accounts": made.accounts},
    )  # fmt: skip
    return made


@transaction.atomic
def cancel_authority(
    *, officer: Officer, operation: Operation, number: int, reason: str, at: datetime
) -> Authority:
    """Cancel an authority: from this moment nothing is fetched under it. Raises BadOperation."""
    must_lead(officer, operation)
    found = operation.authorities.filter(number=number).first()
    if found is None:
        raise BadOperation(f"{operation.reference} has no authority A{number}")
    if found.cancelled_at:
        raise BadOperation(f"the authority {found.reference} was cancelled already")
    found.cancelled_for = written(reason, "say why the authority is cancelled", field="reason")
    found.cancelled_at, found.cancelled_by = at, officer.username
    found.save(update_fields=["cancelled_at", "cancelled_by", "cancelled_for"])
    _log(
        Act.ALTERATION, operation, officer, at, {"cancelled": found.reference, "reason": found.cancelled_for}
    )
    return found


@transaction.atomic
def add_member(
    *, operation: Operation, officer: Officer, by: Officer, at: datetime, role: str = Seat.MEMBER
) -> None:
    """Put an officer on an operation, or give one who is on it another role. Raises BadOperation."""
    must_lead(by, operation)
    if role not in Seat.values:
        raise BadOperation(f"'{role}' is no role: choose one of {', '.join(Seat.values)}", field="role")
    if role != Seat.LEAD:
        _someone_else_leads(operation, officer)
    Membership.objects.update_or_create(
        operation=operation, officer=officer, defaults={"role": role}, create_defaults={"role": role, "since": at}
    )  # fmt: skip
    _log(Act.ALTERATION, operation, by, at, {"added": officer.username, "role": role})


@transaction.atomic
def remove_member(*, operation: Operation, officer: Officer, by: Officer, at: datetime) -> None:
    """Take an officer off an operation; what they did stays. Raises BadOperation."""
    must_lead(by, operation)
    _someone_else_leads(operation, officer)
    if not Membership.objects.filter(operation=operation, officer=officer).delete()[0]:
        raise BadOperation(f"{officer.username} is not on {operation.reference}")
    _log(Act.ALTERATION, operation, by, at, {"removed": officer.username})


@transaction.atomic
def review(*, officer: Officer, operation: Operation, due: date, reason: str, at: datetime) -> None:
    """Decide to go on keeping what the operation holds, until the next review. Raises BadOperation."""
    must_lead(officer, operation)
    reason = written(reason, "say why what is held is still needed", field="reason")
    if not at.date() < due <= at.date() + timedelta(days=LONGEST_DAYS):
        raise BadOperation("the next review must be after today, and within a year", field="due")
    Review.objects.create(operation=operation, officer=officer, at=at, reason=reason, due=due)
    operation.review_due = due
    operation.save(update_fields=["review_due"])
    _log(Act.ALTERATION, operation, officer, at, {"review_due": due.isoformat(), "reason": reason})


def must_lead(officer: Officer, operation: Operation) -> None:
    """Raise BadOperation unless the officer leads the operation."""
    if not queries.leads(officer, operation):
        raise BadOperation(f"only those who lead {operation.reference} may do this: ask one of them")


def _someone_else_leads(operation: Operation, officer: Officer) -> None:
    leads = Membership.objects.select_for_update().filter(operation=operation, role=Seat.LEAD)
    held = [one.officer_id for one in leads]
    if held == [officer.pk]:
        raise BadOperation(
            f"{officer.name} is the only one who leads {operation.reference}: let another lead it first"
        )


def _authority(
    officer: Officer,
    operation: Operation,
    rationale: str,
    sites: Sequence[str],
    days: int,
    at: datetime,
    accounts: Sequence[str] = (),
) -> Authority:
    reason = written(
        rationale, "it needs a rationale: say why the sites are to be visited", field="rationale"
    )
    patterns = new_sites(sites)
    if not 0 < days <= LONGEST_DAYS:
        raise BadOperation(f"an authority lasts between 1 and {LONGEST_DAYS} days", field="days")
    Operation.objects.select_for_update().get(pk=operation.pk)  # two at once must not take one number
    last = operation.authorities.aggregate(last=Max("number"))["last"] or 0
    return Authority.objects.create(
        operation=operation, number=last + 1, rationale=reason, sites=patterns, techniques=["visit"],
        accounts=sorted({one.strip() for one in accounts if one.strip()}),
        starts=at, ends=at + timedelta(days=days), granted_by=officer.username,
    )  # fmt: skip


def _log(act: Act, operation: Operation, by: Officer, at: datetime, detail: dict[str, object]) -> None:
    record.write(
        act, by=by.username, at=at, record=f"operation:{operation.reference}",
        operation=operation.reference, detail=detail,
    )  # fmt: skip
