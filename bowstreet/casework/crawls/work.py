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

from bowstreet.capture.canonical import canonical
from bowstreet.capture.crawl import TRIES, Ceilings, retry_after
from bowstreet.capture.errors import (
    BadAddress,
    BrowserFailed,
    CaptureError,
    NoRoom,
    NoWayOut,
    OutOfScope,
    PermitRefused,
    Unreachable,
)
from bowstreet.capture.frontier import links
from bowstreet.capture.label import Label
from bowstreet.capture.robots import Robots
from bowstreet.capture.seen import Seen, seen
from bowstreet.casework.captures import acts as captures
from bowstreet.casework.captures import housekeeping
from bowstreet.casework.captures.acts import Clock
from bowstreet.casework.captures.models import Capture
from bowstreet.casework.conduct.acts import RepeatVisit
from bowstreet.casework.crawls import acts, queue
from bowstreet.casework.crawls.models import Address, Crawl, Standing, State
from bowstreet.casework.findings import acts as findings
from bowstreet.casework.operations import gate
from bowstreet.evidence.errors import EvidenceError
from bowstreet.flow import Capturing

NOT_SCORED = timedelta(minutes=10)  # a longer silence was no work


@dataclass(frozen=True)
class Went:
    """An address was visited; `problem` says why nothing of it is held, where that is so."""

    url: str
    problem: str = ""


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
        recover(crawl, at=now())
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


def recover(crawl: Crawl, *, at: datetime) -> None:
    """After a kill: what was sealed is recorded and held, what was recorded is read, what was under way waits again."""
    housekeeping.tidy(at=at)
    for address in crawl.addresses.filter(standing=Standing.VISITING).select_related("origin"):
        address.crawl = crawl
        capture = _left_by(address)
        if capture is None:
            queue.put_back(address)
        else:
            with transaction.atomic():
                _settle(address, capture, _seen(capture), at)
    for capture in Capture.objects.filter(crawled__crawl=crawl, pages=None).distinct():
        _read(capture, crawl, at)


def _left_by(address: Address) -> Capture | None:
    """The capture of a visit that was recorded by housekeeping, since nobody else was there to do it."""
    made = address.crawl.operation.captures.filter(url=address.url, at__gte=address.visited_at, crawled=None)
    return made.order_by("-id").first()


def _visit(crawl: Crawl, address: Address, now: Clock, pages: Capturing | None) -> Went | None:
    address.crawl = crawl
    queue.begin(address, now())
    try:
        kept = captures.fetch(
            officer=crawl.officer, operation=crawl.operation, url=address.url, now=now, egress=crawl.egress, pages=pages,
        )  # fmt: skip
    except CaptureError as error:
        return _failed(address, error, now())
    shown = _seen_at(kept.sha256, kept.capture.final_url or address.url)
    with transaction.atomic():
        capture = captures.keep(kept, crawl.officer, crawl.operation, now())
        _settle(address, capture, shown, now())
    _read(capture, crawl, now())
    return Went(address.url)


def _failed(address: Address, error: CaptureError, at: datetime) -> Went | None:
    """What a visit that gave nothing means: for the address, or for the whole crawl."""
    match error:
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


def _settle(address: Address, capture: Capture, shown: Seen | None, at: datetime) -> None:
    """All that one capture means for the crawl, in the transaction that records it. What cannot be read shows nothing."""
    said = Label(capture.label)
    if said is Label.BUSY and address.tries < TRIES:
        queue.put_back(address, f"the site is busy ({capture.status})")
        queue.strike(address, at, retry_after(shown.header("Retry-After") if shown else None, at=at))
        return
    size = captures.home().objects.path(capture.sha256).stat().st_size
    queue.hold(address, capture, size=size, blocked=said.blocked and not address.robots)
    if address.robots:
        queue.learn(address, Robots.read(capture.status, shown.text) if shown else Robots(closed=True))
    elif said is Label.OK and shown:
        _follow(address, capture, shown)
    queue.rest(address, at)


def _follow(address: Address, capture: Capture, shown: Seen) -> None:
    drop = tuple(address.crawl.drop)
    try:
        landed = canonical(capture.final_url or capture.url, drop=drop)
    except BadAddress:
        return
    if landed != address.url:
        queue.hold_target(address, capture, landed)
    queue.follow(address, links(shown.dom, base=capture.final_url or capture.url, drop=drop))


def _seen(capture: Capture) -> Seen | None:
    return _seen_at(capture.sha256, capture.final_url or capture.url)


def _seen_at(sha256: str, url: str) -> Seen | None:
    try:
        return seen(captures.home().objects.path(sha256), url)
    except CaptureError:
        return None


def _read(capture: Capture, crawl: Crawl, at: datetime) -> None:
    """Facts can be read again at any time; a page that cannot be read does not stop a crawl."""
    try:
        findings.read_capture(capture, officer=crawl.officer, at=at)
    except EvidenceError:
        return
