"""What an officer may ask of links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.operations.errors import NotFound
from bowstreet.casework.people.models import Officer
from bowstreet.casework.review.models import Decision, Proposal


@dataclass(frozen=True)
class Reviewed:
    """A proposal, and the decision that stands, if any."""

    proposal: Proposal
    decision: Decision | None


@transaction.atomic
def links(officer: Officer, reference: str, *, at: datetime) -> list[Reviewed]:
    """Every pair: undecided ones first, the weightiest before the others."""
    operation = operations.get(officer, reference)
    record.write(Act.CONSULTATION, by=officer.username, at=at, record="links", operation=reference)
    standing = {
        (d.left, d.right): d for d in operation.decisions.filter(withdrawn_at=None).select_related("officer")
    }
    rows = [
        Reviewed(p, standing.get((p.left, p.right))) for p in operation.proposals.order_by("-weight", "id")
    ]
    return sorted(rows, key=lambda row: row.decision is not None)


def link(officer: Officer, reference: str, number: int, *, at: datetime) -> Reviewed:
    """One pair. Raises NotFound."""
    for row in links(officer, reference, at=at):
        if row.proposal.id == number:
            return row
    raise NotFound(f"there is no link {number} in {reference}")


def history(officer: Officer, reference: str, left: str, right: str) -> list[Decision]:
    """Every decision about a pair, withdrawn ones too, the latest first."""
    found = operations.get(officer, reference).decisions.filter(left=left, right=right)
    return list(found.select_related("officer").order_by("-at", "-id"))
