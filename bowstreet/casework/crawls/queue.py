"""A crawl's queue, in the database: what is next, what a page added, what is held. Each step is one transaction.

Breadth first: the addresses nearest to the seeds, in the order in which they were found.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum

from bowstreet.capture import robots
from bowstreet.capture.crawl import back_off, pause
from bowstreet.capture.frontier import Kind, Scope, origin, site
from bowstreet.capture.robots import Robots
from bowstreet.casework.captures.models import Capture
from bowstreet.casework.crawls.models import Address, Crawl, Origin, Standing

CHUNK = 500


@dataclass(frozen=True)
class Totals:
    """What a crawl has come to: pages kept, bytes of their archives, links outside its scope, and addresses by standing."""

    pages: int
    size: int
    outside: int
    standings: dict[str, int]


def totals(crawl: Crawl) -> Totals:
    """Counted anew from the queue, so that nothing can drift."""
    pages = crawl.addresses.filter(robots=False)
    standings = dict(pages.values_list("standing").annotate(Count("id")).order_by())
    sums = crawl.addresses.aggregate(size=Sum("size"), outside=Sum("outside"))
    kept = standings.get(Standing.HELD, 0) + standings.get(Standing.BLOCKED, 0)
    return Totals(kept, sums["size"] or 0, sums["outside"] or 0, standings)


def scope(crawl: Crawl) -> Scope:
    """How far the crawl goes."""
    return Scope(Kind(crawl.scope), tuple(crawl.seeds), crawl.depth)


def add(crawl: Crawl, urls: Iterable[str], *, depth: int, found_on: Address | None = None) -> None:
    """Put canonical addresses on the queue; those that are on it stay as they are."""
    made = []
    origins: dict[str, Origin] = {}
    for url in urls:
        name = origin(url)
        if name not in origins:
            origins[name] = _origin(crawl, name)
        made.append(
            Address(crawl=crawl, origin=origins[name], url=url, key=key(url), depth=depth, found_on=found_on)
        )
    Address.objects.bulk_create(made, ignore_conflicts=True, batch_size=CHUNK)


def _origin(crawl: Crawl, name: str) -> Origin:
    """The origin's row; a new one waits as its site does."""
    whole = site(name)
    near = crawl.origins.filter(site=whole).aggregate(at=Max("not_before"))["at"]
    return Origin.objects.get_or_create(crawl=crawl, name=name, defaults={"site": whole, "not_before": near})[
        0
    ]


def key(url: str) -> str:
    """How an address is found in the queue."""
    return hashlib.sha256(url.encode()).hexdigest()


def next_due(crawl: Crawl, at: datetime, *, under_way: Sequence[Address] = ()) -> Address | None:
    """The next address that may be visited now; a site's robots.txt before its first page. What it forbids is passed by.

    Of a site where a visit is under way nothing is due, unless the crawl's rate is 0.
    """
    for address in _due(crawl, at, _busy(crawl, under_way)):
        if not crawl.obey_robots or address.robots:
            return address
        known = address.origin
        if known.robots is None and not known.closed:
            return _robots(crawl, known, address.depth)
        if Robots(known.robots or "", known.closed).allows(address.url):
            return address
        why = "its robots.txt could not be read" if known.closed else "robots.txt asks crawlers to leave it"
        Address.objects.filter(id=address.id).update(standing=Standing.ROBOTS, problem=why)
    return None


def _busy(crawl: Crawl, under_way: Sequence[Address]) -> Q:
    """What waits for a visit that is under way: the origin for its robots.txt, the whole site for its pace."""
    origins = {one.origin_id for one in under_way if one.robots}
    sites = {one.origin.site for one in under_way if crawl.rate > 0}
    return Q(origin_id__in=origins) | Q(origin__site__in=sites)


def _due(crawl: Crawl, at: datetime, busy: Q) -> Iterator[Address]:
    free = (Q(origin__not_before=None) | Q(origin__not_before__lte=at)) & ~busy
    waiting = crawl.addresses.filter(free, standing=Standing.WAITING).select_related("origin")
    while rows := list(waiting.order_by("-robots", "depth", "id")[:CHUNK]):
        yield from rows  # what is not taken has another standing by now


