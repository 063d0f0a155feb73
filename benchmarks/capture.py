"""Capture of a page of 31 requests and 3 MB, sealed and time-stamped, against a bare visit with the same behaviours.

    BOWSTREET_ALLOW_TEST_RANGES=1 .venv/bin/python benchmarks/capture.py [--pages 12] [--rounds 3] [--tabs 1 2]

A capture keeps a browser up for each tab, the bare visit one for all; each page has a fresh context. Both scroll, wait until the page is quiet, read the
page, and take a full-page screenshot of the same pixels: the bare visit once as Playwright takes it, and once by the very
call that a capture makes, whose PNG is written faster. The bare visit has no relay, no log, no seal, and makes no print.
Rounds of all take turns, and the median round of each is given. The time-stamping authority is `openssl ts`, here.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import practice_page
from playwright.async_api import Browser, async_playwright

from bowstreet.capture import picture
from bowstreet.capture.authorities import ask
from bowstreet.capture.browser import FLAGS, executable
from bowstreet.capture.display import display
from bowstreet.capture.limits import Limits
from bowstreet.capture.look import SCROLL
from bowstreet.capture.permit import Permit
from bowstreet.capture.shown import Shown, Task
from bowstreet.evidence.timestamps import Authority
from bowstreet.flow import Home, capturing
from market import authority as stamping

REQUESTS = 31


def now() -> datetime:
    return datetime.now(UTC)


def bare(url: str, pages: int, tabs: int, *, fast: bool = False) -> float:
    """Seconds for so many pages: go, scroll, wait until quiet, read the page, take the screenshot (`fast`: by our call)."""

    async def page(browser: Browser) -> None:
        context = await browser.new_context(no_viewport=True)
        shown = await context.new_page()
        await shown.goto(url, wait_until="load")
        await shown.evaluate(SCROLL, 10)
        await shown.wait_for_load_state("networkidle")
        await shown.content()
        if fast:
            told, task = Shown(), Task(url, Limits(), _any_page)
            await picture.screenshot(shown, await context.new_cdp_session(shown), task, told)
            assert told.screenshot
        else:
            await shown.screenshot(full_page=True, animations="disabled")
        await context.close()

    async def run(name: str) -> float:
        async with async_playwright() as driver:
            flags = [*FLAGS, "--no-sandbox"]
            browser = await driver.chromium.launch(
                executable_path=executable(), headless=False, env={"DISPLAY": name}, args=flags
            )
            await page(browser)
            begun, left = time.monotonic(), iter(range(pages))

            async def tab() -> None:
                for _ in left:
                    await page(browser)

            await asyncio.gather(*(tab() for _ in range(tabs)))
            took = time.monotonic() - begun
            await browser.close()
            return took

    with display() as name:
        return asyncio.run(run(name))


async def _any_page(_: str) -> None:
    """The bare visit asks nobody."""


def ours(url: str, pages: int, tabs: int, home: Home, stamps: Authority, *, pdf: bool) -> float:
    """Seconds for so many pages captured, packed, sealed, time-stamped and stored."""
    host = url.split("/")[2]
    permit = Permit(
        reference="B", operation="OP", authority="A", officer="o", purpose="detection", sites=(host,), techniques=("visit",),
        starts=now(), ends=now() + timedelta(hours=1), issued=now(), test_ranges=("127.0.0.0/8",),
    )  # fmt: skip
    with capturing(
        home, now=now, authorities=(stamps,), ask=ask, limits=Limits(pdf=pdf), tabs=tabs
    ) as browsers:

        def take(seconds: float) -> None:
            for _, later in browsers.tabs.over(seconds):
                kept = later.result()
                assert kept.capture.matched == kept.capture.exchanges >= REQUESTS, kept.capture
                assert len(kept.sealed.timestamps) == 1

        def captured(count: int) -> None:
            for number in range(count):
                while not browsers.tabs.free:
                    take(1.0)
                browsers.start(number, permit, url, now=now, gate=lambda _: permit)
            while browsers.tabs.under_way:
                take(1.0)

        captured(tabs)
        begun = time.monotonic()
        captured(pages)
        return time.monotonic() - begun


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pages", type=int, default=12)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--tabs", type=int, nargs="*", default=[1, 2])
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, practice_page.serve() as (url, _):
        ca = stamping.make_authority(Path(folder) / "tsa", "Benchmark")
        with stamping.serve(Path(folder) / "tsa") as tsa:
            stamps = Authority("benchmark", tsa, ca.pem)
            print(
                "| tabs | bare Chromium, pages a minute | bare, our screenshot call | capture without print "
                "| ÷ bare | ÷ that | capture with print | ÷ bare | ÷ that |"
            )
            print("|---|---|---|---|---|---|---|---|---|")
            for tabs in given.tabs:
                home = Home(Path(folder) / "home")
                ways: list[Callable[[], float]] = [
                    partial(bare, url, given.pages, tabs),
                    partial(bare, url, given.pages, tabs, fast=True),
                    partial(ours, url, given.pages, tabs, home, stamps, pdf=False),
                    partial(ours, url, given.pages, tabs, home, stamps, pdf=True),
                ]
                rounds = [[60 * given.pages / way() for way in ways] for _ in range(given.rounds)]
                a, b, c, d = (statistics.median(column) for column in zip(*rounds, strict=True))
                print(
                    f"| {tabs} | {a:.1f} | {b:.1f} | {c:.1f} | {c / a:.2f} | {c / b:.2f} "
                    f"| {d:.1f} | {d / a:.2f} | {d / b:.2f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
