"""Markets whose layouts were written by hand, apart from what the reader is trained on, are read as a person reads them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from decimal import Decimal

import pytest

from bowstreet.reading.facts import Listing, PageFacts
from bowstreet.reading.reader import read, read_rows
from tests.reading import layouts


def page(html: str, number: int = 0) -> PageFacts:
    return read(html.encode(), url=f"http://unseen.example/page/{number}")


def four(listing: Listing) -> tuple[object, ...]:
    price = listing.price
    return listing.title, listing.seller, price and Decimal(price.amount), price and price.currency


@pytest.mark.parametrize("make", layouts.LAYOUTS, ids=lambda make: make.__name__)
def test_a_layout_never_seen_is_read_as_a_person_reads_it(make: Callable[[], layouts.Seen]) -> None:
    seen = make()
    facts = page(seen.html)
    assert facts.kind == seen.kind
    assert [four(one) for one in facts.listings] == [
        (title, seller, amount and Decimal(amount), currency)
        for title, seller, amount, currency in seen.offers
    ]
    about = facts.listings[0] if facts.listings else facts.accounts[0]
    assert {name: getattr(about, name) for name in seen.more} == seen.more


@pytest.mark.parametrize("make", layouts.RESULTS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("goods", [layouts.GOODS[2:3], layouts.GOODS[4:6], layouts.GOODS[1:4]], ids=len)
def test_a_result_page_of_one_two_or_three_things_is_read_in_full(
    make: Callable[[layouts.Goods], layouts.Seen], goods: layouts.Goods
) -> None:
    facts = page(make(goods).html)
    assert [(one.title, one.seller) for one in facts.listings] == [goods_[:2] for goods_ in goods]


@pytest.mark.parametrize(
    "links",
    ["<a href='/'>Home</a><a href='/shop'>Shop</a>", "<a href='/seller/anna'>anna</a> <a href='/about'>About this place</a>",
     "<ul><li><a href='/listing/1'>A fine old thing</a><li><a href='/listing/2'>Another fine thing</a></ul>"],
)  # fmt: skip
def test_a_sentence_beside_links_is_no_listing(links: str) -> None:
    facts = page(
        f"<html><head><title>Notice</title></head><body>{links}<p>Now closed on Mondays</p></body></html>"
    )
    assert (facts.kind, facts.listings) == ("other", ())


def test_the_name_of_the_market_on_every_page_is_no_title() -> None:
    seen = layouts.nested_tables().html.replace("logout", "leave")
    goods = ("Cast iron boot scraper", "Tin bath, large size", "Copper funnel with a long neck")
    rows = [
        {"url": f"http://unseen.example/index.php?id={n}", "charset": None, "status": 200, "record": "", "block": "", "body_digest": "",
         "body": seen.replace(goods[0], title).encode()}
        for n, title in enumerate(goods)
    ]  # fmt: skip
    assert [facts.listings[0].title for facts in read_rows(rows)] == list(goods)


def test_pairs_in_one_line_are_told_apart() -> None:
    facts = page(layouts.seller_page().html)
    one = facts.accounts[0]
    assert (one.joined, one.last_seen, one.sales) == ("March 4, 2021", "2 days ago", 1204)


@pytest.mark.soak
def test_reading_time_grows_with_the_number_of_records_and_no_faster() -> None:
    def taken(count: int) -> float:
        goods = tuple((f"Walnut lamp number {n}", f"maker{n % 50}", f"{n % 90 + 1}.50") for n in range(count))
        html = layouts.table_rows(goods).html
        begun = time.process_time()
        assert len(page(html).listings) == count
        return time.process_time() - begun

    taken(200)
    assert taken(20_000) < 14 * taken(2_000)  # ten times as much; the square would be a hundred


def test_layouts_are_no_copies_of_each_other() -> None:
    shapes = {tuple(re.findall(r"<\w+", make().html)[:40]) for make in layouts.LAYOUTS}
    assert len(shapes) == len(layouts.LAYOUTS)
