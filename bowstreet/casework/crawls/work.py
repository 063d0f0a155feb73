"""Working on a crawl: one page at each step, the gate asked before every one, all that follows in one transaction.

    while (took := step(crawl, worker=me, now=now)) is not None:
        …                              # a page was visited, or `took.until` says when one may be

Killed at any moment, it goes on where it was: what was sealed is held, what was under way is visited again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from bowstreet.capture.crawl import TRIES, Ceilings
from bowstreet.capture.errors import (
    BrowserFailed,
    CaptureError,
    NoRoom,
    NoWayOut,
    OutOfScope,
    PermitRefused,
    Unreachable,
)
from bowstreet.casework.captures import acts as captures
from bowstreet.casework.captures.acts import Clock
from bowstreet.casework.conduct.acts import RepeatVisit
from bowstreet.casework.crawls import acts, queue, settle
from bowstreet.casework.crawls.models import Address, Crawl, Standing, State
from bowstreet.casework.operations import gate
from bowstreet.flow import Capturing

NOT_SCORED = timedelta(minutes=10)  # a longer silence was no work


@dataclass(frozen=True)
class Went:
    """An address was visited; `label` says what came back, or `problem` why nothing did."""

    url: str
    problem: str = ""
    label: str = ""


@dataclass(frozen=True)
class Rest:
    """Nothing may be visited before then."""

    until: datetime


def run(
    crawl: Crawl,
    *,
    worker: str,
    now: Clock,
    sleep: Callable[[float], None],
    told: Callable[[Went], None] = lambda _: None,
) -> None:
    """Work on a crawl until it is over or paused. A pause, and an authority's end, are seen within a second."""
    try:
        with captures.session(now=now) as pages:
            while (took := step(crawl, worker=worker, now=now, pages=pages)) is not None:
                if isinstance(took, Went):
                    told(took)
                else:
                    sleep(max(0.05, min(1.0, (took.until - now()).total_seconds())))
    except CaptureError as error:
        acts.finish(crawl, State.PAUSED, str(error), at=now())
    finally:
        acts.release(crawl, worker=worker)


def step(crawl: Crawl, *, worker: str, now: Clock, pages: Capturing | None = None) -> Went | Rest | None:
    """Visit the next page. None where the crawl is over or paused, or another works on it."""
    fresh = crawl.claimed_by != worker
    if not _mine(crawl, worker, now()):
        return None
    if fresh:
        settle.recover(crawl, at=now())
    count = queue.totals(crawl)
    ceilings = Ceilings(crawl.max_pages, crawl.max_minutes, crawl.max_bytes)
    if not gate.in_force(crawl.operation, at=now()):
        over = f"no authority of {crawl.operation.reference} is in force any more: seek a new one, and resume"
        acts.finish(crawl, State.STOPPED, over, at=now())
        return None
    if why := ceilings.reached(pages=count.pages, seconds=crawl.worked, size=count.size):
        acts.finish(crawl, State.STOPPED, why, at=now())
        return None
    address = queue.next_due(crawl, now())
    if address is not None:
        return _visit(crawl, address, now, pages)
    if (until := queue.earliest(crawl)) is not None:
        return Rest(until)
    acts.finish(crawl, State.DONE, "", at=now())
    return None


def _mine(crawl: Crawl, worker: str, at: datetime) -> bool:
    """Keep the claim, and count the time since the last step as work."""
    before = crawl.claimed_at if crawl.claimed_by == worker else None
    if not acts.claim(crawl, worker=worker, at=at):
        crawl.refresh_from_db()
        return False
    if before:
        passed = min(at - before, NOT_SCORED).total_seconds()
        Crawl.objects.filter(id=crawl.id).update(worked=F("worked") + passed)
    crawl.refresh_from_db()
    return True


def _visit(crawl: Crawl, address: Address, now: Clock, pages: Capturing | None) -> Went | None:
    address.crawl = crawl
    queue.begin(address, now())
    try:
        kept = captures.fetch(
            officer=crawl.officer, operation=crawl.operation, url=address.url, now=now, egress=crawl.egress, pages=pages,
        )  # fmt: skip
    except CaptureError as error:
        return _failed(address, error, now())
    shown = settle.shown_by(kept.sha256, kept.capture.final_url or address.url)
    with transaction.atomic():
        capture = captures.keep(kept, crawl.officer, crawl.operation, now())
        settle.settle(address, capture, shown, now())
    settle.read(capture, crawl, now())
    return Went(address.url, label=capture.label)


def _failed(address: Address, error: CaptureError, at: datetime) -> Went | None:
    """What a visit that gave nothing means: for the address, or for the whole crawl."""
    match error:
        case OutOfScope(url=url) if url != address.url:  # where a redirect led: the site was asked
            queue.end(address, Standing.REFUSED, str(error))
            queue.rest(address, at)
        case OutOfScope() | RepeatVisit():
            queue.end(address, Standing.REFUSED, str(error))
        case PermitRefused():
            queue.put_back(address)
            acts.finish(address.crawl, State.STOPPED, str(error), at=at)
            return None
        case NoRoom() | NoWayOut():
            queue.put_back(address)
            acts.finish(address.crawl, State.PAUSED, str(error), at=at)
            return None
        case Unreachable() | BrowserFailed() if address.tries < TRIES:
            queue.put_back(address, str(error))
            queue.strike(address, at)
        case _:
            queue.end(address, Standing.FAILED, str(error))
            queue.rest(address, at)
    return Went(address.url, str(error))
