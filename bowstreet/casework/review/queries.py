"""What an officer may ask of links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import overload

from django.db import transaction
from django.db.models import Q, QuerySet

from bowstreet.casework.findings import queries as findings
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.operations.errors import NotFound
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer
from bowstreet.casework.review.models import Decision, Learning, Proposal
from bowstreet.linking import decisions as linking
from bowstreet.linking.reasons import Pair

AT_ONCE = 500


@dataclass(frozen=True)
class Reviewed:
    """A proposal, and the decision that stands, if any."""

    proposal: Proposal
    decision: Decision | None


@dataclass(frozen=True)
class Rows(Sequence[Reviewed]):
    """Pairs in order, each read with its reasons only when it is looked at: there may be very many."""

    numbers: tuple[int, ...]
    standing: Mapping[linking.Key, Decision]

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, at: int) -> Reviewed: ...
    @overload
    def __getitem__(self, at: slice) -> list[Reviewed]: ...
    def __getitem__(self, at: int | slice) -> Reviewed | list[Reviewed]:
        asked = self.numbers[at] if isinstance(at, slice) else (self.numbers[at],)
        held = Proposal.objects.in_bulk(asked)
        found = [
            Reviewed(p, self.standing.get((p.left, p.right))) for n in asked for p in (held.get(n),) if p
        ]
        return found if isinstance(at, slice) else found[0]

    def __iter__(self) -> Iterator[Reviewed]:
        for start in range(0, len(self), AT_ONCE):
            yield from self[start : start + AT_ONCE]


@dataclass(frozen=True)
class Progress:
    """How far the review is: pairs decided, of all; `next` is the most useful undecided one, if there is any."""

    decided: int
    total: int
    next: Proposal | None


@transaction.atomic
def links(officer: Officer, reference: str, *, at: datetime) -> Rows:
    """Every pair: undecided ones first, the weightiest before the others; the look is logged."""
    operation = operations.get(officer, reference)
    record.write(Act.CONSULTATION, by=officer.username, at=at, record="links", operation=reference)
    return _rows(operation, operation.proposals.all())


def _rows(operation: Operation, proposals: QuerySet[Proposal], *, undecided_first: bool = True) -> Rows:
    """Proposals, the weightiest first, with the decisions that stand."""
    decided = operation.decisions.filter(withdrawn_at=None).select_related("officer")
    standing = {(d.left, d.right): d for d in decided}
    told = list(proposals.order_by("-weight", "id").values_list("id", "left", "right"))
    if undecided_first:
        told.sort(key=lambda row: row[1:] in standing)
    return Rows(tuple(row[0] for row in told), standing)


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
    operation = operations.get(officer, reference)
    standing, passed = _standing(operation), set(skipped)
    told = operation.proposals.values_list("id", "left", "right", "weight")
    pairs = {(left, right): (number, Pair(left, right, weight, ())) for number, left, right, weight in told}
    decided = {key: standing[key] for key in pairs if key in standing}
    waiting = [pair for key, (number, pair) in pairs.items() if key not in decided and number not in passed]
    queue = linking.queue(waiting, decided)
    first = operation.proposals.get(id=pairs[queue[0].left, queue[0].right][0]) if queue else None
    return Progress(len(decided), len(pairs), first)


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


def of_seller(operation: Operation, account: str) -> Rows:
    """The pairs that an account is in, the weightiest first."""
    mine = operation.proposals.filter(Q(left=account) | Q(right=account))
    return _rows(operation, mine, undecided_first=False)


def learnings(officer: Officer, reference: str) -> list[Learning]:
    """What was learned from decisions, the latest first."""
    return list(operations.get(officer, reference).learnings.select_related("officer").order_by("-id"))


def counts(operation: Operation) -> tuple[int, int]:
    """How many decisions that stand say the same seller, and how many say different ones."""
    said = list(_standing(operation).values())
    return said.count(linking.SAME), said.count(linking.DIFFERENT)
