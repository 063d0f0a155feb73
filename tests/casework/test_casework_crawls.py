"""A crawl keeps to its scope, its pace, the authority and robots.txt, holds each page once, and goes on where it was."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import crawled
import pytest

from bowstreet.capture.crawl import Ceilings
from bowstreet.capture.errors import BadAddress
from bowstreet.casework.captures import acts as captures
from bowstreet.casework.conduct import acts as conduct
from bowstreet.casework.crawls import acts, queries, queue, work
from bowstreet.casework.crawls.models import Crawl, Standing, State
from bowstreet.casework.findings.models import Page
from bowstreet.casework.operations import acts as operations
from bowstreet.casework.operations.errors import BadOperation
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer

ME = captures.worker_name()


def now() -> datetime:
    return datetime.now(UTC)


def opened(alice: Officer, site: crawled.Site, *more: str) -> Operation:
    return operations.open_operation(
        officer=alice, name="Crawl", purpose="detection", rationale="Public pages, once each.", sites=[site.host, *more],
        at=now(), test_ranges=["127.0.0.0/8"],
    )  # fmt: skip


def begun(alice: Officer, operation: Operation, url: str, **plan: Any) -> Crawl:
    given = {"scope": "host", "rate": 0.0} | plan
    return acts.start(officer=alice, operation=operation, plan=acts.Plan((url,), **given), at=now())


def finished(crawl: Crawl, tabs: int = 1) -> dict[str, str]:
    """Work on it to its end: path → standing."""
    work.run(crawl, worker=ME, now=now, sleep=time.sleep, tabs=tabs)
    crawl.refresh_from_db()
    return {a.url.split("/", 3)[3]: a.standing for a in crawl.addresses.all()}


def stepped(crawl: Crawl, clock: Callable[[], datetime] = now) -> work.Went | work.Rest | None:
    """One page of it."""
    with captures.session(now=clock) as pages:
        doing = work.Work(worker=ME, now=clock, pages=pages)
        took = doing.begin(crawl)
        while doing.under_way:
            for one in doing.over_within(1.0, time.sleep):
                took = one
    assert not isinstance(took, work.Begun)
    return took


PAGES = {
    "/": [
        crawled.page(
            "/a", "/a#part", "/a?utm_source=1", "/private/x", "/busy", "/challenge", "/gone", "/moved", "/away", "http://other.example/", "mailto:x@y.example",
            more="<script>document.body.insertAdjacentHTML('beforeend', '<a href=/scripted>made</a>')</script>",
        )
    ],
    "/a": [crawled.page("/", "/b")],
    "/b": [crawled.page("/too-deep")],
    "/busy": [crawled.page(status=503, Retry_After="1"), crawled.page()],
    "/challenge": [crawled.page(status=403, more="Are you human? Solve the captcha")],
    "/away": [crawled.page(status=302, Location="http://other.example/there")],
    "/moved": [crawled.page(status=302, Location="/target")],
    "/target": [crawled.page("/")],
    "/scripted": [crawled.page("/target")],
    "/robots.txt": [(200, {"Content-Type": "text/plain"}, "User-agent: *\nDisallow: /private\n")],
}  # fmt: skip


@pytest.fixture
def site() -> Iterator[crawled.Site]:
    with crawled.serve(dict(PAGES)) as made:
        yield made


@pytest.mark.browser
def test_a_crawl_visits_each_page_in_its_scope_once_and_no_other(alice: Officer, site: crawled.Site) -> None:
    operation = opened(alice, site)
    crawl = begun(alice, operation, site.url, depth=2, drop=("utm_*",))
    standings = finished(crawl)
    assert (crawl.state, crawl.reason) == (State.DONE, "")
    assert standings == {
        "": "held", "a": "held", "b": "held", "busy": "held", "challenge": "blocked", "gone": "held", "moved": "held",
        "target": "held", "scripted": "held", "private/x": "robots", "robots.txt": "held", "away": "refused",
    }  # fmt: skip
    assert site.paths[0] == "/robots.txt"
    visited = [
        "/",
        "/a",
        "/away",
        "/b",
        "/busy",
        "/busy",
        "/challenge",
        "/gone",
        "/moved",
        "/robots.txt",
        "/scripted",
        "/target",
    ]
    assert sorted(site.paths) == visited
    busy = [at for at, path in site.asked if path == "/busy"]
    assert busy[1] - busy[0] >= 1
    said = queries.status(alice, operation.reference, crawl.pk, at=now())
    assert [one["label"] for one in said["hand_over"]] == ["challenge"]
    why = {one["url"]: one["why"] for one in said["not_visited"]}
    assert why[site.url + "private/x"] == "robots.txt asks crawlers to leave it"
    assert "http://other.example/there is outside the sites" in why[site.url + "away"]
    assert said["outside"] == 2  # the other site, and what is too deep
    assert Page.objects.filter(capture__operation=operation, url=site.url + "a").count() == 1
    assert operation.captures.filter(url__endswith="/robots.txt").count() == 1


@pytest.mark.browser
def test_an_authority_that_ends_in_the_middle_stops_the_crawl_with_its_reason(
    alice: Officer, site: crawled.Site
) -> None:
    operation = opened(alice, site)
    crawl = begun(alice, operation, site.url, robots="obey")
    assert isinstance(stepped(crawl), work.Went)
    asked = list(site.paths)
    operation.authorities.update(ends=now() + timedelta(seconds=1))
    later = now() + timedelta(seconds=1)
    assert stepped(crawl, lambda: later) is None
    assert (crawl.state, "in force" in crawl.reason) == (State.STOPPED, True)
    assert site.paths == asked
    operation.authorities.update(ends=now() + timedelta(days=1))
    acts.resume(crawl, officer=alice, at=now())
    assert isinstance(stepped(crawl), work.Went)


@pytest.mark.browser
def test_a_link_that_the_authority_does_not_cover_is_refused_logged_and_not_fetched(alice: Officer) -> None:
    pages = {"/in/": [crawled.page("/in/b", "/out/c")], "/in/b": [crawled.page()]}
    with crawled.serve(pages) as site:
        operation = operations.open_operation(
            officer=alice, name="Crawl", purpose="detection", rationale="One folder.", at=now(), test_ranges=["127.0.0.0/8"],
            sites=[f"{site.host}/in/", f"{site.host}/robots.txt"],
        )  # fmt: skip
        standings = finished(begun(alice, operation, site.url + "in/"))
    assert standings == {"in/": "held", "in/b": "held", "out/c": "refused", "robots.txt": "held"}
    assert "/out/c" not in site.paths


@pytest.mark.browser
def test_where_robots_txt_is_outside_the_authority_nothing_is_visited(alice: Officer) -> None:
    with crawled.serve({"/in/": [crawled.page()]}) as site:
        operation = opened(alice, site)
        operation.authorities.update(sites=[f"{site.host}/in/"])
        standings = finished(begun(alice, operation, site.url + "in/"))
    assert standings == {"in/": "robots", "robots.txt": "refused"}
    assert site.paths == []


@pytest.mark.browser
def test_a_visit_that_was_sealed_and_not_recorded_is_held_and_not_repeated(
    alice: Officer, site: crawled.Site
) -> None:
    """As a kill leaves it between the store and the row: sealed bytes, a companion, an address under way."""
    operation = opened(alice, site)
    crawl = begun(alice, operation, site.url + "a", scope="page", robots="obey")
    acts.claim(crawl, worker="elsewhere:1", at=now())
    address = queue.next_due(crawl, now())
    assert address is not None
    assert address.robots
    queue.begin(address, now())
    captures.fetch(officer=alice, operation=operation, url=address.url, now=now)
    assert operation.captures.count() == 0
    Crawl.objects.update(claimed_at=now() - timedelta(hours=1))
    standings = finished(crawl)
    assert standings == {"a": "held", "robots.txt": "held"}
    assert site.paths == ["/robots.txt", "/a"]
    adopted = operation.captures.get(url__endswith="/robots.txt")
    assert (adopted.status, adopted.officer, adopted.seen == adopted.matched) == (200, alice, True)


def test_a_crawl_that_somebody_living_works_on_is_not_taken(alice: Officer, operation: Operation) -> None:
    crawl = begun(alice, operation, "https://shop.example/")
    assert acts.claim(crawl, worker="one:1", at=now())
    assert not acts.claim(crawl, worker="two:2", at=now())
    assert acts.claim(crawl, worker="two:2", at=now() + captures.LEASE + timedelta(seconds=1))
    dead = f"{ME.rpartition(':')[0]}:4194304"
    Crawl.objects.update(claimed_by=dead, claimed_at=now())
    crawl.refresh_from_db()
    assert acts.claim(crawl, worker=ME, at=now())


def test_a_paused_crawl_visits_nothing_until_it_is_resumed(alice: Officer, operation: Operation) -> None:
    crawl = begun(alice, operation, "https://shop.example/")
    acts.pause(crawl, officer=alice, at=now())
    assert stepped(crawl) is None
    with pytest.raises(BadOperation, match="is paused"):
        acts.pause(Crawl.objects.get(), officer=alice, at=now())
    acts.resume(crawl, officer=alice, at=now())
    assert crawl.state == State.RUNNING


def test_a_crawl_stops_at_its_ceiling(alice: Officer, operation: Operation, now: datetime) -> None:
    crawl = begun(alice, operation, "https://shop.example/", ceilings=Ceilings(minutes=1))
    Crawl.objects.update(worked=61)
    assert stepped(crawl, lambda: now + timedelta(hours=1)) is None
    assert (crawl.state, crawl.reason) == (State.STOPPED, "it has worked its 1 minutes")


def test_robots_txt_is_ignored_only_by_the_operations_written_choice(
    alice: Officer, operation: Operation
) -> None:
    with pytest.raises(BadOperation, match="write the other choice down first"):
        begun(alice, operation, "https://shop.example/", robots="ignore")
    with pytest.raises(BadOperation, match="reason in writing"):
        conduct.choose(
            operation=operation, officer=alice, robots="ignore", repeat_visits=3, reason=" ", at=now()
        )
    conduct.choose(
        operation=operation,
        officer=alice,
        robots="ignore",
        repeat_visits=3,
        reason="It hides the wares",
        at=now(),
    )
    assert not begun(alice, operation, "https://shop.example/", robots="ignore").obey_robots
    assert begun(alice, operation, "https://shop.example/", robots="obey").obey_robots


@pytest.mark.parametrize(
    ("plan", "error", "says"),
    [({"scope": "world"}, BadOperation, "page, prefix, host, site"), ({"depth": -1}, BadOperation, "depth"), ({"rate": -1.0}, BadOperation, "rate"),
     ({"robots": "maybe"}, BadOperation, "'obey' or 'ignore'"), ({"ceilings": Ceilings(pages=0)}, BadOperation, "at least 1")],
)  # fmt: skip
def test_a_crawl_that_makes_no_sense_is_refused_in_one_line(
    alice: Officer, operation: Operation, plan: dict[str, Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says) as caught:
        begun(alice, operation, "https://shop.example/", **plan)
    assert "\n" not in str(caught.value)
    with pytest.raises(BadAddress):
        begun(alice, operation, "nonsense")
    assert not Crawl.objects.exists()


def test_an_address_is_on_the_queue_once_however_often_it_is_found(
    alice: Officer, operation: Operation
) -> None:
    crawl = begun(alice, operation, "https://shop.example/")
    for depth in (1, 2):
        queue.add(crawl, ["https://shop.example/x", "https://shop.example/"], depth=depth)
    assert [(a.url, a.depth) for a in crawl.addresses.order_by("id")] == [
        ("https://shop.example/", 0),
        ("https://shop.example/x", 1),
    ]
    assert queue.totals(crawl).standings == {Standing.WAITING: 2}


def test_all_of_a_site_waits_after_a_visit_to_any_part_of_it_and_another_site_does_not(
    alice: Officer, operation: Operation
) -> None:
    crawl = begun(alice, operation, "https://shop.example/", rate=60.0, depth=9)
    address = queue.next_due(crawl, now())
    assert address is not None
    address.crawl = crawl
    queue.begin(address, now())
    queue.end(address, Standing.FAILED, "for the test")
    queue.add(crawl, ["http://shop.example:8080/a"], depth=1)
    queue.rest(address, now())
    queue.add(crawl, ["https://www.shop.example/b", "https://other.example/c"], depth=1)
    crawl.obey_robots = False
    due = queue.next_due(crawl, now())
    assert due is not None
    assert due.url == "https://other.example/c"
    queue.begin(due, now())
    assert queue.next_due(crawl, now()) is None
    until = queue.earliest(crawl)
    assert until is not None
    assert timedelta(seconds=58) < until - now() <= timedelta(seconds=90)
    assert queue.next_due(crawl, until) is not None


def slow_site(count: int) -> dict[str, list[crawled.Page]]:
    """A first page with so many links."""
    return {"/": [crawled.page(*(f"/{n}" for n in range(count)))]} | {
        f"/{n}": [crawled.page()] for n in range(count)
    }


@pytest.mark.browser
def test_two_tabs_visit_two_pages_at_once_and_each_page_once(
    alice: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site answers each of two pages only when both have been asked for."""
    monkeypatch.setenv("BOWSTREET_VISIT_LOAD_SECONDS", "200")
    monkeypatch.setenv("BOWSTREET_VISIT_VISIT_SECONDS", "300")
    meet = threading.Barrier(2)
    with crawled.serve(slow_site(4)) as site:
        site.waits = {"/0": meet, "/1": meet}
        crawl = begun(alice, opened(alice, site), site.url, robots="obey")
        standings = finished(crawl, tabs=2)
    assert not meet.broken
    assert set(standings.values()) == {"held"}
    assert sorted(site.paths) == ["/", "/0", "/1", "/2", "/3", "/robots.txt"]
    assert site.paths[0] == "/robots.txt"
    for capture in crawl.operation.captures.all():
        assert capture.matched == capture.seen == capture.exchanges


@pytest.mark.browser
def test_however_many_tabs_a_site_is_visited_one_page_at_a_time_at_its_pace(alice: Officer) -> None:
    with crawled.serve(slow_site(3)) as site:
        crawl = begun(alice, opened(alice, site), site.url, robots="obey", rate=0.5)
        finished(crawl, tabs=2)
    times = sorted(crawl.operation.captures.values_list("at", flat=True))
    asked = [at for at, path in site.asked if path != "/favicon.ico"]
    assert len(times) == len(asked) == 5
    assert all(later - earlier >= 0.5 for earlier, later in itertools.pairwise(asked))
