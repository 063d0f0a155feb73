"""What one capture means for its crawl; and what a kill left, put right.

In the transaction that records the capture: the address is held, a site's rules are learnt, links are put on the queue, and
the site is left alone for a while.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bowstreet.capture.canonical import canonical
from bowstreet.capture.crawl import TRIES, retry_after
from bowstreet.capture.errors import BadAddress, CaptureError
from bowstreet.capture.frontier import links
from bowstreet.capture.label import Label
from bowstreet.capture.robots import Robots
from bowstreet.capture.seen import Seen, seen
from bowstreet.casework.captures import acts as captures
from bowstreet.casework.captures import housekeeping
from bowstreet.casework.captures.models import Capture
from bowstreet.casework.crawls import queue
from bowstreet.casework.crawls.models import Address, Crawl, Standing
from bowstreet.casework.findings import acts as findings
from bowstreet.evidence.errors import EvidenceError


def settle(address: Address, capture: Capture, shown: Seen | None, at: datetime) -> None:
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


def shown_by(sha256: str, url: str) -> Seen | None:
    """What a sealed page shows; None where it cannot be read."""
    try:
        return seen(captures.home().objects.path(sha256), url)
    except CaptureError:
        return None


def read(capture: Capture, crawl: Crawl, at: datetime) -> None:
    """Facts can be read again at any time; a page that cannot be read does not stop a crawl."""
    try:
        findings.read_capture(capture, officer=crawl.officer, at=at)
    except EvidenceError:
        return


def recover(crawl: Crawl, *, at: datetime) -> None:
    """After a kill: what was sealed is recorded and held, what was recorded is read, what was under way waits again."""
    try:
        housekeeping.tidy(at=at)
    except EvidenceError as error:
        raise CaptureError(str(error)) from None
    for address in crawl.addresses.filter(standing=Standing.VISITING).select_related("origin"):
        address.crawl = crawl
        capture = _left_by(address)
        if capture is None:
            queue.put_back(address)
        else:
            with transaction.atomic():
                settle(address, capture, shown_by(capture.sha256, capture.final_url or capture.url), at)
    for capture in Capture.objects.filter(crawled__crawl=crawl, pages=None).distinct():
        read(capture, crawl, at)


def _left_by(address: Address) -> Capture | None:
    """The capture of a visit that was recorded by housekeeping, since nobody else was there to do it."""
    made = address.crawl.operation.captures.filter(url=address.url, at__gte=address.visited_at, crawled=None)
    return made.order_by("-id").first()
