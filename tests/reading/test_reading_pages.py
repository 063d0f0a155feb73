"""Pages of the practice market are read right, with proofs; bad input is answered, whatever it is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import market
from bowstreet.reading.document import Document
from bowstreet.reading.facts import PageFacts, Price
from bowstreet.reading.money import mentions
from bowstreet.reading.reader import read


@pytest.fixture(scope="module")
def practice() -> Iterator[market.Practice]:
    with market.serve() as running:
        yield running


def fetch(base: str, path: str) -> tuple[bytes, PageFacts]:
    connection = HTTPConnection(urlsplit(base).netloc, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    return body, read(body, url=base.rstrip("/") + path, charset="utf-8", status=answer.status)


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/", "results"), ("/listing/101", "listing"), ("/seller/northbank", "seller"), ("/seller/northbank/feedback", "feedback"),
     ("/login", "login"), ("/challenge", "challenge"), ("/nowhere", "missing"), ("/listing/9999", "missing")],
)  # fmt: skip
def test_the_kind_of_page_is_told_and_blocked_ones_hold_no_listing(
    practice: market.Practice, path: str, kind: str
) -> None:
    _, facts = fetch(practice.url, path)
    assert facts.kind == kind
    assert bool(facts.listings) == (kind in ("results", "listing") or path == "/seller/northbank")


def test_a_listing_page_gives_every_field_with_its_bytes(practice: market.Practice) -> None:
    body, facts = fetch(practice.url, "/listing/101")
    one = facts.listings[0]
    assert one.price == Price("85.00", "GBP")
    assert (one.seller, one.ships_from, one.ships_to) == (
        "northbank",
        "United Kingdom",
        ("United Kingdom", "Ireland"),
    )
    assert body[one.proof["price"].byte_start : one.proof["price"].byte_end].decode() == "£85.00"
    assert body[one.proof["title"].byte_start : one.proof["title"].byte_end].decode() == one.title


@pytest.mark.parametrize("second", [False, True])
def test_result_pages_of_both_layouts_give_every_row(practice: market.Practice, second: bool) -> None:
    _, facts = fetch(practice.second_url if second else practice.url, "/")
    assert len(facts.listings) == 10
    assert all(one.price and one.seller and one.url for one in facts.listings)


def test_an_account_claims_what_it_says(practice: market.Practice) -> None:
    _, facts = fetch(practice.url, "/seller/northbank")
    account = facts.accounts[0]
    assert (account.handle, account.sales, account.joined) == ("northbank", 412, "2024-03-11")
    assert account.claims[0][:2] == ("Lantern Exchange", 300)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [("£1,850.00", "1850.00", "GBP"), ("EUR 1.250,50", "1250.50", "EUR"), ("0.0021 BTC", "0.0021", "BTC"), ("$ 60", "60", "USD"), ("24.99 USD", "24.99", "USD")],
)  # fmt: skip
def test_money_is_read_in_the_ways_it_is_written(text: str, amount: str, currency: str) -> None:
    assert mentions(text)[0].price == Price(amount, currency)


@pytest.mark.parametrize(
    "body",
    [b"", b"\0" * 5000, b"{\"a\": 1}", b"<div>" * 300_000, b"\xff\xfe<\0p\0>\0", "<p>\u202egnp.exe</p>".encode(), b"<" * 100_000,
     b"<table><tr><td>" * 20_000, b"&#x0;&#xd800;&bogus;" * 1000, b"<a href='http://[::bad'>x</a>"],
)  # fmt: skip
def test_bad_input_is_answered_in_good_time(body: bytes) -> None:
    begun = time.process_time()
    assert read(body, url="http://shop.example/").listings == ()
    assert time.process_time() - begun < 20


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="<>/ab td=\"'&;é£1\n", max_size=300))
def test_every_unit_stands_where_it_is_said_to(source: str) -> None:
    body = source.encode()
    page = Document.parse(body, charset="utf-8", url="http://shop.example/")
    for unit in page.units:
        assert page.text[unit.start : unit.end] == unit.text
        proof = page.proof(unit.start, unit.end, "test")
        assert (
            body[proof.byte_start : proof.byte_end].decode() == page.source[proof.char_start : proof.char_end]
        )


def test_what_an_account_says_of_itself_is_not_its_key(practice: market.Practice) -> None:
    _, facts = fetch(practice.url, "/seller/northbank")
    assert facts.accounts[0].description is not None
    assert facts.accounts[0].description.startswith("Tobacco by the sleeve")


def test_an_identifier_that_markup_breaks_is_told_whole_and_links_are_not_joined() -> None:
    body = (
        b"<p>mail sa<wbr>m@example.com, na<span>me</span>@exam<b>ple</b>.com</p><p>1Boat<wbr>SLRHtKNngkd<!-- x -->XEeobR76b53LETtpyT</p>"
        b"<p><a href=/c>Contact</a><a href=/m>anna@example.com</a> <b>Price</b>1BoatSLRHtKNngkdXEeobR76b53LETtpyT</p>"
    )
    facts = read(body, url="http://shop.example/a")
    told = [(one.value, body[one.proof.byte_start : one.proof.byte_end]) for one in facts.identifiers if one.valid and one.proof]  # fmt: skip
    assert ("name@example.com", b"name</span>@exam<b>ple</b>.com".replace(b"name", b"na<span>me")) in told
    assert (
        "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
        b"1Boat<wbr>SLRHtKNngkd<!-- x -->XEeobR76b53LETtpyT",
    ) in told
    assert ("1BoatSLRHtKNngkdXEeobR76b53LETtpyT", b"1BoatSLRHtKNngkdXEeobR76b53LETtpyT") in told
    assert "sam@example.com" in {value for value, _ in told}
    assert {value for value, _ in told if value and "anna" in value} == {"anna@example.com"}
