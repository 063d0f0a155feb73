"""What a person sets out to do on the web face; axe looks at every page on the way."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import market
from tests.casework import crawled
from tests.journeys.looks import accessible, visited, width_of

pytestmark = pytest.mark.browser
#: Every address of the web face that shows a page; a test below holds the list against urls.py.
PAGES = ["operations", "sign-in", "accessibility", "search", "log", "open-operation", "operation", "members", "add-member",
         "remove-member", "record-authority", "cancel-authority", "review", "captures", "requests", "ask", "capture", "handover", "handle",
         "crawls", "crawl", "watches", "add-watch", "watch", "listings", "correct", "sellers", "shared-pictures", "seller", "links", "link", "next-link", "learn", "export", "exhibits", "produce", "exhibit", "inert"]  # fmt: skip
FILES = ["sign-out", "screenshot", "blurred", "picture", "download", "ask-again", "withdraw", "link-record", "turn-crawl", "end-watch"]  # fmt: skip


def test_an_officer_follows_an_operation_from_its_list_to_the_exhibit(page: Page, reference: str) -> None:
    accessible(page, "operations")
    page.get_by_role("link", name=reference).first.click()
    accessible(page, "operation")
    for tab, name in (
        ("Captures", "captures"),
        ("Crawls", "crawls"),
        ("Watches", "watches"),
        ("Listings", "listings"),
        ("Sellers", "sellers"),
        ("Links", "links"),
        ("Exhibits", "exhibits"),
        ("Members", "members"),
    ):
        page.get_by_label("This operation").get_by_role("link", name=tab).click()
        accessible(page, name)
    page.get_by_label("This operation").get_by_role("link", name="Exhibits").click()
    page.get_by_role("link", name="PO/1").click()
    expect(page.locator("dd").filter(has_text="Yes")).to_have_count(2)
    accessible(page, "exhibit")
    page.get_by_role("link", name="Riverside").or_(page.locator("main li a")).first.click()
    accessible(page, "capture")
    expect(page.get_by_role("heading", name="Screenshot")).to_be_visible()
    blurred = page.locator("img.bow-shot")
    assert blurred.get_attribute("src").endswith("/blurred.png")
    assert width_of(blurred) < 400
    page.get_by_role("link", name="Reveal the screenshot").click()
    page.wait_for_url("**?reveal=1")
    assert width_of(page.locator("img.bow-shot")) > 800


def test_show_me_where_shows_the_place_in_the_captured_page_from_another_host(
    page: Page, reference: str
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
    assert re.search(r'<mark id="found"[^>]*>07700 900141</mark>', body)
    page.goto("about:blank")
    # In its own place the view is sandboxed, and axe's script does not run there either.
    page.set_content(body)
    accessible(page, "inert")


def test_the_inert_view_shows_a_page_with_its_styles_and_blurred_pictures(page: Page, reference: str) -> None:
    page.goto(f"/operations/{reference}/captures/?sort=at")
    page.get_by_role("link", name="All offers – Harbour Market").first.click()
    href = page.get_by_role("link", name="Open it with its pictures blurred").get_attribute("href")
    page.goto(str(href))
    expect(page.get_by_text("This is a captured copy of")).to_be_visible()
    image = page.locator("main img").first
    expect(image).to_be_visible()
    assert width_of(image) > 0
    # Its own layout: two cards stand beside each other.
    assert (
        page.locator(".card").nth(0).bounding_box()["y"] == page.locator(".card").nth(1).bounding_box()["y"]
    )  # type: ignore[index]
    page.get_by_role("link", name="Reveal the pictures").click()
    expect(page.get_by_role("link", name="Blur the pictures")).to_be_visible()
    page.get_by_role("link", name="Show it plainly").click()
    expect(page.get_by_role("link", name="Show it in its own styles")).to_be_visible()


def test_a_reviewer_works_through_the_queue_by_keyboard_alone(page: Page, reference: str) -> None:
    page.goto(f"/operations/{reference}/links/")
    page.get_by_role("button", name="Decide the next pair").focus()

    def keys(*names: str) -> None:
        for name in names:
            page.keyboard.press(name)

    def shown() -> int:
        """A fresh pair, with the focus on the decision; how many are decided."""
        page.wait_for_load_state()
        expect(page.locator("#id_verdict")).to_be_focused()
        accessible(page, "link")
        expect(page.locator("#id_verdict")).to_be_focused()
        return int(page.locator("#progress").inner_text().split()[0])

    keys("Enter")
    page.wait_for_url(re.compile(r"/links/\d+/\?queue=1"))
    decided = shown()
    keys("Enter")  # nothing is chosen
    expect(page.get_by_role("alert")).to_contain_text("Choose whether they are the same seller")
    keys("Tab", "Enter", "ArrowDown", "Enter")
    expect(page.locator("#progress")).to_contain_text(f"{decided + 1} of")
    expect(page.get_by_role("region", name="success")).to_contain_text("different sellers")
    assert shown() == decided + 1
    passed = page.url
    keys("Tab", "Tab", "Tab", "Enter")
    page.wait_for_url(re.compile("skip="))
    assert page.url.partition("?")[0] != passed.partition("?")[0]
    assert shown() == decided + 1, "a skipped pair is not decided"
    keys("Space", "Tab")
    page.keyboard.type("Seen side by side")
    keys("Tab", "Enter")
    expect(page.locator("#progress")).to_contain_text(f"{decided + 2} of")
    left = int(page.locator("#progress").inner_text().split()[2]) - decided - 3  # one was skipped
    for number in range(left):
        expect(page.locator("#progress")).to_contain_text(f"{decided + 2 + number} of")
        shown()
        keys("ArrowDown", "ArrowDown", "Enter")
    expect(page.get_by_role("heading", name="No pair is left to decide")).to_be_visible()
    accessible(page, "next-link")
    page.get_by_role("link", name="Go through the skipped pairs").press("Enter")
    shown()
    assert page.url.partition("?")[0] == passed.partition("?")[0]
    keys("Space", "Enter")
    page.get_by_role("link", name="Learn from decisions").press("Enter")
    accessible(page, "learn")
    page.get_by_role("button", name="Learn from decisions").press("Enter")
    expect(page.get_by_role("region", name="error")).to_contain_text("training needs 20 decisions")
    page.get_by_role("link", name="Links").last.press("Enter")
    expect(page.get_by_text("Different sellers")).to_be_visible()
    expect(page.get_by_text("Not sure").first).to_be_visible()


def test_a_pairs_page_shows_both_sides_where_each_stands_and_its_record(page: Page, reference: str) -> None:
    page.goto(f"/operations/{reference}/links/")
    page.get_by_role("link", name="northbank").last.click()
    steps = page.get_by_role("region", name="How the weight comes about")
    expect(steps.get_by_role("row").filter(has_text="Both show the same PGP key")).to_contain_text("+")
    assert "100%" not in page.locator("main").inner_text()
    card = page.locator(".govuk-summary-card").filter(has_text="Both show the same PGP key")
    with page.context.expect_page() as opened:
        card.get_by_role("link", name="Show me where").first.click()
    expect(opened.value.locator("#found")).to_be_attached()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download this record").click()
    told = json.loads(Path(download.value.path()).read_text())
    assert {"weight", "prior", "reasons", "change", "decisions"} <= told.keys()


def test_an_officer_opens_an_operation_and_asks_for_a_capture(page: Page, served: Any) -> None:
    page.get_by_role("link", name="Open an operation").click()
    accessible(page, "open-operation")
    page.get_by_role("button", name="Open the operation").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a name for the operation")
    page.get_by_label("Name of the operation").fill("Night heron")
    page.get_by_label("Detection").check()
    page.get_by_label("Rationale").fill("A public listing, once")
    page.get_by_label("Sites").fill("shop.example")
    page.get_by_role("button", name="Open the operation").click()
    page.get_by_role("link", name="Capture pages").click()
    accessible(page, "ask")
    page.get_by_label("Addresses of pages").fill("shop.example")
    page.get_by_role("button", name="Capture").click()
    expect(page.get_by_role("alert")).to_contain_text("no web address")
    page.get_by_label("Addresses of pages").fill("https://elsewhere.example/")
    page.get_by_role("button", name="Capture").click()
    expect(page.get_by_text("Asked", exact=True)).to_be_visible()
    accessible(page, "requests")
    done = subprocess.run(
        [sys.executable, "-m", "bowstreet", "work", "--once"], env=os.environ | {"BOWSTREET_HOME": str(served.home)}, capture_output=True, text=True, check=True
    )  # fmt: skip
    assert "outside the sites" in done.stderr
    page.reload()
    expect(page.get_by_text("Failed", exact=True)).to_be_visible()
    page.get_by_role("button", name="Ask again").click()
    expect(page.get_by_text("Asked", exact=True)).to_be_visible()
    expect(page.get_by_text("Failed", exact=True)).to_have_count(0)


def test_an_officer_watches_a_page_and_sees_what_changed_and_how_a_crawl_went(
    page: Page, served: Any
) -> None:
    pages = {
        "/": [
            first := crawled.page("/shop", "/wall"),
            first,
            crawled.page("/shop", more="<p>Now closed on Mondays</p>"),
        ],
        "/shop": [crawled.page(more="<p>Open</p>")],
        "/wall": [crawled.page(status=403, more="Are you human? Solve the captcha")],
    }

    def bowstreet(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "bowstreet", *words, "--as", "officer"], env=os.environ | {"BOWSTREET_HOME": str(served.home)},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    with crawled.serve(pages) as site:
        opened = bowstreet(
            "operation", "open", "--name", "Heron", "--purpose", "detection", "--rationale", "A shop of our own", "--site", site.host,
            "--test-range", "127.0.0.0/8", "--json",
        )  # fmt: skip
        operation = json.loads(opened)["reference"]
        bowstreet("crawl", site.url, "--operation", operation, "--scope", "host", "--rate", "0")
        page.goto(f"/operations/{operation}/watches/")
        page.get_by_role("link", name="Watch a page").click()
        accessible(page, "add-watch")
        page.get_by_label("Address of the page").fill(site.url)
        page.get_by_label("How often").fill("now and then")
        page.get_by_role("button", name="Watch").click()
        expect(page.get_by_role("alert")).to_contain_text("is no interval")
        page.get_by_label("How often").fill("6h")
        page.get_by_role("button", name="Watch").click()
        for _ in range(2):
            bowstreet("watch", "run", "1", "--operation", operation)
    page.get_by_role("link", name=site.url).click()
    expect(page.get_by_text("Now closed on Mondays", exact=True)).to_be_visible()
    accessible(page, "watch")
    page.get_by_role("link", name="Watches").last.click()
    page.get_by_role("button", name="Watch no more").click()
    expect(page.get_by_text("Ended")).to_be_visible()
    page.get_by_label("This operation").get_by_role("link", name="Crawls").click()
    page.get_by_role("link", name=site.url).click()
    expect(page.get_by_role("link", name=site.url + "wall")).to_be_visible()
    accessible(page, "crawl")


def test_blocked_pages_of_a_pasted_list_wait_until_a_person_marks_them_as_handled(
    page: Page, served: Any
) -> None:
    home = os.environ | {"BOWSTREET_HOME": str(served.home)}

    def run(*words: str, said: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bowstreet", *words, "--as", "officer", "--json"]
        return subprocess.run(command, env=home, capture_output=True, text=True, check=False, input=said)

    with market.serve() as practice:
        host = practice.url.split("/")[2]
        made = json.loads(
            run("operation", "open", "--name", "Blocked", "--purpose", "detection", "--rationale", "Once", "--site", host,
                "--test-range", "127.0.0.0/8").stdout
        )["reference"]  # fmt: skip
        pasted = f"{practice.url}challenge\n\n# a remark\nnonsense\n{practice.url}busy\n"
        done = run("capture", "-", "--operation", made, said=pasted)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line.get("label") for line in lines] == ["challenge", None, "busy"]
    assert "problem" in lines[1]
    assert done.returncode == 1
    page.goto(f"/operations/{made}/captures/")
    page.get_by_role("link", name="See blocked pages").click()
    expect(page.get_by_role("link", name="Mark as handled")).to_have_count(2)
    accessible(page, "handover")
    page.get_by_role("link", name="Mark as handled").first.click()
    accessible(page, "handle")
    page.get_by_role("button", name="Mark as handled").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what was done about the page")
    page.get_by_label("What was done").fill("Left alone: the site is busy")
    page.get_by_role("button", name="Mark as handled").click()
    expect(page.get_by_text("Left alone: the site is busy")).to_be_visible()
    expect(page.get_by_role("link", name="Mark as handled")).to_have_count(1)


def test_a_form_half_filled_in_keeps_what_was_typed_and_leads_to_each_fault(page: Page) -> None:
    page.goto("/open/")
    page.get_by_label("Name of the operation").fill("Half an operation")
    page.get_by_label("Sites").fill("http://not a site")
    page.get_by_role("button", name="Open the operation").click()
    assert page.title().startswith("Error: ")
    summary = page.get_by_role("alert")
    expect(summary.get_by_role("link")).to_have_text(
        ["Choose the purpose", "Say why the sites are to be visited"]
    )
    expect(page.get_by_label("Name of the operation")).to_have_value("Half an operation")
    expect(page.get_by_label("Sites")).to_have_value("http://not a site")
    summary.get_by_role("link", name="Say why").click()
    page.keyboard.type("Because")
    expect(page.get_by_label("Rationale")).to_have_value("Because")
    page.get_by_label("Investigation").check()
    page.get_by_role("button", name="Open the operation").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_attribute("href", "#id_sites")
    expect(page.locator("#id_sites-error")).to_contain_text("site pattern")


def test_a_lead_adds_and_removes_a_member_and_an_outsider_sees_nothing(page: Page, served: Any) -> None:
    people = "operation", "list", "--as"
    subprocess.run(
        [sys.executable, "-m", "bowstreet", *people, "bob"], env=os.environ | {"BOWSTREET_HOME": str(served.home)}, check=True
    )  # fmt: skip
    _open(page, "Members")
    page.get_by_role("link", name="Members").click()
    page.get_by_role("link", name="Add a member").click()
    accessible(page, "add-member")
    page.get_by_label("User name").fill("nobody")
    page.get_by_label("Looks, and changes nothing").check()
    page.get_by_role("button", name="Add").click()
    expect(page.locator("#id_username-error")).to_contain_text("no officer with the user name")
    page.get_by_label("User name").fill("bob")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("region", name="success")).to_contain_text("The member was added")
    expect(page.get_by_role("row").filter(has_text="bob")).to_contain_text("Looks, and changes nothing")
    page.get_by_role("link", name="Take off bob").click()
    accessible(page, "remove-member")
    page.get_by_role("button", name="Take them off").click()
    expect(page.get_by_role("row").filter(has_text="bob")).to_have_count(0)
    page.get_by_role("link", name="Take off Practice Officer").click()
    page.get_by_role("button", name="Take them off").click()
    expect(page.get_by_role("alert")).to_contain_text("the only one who leads")


def test_a_lead_records_and_cancels_an_authority_and_reviews_what_is_held(page: Page) -> None:
    _open(page, "Authorities")
    page.get_by_role("link", name="Record a further authority").click()
    accessible(page, "record-authority")
    page.get_by_label("Rationale").fill("A second site came up")
    page.get_by_label("Sites").fill("second.example")
    page.get_by_label("Accounts that visits may be made under").fill(
        "quillfeather@second.example\n\nmarsh reed"
    )
    page.get_by_label("For how many days").fill("400")
    page.get_by_role("button", name="Record the authority").click()
    expect(page.locator("#id_days-error")).to_contain_text("from 1 to 366")
    page.get_by_label("For how many days").fill("14")
    page.get_by_role("button", name="Record the authority").click()
    expect(page.locator(".govuk-summary-card")).to_have_count(2)
    expect(page.locator(".govuk-summary-card").last).to_contain_text(
        "marsh reed, quillfeather@second.example"
    )
    page.get_by_role("link", name="Cancel the authority").last.click()
    accessible(page, "cancel-authority")
    page.get_by_label("Why it is cancelled").fill("Not needed after all")
    page.get_by_role("button", name="Cancel the authority").click()
    expect(page.locator(".moj-timeline")).to_contain_text("Authority A2 cancelled")
    page.get_by_role("link", name="Review what is held").click()
    accessible(page, "review")
    page.get_by_label("Why what is held is still needed").fill("The inquiry goes on")
    for name, text in (("Day", "31"), ("Month", "2"), ("Year", "2027")):
        page.get_by_label(name, exact=True).fill(text)
    page.get_by_role("button", name="Save the review").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_attribute("href", "#id_due-day")
    expect(page.get_by_label("Day", exact=True)).to_have_value("31")
    page.get_by_label("Day", exact=True).fill("28")
    page.get_by_role("button", name="Save the review").click()
    expect(page.get_by_text("due on 28 February 2027")).to_be_visible()
    accessible(page, "operation")


def _open(page: Page, name: str) -> None:
    page.goto("/open/")
    page.get_by_label("Name of the operation").fill(name)
    page.get_by_label("Detection").check()
    page.get_by_label("Rationale").fill("A public listing, once")
    page.get_by_label("Sites").fill("shop.example")
    page.get_by_role("button", name="Open the operation").click()


def test_an_officer_searches_looks_at_a_seller_and_produces_an_exhibit(page: Page, reference: str) -> None:
    page.get_by_role("link", name="Search").click()
    page.get_by_label("Words that must all be there").fill("riverside tobacco")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_contain_text("pages")
    accessible(page, "search")
    page.goto(f"/operations/{reference}/sellers/")
    page.get_by_role("link", name="northbank").first.click()
    accessible(page, "seller")
    blurred = page.get_by_role("img", name="Blurred picture 1")
    assert width_of(blurred) in range(1, 120)
    page.get_by_role("link", name="Reveal the pictures").click()
    page.wait_for_url("**&reveal=1")
    assert width_of(page.get_by_role("img", name="Picture 1")) == 240
    page.get_by_role("region", name="Links with other accounts").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Are these one seller?")).to_be_visible()
    page.goto(f"/operations/{reference}/exhibits/produce/?capture=3")
    accessible(page, "produce")
    page.get_by_label("Description").fill("One listing")
    page.get_by_role("button", name="Produce").click()
    expect(page.locator("dd").filter(has_text="Yes")).to_have_count(2)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the bag").click()
    assert download.value.suggested_filename.startswith("PO-")


def test_an_officer_compares_sellers_who_show_the_same_picture(page: Page, reference: str) -> None:
    page.goto(f"/operations/{reference}/sellers/")
    page.get_by_role("link", name="Pictures that several sellers show").click()
    expect(page.get_by_role("status")).to_have_text("1 picture.")
    accessible(page, "shared-pictures")
    blurred = page.get_by_role("img", name="Picture 1, blurred").first
    assert width_of(blurred) in range(1, 120)
    page.get_by_role("link", name="Reveal the pictures").click()
    page.wait_for_url("**?reveal=1")
    assert width_of(page.get_by_role("img", name="Picture 1").first) == 240
    where = page.get_by_role("region", name="Picture 1, where it stands")
    expect(where.get_by_role("rowheader")).to_have_count(2)
    with page.context.expect_page() as opened:
        where.get_by_role("link", name="Show me where").first.click()
    expect(opened.value.locator("#found")).to_be_attached()
    where.get_by_role("link", name="NB_Baccy").click()
    expect(page.get_by_role("heading", name="NB_Baccy")).to_be_visible()


def test_sellers_and_links_are_given_to_somebody_as_a_file_and_not_half_filled_in(
    page: Page, reference: str
) -> None:
    page.goto(f"/operations/{reference}/links/")
    page.get_by_role("link", name="Export sellers and links").click()
    accessible(page, "export")
    page.get_by_role("radio", name="STIX 2.1").check()
    page.get_by_role("button", name="Export").click()
    said = page.get_by_role("alert").get_by_role("link")
    expect(said).to_have_text(["Say who receives it", "Say why it is given to them"])
    expect(page.get_by_role("radio", name="STIX 2.1")).to_be_checked()
    page.get_by_label("Who receives it").fill("North Unit")
    page.get_by_label("Why it is given to them").fill("Joint work")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    with zipfile.ZipFile(download.value.path()) as pack:
        assert sorted(pack.namelist()) == ["README.txt", "bundle.stix.json", "links.jsonl"]


def test_an_analyst_corrects_what_a_listing_offers(page: Page, reference: str) -> None:
    page.goto(f"/operations/{reference}/listings/?goods=not-sure")
    row = page.get_by_role("row").filter(has_text="Not sure").first
    title = row.get_by_role("cell").first.inner_text()
    row.get_by_role("link", name="Correct").click()
    accessible(page, "correct")
    page.get_by_label("What it offers").select_option(label="Tobacco and cigarettes")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="success")).to_contain_text("next reading")
    page.get_by_label("Goods").select_option(label="Tobacco and cigarettes")
    page.get_by_role("button", name="Apply the filter").click()
    expect(page.get_by_role("row").filter(has_text=title).filter(has_text="Corrected")).to_have_count(1)


def test_signed_out_people_see_the_sign_in_page_and_outsiders_a_404(page: Page, served: Any) -> None:
    assert page.goto("/operations/OP-9999/").status == 404  # type: ignore[union-attr]
    assert page.goto("/log/").status == 404  # type: ignore[union-attr]
    page.goto("/accessibility/")
    accessible(page, "accessibility")
    page.get_by_role("button", name="Sign out").click()
    accessible(page, "sign-in")
    page.get_by_label("User name").fill("officer")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not go together")


def sign_in_as(page: Page, served: Any, name: str, role: str, then: str = "") -> None:
    """Make an officer, do with `made` what else is said, and sign in as them."""
    code = (
        "from bowstreet.cli import state; state.begin();"
        "from bowstreet.casework.people import acts;"
        f"made = acts.ensure('{name}', at=state.now(), name='A {name}', role='{role}', password='a password for {name}');{then}"
    )
    subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"BOWSTREET_HOME": str(served.home)}, check=True
    )
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(f"a password for {name}")
    page.get_by_role("button", name="Sign in").click()


def test_who_may_look_only_is_offered_nothing_that_would_be_refused(
    served: Any, page: Page, reference: str
) -> None:
    seat = (
        "from bowstreet.casework.operations.models import Membership, Operation;"
        f"Membership.objects.create(operation=Operation.objects.get(reference='{reference}'), officer=made, role='reader', since=state.now())"
    )
    sign_in_as(page, served, "reader", "officer", seat)
    expect(page.get_by_role("link", name=reference)).to_be_visible()
    for tail in (
        "", "captures/", "captures/1/", "captures/requests/", "handover/", "crawls/", "watches/", "listings/", "sellers/", "links/",
        "links/1/", "links/learn/", "exhibits/", "members/",
    ):  # fmt: skip
        answer = page.goto(f"/operations/{reference}/{tail}")
        assert answer is not None
        assert answer.ok, tail
        assert set(page.locator("main button").all_inner_texts()) <= {"Apply the filter"}, tail
        assert page.locator("main form[method=post]").count() == 0, tail
        offered = page.locator("main a").evaluate_all("links => links.map(link => link.pathname)")
        acts = re.compile("/(ask|add|produce|export|goods|next|handover/[0-9]+|record|cancel|review)/$")
        assert not [one for one in offered if acts.search(one)], tail


def test_an_auditor_reads_the_log_for_a_purpose(served: Any, page: Page) -> None:
    sign_in_as(page, served, "auditor", "auditor")
    page.get_by_role("link", name="Log", exact=True).click()
    page.get_by_role("button", name="Read the log").click()
    expect(page.get_by_role("table")).to_contain_text("Collection")
    accessible(page, "log")
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("status")).to_contain_text("51 to")
    page.get_by_label("Act", exact=True).select_option("Disclosure")
    page.get_by_role("button", name="Read the log").click()
    expect(page.get_by_role("table")).not_to_contain_text("Collection")


def test_every_page_of_the_web_face_was_visited() -> None:
    source = (Path(__file__).parents[2] / "bowstreet/web/urls.py").read_text()
    assert set(re.findall(r'name="([^"]+)"', source)) == {*PAGES, *FILES}
    assert visited - set(FILES) == set(PAGES)
