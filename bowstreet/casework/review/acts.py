"""Linking an operation's sellers, and deciding about the pairs. Nothing is merged by itself."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from bowstreet.casework.findings import queries as findings
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer
from bowstreet.casework.review.models import Decision, Proposal, Verdict
from bowstreet.linking import sellers


class BadDecision(Exception):
    """A decision that cannot be taken as asked. The message says what to mend."""


def link(*, officer: Officer, operation: Operation, at: datetime) -> list[Proposal]:
    """Propose pairs of the operation's sellers again; decisions already taken are kept and honoured."""
    _must_work(officer, operation)
    accounts = [seller.linked() for seller in findings.sellers(operation)]
    links = sellers.link(accounts, decisions=decisions(operation))
    with transaction.atomic():
        operation.proposals.all().delete()
        made = Proposal.objects.bulk_create(
            Proposal(
                operation=operation, left=pair.left, right=pair.right, weight=pair.weight, probability=pair.probability,
                likely=pair.likely, reasons=[asdict(reason) for reason in pair.reasons],
            )
            for pair in links.pairs
        )  # fmt: skip
        record.write(
            Act.COMBINATION, by=officer.username, at=at, record=f"links:{operation.reference}",
            operation=operation.reference, detail={"accounts": len(accounts), "pairs": len(made)},
        )  # fmt: skip
    return made


def decisions(operation: Operation) -> dict[tuple[str, str], str]:
    """The decisions that stand."""
    standing = operation.decisions.filter(withdrawn_at=None)
    return {(d.left, d.right): d.verdict for d in standing}


@transaction.atomic
def decide(
    *,
    officer: Officer,
    operation: Operation,
    left: str,
    right: str,
    verdict: str,
    at: datetime,
    note: str = "",
) -> Decision:
    """Decide about a pair. A decision before it is withdrawn, and kept. Raises BadDecision."""
    _must_work(officer, operation)
    if verdict not in Verdict.values:
        raise BadDecision("Choose whether they are the same seller, different sellers, or you are not sure")
    left, right = sorted((left, right))
    if left == right:
        raise BadDecision("A seller cannot be compared with itself")
    operation.decisions.filter(left=left, right=right, withdrawn_at=None).update(withdrawn_at=at)
    made = Decision.objects.create(
        operation=operation,
        left=left,
        right=right,
        verdict=verdict,
        note=note.strip(),
        officer=officer,
        at=at,
    )
    record.write(
        Act.COMBINATION, by=officer.username, at=at, record=f"pair:{left}|{right}"[:300], operation=operation.reference,
        detail={"verdict": verdict}, reason=note.strip(),
    )  # fmt: skip
    return made


@transaction.atomic
def withdraw(*, officer: Officer, operation: Operation, left: str, right: str, at: datetime) -> None:
    """Take a decision back. It is kept, as withdrawn. Raises BadDecision."""
    _must_work(officer, operation)
    left, right = sorted((left, right))
    if not operation.decisions.filter(left=left, right=right, withdrawn_at=None).update(withdrawn_at=at):
        raise BadDecision("There is no decision about this pair to withdraw")
    record.write(
        Act.ALTERATION, by=officer.username, at=at, record=f"pair:{left}|{right}"[:300], operation=operation.reference,
        detail={"withdrawn": True},
    )  # fmt: skip


def _must_work(officer: Officer, operation: Operation) -> None:
    if not operations.works_on(officer, operation):
        raise BadDecision(f"You may look at {operation.reference}, and not act on it")
