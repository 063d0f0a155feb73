"""Opening operations and giving authorities."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from bowstreet.capture.errors import BadAddress
from bowstreet.capture.scope import SitePattern
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations.errors import BadOperation
from bowstreet.casework.operations.models import Authority, Membership, Operation, Purpose
from bowstreet.casework.people.models import Officer

#: Settings, not law: how long open-source research runs before it is looked at again, and the review of the data.
RESEARCH_DAYS = 28
REVIEW_DAYS = 365


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
) -> Operation:
    """Open an operation under open-source research, with the officer as its first member. Raises BadOperation."""
    name, rationale = name.strip(), rationale.strip()
    if not name or not rationale:
        raise BadOperation("an operation needs a name and a rationale: say why the sites are to be visited")
    if purpose not in Purpose.values:
        raise BadOperation(
            f"'{purpose}' is no purpose of DPA 2018 s.31: choose one of {', '.join(Purpose.values)}"
        )
    if not 0 < days <= 366:
        raise BadOperation("an authority lasts between 1 and 366 days")
    if bad_tls not in ("refuse", "record"):
        raise BadOperation("bad TLS is either refused or recorded: choose 'refuse' or 'record'")
    patterns, ranges = _sites(sites), _ranges(test_ranges)
    last = Operation.objects.aggregate(last=Max("id"))["last"] or 0
    operation = Operation.objects.create(
        reference=f"OP-{last + 1:04d}",
        name=name,
        purpose=purpose,
        test_ranges=ranges,
        bad_tls=bad_tls,
        opened_at=at,
        review_due=(at + timedelta(days=REVIEW_DAYS)).date(),
    )
    Membership.objects.create(operation=operation, officer=officer, role="owner", since=at)
    Authority.objects.create(
        operation=operation,
        number=1,
        rationale=rationale,
        sites=patterns,
        techniques=["visit"],
        starts=at,
        ends=at + timedelta(days=days),
        granted_by=officer.username,
    )
    detail = {"name": name, "purpose": purpose, "sites": patterns, "rationale": rationale}
    record.write(
        Act.COLLECTION, by=officer.username, at=at, record=f"operation:{operation.reference}",
        operation=operation.reference, detail=detail,
    )  # fmt: skip
    return operation


@transaction.atomic
def add_member(*, operation: Operation, officer: Officer, by: Officer, at: datetime) -> None:
    """Put a further officer on an operation."""
    Membership.objects.get_or_create(operation=operation, officer=officer, defaults={"since": at})
    record.write(
        Act.ALTERATION, by=by.username, at=at, record=f"operation:{operation.reference}",
        operation=operation.reference, detail={"added": officer.username},
    )  # fmt: skip


def _sites(sites: Sequence[str]) -> list[str]:
    try:
        found = [str(SitePattern.parse(site)) for site in sites if site.strip()]
    except BadAddress as error:
        raise BadOperation(str(error)) from None
    if not found:
        raise BadOperation("an operation needs at least one site that may be visited")
    return found


def _ranges(given: Sequence[str]) -> list[str]:
    if given and not settings.TEST_RANGES_ALLOWED:
        raise BadOperation("this installation does not allow test ranges: leave them out")
    try:
        return [str(ipaddress.ip_network(one.strip())) for one in given]
    except ValueError as error:
        raise BadOperation(f"a test range is a CIDR block such as 127.0.0.0/8: {error}") from None
