"""kill -9 at random moments of a crawl: nothing corrupt, nothing sealed lost, no held page visited again, the log whole."""

from __future__ import annotations

import json
import os
import random
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import crawled
import pytest
from installation import Installation, digest

pytestmark = pytest.mark.browser
SEED = 20261124
LONGEST_SECONDS = 2.5  # after the first request of a run: enough for a page or three
BY = ("--operation", "OP-0001", "--as", "alice")


def site_of(count: int) -> dict[str, list[crawled.Page]]:
    """So many pages, each linking to two more and back to the first."""
    pages = {}
    for n in range(count):
        further = [f"/{m}" for m in (2 * n + 1, 2 * n + 2) if m < count]
        pages[f"/{n}"] = [crawled.page("/", *further, more=f"<p>Ware {n}</p>")]
    return pages | {"/": [crawled.page("/0")]}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "home")
    yield made
    assert made.rests(90), made.processes()


@pytest.mark.timeout(900)
def test_a_crawl_that_is_killed_four_times_loses_and_repeats_nothing(place: Installation) -> None:
    with crawled.serve(site_of(10)) as site:
        kill_and_check(site, place, kills=4)


@pytest.mark.soak
def test_a_crawl_that_is_killed_two_hundred_times_loses_and_repeats_nothing(place: Installation) -> None:
    with crawled.serve(site_of(int(os.environ.get("BOWSTREET_KILL_PAGES", "600")))) as site:
        kill_and_check(site, place, kills=int(os.environ.get("BOWSTREET_KILLS", "200")))


def kill_and_check(site: crawled.Site, place: Installation, kills: int) -> None:
    place.run(
        "operation", "open", "--name", "Kills", "--purpose", "detection", "--rationale", "A site of our own", "--site", site.host,
        "--test-range", "127.0.0.0/8", "--as", "alice",
    )  # fmt: skip
    place.run(
        "crawl",
        site.url,
        "--scope",
        "host",
        "--depth",
        "100",
        "--rate",
        "0",
        "--max-pages",
        "100000",
        "--later",
        *BY,
    )
    chance = random.Random(SEED)
    sealed: set[str] = set()
    held: list[tuple[int, set[str]]] = []
    done = 0
    while done < kills and crawl_state(place) == "running":
        done += killed(site, place, chance.uniform(0, LONGEST_SECONDS), tabs=1 + done % 2)
        sealed |= set(place.objects("objects")) | place.sealed_aside()
        held.append((len(site.asked), paths_held(place)))
        nothing_is_corrupt(place)
    assert done == kills, f"the crawl was over after {done} kills: give the site more pages"
    place.run("crawl", "resume", "1", *BY)
    nothing_is_corrupt(place)
    captured = place.rows("select sha256, url from captures_capture")
    assert sealed <= set(place.objects("objects")) == {sha256 for sha256, _ in captured}
    assert max(Counter(url for _, url in captured).values()) == 1
    for asked, paths in held:
        assert not paths & {path for _, path in site.asked[asked:]}
    assert set(site.pages) | {"/robots.txt"} <= paths_held(place)
    assert place.rows(
        "select count(*) from captures_capture where id not in (select capture_id from findings_page)"
    ) == [(0,)]
    assert json.loads(place.run("ledger", "check", "--json"))["ok"]


def killed(site: crawled.Site, place: Installation, seconds: float, tabs: int) -> bool:
    """Go on with the crawl and kill it so long after its first request; False where it was over by then."""
    asked = len(site.asked)
    process = place.start("crawl", "resume", "1", "--tabs", str(tabs), *BY)
    end = time.monotonic() + 60
    while len(site.asked) == asked and process.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
    try:
        process.wait(seconds)
        return False
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    assert place.rests(90), f"these outlived the crawl: {place.processes()}"
    return True


def crawl_state(place: Installation) -> str:
    return str(place.rows("select state from crawls_crawl")[0][0])


def paths_held(place: Installation) -> set[str]:
    rows = place.rows("select url from crawls_address where standing in ('held', 'blocked')")
    return {"/" + url.split("/", 3)[3] for (url,) in rows}


def nothing_is_corrupt(place: Installation) -> None:
    """Every object is what its name says; every row has its objects; the database is whole."""
    for store in ("objects", "restricted"):
        assert [name for name, path in place.objects(store).items() if digest(path) != name] == []
    rows = place.rows("select sha256, companion_sha256 from captures_capture")
    assert {sha256 for sha256, _ in rows} <= set(place.objects("objects"))
    assert {companion for _, companion in rows} <= set(place.objects("restricted"))
    assert place.rows("pragma integrity_check") == [("ok",)]
    assert place.rows("pragma foreign_key_check") == []
