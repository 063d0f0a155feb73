"""Capture of one practice page, sealed, against a bare visit by the same Chromium with the same behaviours and screenshot.

BOWSTREET_ALLOW_TEST_RANGES=1 .venv/bin/python benchmarks/capture.py
"""

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import sync_playwright

import market
from bowstreet.capture.browser import _SCROLL, executable
from bowstreet.capture.display import display
from bowstreet.capture.permit import Permit
from bowstreet.flow import Home, capture_and_seal

ROUNDS = 5


def now() -> datetime:
    return datetime.now(UTC)


def bare(url: str) -> float:
    """Start the browser, go, scroll, wait, take the screenshot, stop."""
    begun = time.monotonic()
    with display() as name, tempfile.TemporaryDirectory() as profile, sync_playwright() as driver:
        context = driver.chromium.launch_persistent_context(
            profile, executable_path=executable(), headless=False, env={"DISPLAY": name}, args=["--no-sandbox"], no_viewport=True
        )  # fmt: skip
        page = context.pages[0]
        page.goto(url, wait_until="load")
        page.evaluate(_SCROLL, 10)
        page.wait_for_load_state("networkidle")
        page.content()
        page.screenshot(full_page=True)
        context.close()
    return time.monotonic() - begun


def ours(url: str, permit: Permit, home: Home) -> float:
    """The same, through the wire tap, packed, sealed and stored."""
    begun = time.monotonic()
    capture_and_seal(permit, url, home=home, now=now, gate=lambda _: permit)
    return time.monotonic() - begun


def main() -> None:
    with market.serve() as practice, tempfile.TemporaryDirectory() as folder:
        permit = Permit(
            reference="B", operation="OP", authority="A", officer="o", purpose="detection", sites=(practice.url.split("/")[2],),
            techniques=("visit",), starts=now(), ends=now() + timedelta(hours=1), issued=now(), test_ranges=("127.0.0.0/8",),
        )  # fmt: skip
        home = Home(Path(folder))
        pairs = [(bare(practice.url), ours(practice.url, permit, home)) for _ in range(ROUNDS)]
    visit, capture = (statistics.median(times) for times in zip(*pairs, strict=True))
    print("| | seconds a page (median of 5) | pages a minute |\n|---|---|---|")
    print(f"| bare Chromium, same behaviours and screenshot | {visit:.2f} | {60 / visit:.0f} |")
    print(f"| capture, sealed and stored | {capture:.2f} | {60 / capture:.0f} |")
    print(f"| ratio | {visit / capture:.2f} | |")


if __name__ == "__main__":
    main()
