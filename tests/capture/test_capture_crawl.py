"""What a crawl goes by: one spelling for each address, its scope, the links a page shows, robots.txt, pace and ceilings."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bowstreet.capture.canonical import canonical
from bowstreet.capture.crawl import LONGEST_WAIT, Ceilings, back_off, pause, retry_after
from bowstreet.capture.errors import BadAddress
from bowstreet.capture.frontier import Kind, Scope, links, origin, site
from bowstreet.capture.robots import Robots

#: As browsers read them (WHATWG URL Standard, and cases of its test suite's kinds), then made alike.
SPELLINGS = {
    "HTTP://EXAMPLE.com/": "http://example.com/", "http://example.com:80/": "http://example.com/",
    "https://example.com:443/x": "https://example.com/x", "http://example.com:8080/": "http://example.com:8080/",
    "http://example.com": "http://example.com/", "http:example.com/x": "http://example.com/x",
    "  http://example.com/\t ": "http://example.com/", "http://exa\nmple.com/": "http://example.com/",
    "http://example.com/a/./b/../c": "http://example.com/a/c", "http://example.com/%2e%2E/x": "http://example.com/x",
    "http://example.com/../../x": "http://example.com/x", "http://example.com\\a\\b": "http://example.com/a/b",
    "http://example.com/a b": "http://example.com/a%20b", "http://example.com/ü": "http://example.com/%C3%BC",
    "http://example.com/%c3%bc": "http://example.com/%C3%BC", "http://example.com/%7Euser": "http://example.com/~user",
    "http://example.com/a%2fb": "http://example.com/a%2Fb", "http://example.com/x#top": "http://example.com/x",
    "http://example.com/?": "http://example.com/", "http://example.com/?a=1&&b=2": "http://example.com/?a=1&b=2",
    "http://example.com/?b=2&a=1": "http://example.com/?b=2&a=1", "http://bücher.example/": "http://xn--bcher-kva.example/",
    "http://EXAMPLE.com./x": "http://example.com/x", "http://0x7f.1/": "http://127.0.0.1/", "http://2130706433/": "http://127.0.0.1/",
    "http://[::1]:80/": "http://[::1]/", "http://[0:0::1]/": "http://[::1]/", "http://example.com//a": "http://example.com//a",
    "http://example.com/x;jsessionid=AB12?y=1": "http://example.com/x?y=1",
    "http://example.com/?PHPSESSID=1&id=2": "http://example.com/?id=2",
    "http://example.com/?utm_source=a&q=1&fbclid=9": "http://example.com/?q=1",
    "http://example.com/?q=a+b%20c": "http://example.com/?q=a+b%20c", "http://example.com/?q=%41": "http://example.com/?q=A",
}  # fmt: skip


@pytest.mark.parametrize(("written", "alike"), SPELLINGS.items())
def test_an_address_has_one_spelling(written: str, alike: str) -> None:
    assert canonical(written, drop=("utm_*", "fbclid")) == alike


@pytest.mark.parametrize(
    "written",
    ["", "shop.example", "ftp://a.example/", "javascript:alert(1)", "data:text/html,x", "http://", "http://a b/", "http://[::1", "http://a:99999/",
     "http://user:pw@a.example/", "http://a.example:0/", "mailto:a@b.example", "http://a.example/" + "x" * 5000, "http://1.2.3.4.5/"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(written: str) -> None:
    with pytest.raises(BadAddress) as caught:
        canonical(written)
    assert len(str(caught.value)) < 400


@given(st.text(max_size=60))
def test_a_canonical_address_is_its_own_spelling(text: str) -> None:
    try:
        once = canonical(f"http://shop.example/{text}")
    except BadAddress:
        return
    assert canonical(once) == once


def test_parameters_count_unless_a_setting_names_them() -> None:
    assert canonical("http://a.example/?utm_source=x") == "http://a.example/?utm_source=x"
    assert canonical("http://a.example/?utm_source=x", drop=("utm_*",)) == "http://a.example/"


SEED = "https://shop.example/wares/tea"


@pytest.mark.parametrize(
    ("kind", "url", "depth", "admitted"),
    [
        (Kind.PAGE, SEED, 0, True), (Kind.PAGE, SEED + "/x", 1, False),
        (Kind.PREFIX, "https://shop.example/wares/cups", 1, True), (Kind.PREFIX, "https://shop.example/warest", 1, False),
        (Kind.PREFIX, "http://shop.example/wares/cups", 1, False), (Kind.HOST, "https://shop.example/about", 2, True),
        (Kind.HOST, "https://shop.example:8443/", 1, False), (Kind.HOST, "https://www.shop.example/", 1, False),
        (Kind.SITE, "http://www.shop.example/", 1, True), (Kind.SITE, "https://othershop.example/", 1, False),
        (Kind.HOST, "https://shop.example/deep", 4, False), (Kind.SITE, SEED, 9, True),
    ],
)  # fmt: skip
def test_a_scope_admits_what_it_says(kind: Kind, url: str, depth: int, admitted: bool) -> None:
    assert Scope(kind, (SEED,), depth=3).admits(url, depth) is admitted


@pytest.mark.parametrize(
    ("url", "name"),
    [("https://a.b.shop.co.uk/x", "shop.co.uk"), ("http://127.0.0.1:8080/", "127.0.0.1"), ("http://shop.onion/", "shop.onion"),
     ("https://anna.github.io/", "anna.github.io")],
)  # fmt: skip
def test_a_site_is_its_registrable_domain(url: str, name: str) -> None:
    assert site(url) == name


def test_links_are_read_as_a_browser_reads_them() -> None:
    dom = """<base href="/shop/"><a href="a">1</a><a href="a#x">same</a><a href="?q=1">2</a><area href="/map"><a href=" /b ">3</a>
    <a href="javascript:x()">no</a><a href="mailto:a@b.example">no</a><a name="no">no</a><a href="//other.example">4</a>
    <a href="tel:+441632960001">no</a><template><a href="/hidden">in a template</a></template>"""
    found = links(dom, base="https://shop.example/index.html")
    assert found == [
        "https://shop.example/shop/a", "https://shop.example/shop/?q=1", "https://shop.example/map", "https://shop.example/b",
        "https://other.example/",
    ]  # fmt: skip


def test_a_page_full_of_links_is_read_so_far_and_no_further() -> None:
    dom = "".join(f'<a href="/{n}">x</a>' for n in range(20_000))
    assert len(links(dom, base="https://shop.example/")) == 5000


RULES = """
User-agent: *
Disallow: /members
Allow: /members/public
Disallow: /*.zip$
Crawl-delay: 4

User-agent: bowstreet
Disallow: /only-we/
"""


@pytest.mark.parametrize(
    ("text", "url", "allowed"),
    [
        (RULES.partition("User-agent: bowstreet")[0], "https://a.example/members/1", False),
        (RULES.partition("User-agent: bowstreet")[0], "https://a.example/members/public/1", True),
        (RULES.partition("User-agent: bowstreet")[0], "https://a.example/x.zip", False),
        (RULES.partition("User-agent: bowstreet")[0], "https://a.example/x.zip?y", True),
        (RULES, "https://a.example/only-we/x", False), (RULES, "https://a.example/members/1", True), ("", "https://a.example/", True),
        ("<html>not found</html>", "https://a.example/", True), ("\x00\xff Disallow", "https://a.example/", True),
        ("User-agent: *\nDisallow: /", "https://a.example/", False),
    ],
)  # fmt: skip
def test_robots_txt_is_read_by_its_longest_match(text: str, url: str, allowed: bool) -> None:
    assert Robots.read(200, text).allows(url) is allowed


@pytest.mark.parametrize(
    ("status", "allowed"), [(404, True), (403, True), (401, True), (429, False), (500, False), (503, False), (0, False)]
)  # fmt: skip
def test_a_site_without_rules_is_open_and_one_out_of_order_is_closed(status: int, allowed: bool) -> None:
    assert Robots.read(status, "User-agent: *\nDisallow: /").allows("https://a.example/x") is allowed


def test_a_crawl_delay_is_kept_and_an_endless_one_is_not() -> None:
    assert Robots.read(200, RULES.partition("User-agent: bowstreet")[0]).delay() == 4
    assert Robots.read(200, "User-agent: *\nCrawl-delay: 999999").delay() == 300


@pytest.mark.parametrize("said", ["nan", "inf", "-5", "1e9", "soon", "", "\u0661"])
def test_a_crawl_delay_that_makes_no_sense_stops_nothing(said: str) -> None:
    assert pause(10, asked=Robots.read(200, f"User-agent: *\nCrawl-delay: {said}").delay(), chance=0) in (
        10,
        300,
    )


def test_rules_made_to_be_slow_are_not() -> None:
    text = (
        "User-agent: *\nDisallow: /"
        + "a*" * 200
        + "b$\n"
        + "".join(f"Disallow: /{n}*y*z\n" for n in range(20_000))
    )
    begun = time.monotonic()
    assert Robots.read(200, text).allows("https://a.example/" + "a" * 4000)
    assert time.monotonic() - begun < 20


@given(
    st.floats(0, 3600), st.floats(0, 300), st.floats(0, 1), st.integers(1, 50), st.none() | st.floats(0, 1e6)
)
def test_the_pace_is_never_quicker_than_asked_and_never_without_end(
    rate: float, asked: float, chance: float, strikes: int, retry: float | None
) -> None:
    assert max(rate, asked) <= pause(rate, asked=asked, chance=chance) <= 1.5 * max(rate, asked) + 1e-9
    wait = back_off(rate, strikes=strikes, asked=retry)
    assert min(LONGEST_WAIT, retry if retry is not None else 30) <= wait <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120), (" 5 ", 5), ("Tue, 24 Nov 2026 10:01:00 GMT", 60), ("Mon, 23 Nov 2026 10:00:00 GMT", 0), ("soon", None), (None, None)],
)  # fmt: skip
def test_retry_after_is_a_number_or_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, at=datetime(2026, 11, 24, 10, 0, tzinfo=UTC)) == seconds


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"pages": 10}, "10 pages"),
        ({"seconds": 120}, "2 minutes"),
        ({"size": 1000}, "1000 bytes"),
        ({}, None),
    ],
)
def test_a_ceiling_is_told(given_: dict[str, int], says: str | None) -> None:
    reached = Ceilings(10, 2, 1000).reached(**({"pages": 9, "seconds": 119, "size": 999} | given_))  # type: ignore[arg-type]
    assert reached is None if says is None else says in str(reached)


def test_an_origin_is_scheme_host_and_port() -> None:
    assert origin("https://a.example:8443/x?y") == "https://a.example:8443"
