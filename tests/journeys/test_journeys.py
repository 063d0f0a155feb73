"""What a person sets out to do on the web face; axe looks at every page on the way."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
#: Every address of the web face that shows a page; a test below holds the list against urls.py.
PAGES = ["operations", "sign-in", "accessibility", "search", "log", "open-operation", "operation", "captures", "ask", "capture",
         "listings", "sellers", "seller", "links", "link", "exhibits", "produce", "exhibit", "inert"]  # fmt: skip
FILES = ["sign-out", "screenshot", "download"]
visited: set[str] = set()


def accessible(page: Page, name: str, folder: Path) -> None:
    """Axe finds nothing, nothing is wider than the window at 320 px, and a picture is kept for a person to look at."""
    visited.add(name)
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    if shots := os.environ.get("BOWSTREET_SCREENSHOTS"):
        page.screenshot(path=Path(shots) / f"{name}.png", full_page=True)
    page.set_viewport_size({"width": 320, "height": 800})
    width = page.evaluate("document.documentElement.scrollWidth")
    if shots:
        page.screenshot(path=Path(shots) / f"{name}-320.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 720})
    assert width <= 320, f"{name} is {width} px wide on a screen of 320"


def test_an_officer_follows_an_operation_from_its_list_to_the_exhibit(
    page: Page, reference: str, tmp_path: Path
) -> None:
    accessible(page, "operations", tmp_path)
    page.get_by_role("link", name=reference).first.click()
    accessible(page, "operation", tmp_path)
    for tab, name in (
        ("Captures", "captures"),
        ("Listings", "listings"),
        ("Sellers", "sellers"),
        ("Links", "links"),
        ("Exhibits", "exhibits"),
    ):
        page.get_by_label("This operation").get_by_role("link", name=tab).click()
        accessible(page, name, tmp_path)
    page.get_by_role("link", name="PO/1").click()
    expect(page.get_by_text("Intact: Yes")).to_be_visible()
    accessible(page, "exhibit", tmp_path)
    page.get_by_role("link", name="Riverside").or_(page.locator("main li a")).first.click()
    accessible(page, "capture", tmp_path)
    expect(page.get_by_role("heading", name="Screenshot")).to_be_visible()
    assert "bow-blur" in page.locator("img.bow-shot").get_attribute("class")
    page.get_by_role("link", name="Reveal the screenshot").click()
    assert "bow-blur" not in page.locator("img.bow-shot").get_attribute("class")


def test_show_me_where_shows_the_place_in_the_captured_page_from_another_host(
    page: Page, reference: str, tmp_path: Path
) -> None:
    page.goto(f"/operations/{reference}/captures/")
    page.get_by_role("link", name="northbank").first.click()
    row = page.get_by_role("row").filter(has_text="+447700900141").first
    href = row.get_by_role("link").get_attribute("href")
    assert href is not None
    assert "//inert.localhost:" in href
    answer = page.goto(href)
    assert answer is not None
    body = answer.text()
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers
    assert '<mark id="found">07700 900141</mark>' in body
    page.goto("about:blank")
    # In its own place the view is sandboxed, and axe's script does not run there either.
    page.set_content(body)
    accessible(page, "inert", tmp_path)


def test_a_reviewer_decides_about_a_link_by_keyboard_alone(
    page: Page, reference: str, tmp_path: Path
) -> None:
    page.goto(f"/operations/{reference}/links/")
    page.locator("main tbody a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/links/\d+/"))
    accessible(page, "link", tmp_path)
    page.get_by_role("button", name="Save the decision").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Choose whether they are the same seller")
    page.get_by_label("Different sellers").press("Space")
    page.get_by_label("Note").press_sequentially("Seen side by side")
    page.get_by_role("button", name="Save the decision").press("Enter")
    page.wait_for_url(re.compile(r"/links/$"))
    expect(page.get_by_text("Different sellers")).to_be_visible()


def test_an_officer_opens_an_operation_and_asks_for_a_capture(
    page: Page, served: Any, tmp_path: Path
) -> None:
    page.get_by_role("link", name="Open an operation").click()
    accessible(page, "open-operation", tmp_path)
    page.get_by_role("button", name="Open the operation").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a name for the operation")
    page.get_by_label("Name of the operation").fill("Night heron")
    page.get_by_label("Detection").check()
    page.get_by_label("Rationale").fill("A public listing, once")
    page.get_by_label("Sites").fill("shop.example")
    page.get_by_role("button", name="Open the operation").click()
    page.get_by_role("link", name="Capture pages").click()
    accessible(page, "ask", tmp_path)
    page.get_by_label("Addresses of pages").fill("shop.example")
    page.get_by_role("button", name="Capture").click()
    expect(page.get_by_role("alert")).to_contain_text("no web address")
    page.get_by_label("Addresses of pages").fill("https://elsewhere.example/")
    page.get_by_role("button", name="Capture").click()
    expect(page.get_by_text("Asked", exact=True)).to_be_visible()
    done = subprocess.run(
        [sys.executable, "-m", "bowstreet", "work", "--once"], env=os.environ | {"BOWSTREET_HOME": str(served.home)}, capture_output=True, text=True, check=True
    )  # fmt: skip
    assert "outside the sites" in done.stderr
    page.reload()
    expect(page.get_by_text("Failed")).to_be_visible()


def test_an_officer_searches_looks_at_a_seller_and_produces_an_exhibit(
    page: Page, reference: str, tmp_path: Path
) -> None:
    page.get_by_role("link", name="Search").click()
    page.get_by_label("Words that must all be there").fill("riverside tobacco")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_contain_text("pages")
    accessible(page, "search", tmp_path)
    page.goto(f"/operations/{reference}/sellers/")
    page.get_by_role("link", name="northbank").first.click()
    accessible(page, "seller", tmp_path)
    page.goto(f"/operations/{reference}/exhibits/produce/?capture=3")
    accessible(page, "produce", tmp_path)
    page.get_by_label("Description").fill("One listing")
    page.get_by_role("button", name="Produce").click()
    expect(page.get_by_text("Intact: Yes")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the bag").click()
    assert download.value.suggested_filename.startswith("PO-")


def test_signed_out_people_see_the_sign_in_page_and_outsiders_a_404(
    page: Page, served: Any, tmp_path: Path
) -> None:
    assert page.goto("/operations/OP-9999/").status == 404  # type: ignore[union-attr]
    assert page.goto("/log/").status == 404  # type: ignore[union-attr]
    page.goto("/accessibility/")
    accessible(page, "accessibility", tmp_path)
    page.get_by_role("button", name="Sign out").click()
    accessible(page, "sign-in", tmp_path)
    page.get_by_label("User name").fill("officer")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not go together")


def test_an_auditor_reads_the_log_for_a_purpose(served: Any, page: Page, tmp_path: Path) -> None:
    code = (
        "from bowstreet.cli import state; state.begin();"
        "from bowstreet.casework.people import acts; acts.ensure('auditor', at=state.now(), name='An Auditor', role='auditor', password='a password for audit')"
    )
    subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"BOWSTREET_HOME": str(served.home)}, check=True
    )
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("User name").fill("auditor")
    page.get_by_label("Password").fill("a password for audit")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Log", exact=True).click()
    page.get_by_role("button", name="Read the log").click()
    expect(page.get_by_role("table")).to_contain_text("collection")
    accessible(page, "log", tmp_path)


def test_every_page_of_the_web_face_was_visited() -> None:
    source = (Path(__file__).parents[2] / "bowstreet/web/urls.py").read_text()
    assert set(re.findall(r'name="([^"]+)"', source)) == {*PAGES, *FILES}
    assert visited == set(PAGES)
