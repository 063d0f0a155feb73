"""Each way of reading a page: data in it, what it shows, what other pages of its site say, what a person taught."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from bowstreet.reading.document import Document
from bowstreet.reading.facts import Listing, PageFacts, Price, Proof
from bowstreet.reading.labels import pairs
from bowstreet.reading.reader import read, read_rows

DATA = Path(os.environ.get("BOWSTREET_DATA", "")) / "msc-darkweb-html/tests"
SHOP = "http://shop.example/item/lantern-7"


def page(main: str, *, title: str = "Grey lantern - Corner Shop", head: str = "") -> bytes:
    return f"<html><head><title>{title}</title>{head}</head><body>{main}</body></html>".encode()


def only(body: bytes, url: str = SHOP) -> Listing:
    (listing,) = read(body, url=url).listings
    return listing


def said(body: bytes, proof: Proof) -> str:
    return body[proof.byte_start : proof.byte_end].decode()


LD = '<script type="application/ld+json">{"@type": "Product", "name": "Grey lantern", "brand": {"name": "Hearth"}, "sku": "L-7", "offers": {"price": "%s", "priceCurrency": "EUR"}}</script>'


def test_data_in_the_page_and_what_it_shows_agree_and_the_proof_is_what_it_shows() -> None:
    body = page(
        '<h1>Grey lantern</h1><p class="price">24,99 €</p><button>Add to cart</button>', head=LD % "24.99"
    )
    listing = only(body)
    assert listing.price == Price("24.99", "EUR")
    assert (listing.brand, listing.sku) == ("Hearth", "L-7")
    assert listing.proof["price"].reader == "json-ld"
    assert said(body, listing.proof["price"]) == "24,99 €"


def test_a_price_in_data_without_its_point_gives_way_to_the_price_that_is_shown() -> None:
    body = page(
        '<h1>Grey lantern</h1><p class="price">€ 24.99</p><button>Add to cart</button>', head=LD % "2499"
    )
    assert only(body).price == Price("24.99", "EUR")


def test_what_was_the_price_before_is_not_the_price() -> None:
    body = page(
        '<h1>Grey lantern</h1><p>RRP <del>£40.00</del> <b class="price">£31.50</b></p><button>Add to basket</button>'
    )
    assert only(body).price == Price("31.50", "GBP")


def test_three_digits_after_a_point_are_thousands_unless_it_is_a_coin() -> None:
    def price(text: str) -> Price | None:
        return only(
            page(f"<h1>Grey lantern</h1><p>Vendor: <a href='/user/anna'>anna</a></p><p>Price: {text}</p>")
        ).price

    assert price("3.499 €") == Price("3499", "EUR")
    assert price("0.125 XMR") == Price("0.125", "XMR")


MARKET = """<p>Logged in as <a href="/user/{me}">{me}</a> <a href="/logout">Logout</a> Balance: $0.00</p>
<ul><li>USD 9045.89</li><li>EUR 8210.72</li><li>GBP 7068.06</li></ul>
<p>Vendor bond is $250, fees are 4 %.</p><div>{main}</div>"""
OFFER = """<p><a href="/">Home</a> &gt; <a href="/c/1">Lamps</a> &gt; <a href="/c/2">Oil lamps</a></p><h2>{title}</h2>
<table><tr><td>Sold by:</td><td><a href="/user/{seller}">{seller}</a> (77)</td></tr><tr><td>Price:</td><td>USD 85.00 (0.0094 BTC)</td></tr>
<tr><td>Ships from:</td><td>Germany</td></tr><tr><td>Ships to:</td><td>Germany, Austria</td></tr></table>
<select><option>Post - $4.50</option></select><h3>Also available</h3><div class="related"><a href="/l/9">Red lantern</a> $5.00</div>"""


def market(title: str = "Grey oil lantern", seller: str = "anna_7", me: str = "watcher1") -> bytes:
    return page(MARKET.format(me=me, main=OFFER.format(title=title, seller=seller)), title="Corner Market")


def test_neither_rates_fees_and_shipping_nor_the_one_who_is_logged_in_are_taken() -> None:
    listing = only(market(), "http://corner.onion/l/7")
    assert (listing.title, listing.seller, listing.price) == (
        "Grey oil lantern",
        "anna_7",
        Price("85.00", "USD"),
    )
    assert listing.category == ("Lamps", "Oil lamps")
    assert (listing.ships_from, listing.ships_to) == ("Germany", ("Germany", "Austria"))
    assert Price("0.0094", "BTC") in listing.prices


def test_pages_of_one_site_read_together_give_the_same_and_lose_its_template() -> None:
    bodies = [
        market(f"{word} oil lantern", f"{word.lower()}_7") for word in ("Grey", "Blue", "Tall", "Round")
    ]
    rows = [
        {
            "url": f"http://corner.onion/l/{n}",
            "charset": None,
            "status": 200,
            "body": body,
            "record": "",
            "block": "",
            "body_digest": "",
        }
        for n, body in enumerate(bodies)
    ]
    read_together: list[PageFacts] = list(read_rows(rows))
    assert [p.listings[0].title for p in read_together] == [
        f"{w} oil lantern" for w in ("Grey", "Blue", "Tall", "Round")
    ]
    assert all("Vendor bond" not in p.main and "oil lantern" in p.main for p in read_together)


def test_a_saved_page_without_an_address_keeps_its_links_as_written() -> None:
    rows = "".join(
        f'<div class="card"><a href="/item/{n}">{word} lantern of brass</a><a href="/user/{seller}">{seller}</a><b>$ {n}5.00</b></div>'
        for n, (word, seller) in enumerate(
            (("Grey", "anna"), ("Blue", "bob"), ("Tall", "cy"), ("Round", "dee")), 1
        )
    )
    facts = read(page(rows, title="Corner: lamps"), url="file:///tmp/saved.html")
    assert [(o.url, o.title, o.seller, o.price) for o in facts.listings][:2] == [
        ("/item/1", "Grey lantern of brass", "anna", Price("15.00", "USD")),
        ("/item/2", "Blue lantern of brass", "bob", Price("25.00", "USD")),
    ]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8", "cp1252"])
def test_spans_are_exact_in_every_encoding(encoding: str) -> None:
    source = "<html><body><h1>Caf\u00e9 &amp; b\u00e4r</h1>\r\n<p>line\r\nnext</p></body></html>"
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    body = mark + source.encode(encoding)
    document = Document.parse(body, charset=None, url=SHOP)
    assert [unit.text for unit in document.units] == ["Café & bär", "line\nnext"]
    for unit, written in zip(document.units, ("Café &amp; bär", "line\r\nnext"), strict=True):
        proof = document.proof(unit.start, unit.end, "test")
        assert body[proof.byte_start : proof.byte_end].decode(encoding) == written


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason="BOWSTREET_DATA names no folder of real pages")
def test_every_proof_on_real_pages_points_at_its_value_by_bytes_and_by_css() -> None:
    import html

    checked = 0
    for path in sorted(DATA.glob("*/html_files/listings/*")):
        body = path.read_bytes()
        tree = LexborHTMLParser(body)
        for listing in read(body, url="http://market.onion/page").listings:
            for name in ("title", "seller", "ships_from"):
                value, proof = getattr(listing, name), listing.proof.get(name)
                if value is None or proof is None:
                    continue
                written = html.unescape(body[proof.byte_start : proof.byte_end].decode())
                assert re.sub(r"\s+", " ", written).strip(" ,.") == value
                (element,) = tree.css(proof.css)
                assert value in re.sub(r"\s+", " ", element.text())
                checked += 1
    assert checked > 60


def test_columns_give_their_cells_the_label_of_their_heading() -> None:
    body = page(
        "<table><tr><th>Title</th><th>Vendor</th><th>Ships from</th></tr><tr><td>Lamp</td><td>anna</td><td>Spain</td></tr></table>"
    )
    document = Document.parse(body, charset=None, url=SHOP)
    assert {(p.name, p.value) for p in pairs(document)} == {
        ("title", "Lamp"),
        ("seller", "anna"),
        ("ships_from", "Spain"),
    }


def odd(title: str, price: str, seller: str) -> str:
    story = "A long story for whoever wants to hear it. " * 3
    return f"<html><head><title>Corner</title></head><body><div class=x1>Corner</div><div class=q><span class=a7>{title}</span><div class=z>{story}</div><em class=k2>{price}</em><i class=w3>{seller}</i></div></body></html>"


def bowstreet(*args: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bowstreet", *args],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "BOWSTREET_HOME": str(home)},
    )


def test_one_example_teaches_a_site_that_says_nothing_of_itself(tmp_path: Path) -> None:
    for name, what in (
        ("first", ("Grey lantern", "12.50", "ann77")),
        ("other", ("Blue kettle", "7.00", "bob_9")),
    ):
        (tmp_path / f"{name}.html").write_text(odd(*what))
    first, other, examples = (str(tmp_path / name) for name in ("first.html", "other.html", "examples.json"))
    untaught = json.loads(bowstreet("read", other, "--json", home=tmp_path).stdout)
    assert untaught["listings"] == []
    taught = bowstreet(
        "teach",
        first,
        "--title",
        "Grey lantern",
        "--seller",
        "ann77",
        "--price",
        "12.50",
        "--also",
        other,
        "-o",
        examples,
        home=tmp_path,
    )
    assert taught.returncode == 0, taught.stderr
    (listing,) = json.loads(bowstreet("read", other, "--examples", examples, "--json", home=tmp_path).stdout)[
        "listings"
    ]
    assert (listing["title"], listing["seller"], listing["price"]["amount"]) == (
        "Blue kettle",
        "bob_9",
        "7.00",
    )
    assert listing["proof"]["seller"]["reader"] == "example"


def test_a_text_that_the_page_does_not_show_is_no_example(tmp_path: Path) -> None:
    (tmp_path / "first.html").write_text(odd("Grey lantern", "12.50", "ann77"))
    done = bowstreet(
        "teach",
        str(tmp_path / "first.html"),
        "--title",
        "Not there",
        "-o",
        str(tmp_path / "e.json"),
        home=tmp_path,
    )
    assert done.returncode == 2
    assert "copy the text as the page shows it" in done.stderr.replace("\n", " ")
    assert not (tmp_path / "e.json").exists()


def test_an_example_does_not_make_a_good_reader_worse(tmp_path: Path) -> None:
    from bowstreet.reading.examples import Lessons, show
    from bowstreet.reading.ranker import Ranker
    from bowstreet.reading.reader import Way
    from bowstreet.reading.view import View

    def view(body: bytes) -> View:
        return View(Document.parse(body, charset=None, url="http://corner.onion/l/1"))

    lessons = Lessons(
        [show(view(market()), {"title": "Grey oil lantern", "seller": "anna_7", "price": "USD 85.00"})]
    )
    way = Way(Ranker.shipped(), lessons=lessons)
    for body in (market("Blue kettle", "bob-9"), market("Tall red chair", "CyLee")):
        alone, taught = (read(body, url="http://corner.onion/l/2", way=w).listings[0] for w in (None, way))
        assert (taught.title, taught.seller, taught.price) == (alone.title, alone.seller, alone.price)
        assert taught.proof["price"].score >= alone.proof["price"].score