def _robots(crawl: Crawl, known: Origin, depth: int) -> Address:
    url = robots.address(known.name)
    made, _ = Address.objects.get_or_create(
        crawl=crawl, key=key(url), defaults={"origin": known, "url": url, "depth": depth}
    )
    if not made.robots:
        made.robots = True
        made.save(update_fields=["robots"])
    return made


def earliest(crawl: Crawl) -> datetime | None:
    """When something that waits may be visited; None where nothing waits."""
    waiting = crawl.addresses.filter(standing=Standing.WAITING)
    found: datetime | None = waiting.aggregate(at=Min("origin__not_before"))["at"]
    return found


def begin(address: Address, at: datetime) -> None:
    """A visit begins: if it is never ended, the queue shows it."""
    Address.objects.filter(id=address.id).update(
        standing=Standing.VISITING, tries=F("tries") + 1, visited_at=at, problem=""
    )
    address.refresh_from_db(fields=["standing", "tries", "visited_at"])


def put_back(address: Address, problem: str = "") -> None:
    """Visit it again later."""
    Address.objects.filter(id=address.id).update(standing=Standing.WAITING, problem=problem)


@transaction.atomic
def end(address: Address, standing: Standing, problem: str) -> None:
    """It will not be visited again, and nothing is held of it. Without its robots.txt a site is closed (RFC 9309 section 2.3.1.4)."""
    Address.objects.filter(id=address.id).update(standing=standing, problem=problem)
    if address.robots:
        Origin.objects.filter(id=address.origin_id).update(closed=True)


def hold(address: Address, capture: Capture, *, size: int, blocked: bool = False) -> None:
    """The crawl holds it."""
    Address.objects.filter(id=address.id).update(
        standing=Standing.BLOCKED if blocked else Standing.HELD, capture=capture, size=size, problem=""
    )


def hold_target(address: Address, capture: Capture, url: str) -> None:
    """Where a redirect led is held too, by the same capture, and is not visited again."""
    add(address.crawl, [url], depth=address.depth, found_on=address)
    rows = address.crawl.addresses.filter(key=key(url), standing=Standing.WAITING)
    rows.update(standing=Standing.HELD, capture=capture)


def follow(address: Address, links: Iterable[str]) -> None:
    """Put the links of a page on the queue, as far as the scope reaches; count the others."""
    crawl, reach = address.crawl, scope(address.crawl)
    inside = [url for url in links if reach.admits(url, address.depth + 1)]
    outside = len(set(links)) - len(inside)
    add(crawl, inside, depth=address.depth + 1, found_on=address)
    Address.objects.filter(id=address.id).update(outside=outside)


def learn(address: Address, rules: Robots) -> None:
    """Keep what a site asks of crawlers."""
    Origin.objects.filter(id=address.origin_id).update(robots=rules.text, closed=rules.closed)


def rest(address: Address, at: datetime) -> None:
    """Leave the site alone for a while after a visit."""
    known = Origin.objects.get(id=address.origin_id)
    asked = Robots(known.robots or "").delay() if address.crawl.obey_robots else 0.0
    seconds = pause(address.crawl.rate, asked=asked, chance=secrets.randbelow(1000) / 1000)
    _of_its_site(known).update(not_before=at + timedelta(seconds=seconds), strikes=0)


def strike(address: Address, at: datetime, asked: float | None = None) -> None:
    """The site is busy or does not answer: leave it alone for longer each time."""
    known = Origin.objects.get(id=address.origin_id)
    seconds = back_off(address.crawl.rate, strikes=known.strikes + 1, asked=asked)
    _of_its_site(known).update(not_before=at + timedelta(seconds=seconds), strikes=known.strikes + 1)


def _of_its_site(known: Origin) -> QuerySet[Origin]:
    return Origin.objects.filter(crawl=known.crawl_id, site=known.site)
