"""What kinds of building the reader meets besides lists of links: each in one small page. All goods and people are invented."""

from __future__ import annotations

from bowstreet.reading.facts import PageFacts
from bowstreet.reading.reader import read

NAMES = (
    "Walnut bowl, large",
    "Oak spoon set",
    "Birch tray with handles",
    "Cherry egg cups",
    "Ash coat pegs",
    "Elm chopping board",
)


def page(body: str, title: str = "Turnery", path: str = "/page") -> PageFacts:
    html = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    return read(html.encode(), url=f"http://unseen.example{path}")


def test_a_price_list_whose_rows_lead_nowhere_is_read() -> None:
    rows = "".join(
        f"<tr><td>{name}</td><td>{n + 3}0 EUR = 0.00{n}1 BTC</td><td><form><input value=1><button>Buy now</button></form></td></tr>"
        for n, name in enumerate(NAMES)
    )
    facts = page(
        f"<h2>Products</h2><table><tr><th>Product</th><th>Price</th><th>Quantity</th></tr>{rows}</table>"
    )
    assert facts.kind == "results"
    assert [(one.title, one.price and one.price.amount, one.url) for one in facts.listings] == [
        (name, f"{n + 3}0", None) for n, name in enumerate(NAMES)
    ]


def test_a_price_whose_sign_has_an_element_of_its_own_is_read_in_a_card_that_is_one_link() -> None:
    cards = "".join(
        f"<li><a href='/product/{n}/'><h2>{name}</h2><span class=price><span>&#36;</span>{n + 11}.50</span></a></li>"
        for n, name in enumerate(NAMES)
    )
    facts = page(f"<h1>Shop</h1><ul>{cards}</ul>")
    assert [(one.title, one.price and one.price.amount) for one in facts.listings] == [
        (name, f"{n + 11}.50") for n, name in enumerate(NAMES)
    ]


def test_flags_say_where_goods_are_sent_from_and_to_and_point_at_the_picture() -> None:
    facts = page(
        "<h1>Walnut bowl, large</h1><p>$44.00</p><table><tr><td>Vendor</td><td><a href='/vendor/turner'>turner</a></td></tr>"
        "<tr><td>Ships from</td><td><img src=a alt=Ireland></td></tr><tr><td>Ships to</td><td><img src=b alt=Europe> <img src=c alt=Canada></td></tr></table><a href='/order/4'>Order now</a>",
        "Walnut bowl, large",
    )
    one = facts.listings[0]
    assert (one.ships_from, one.ships_to) == ("Ireland", ("Europe", "Canada"))
    assert one.proof["ships_from"].css.endswith("img:nth-of-type(1)")


def test_goods_counted_by_the_five_hundred_are_not_missing() -> None:
    body = "<h1>500 x Brass hooks</h1><p>Vendor: <a href='/vendor/forge'>forge</a></p><p>Price: $61.00</p><button>Buy now</button>"
    assert page(body).kind == "listing"
    assert page("<h1>500</h1>").kind == "missing"


def test_a_search_that_found_nothing_is_a_page_of_results() -> None:
    assert page("<h1>Search results</h1><p>There is nothing to show.</p>").kind == "results"


def test_a_page_that_bears_the_name_of_one_thing_is_its_listing_whatever_else_is_offered_beside_it() -> None:
    others = "".join(
        f"<li><a href='/deal/{n}'><b>{name}, special offer</b> <em>{n + 5}.00 EUR</em></a></li>"
        for n, name in enumerate(NAMES * 4)
    )
    body = f"<h1>Walnut bowl with feet, very large</h1><p>42.00 EUR</p><p>Turned on a lathe of 1910.</p><h3>Deals</h3><ul>{others}</ul>"
    facts = page(body, "Walnut bowl with feet, very large - Turnery", "/deal/99")
    assert facts.kind == "listing"
    assert [(one.title, one.price and one.price.amount) for one in facts.listings] == [
        ("Walnut bowl with feet, very large", "42.00")
    ]
    assert page(body, "Deals - Turnery", "/deals").kind == "results"
