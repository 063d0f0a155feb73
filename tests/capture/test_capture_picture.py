"""The screenshot is written in a way of our own; its pixels are those that Playwright's own screenshot has."""

from __future__ import annotations

import asyncio
import io

import pytest
from PIL import Image, ImageChops
from playwright.async_api import Browser, Page, async_playwright

from bowstreet.capture import browser, picture
from bowstreet.capture.display import display
from bowstreet.capture.limits import Limits
from bowstreet.capture.shown import Shown, Task

pytestmark = pytest.mark.browser
PAGE = """<!doctype html><style>@keyframes come { from { opacity: 0 } to { opacity: 1 } }
p { animation: come 300s; height: 900px; margin: 0; background: linear-gradient(crimson, navy) }</style>
<p>Lot 1</p><p>Lot 2</p><p style="width: 1000px">Lot 3</p><iframe srcdoc="<p style='background: teal'>A frame</p>"></iframe>"""


async def anybody(_: str) -> None:
    """The gate asks for nothing here."""


async def fresh(started: Browser) -> Page:
    page = await started.new_page(no_viewport=True)
    await page.set_content(PAGE)
    return page


async def both(started: Browser, limits: Limits) -> tuple[bytes, Shown]:
    """Playwright's screenshot, and ours, each of a page of its own: taking one may change a page's width."""
    page, shown = await fresh(started), Shown()
    devtools = await page.context.new_cdp_session(page)
    await picture.screenshot(page, devtools, Task("about:blank", limits, anybody), shown)
    await page.close()
    page = await fresh(started)
    return await page.screenshot(full_page=True, animations="disabled", timeout=300_000), shown


def taken(limits: Limits) -> tuple[bytes, Shown]:
    async def run(name: str) -> tuple[bytes, Shown]:
        async with async_playwright() as driver:
            started = await driver.chromium.launch(
                executable_path=browser.executable(), headless=False, env={"DISPLAY": name},
                args=[*browser.FLAGS, "--no-sandbox"], timeout=300_000,
            )  # fmt: skip
            return await both(started, limits)

    with display() as name:
        return asyncio.run(run(name))


def test_the_screenshot_has_the_pixels_of_the_whole_page_with_every_movement_at_its_end() -> None:
    theirs, shown = taken(Limits(step_seconds=300))
    assert shown.screenshot is not None, shown.cut_off
    assert not shown.cut_off
    ours, peer = (Image.open(io.BytesIO(one)).convert("RGB") for one in (shown.screenshot, theirs))
    assert ours.size == peer.size
    assert ours.size[1] > 2700
    assert ImageChops.difference(ours, peer).getbbox() is None


def test_a_page_that_is_taller_than_a_screenshot_may_be_says_how_much_of_it_is_shown() -> None:
    _, shown = taken(Limits(step_seconds=300, pixels=1000))
    assert shown.screenshot is not None, shown.cut_off
    assert Image.open(io.BytesIO(shown.screenshot)).size[1] == 1000
    assert any("the first 1000 of" in one and "height" in one for one in shown.cut_off)
