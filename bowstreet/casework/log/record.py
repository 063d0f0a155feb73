"""Writing the log. There is no other way to write it, and an act whose entry fails, fails.

with transaction.atomic():
    …
    record.write(Act.COLLECTION, by="officer.jones", at=now, record="capture:…", operation="OP-0001")
"""

from __future__ import annotations

import getpass
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from bowstreet.casework.log.models import Act, Entry
from bowstreet.evidence.commitment import leaf, new_salt
from bowstreet.evidence.errors import BadLedger
from bowstreet.evidence.exhibit import LedgerEntry
from bowstreet.evidence.ledger import Ledger, LedgerReport
from bowstreet.evidence.signing import SigningKey
from bowstreet.evidence.trust import Trust

#: The rows are the log; the ledger's tiles follow them in groups, after this many entries or seconds. Whatever
#: reads the ledger brings it up to the rows first, and so does every start: a kill in between loses nothing.
GROUP, PAUSE = 256, 0.25
_followed = [float("-inf")]


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
    """Write one entry, in the act's own transaction; its number. The ledger's tiles follow, in groups."""
    if not connection.in_atomic_block:
        raise NotInTransaction(f"{act} of {record}")
    number, salt = _next_number(), new_salt()
    entry = Entry(
        number=number,
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
    transaction.on_commit(lambda: _follow_in_groups(number), robust=True)
    return number


def _next_number() -> int:
    """The number after the last. Nobody else can take it until this transaction ends."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # SQLite has one writer at a time anyway
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('log_entry'))")
        cursor.execute("SELECT COALESCE(MAX(number) + 1, 0) FROM log_entry")
        return int(cursor.fetchone()[0])


def _follow_in_groups(number: int) -> None:
    if number % GROUP == GROUP - 1 or time.monotonic() - _followed[0] >= PAUSE:
        follow()


def ledger() -> Ledger:
    """This installation's ledger."""
    return Ledger(settings.HOME / "ledger")


def follow() -> None:
    """Bring the ledger up to the rows. May be run by anyone at any time, and again after a kill."""
    ledger().catch_up(_leaves)
    _followed[0] = time.monotonic()


def _leaves(start: int) -> Iterator[bytes]:
    rows = Entry.objects.filter(number__gte=start).order_by("number").values_list("leaf", flat=True)
    return map(bytes, rows.iterator())


def check(trust: Trust | None = None) -> LedgerReport:
    """Hash the ledger again, and compare it with what the rows say it must hold; with `trust`, its checkpoints'
    signatures and time-stamps too."""
    with suppress(BadLedger):  # it is damaged, as the check will say
        follow()
    own, trust = ledger(), trust or Trust()
    return own.check(expected=_made(own), logs=trust.logs, timestamp_roots=trust.timestamp_roots)


def _made(own: Ledger) -> Iterator[bytes]:
    """The leaf that each row makes. A row that was moved, leaf and all, gives the leaf it came with: it is found to
    stand elsewhere."""
    kept = own.leaves()
    for entry in Entry.objects.order_by("number").iterator():
        made, told, held = leaf(entry.event(), bytes(entry.salt)), bytes(entry.leaf), next(kept, None)
        yield told if made != told != held else made


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
