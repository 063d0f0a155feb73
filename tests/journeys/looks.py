"""Looking at a page as axe does, on a narrow screen, at twice the size; and keeping pictures for a person to look at.

BOWSTREET_SCREENSHOTS=shots pytest tests/journeys      # every page at 1280 pixels, at 320, and at 200 per cent
"""

from __future__ import annotations

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

#: name → (width, height) of the window in CSS pixels. 640 is what 1280 are at 200 per cent.
SIZES = {"": (1280, 720), "-200": (640, 360), "-320": (320, 800)}
visited: set[str] = set()


def accessible(page: Page, name: str) -> None:
    """Axe finds nothing, and at no size is anything wider than the window."""
    visited.add(name)
    page.wait_for_load_state()
    shots = os.environ.get("BOWSTREET_SCREENSHOTS")
    for suffix, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        found = Axe().run(page) if suffix != "-200" else None
        assert found is None or found.violations_count == 0, f"{name}{suffix}: {found.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} is {wide} px wide on a screen of {width}"
        if shots:
            Path(shots).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(shots) / f"{name}{suffix}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 720})


def width_of(image: Locator) -> int:
    """How wide a picture is in pixels of its own, once the browser has it; a broken picture is an error."""
    return int(image.evaluate("image => image.decode().then(() => image.naturalWidth)"))
