"""Starting, pausing and going on with a crawl; and taking one up, also after whoever worked on it was killed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from bowstreet.capture.canonical import canonical
from bowstreet.capture.crawl import Ceilings
from bowstreet.capture.errors import BadAddress
from bowstreet.capture.frontier import Kind
from bowstreet.casework.captures import acts as captures
from bowstreet.casework.conduct import acts as conduct
from bowstreet.casework.crawls import queue
from bowstreet.casework.crawls.models import Crawl, State
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.operations.errors import BadOperation, NotFound
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer

RATE_SECONDS = 10.0
DEPTH = 3


@dataclass(frozen=True)
class Plan:
    """What a crawl is to do. `rate` is the least number of seconds between two visits to one origin."""

    seeds: tuple[str, ...]
    scope: str = Kind.PREFIX
    depth: int = DEPTH
    rate: float = RATE_SECONDS
    robots: str = ""  # "obey" or "ignore"; empty: as the operation chose
    drop: tuple[str, ...] = ()
    egress: str = "direct"
    ceilings: Ceilings = field(default_factory=Ceilings)


@transaction.atomic
def start(*, officer: Officer, operation: Operation, plan: Plan, at: datetime) -> Crawl:
    """Write a crawl down, with its seeds on its queue; nothing is visited yet. Raises BadOperation or BadAddress."""
    operations.must_work_on(officer, operation)
    obey = _obeys(operation, plan.robots)
    _check(plan)
    seeds = list(dict.fromkeys(canonical(url, drop=plan.drop) for url in plan.seeds))
    if not seeds:
        raise BadAddress("a crawl begins with at least one address")
    crawl = Crawl.objects.create(
        operation=operation, officer=officer, seeds=seeds, scope=Kind(plan.scope).value, depth=plan.depth, rate=plan.rate,
        obey_robots=obey, drop=list(plan.drop), egress=plan.egress, max_pages=plan.ceilings.pages,
        max_minutes=plan.ceilings.minutes, max_bytes=plan.ceilings.size, started_at=at,
    )  # fmt: skip
    queue.add(crawl, seeds, depth=0)
    _log(
        crawl,
        officer,
        at,
        {
            "seeds": seeds,
            "scope": crawl.scope,
            "depth": crawl.depth,
            "rate": f"{crawl.rate:g}",
            "robots": obey,
        },
    )
    return crawl


def _check(plan: Plan) -> None:
    if plan.scope not in set(Kind):
        raise BadOperation(f"a crawl's scope is one of {', '.join(Kind)}, not '{plan.scope}'")
    if not 0 <= plan.depth <= 100:
        raise BadOperation("a crawl's depth is between 0 and 100")
    if not 0 <= plan.rate <= 3600:
        raise BadOperation("a crawl's rate is between 0 and 3600 seconds")
    if min(plan.ceilings.pages, plan.ceilings.minutes, plan.ceilings.size) < 1:
        raise BadOperation("a crawl's ceilings are at least 1")


def _obeys(operation: Operation, asked: str) -> bool:
    """robots.txt is obeyed, unless the operation wrote down that it is not, and this crawl does not obey it all the same."""
    if asked not in ("", "obey", "ignore"):
        raise BadOperation(
            f"robots.txt is either obeyed or ignored: choose 'obey' or 'ignore', not '{asked}'"
        )
    chosen = conduct.of(operation).obeys_robots
    if asked == "ignore" and chosen:
        raise BadOperation(
            f"{operation.reference} obeys robots.txt: write the other choice down first, with its reason "
            f"('bowstreet operation conduct {operation.reference} --robots ignore --reason …')"
        )
    return asked == "obey" or chosen


@transaction.atomic
def pause(crawl: Crawl, *, officer: Officer, at: datetime) -> None:
    """Visit nothing after the page under way. Raises BadOperation for a crawl that does not run."""
    operations.must_work_on(officer, crawl.operation)
    if not Crawl.objects.filter(id=crawl.id, state=State.RUNNING).update(state=State.PAUSED):
        raise BadOperation(f"crawl {crawl.pk} is {crawl.state}, and cannot be paused")
    _log(crawl, officer, at, {"state": "paused"})


@transaction.atomic
def resume(crawl: Crawl, *, officer: Officer, at: datetime) -> None:
    """Go on: after a pause, after a stop (the ceiling or the authority has to be another by then), or after a kill."""
    operations.must_work_on(officer, crawl.operation)
    if crawl.state == State.DONE:
        raise BadOperation(f"crawl {crawl.pk} is done: it has nothing left to visit")
    Crawl.objects.filter(id=crawl.id).update(state=State.RUNNING, reason="")
    crawl.refresh_from_db()
    _log(crawl, officer, at, {"state": "running"})


@transaction.atomic
def finish(crawl: Crawl, state: State, reason: str, *, at: datetime) -> None:
    """It is over, and why."""
    Crawl.objects.filter(id=crawl.id).update(state=state, reason=reason)
    crawl.refresh_from_db()
    _log(crawl, crawl.officer, at, {"state": state.value, "reason": reason})


def claim(crawl: Crawl, *, worker: str, at: datetime) -> bool:
    """Make it this worker's, where nobody living works on it."""
    free = Q(claimed_by__in=("", worker)) | Q(claimed_at=None) | Q(claimed_at__lt=at - captures.LEASE)
    if crawl.claimed_by and not captures.alive(crawl.claimed_by):
        free |= Q(claimed_by=crawl.claimed_by)
    taken = Crawl.objects.filter(free, id=crawl.id, state=State.RUNNING)
    return bool(taken.update(claimed_by=worker, claimed_at=at))


def release(crawl: Crawl, *, worker: str) -> None:
    """Somebody else may go on with it."""
    Crawl.objects.filter(id=crawl.id, claimed_by=worker).update(claimed_by="", claimed_at=None)


def running() -> Sequence[Crawl]:
    """The crawls that somebody should work on, the oldest first."""
    return list(
        Crawl.objects.filter(state=State.RUNNING).select_related("operation", "officer").order_by("id")
    )


def find(operation: Operation, number: int) -> Crawl:
    """One crawl of an operation. Raises NotFound."""
    found = operation.crawls.filter(id=number).select_related("operation", "officer").first()
    if found is None:
        raise NotFound(
            f"there is no crawl {number} in {operation.reference}: 'bowstreet crawl status' lists them"
        )
    return found


def _log(crawl: Crawl, officer: Officer, at: datetime, detail: dict[str, object]) -> None:
    record.write(
        Act.COLLECTION, by=officer.username, at=at, record=f"crawl:{crawl.pk}", operation=crawl.operation.reference,
        detail=detail,
    )  # fmt: skip
