"""The web face without scripts, with them, and without a mouse."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def worked(home: Path) -> None:
    """A worker comes by, and does what was asked for."""
    subprocess.run(
        [sys.executable, "-m", "bowstreet", "work", "--once"], env=os.environ | {"BOWSTREET_HOME": str(home)}, capture_output=True, check=True
    )  # fmt: skip


def ask(page: Page, reference: str, *urls: str) -> None:
    page.goto(f"/operations/{reference}/captures/ask/")
    page.get_by_label("Addresses of pages").fill("\n".join(urls))
    page.get_by_role("button", name="Capture").click()


def test_without_scripts_a_pasted_list_is_asked_for_and_watched(
    plain: Page, reference: str, served: object
) -> None:
    ask(
        plain,
        reference,
        "https://elsewhere.example/1",
        "https://elsewhere.example/2",
        "https://elsewhere.example/1",
    )
    assert 'http-equiv="refresh"' in plain.content()
    expect(plain.get_by_role("status")).to_contain_text("2 to do")
    worked(served.home)  # type: ignore[attr-defined]
    # The page looks again by itself.
    expect(plain.get_by_role("status")).to_contain_text("2 failed", timeout=30_000)
    expect(plain.get_by_role("cell").filter(has_text="outside the sites")).to_have_count(2)
    assert 'http-equiv="refresh"' not in plain.content()
    plain.get_by_role("link", name="Captures").last.click()
    expect(plain.get_by_text("2 pages could not be captured")).to_be_visible()


def test_without_scripts_lists_are_sorted_filtered_and_cleared(plain: Page, reference: str) -> None:
    plain.goto(f"/operations/{reference}/listings/")
    total = plain.get_by_role("status").inner_text()
    plain.get_by_role("link", name="Title").click()
    expect(plain.get_by_role("columnheader", name="Title")).to_have_attribute("aria-sort", "ascending")
    plain.wait_for_load_state()
    titles = [text.lower() for text in plain.locator("tbody td:first-child").all_inner_texts()]
    assert titles == sorted(titles)
    plain.get_by_role("link", name="Title").click()
    expect(plain.get_by_role("columnheader", name="Title")).to_have_attribute("aria-sort", "descending")
    plain.get_by_label("Words in the title").fill("tobacco")
    plain.get_by_role("button", name="Apply the filter").click()
    plain.wait_for_url("**tobacco**")
    plain.wait_for_load_state()
    assert all("tobacco" in text.lower() for text in plain.locator("tbody td:first-child").all_inner_texts())
    plain.get_by_role("link", name="Clear the filter").click()
    expect(plain.get_by_role("status")).to_have_text(total)


def test_with_scripts_progress_renews_itself_and_disturbs_nobody(
    page: Page, reference: str, served: object
) -> None:
    ask(page, reference, "https://elsewhere.example/3")
    page.evaluate("window.sameAsBefore = true")
    told = page.get_by_role("status")
    expect(told).to_contain_text("1 to do")
    page.get_by_role("button", name="Ask again").first.focus()
    worked(served.home)  # type: ignore[attr-defined]
    expect(told).not_to_contain_text("to do", timeout=30_000)
    assert page.evaluate("window.sameAsBefore"), "the page was not loaded anew"
    assert page.evaluate("document.activeElement.tagName") == "BUTTON", "whoever used a button still has it"


def test_by_keyboard_alone_an_officer_goes_from_the_first_page_to_a_fact(page: Page, reference: str) -> None:
    page.goto("/")

    def to(name: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            text = page.evaluate("document.activeElement.innerText || ''")
            if text.strip().startswith(name):
                seen = page.evaluate(
                    "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).boxShadow"
                )
                assert seen != "nonenone", f"nobody can see that '{name}' has the focus"
                return
        raise AssertionError(f"'{name}' is not reached")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to main content"
    page.keyboard.press("Enter")
    to(reference)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(reference))
    to("Sellers")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("sellers"))
    to("northbank")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("seller/"))
    to("Show me where")
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    expect(opened.value.locator("#found")).to_be_in_viewport()
