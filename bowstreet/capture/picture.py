"""The page as it looks: a screenshot of its whole length, and a print.

The screenshot's PNG is written for speed: pixel for pixel the same picture, a twelfth larger, in a third of the time.
"""

from __future__ import annotations

import asyncio
import base64
from contextlib import suppress
from typing import Any

from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from bowstreet.capture.shown import Shown, Task

WIDEST = 8_000  # pixels
#: A page is printed up to so many times the height of the tallest screenshot: some 300 sheets.
PRINTED = 20
STILL_SECONDS = 3.0
#: Movements that end are brought to their end, and what is shown has its typefaces and was drawn at least once.
_STILL = """async seconds => {
  for (const one of document.getAnimations())
    if (one.effect && one.effect.getComputedTiming().endTime < Infinity) try { one.finish(); } catch {}
  const drawn = new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)));
  await Promise.race([Promise.all([document.fonts.ready, drawn]), new Promise(r => setTimeout(r, seconds * 1000))]);
}"""


async def screenshot(page: Page, devtools: CDPSession, task: Task, shown: Shown) -> None:
    """Keep a screenshot, within the ceilings. It says so where it could not be had, or does not show all."""
    try:
        async with asyncio.timeout(task.limits.step_seconds):
            await _still(page)
            size = (await devtools.send("Page.getLayoutMetrics"))["cssContentSize"]
            data = await devtools.send("Page.captureScreenshot", _wanted(size, task.limits.pixels))
    except (PlaywrightError, TimeoutError) as error:
        shown.cut(f"no screenshot could be taken ({(str(error) or 'it took too long').splitlines()[0]})")
        return
    shown.screenshot = base64.b64decode(data["data"])
    for name, most in (("height", task.limits.pixels), ("width", WIDEST)):
        if size[name] > most:
            shown.cut(f"the screenshot shows the first {most} of {size[name]} pixels of {name}")


async def _still(page: Page) -> None:
    """Frames that do not answer in time are shown as they are."""
    with suppress(TimeoutError):
        async with asyncio.timeout(STILL_SECONDS):
            asked = (frame.evaluate(_STILL, STILL_SECONDS / 2) for frame in page.frames)
            await asyncio.gather(*asked, return_exceptions=True)


def _wanted(size: dict[str, float], tallest: int) -> dict[str, Any]:
    clip = {
        "x": 0,
        "y": 0,
        "width": min(size["width"], WIDEST),
        "height": min(size["height"], tallest),
        "scale": 1,
    }
    return {"format": "png", "optimizeForSpeed": True, "captureBeyondViewport": True, "clip": clip}  # fmt: skip


async def printed(devtools: CDPSession, task: Task, shown: Shown) -> None:
    """Keep a print (PDF), unless the page is too long for one."""
    height, most = shown.facts["height"], task.limits.pixels * PRINTED
    if height > most:
        shown.cut(f"no print was made of a page of {height} pixels, which is more than {most}")
        return
    try:
        async with asyncio.timeout(task.limits.step_seconds):
            done = await devtools.send("Page.printToPDF", {"printBackground": True})
    except (PlaywrightError, TimeoutError):
        shown.cut("no print could be made")
    else:
        shown.pdf = base64.b64decode(done["data"])
