"""The gate: the only maker of permits. It is asked at the start of a visit, and again before every page.

Refused, and logged: no authority in force, one that is cancelled or over, an address outside its sites, a technique it does
not name (rules 1, 2 and 4 of docs/explanation/rules.md).
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from bowstreet.capture.errors import BadAddress, CaptureError, OutOfScope, PermitRefused
from bowstreet.capture.permit import Permit
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations import queries
from bowstreet.casework.operations.models import Authority, Operation
from bowstreet.casework.people.models import Officer

TECHNIQUES = ("visit",)  # there is no technique to message, buy, befriend, join or get past a challenge


def issue(
    *,
    officer: Officer,
    operation: Operation,
    url: str,
    at: datetime,
    technique: str = "visit",
    egress: str = "direct",
    account: str = "",
) -> Permit:
    """A permit for one visit, under an account of open registration where one is given. Raises PermitRefused or BadAddress; a refusal is logged."""
    try:
        return _issue(officer, operation, url, at, technique, egress, account)
    except CaptureError as refused:
        with transaction.atomic():
            record.write(
                Act.COLLECTION, by=officer.username, at=at, record=f"visit:{url[:250]}", operation=operation.reference,
                detail={"refused": str(refused)},
            )  # fmt: skip
        raise


def in_force(operation: Operation, *, at: datetime) -> bool:
    """Is any authority of the operation in force? What it covers, a permit says."""
    living = Q(cancelled_at=None) | Q(cancelled_at__gt=at)
    return operation.authorities.filter(living, starts__lte=at, ends__gt=at).exists()


def _issue(
    officer: Officer, operation: Operation, url: str, at: datetime, technique: str, egress: str, account: str
) -> Permit:
    if not operation.members.filter(pk=officer.pk, is_active=True).exists():
        raise PermitRefused(f"{officer.username} is not on the operation {operation.reference}")
    if not queries.works_on(officer, operation):
        raise PermitRefused(f"{officer.username} may look at {operation.reference}, and not act on it")
    if technique not in TECHNIQUES:
        raise PermitRefused(f"'{technique}' is not something this software does")
    refused: CaptureError = PermitRefused(
        f"the operation {operation.reference} has no authority: record one first"
    )
    for authority in operation.authorities.order_by("-number"):
        permit = _permit(officer, operation, authority, at, egress, account)
        try:
            if authority.cancelled_at and at >= authority.cancelled_at:
                raise PermitRefused(f"the authority {authority.reference} was cancelled: seek a new one")
            permit.check(url, at, technique=technique)
            if account and account not in authority.accounts:
                raise PermitRefused(
                    f"the authority {authority.reference} names no account '{account}': record one that does"
                )
            return permit
        except BadAddress:
            raise
        except PermitRefused as error:
            # That an authority is in force, for other sites, says more than that another has ended.
            refused = refused if isinstance(refused, OutOfScope) else error
    raise refused


def _permit(
    officer: Officer, operation: Operation, authority: Authority, at: datetime, egress: str, account: str
) -> Permit:
    return Permit(
        reference=f"P-{uuid.uuid4().hex[:12]}",
        operation=operation.reference,
        authority=authority.reference,
        officer=officer.username,
        purpose=operation.purpose,
        sites=tuple(authority.sites),
        techniques=tuple(authority.techniques),
        starts=authority.starts,
        ends=authority.ends,
        issued=at,
        test_ranges=tuple(operation.test_ranges),
        bad_tls=operation.bad_tls,
        egress=egress,
        account=account,
    )
