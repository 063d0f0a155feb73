"""What an officer may ask of links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from bowstreet.casework.findings import queries as findings
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.operations.errors import NotFound
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer
from bowstreet.casework.review.models import Decision, Learning, Proposal
from bowstreet.casework.review.records import pair_of
from bowstreet.linking import decisions as linking


@dataclass(frozen=True)
class Reviewed:
    """A proposal, and the decision that stands, if any."""

    proposal: Proposal
    decision: Decision | None


@dataclass(frozen=True)
class Progress:
    """How far the review is: pairs decided, of all; `next` is the most useful undecided one, if there is any."""

    decided: int
    total: int
    next: Proposal | None


@transaction.atomic
def links(officer: Officer, reference: str, *, at: datetime) -> list[Reviewed]:
    """Every pair: undecided ones first, the weightiest before the others; the look is logged."""
    operation = operations.get(officer, reference)
    record.write(Act.CONSULTATION, by=officer.username, at=at, record="links", operation=reference)
    return sorted(_reviewed(operation), key=lambda row: row.decision is not None)


def _reviewed(operation: Operation, account: str = "") -> list[Reviewed]:
    standing = {
        (d.left, d.right): d for d in operation.decisions.filter(withdrawn_at=None).select_related("officer")
    }
    rows = operation.proposals.order_by("-weight", "id")
    if account:
        rows = rows.filter(Q(left=account) | Q(right=account))
    return [Reviewed(p, standing.get((p.left, p.right))) for p in rows]


@transaction.atomic
def link(officer: Officer, reference: str, number: int, *, at: datetime) -> Reviewed:
    """One pair; the look is logged. Raises NotFound."""
    operation = operations.get(officer, reference)
    found = operation.proposals.filter(id=number).first()
    if found is None:
        raise NotFound(f"there is no link {number} in {reference}")
    record.write(
        Act.CONSULTATION, by=officer.username, at=at, record=f"pair:{found.left}|{found.right}"[:300], operation=reference
    )  # fmt: skip
    standing = operation.decisions.filter(left=found.left, right=found.right, withdrawn_at=None)
    return Reviewed(found, standing.select_related("officer").first())


def progress(officer: Officer, reference: str, *, skipped: Sequence[int] = ()) -> Progress:
    """How far the review is, and the most useful pair that is neither decided nor skipped."""
    rows = _reviewed(operations.get(officer, reference))
    decided = {(r.proposal.left, r.proposal.right): str(r.decision.verdict) for r in rows if r.decision}
    waiting = {
        (r.proposal.left, r.proposal.right): r.proposal
        for r in rows
        if not r.decision and r.proposal.pk not in skipped
    }
    queue = linking.queue([pair_of(proposal) for proposal in waiting.values()], decided)
    first = waiting[queue[0].left, queue[0].right] if queue else None
    return Progress(len(decided), len(rows), first)


def sides(operation: Operation, proposal: Proposal) -> tuple[findings.Seller | None, findings.Seller | None]:
    """The two sellers of a pair, with what was read of them. Part of looking at the pair, which is logged."""
    return findings.named(operation, proposal.left), findings.named(operation, proposal.right)


def history(officer: Officer, reference: str, left: str, right: str) -> list[Decision]:
    """Every decision about a pair, withdrawn ones too, the latest first."""
    found = operations.get(officer, reference).decisions.filter(left=left, right=right)
    return list(found.select_related("officer").order_by("-at", "-id"))


def clusters(operation: Operation) -> tuple[tuple[str, ...], ...]:
    """Accounts that decisions make one seller. Two that were told apart are never in one."""
    decided = _standing(operation)
    return linking.clusters({account for pair in decided for account in pair}, decided)


def conflicts(operation: Operation) -> tuple[linking.Key, ...]:
    """Pairs decided the same that other decisions keep apart: for a person to settle."""
    decided = _standing(operation)
    return linking.conflicts({account for pair in decided for account in pair}, decided)


def _standing(operation: Operation) -> dict[linking.Key, str]:
    rows = operation.decisions.filter(withdrawn_at=None).values_list("left", "right", "verdict")
    return {(left, right): verdict for left, right, verdict in rows}


def of_seller(operation: Operation, account: str) -> list[Reviewed]:
    """The pairs that an account is in, the weightiest first."""
    return _reviewed(operation, account)


def learnings(officer: Officer, reference: str) -> list[Learning]:
    """What was learned from decisions, the latest first."""
    return list(operations.get(officer, reference).learnings.select_related("officer").order_by("-id"))


def counts(operation: Operation) -> tuple[int, int]:
    """How many decisions that stand say the same seller, and how many say different ones."""
    said = list(_standing(operation).values())
    return said.count(linking.SAME), said.count(linking.DIFFERENT)
