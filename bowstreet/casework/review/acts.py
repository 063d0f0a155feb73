"""Linking an operation's sellers, deciding about the pairs, and learning from decisions. Nothing is merged by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from bowstreet.casework.findings import queries as findings
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer
from bowstreet.casework.review import one_pair
from bowstreet.casework.review.models import Decision, Learning, Proposal, Verdict
from bowstreet.casework.review.records import record_of
from bowstreet.linking import sellers
from bowstreet.linking.accounts import Account
from bowstreet.linking.decisions import Key
from bowstreet.linking.errors import LinkingError
from bowstreet.linking.reasons import Pair
from bowstreet.linking.tuning import Tuning, tune

#: Pairs that were decided are told again however little speaks for them.
ALL = -30.0


class BadDecision(Exception):
    """A decision that cannot be taken as asked. The message says what to mend."""


def link(*, officer: Officer, operation: Operation, at: datetime) -> list[Proposal]:
    """Propose pairs of the operation's sellers again; decisions already taken are kept, and their pairs are told again.

    A pair keeps its number from one linking to the next.
    """
    _must_work(officer, operation)
    accounts = [seller.linked() for seller in findings.sellers(operation)]
    decided = decisions(operation)
    pairs = _told(accounts, decided, tuning(operation))
    with transaction.atomic():
        made = Proposal.objects.bulk_create(
            (_proposal(operation, pair) for pair in pairs), update_conflicts=True, unique_fields=["operation", "left", "right"],
            update_fields=["weight", "probability", "likely", "prior", "reasons", "change"],
        )  # fmt: skip
        _forget(operation, {(pair.left, pair.right) for pair in pairs} | decided.keys())
        record.write(
            Act.COMBINATION, by=officer.username, at=at, record=f"links:{operation.reference}",
            operation=operation.reference, detail={"accounts": len(accounts), "pairs": len(made)},
        )  # fmt: skip
    return made


def _told(accounts: list[Account], decided: Iterable[Key], chosen: Tuning | None) -> list[Pair]:
    """What linking proposes, and the pairs that were decided, the weightiest first."""
    pairs = {(pair.left, pair.right): pair for pair in sellers.link(accounts, tuning=chosen).pairs}
    if rest := set(decided) - pairs.keys():
        among = sellers.link(accounts, tuning=chosen, floor=ALL, only=set().union(*rest)).pairs
        pairs |= {key: pair for pair in among if (key := (pair.left, pair.right)) in rest}
    return sorted(pairs.values(), key=lambda pair: (-pair.weight, pair.left, pair.right))


def _proposal(operation: Operation, pair: Pair) -> Proposal:
    return Proposal(
        operation=operation, left=pair.left, right=pair.right, weight=pair.weight, probability=pair.probability,
        likely=pair.likely, prior=pair.prior, reasons=[asdict(reason) for reason in pair.reasons], change=list(pair.change),
    )  # fmt: skip


def _forget(operation: Operation, keep: set[Key]) -> None:
    """Drop what is proposed no more."""
    rows = operation.proposals.values_list("id", "left", "right")
    stale = [number for number, left, right in rows if (left, right) not in keep]
    for start in range(0, len(stale), 500):
        operation.proposals.filter(id__in=stale[start : start + 500]).delete()


def decisions(operation: Operation) -> dict[Key, str]:
    """The decisions that stand."""
    standing = operation.decisions.filter(withdrawn_at=None)
    return {(d.left, d.right): d.verdict for d in standing}


def tuning(operation: Operation) -> Tuning | None:
    """What was last learned from decisions, where it stands and did better."""
    last = operation.learnings.filter(withdrawn_at=None).order_by("-id").first()
    return Tuning(last.shift, last.factors) if last and last.kept else None


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
    one_pair.withdraw(operation, left, right, at=at)
    shown = one_pair.proposed(operation, left, right)
    made = Decision.objects.create(
        operation=operation,
        left=left,
        right=right,
        verdict=verdict,
        note=note.strip(),
        seen=record_of(shown) if shown else {},
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
    if not one_pair.withdraw(operation, left, right, at=at):
        raise BadDecision("There is no decision about this pair to withdraw")
    record.write(
        Act.ALTERATION, by=officer.username, at=at, record=f"pair:{left}|{right}"[:300], operation=operation.reference,
        detail={"withdrawn": True},
    )  # fmt: skip


def learn(*, officer: Officer, operation: Operation, at: datetime) -> Learning:
    """Tune the weights by the decisions that stand, and look for links again with them. Raises BadDecision.

    Where the tuned weights do no better on decisions left out, the shipped ones stay, and that is kept too.
    """
    _must_work(officer, operation)
    decided = decisions(operation)
    try:
        accounts = [seller.linked() for seller in findings.sellers(operation)] if decided else []
        pairs = sellers.link(accounts, floor=ALL, only=set().union(*decided)).pairs if decided else ()
        chosen, report = tune(pairs, decided)
    except LinkingError as error:
        raise BadDecision(str(error)) from None
    with transaction.atomic():
        made = Learning.objects.create(
            operation=operation, officer=officer, at=at, shift=chosen.shift, factors=dict(chosen.factors), **asdict(report)
        )  # fmt: skip
        record.write(
            Act.ALTERATION, by=officer.username, at=at, record=f"weights:{operation.reference}",
            operation=operation.reference, detail={name: str(value) for name, value in asdict(report).items()},
        )  # fmt: skip
    link(officer=officer, operation=operation, at=at)
    return made


def unlearn(*, officer: Officer, operation: Operation, at: datetime) -> None:
    """Go back to the shipped weights, and look for links again. What was learned is kept, as withdrawn. Raises BadDecision."""
    _must_work(officer, operation)
    with transaction.atomic():
        if not operation.learnings.filter(withdrawn_at=None).update(withdrawn_at=at):
            raise BadDecision("The shipped weights are in use already")
        record.write(
            Act.ALTERATION, by=officer.username, at=at, record=f"weights:{operation.reference}",
            operation=operation.reference, detail={"withdrawn": True},
        )  # fmt: skip
    link(officer=officer, operation=operation, at=at)


def _must_work(officer: Officer, operation: Operation) -> None:
    if not operations.works_on(officer, operation):
        raise BadDecision(f"You may look at {operation.reference}, and not act on it")
