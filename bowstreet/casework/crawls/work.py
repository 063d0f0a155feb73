"""Working on crawls: the gate asked before every page, all that follows a page in one transaction.

    with captures.session(now=now, tabs=2) as pages:
        work = Work(worker=me, now=now, pages=pages)
        took = work.begin(crawl)               # a visit was begun, or `took.until` says when one may be
        for went in work.over(1.0): …          # pages that are over

One visit at a time to a site, unless the crawl's rate is 0. Killed at any moment, it goes on where it was: what was sealed
is held, what was under way is visited again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
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
from bowstreet.flow import Capturing, Kept

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


@dataclass(frozen=True)
class Begun:
    """A visit was begun."""

    url: str


def run(
    crawl: Crawl,
    *,
    worker: str,
    now: Clock,
    sleep: Callable[[float], None],
    told: Callable[[Went], None] = lambda _: None,
    tabs: int = 1,
) -> None:
    """Work on a crawl until it is over or paused. A pause, and an authority's end, are seen within a second."""
    try:
        with captures.session(now=now, tabs=tabs) as pages:
            work = Work(worker=worker, now=now, pages=pages)
            while (took := work.begin(crawl)) is not None or work.under_way:
                if isinstance(took, Went):
                    told(took)
                elif not isinstance(took, Begun):
                    seconds = (took.until - now()).total_seconds() if took else 1.0
                    for went in work.over_within(max(0.05, min(1.0, seconds)), sleep):
                        told(went)
    except CaptureError as error:
        acts.finish(crawl, State.PAUSED, str(error), at=now())
    finally:
        acts.release(crawl, worker=worker)


class Work:
    """A worker's visits for crawls, in the tabs of `pages`."""

    def __init__(self, *, worker: str, now: Clock, pages: Capturing) -> None:
        self._worker, self._now, self._pages = worker, now, pages
        self._visits: set[Address] = set()

    @property
    def under_way(self) -> int:
        """How many pages are being visited."""
        return len(self._visits)

    def begin(self, crawl: Crawl) -> Begun | Went | Rest | None:
        """Begin to visit the next page. None where the crawl is over or paused, or another works on it."""
        fresh = crawl.claimed_by != self._worker
        if not _mine(crawl, self._worker, self._now()):
            return None
        if fresh:
            settle.recover(crawl, at=self._now())
        mine = [one for one in self._visits if one.crawl_id == crawl.pk]
        if over := _over(crawl, len(mine), self._now()):
            if not mine:
                acts.finish(crawl, State.STOPPED, over, at=self._now())
            return self._soon() if mine else None
        if not self._pages.tabs.free:
            return self._soon()
        address = queue.next_due(crawl, self._now(), under_way=mine)
        if address is not None:
            return self._visit(crawl, address)
        if (until := queue.earliest(crawl)) is not None:
            return Rest(max(until, self._soon().until) if mine else until)
        if not mine:
            acts.finish(crawl, State.DONE, "", at=self._now())
        return self._soon() if mine else None

    def _soon(self) -> Rest:
        return Rest(self._now() + timedelta(seconds=1))

    def _visit(self, crawl: Crawl, address: Address) -> Begun | Went | None:
        address.crawl = crawl
        queue.begin(address, self._now())
        try:
            captures.start(
                key=address, officer=crawl.officer, operation=crawl.operation, url=address.url, now=self._now, egress=crawl.egress,
                pages=self._pages,
            )  # fmt: skip
        except CaptureError as error:
            return _failed(address, error, self._now())
        self._visits.add(address)
        return Begun(address.url)

    def over_within(self, seconds: float, sleep: Callable[[float], None]) -> Iterator[Went]:
        """Settle the pages that are over after at most so long; where none is under way, sleep."""
        if not self._visits:
            sleep(seconds)
        for address, later in self._pages.tabs.over(seconds) if self._visits else ():
            if went := self.settle(address, later):
                yield went

    def settle(self, address: Address, later: Future[Kept]) -> Went | None:
        """All that a page means for its crawl."""
        self._visits.discard(address)
        crawl = address.crawl
        try:
            kept = later.result()
        except CaptureError as error:
            return _failed(address, error, self._now())
        shown = settle.shown_by(kept.sha256, kept.capture.final_url or address.url)
        with transaction.atomic():
            capture = captures.keep(kept, crawl.officer, crawl.operation, self._now())
            settle.settle(address, capture, shown, self._now())
        settle.read(capture, crawl, self._now())
        return Went(address.url, label=capture.label)


def _over(crawl: Crawl, under_way: int, at: datetime) -> str | None:
    """Why nothing more may be visited, if so."""
    if not gate.in_force(crawl.operation, at=at):
        return f"no authority of {crawl.operation.reference} is in force any more: seek a new one, and resume"
    count = queue.totals(crawl)
    ceilings = Ceilings(crawl.max_pages, crawl.max_minutes, crawl.max_bytes)
    return ceilings.reached(pages=count.pages + under_way, seconds=crawl.worked, size=count.size)


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
