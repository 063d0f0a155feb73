"""Writing the log. There is no other way to write it, and an act whose entry fails, fails.

with transaction.atomic():
    …
    record.write(Act.COLLECTION, by="officer.jones", at=now, record="capture:…", operation="OP-0001")
"""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from bowstreet.casework.log.models import Act, Entry
from bowstreet.evidence.commitment import leaf, new_salt
from bowstreet.evidence.exhibit import LedgerEntry
from bowstreet.evidence.ledger import Ledger, LedgerReport
from bowstreet.evidence.signing import SigningKey


class NotInTransaction(RuntimeError):
    """An entry was written outside the transaction of its act: a fault in the program."""


def write(
    act: Act,
    *,
    by: str,
    at: datetime,
    record: str,
    operation: str = "",
    detail: Mapping[str, Any] | None = None,
    recipient: str = "",
    reason: str = "",
) -> int:
    """Write one entry, in the act's own transaction; its number. The ledger's tiles follow after the commit."""
    if not connection.in_atomic_block:
        raise NotInTransaction(f"{act} of {record}")
    last = Entry.objects.aggregate(last=Max("number"))["last"]
    salt = new_salt()
    entry = Entry(
        number=0 if last is None else last + 1,
        act=act,
        at=at.astimezone(UTC),
        actor=by,
        system_user=getpass.getuser(),
        operation=operation,
        record=record,
        detail=dict(detail or {}),
        recipient=recipient,
        reason=reason,
        salt=salt,
    )
    entry.leaf = leaf(entry.event(), salt)
    entry.clean_fields(exclude=["salt", "leaf", "detail"])  # the database itself holds the constraints
    entry.save(force_insert=True)
    transaction.on_commit(follow, robust=True)
    return entry.number


def ledger() -> Ledger:
    """This installation's ledger."""
    return Ledger(settings.HOME / "ledger")


def follow() -> None:
    """Bring the ledger up to the rows. May be run by anyone at any time, and again after a kill."""
    own = ledger()
    leaves = Entry.objects.filter(number__gte=own.size).order_by("number").values_list("leaf", flat=True)
    missing = [bytes(one) for one in leaves]
    if missing:
        own.extend(missing)


def check() -> LedgerReport:
    """Hash the ledger again, and compare it with what the rows say it must hold."""
    follow()
    rows = (leaf(entry.event(), bytes(entry.salt)) for entry in Entry.objects.order_by("number").iterator())
    return ledger().check(expected=rows)


def checkpoint(key: SigningKey, *, at: datetime) -> str:
    """Sign the ledger as it stands."""
    follow()
    return ledger().checkpoint(key, at=at)


def proven(number: int, key: SigningKey, *, at: datetime) -> LedgerEntry:
    """An entry opened, with the proof that it is in the ledger: for an exhibit."""
    note = checkpoint(key, at=at)
    entry = Entry.objects.get(number=number)
    name = f"{entry.number:06d}-{entry.act}"
    return LedgerEntry(name, entry.event(), bytes(entry.salt), ledger().tlog_proof(number, note))


__all__ = ["Act", "check", "checkpoint", "follow", "ledger", "proven", "write"]
