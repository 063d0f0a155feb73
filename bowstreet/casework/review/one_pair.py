"""One pair in the database, in plain SQL: Django takes twenty times longer to write each of these than SQLite to run it.

The same words serve SQLite and PostgreSQL; what goes in and comes out passes through the models' own fields.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from bowstreet.casework.operations.models import Operation
from bowstreet.casework.review.models import Decision, Proposal

_PROPOSED = 'SELECT * FROM review_proposal WHERE operation_id = %s AND "left" = %s AND "right" = %s'
_WITHDRAW = """UPDATE review_decision SET withdrawn_at = %s
WHERE operation_id = %s AND "left" = %s AND "right" = %s AND withdrawn_at IS NULL"""


def proposed(operation: Operation, left: str, right: str) -> Proposal | None:
    """What is proposed about a pair now, if anything is."""
    return next(iter(Proposal.objects.raw(_PROPOSED, [operation.pk, left, right])), None)


def withdraw(operation: Operation, left: str, right: str, *, at: datetime) -> bool:
    """Withdraw the decision that stands about a pair; was there one?"""
    when = Decision._meta.get_field("withdrawn_at").get_db_prep_save(at, connection)
    with connection.cursor() as cursor:
        cursor.execute(_WITHDRAW, [when, operation.pk, left, right])
        return bool(cursor.rowcount)
