"""Market pages written by hand, each in its own manner of building; all goods and people are invented.

Each layout gives its pages' HTML with what a person reads there. None was made by what the reader is trained on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Seen:
    """What a person reads on a page. In `offers`: title, seller, amount, currency."""

    html: str
    kind: str
    offers: tuple[tuple[str, str | None, str | None, str | None], ...] = ()
    more: dict[str, object] = field(
        default_factory=dict
    )  # other fields of the first offer, or of the account


Goods = tuple[tuple[str, str, str], ...]
GOODS: Goods = (
    ("Blue Fern 3.5g outdoor dried herb", "mossandco", "18.50"),
    ("Walnut lamp kit - 2 pcs", "Lamplighter77", "42.00"),
    ("Guide to cold frames (PDF)", "paperboat", "3.99"),
    ("Signed print: Harbour at dusk, A3", "inkandtide", "120.00"),
    ("1oz Highland heather honey", "mossandco", "9.25"),
    ("10x Brass hooks, antique finish", "TheOldForge", "27.40"),
    ("Seed mix #4 *meadow* 50 grams", "greenlane", "6.00"),
    ("Premium oak smoked salt 250g", "saltmarsh_uk", "11.80"),
)
PEOPLE = ("mossandco", "Lamplighter77", "paperboat", "inkandtide", "TheOldForge", "greenlane", "saltmarsh_uk")


def _offers(currency: str, goods: Goods) -> tuple[tuple[str, str, str, str], ...]:
    return tuple((title, seller, amount, currency) for title, seller, amount in goods)


def cards(goods: Goods = GOODS) -> Seen:
    """Bootstrap cards, a price in dollars and in bitcoin, ships from → to, a member's bar with a balance."""
    nav = """<nav class="navbar navbar-dark bg-dark"><a class="navbar-brand" href="/">Quayside</a>
<ul class="navbar-nav"><li class="nav-item"><a class="nav-link" href="/orders">Orders</a></li><li class="nav-item"><a class="nav-link" href="/messages">Messages <span class="badge badge-pill">0</span></a></li></ul>
<span class="navbar-text">guestuser9 | Balance: <b>0.00000000 BTC</b> ($0.00)</span><a href="/logout">Logout</a></nav>"""
    left = "".join(
        f'<a class="list-group-item" href="/category/{n}">{name} <span class="badge">{count}</span></a>'
        for n, (name, count) in enumerate(
            [("Herbs", 312), ("Lamps", 44), ("Books", 1290), ("Prints", 8), ("Tools", 61)]
        )
    )
    cards = "".join(
        f"""<div class="col-md-3"><div class="card mb-3"><a href="/item/{700 + n}"><img class="card-img-top" src="/i/{n}.jpg" alt=""></a>
<div class="card-body"><h6 class="card-title"><a href="/item/{700 + n}">{title}</a></h6>
<p class="card-text"><small>by <a href="/u/{seller}">{seller}</a> (97%)</small><br><strong>${price}</strong> <span class="text-muted">฿0.00{n}213</span><br>
<i class="fa fa-plane"></i> Germany → Worldwide</p><a class="btn btn-sm btn-primary" href="/item/{700 + n}">View</a></div></div></div>"""
        for n, (title, seller, price) in enumerate(goods)
    )
    html = f"""<!doctype html><html><head><title>Quayside - Browse</title></head><body>{nav}<div class="container-fluid"><div class="row">
<div class="col-md-2"><div class="list-group">{left}</div><div class="card"><div class="card-header">Exchange rates</div><div class="card-body">BTC/USD $37,120.44<br>BTC/EUR €34,010.12<br>XMR/USD $161.20</div></div></div>
<div class="col-md-10"><div class="row">{cards}</div></div></div></div></body></html>"""
    return Seen(html, "results", _offers("USD", goods), {"ships_from": "Germany"})


def table_rows(goods: Goods = GOODS) -> Seen:
    """Table rows: a picture, title and seller in one cell, the price in another, labels of escrow."""
    rows = "".join(
        f"""<tr><td><img src="thumb.php?id={n}" width="60"></td><td><a href="view.php?id={9000 + n}"><b>{title}</b></a><br><span>Seller: <a href="profile.php?u={seller}">{seller}</a> <em>Level {n % 5}</em></span>
<span class="label label-{"success" if n % 2 else "warning"}">{"Escrow" if n % 2 else "FE"}</span></td><td>Digital</td><td align="right">€{price.replace(".", ",")}</td><td>{n * 7}</td></tr>"""
        for n, (title, seller, price) in enumerate(goods)
    )
    html = f"""<html><head><title>Larder :: Search results</title></head><body><h1>Larder</h1><form><input name="q"><button>Search</button></form>
<table class="table"><thead><tr><th></th><th>Item</th><th>Type</th><th>Price</th><th>Views</th></tr></thead><tbody>{rows}</tbody></table>
<p>Page 1 of 4 <a href="?page=2">2</a> <a href="?page=3">3</a> <a href="?page=4">4</a></p></body></html>"""
    return Seen(html, "results", _offers("EUR", goods))


def definition_list() -> Seen:
    """A listing as a definition list, under tabs, with a breadcrumb of plain links."""
    html = """<html><head><title>Tallow Market</title></head><body><div id="top"><a href="/">Tallow Market</a> Hello, <a href="/me">visitor12</a>! Wallet: 0.00 XMR</div>
<div id="path"><a href="/">Home</a> &raquo; <a href="/c/4">Home and Garden</a> &raquo; <a href="/c/41">Candles</a></div>
<div class="main"><h2>Beeswax pillar candle, 30 cm</h2><img src="/p/81.png">
<dl><dt>Vendor</dt><dd><a href="/vendor/WaxAndWick">WaxAndWick</a> (4.93★) [1250/12/3]</dd><dt>Price</dt><dd>$ 1,250.00 / 0.0312 BTC</dd><dt>Ships from</dt><dd>Netherlands</dd><dt>Ships to</dt><dd>Worldwide</dd><dt>In stock</dt><dd>14</dd><dt>Payment</dt><dd>Escrow</dd></dl>
<form method="post"><select name="ship"><option>Standard +$5.00</option><option>Tracked +$12.00</option></select><input name="qty" value="1"><button>Buy now</button></form>
<ul class="tabs"><li><a href="?tab=d">Description</a></li><li><a href="?tab=f">Feedback</a></li><li><a href="?tab=r">Refund policy</a></li></ul>
<div class="tab"><p>Poured by hand from our own hives. Burns for about ninety hours. We post on Mondays and Thursdays, wrapped in two layers of card.</p></div></div></body></html>"""
    return Seen(
        html,
        "listing",
        (("Beeswax pillar candle, 30 cm", "WaxAndWick", "1250.00", "USD"),),
        {"category": ("Home and Garden", "Candles"), "ships_from": "Netherlands", "ships_to": ("Worldwide",)},
    )


def nested_tables() -> Seen:
    """An old layout of nested tables without a class, its title in bold."""
    html = """<HTML><HEAD><TITLE>Old Mill Exchange</TITLE></HEAD><BODY BGCOLOR="#ffffff"><TABLE WIDTH="100%"><TR><TD><H1>Old Mill Exchange</H1></TD><TD ALIGN=right><FONT SIZE=2>Logged in as reader5 - 0.00 BTC - <A HREF="index.php?a=logout">logout</A></FONT></TD></TR></TABLE>
<TABLE WIDTH="100%"><TR><TD VALIGN=top WIDTH=160><A HREF="index.php?c=1">Tools</A> (33)<BR><A HREF="index.php?c=2">Books</A> (9)<BR><A HREF="index.php?c=3">Plants</A> (120)<BR></TD><TD>
<TABLE><TR><TD><FONT SIZE=4><B>Cast iron boot scraper</B></FONT></TD></TR><TR><TD><TABLE BORDER=1><TR><TD>Seller:</TD><TD><A HREF="index.php?a=user&id=88">TheOldForge</A></TD></TR><TR><TD>Price:</TD><TD>64.50 GBP</TD></TR><TR><TD>Ships from:</TD><TD>United Kingdom</TD></TR><TR><TD>Ships to:</TD><TD>United Kingdom, Ireland</TD></TR><TR><TD>Category:</TD><TD><A HREF="index.php?c=1">Tools</A></TD></TR></TABLE></TD></TR>
<TR><TD>Heavy, black, and made to be stood upon. Comes with four bolts. Please allow a week for the post.</TD></TR><TR><TD><A HREF="index.php?a=buy&id=5510">Order this item</A></TD></TR></TABLE></TD></TR></TABLE></BODY></HTML>"""
    return Seen(
        html,
        "listing",
        (("Cast iron boot scraper", "TheOldForge", "64.50", "GBP"),),
        {"category": ("Tools",), "ships_from": "United Kingdom", "ships_to": ("United Kingdom", "Ireland")},
    )


def featured_and_menu() -> Seen:
    """A menu with counts, a featured box of sellers, a listing with variants, the price in a button."""
    menu = "".join(
        f'<li><a href="/browse/{s}">{s.title()}</a><span class="count">{n}</span></li>'
        for s, n in [("paper", 210), ("glass", 34), ("cloth", 88), ("wood", 412)]
    )
    sellers = "".join(
        f'<div class="vend"><a href="/shop/{s}">{s}</a><span>99%</span></div>' for s in PEOPLE[:4]
    )
    html = f"""<!DOCTYPE html><html><head><title>Linen tablecloth, undyed | Fairweather</title></head><body><header><div class="logo"><h1>Fairweather</h1></div><div class="user">Welcome back, browserA · Balance $0.00 · Cart (0)</div>
<div class="currency">USD EUR GBP AUD</div></header><aside><h3>Categories</h3><ul>{menu}</ul><h3>Featured vendors</h3>{sellers}</aside>
<main><ol class="crumbs"><li><a href="/browse">All</a></li><li><a href="/browse/cloth">Cloth</a></li><li><a href="/browse/cloth/table">Table linen</a></li></ol>
<div class="detail"><div class="ttl">Linen tablecloth, undyed</div><div class="sold-by">Sold by <a href="/shop/loomhouse">loomhouse</a> <span>Trust Level 6</span></div>
<p>Shipping: Portugal &rarr; European Union</p><button class="buy">Buy for $88.00</button>
<h4>Also available</h4><table><tr><td>140 x 200 cm</td><td>$88.00</td></tr><tr><td>140 x 260 cm</td><td>$104.00</td></tr><tr><td>140 x 320 cm</td><td>$131.00</td></tr></table>
<div class="descr">Washed once, so that it shrinks no more. Woven in the north and sewn at home.</div></div></main></body></html>"""
    return Seen(
        html,
        "listing",
        (("Linen tablecloth, undyed", "loomhouse", "88.00", "USD"),),
        {"category": ("Cloth", "Table linen"), "ships_from": "Portugal", "ships_to": ("European Union",)},
    )


def seller_page() -> Seen:
    """A seller's page: ratings by month, a key."""
    html = """<html><head><title>Profile of saltmarsh_uk - Quayside</title></head><body><div class="nav"><a href="/">Quayside</a><a href="/orders">Orders</a><a href="/logout">Logout</a> guestuser9 0.00 BTC</div>
<h2>saltmarsh_uk <small>Level 4</small></h2><p>Member since: March 4, 2021 · Last seen: 2 days ago · Total sales: 1,204 · 98.6% positive</p>
<table><tr><th></th><th>1 month</th><th>6 months</th><th>12 months</th></tr><tr><td>Positive</td><td>42</td><td>310</td><td>640</td></tr><tr><td>Neutral</td><td>1</td><td>3</td><td>9</td></tr><tr><td>Negative</td><td>0</td><td>2</td><td>4</td></tr></table>
<h3>About</h3><p>We make salt by the sea. Orders before noon go out the same day. Write to us for larger amounts.</p>
<h3>PGP</h3><pre>-----BEGIN PGP PUBLIC KEY BLOCK-----

mQENBFrandomlookingtextthatisnokeyatall
-----END PGP PUBLIC KEY BLOCK-----</pre></body></html>"""
    return Seen(html, "seller", (), {"handle": "saltmarsh_uk", "sales": 1204})


def flags_and_units(goods: Goods = GOODS) -> Seen:
    """Results whose links carry only a number, flags for countries, 'from' prices after the amount."""
    rows = "".join(
        f"""<li class="res"><a class="t" href="?pid={n * 31 + 5}">{title}</a><div class="meta"><img src="/f/se.png" alt="Sweden"> &gt; <img src="/f/eu.png" alt="Europe"> <a href="?uid={PEOPLE.index(seller) + 20}">{seller}</a> ({n + 3}.0k)</div><div class="cost">from {price} EUR <small>/ piece</small></div></li>"""
        for n, (title, seller, price) in enumerate(goods)
    )
    html = f"""<html><head><title>Nordgate</title></head><body><div><a href="?m=home">Nordgate</a> <a href="?m=inbox">Inbox</a> <a href="?m=wallet">0.0000 XMR</a></div><ul>{rows}</ul></body></html>"""
    return Seen(html, "results", _offers("EUR", goods))


def one_result() -> Seen:
    """A search that found one thing."""
    html = """<html><head><title>Search - Copperfield</title></head><body><div class="bar"><a href="/">Copperfield</a> <a href="/wallet">$0.00</a> <a href="/logout">Sign out</a></div><h1>Search results for "teapot"</h1><p>1 result found</p>
<div class="results"><div class="result"><div class="pic"><a href="/offer/5512-blue-teapot"><img src="/x.jpg"></a></div><div class="info"><h3><a href="/offer/5512-blue-teapot">Blue enamel teapot, 1 l</a></h3><div>by <a href="/seller/kettleworks">kettleworks</a></div><div>Ships from United States to Worldwide</div></div><div class="price">$31.00</div></div></div>
<form><select><option>Newest</option><option>Cheapest</option></select></form></body></html>"""
    return Seen(html, "results", (("Blue enamel teapot, 1 l", "kettleworks", "31.00", "USD"),))


def sixty() -> Seen:
    """Sixty results in one table, title, price in bitcoin alone, seller last."""
    made = tuple(
        (f"{title} ({lot})", seller, f"0.0{10 + n * 3 + lot * 7}")
        for lot in range(1, 9)
        for n, (title, seller, _) in enumerate(GOODS)
    )[:60]
    rows = "".join(
        f'<div class="row r{n % 2}"><div class="c1"><a href="/p/{n}x{n * n}">{t}</a></div><div class="c2">฿{p}</div><div class="c3"><a href="/s/{s}">{s}</a></div><div class="c4">{n % 9} sold</div></div>'
        for n, (t, s, p) in enumerate(made)
    )
    html = f'<html><head><title>Tollgate</title></head><body><h1>Tollgate</h1><div id="menu"><a href="/c/a">Paper</a> <a href="/c/b">Tin</a> <a href="/c/c">Wool</a></div><div id="list">{rows}</div><div class="pagination"><a href="/c/a?p=2">Next</a></div></body></html>'
    return Seen(html, "results", _offers("BTC", made))


def title_only_in_head() -> Seen:
    """A listing whose heading is the market's name; the price among several currencies; quantities to choose."""
    html = """<html><head><title>Hand-bound notebook, 192 pages - Inkwell Bazaar</title></head><body><h1>Inkwell Bazaar</h1><p>BTC 37100 USD | XMR 160 USD</p><p><a href="/home">home</a> | <a href="/cart">cart</a> | <a href="/logout">exit</a></p>
<p><a href="/list/12">Stationery</a> / <a href="/list/120">Notebooks</a></p><table><tr><td><img src="/img/n.jpg"></td><td><b>Hand-bound notebook, 192 pages</b><br>Offered by <a href="/people/paperboat">paperboat</a> (312) 96%<br>
Price: <b>£22.00</b> (€25.70, $27.90)<br>Origin: France<br>Destination: Europe, United Kingdom<br>Quantity: <input name="n" value="1"> <select><option>1 piece</option><option>5 pieces - £99.00</option></select> <input type="submit" value="Add to cart"></td></tr></table>
<h2>Description</h2><p>Sewn by hand with waxed thread, and covered in cloth. The paper takes ink well.</p><h2>Reviews</h2><table><tr><td>5/5</td><td>p***t</td><td>Lovely paper, quick post</td><td>2021-05-03</td></tr><tr><td>4/5</td><td>a***w</td><td>As described</td><td>2021-04-22</td></tr></table></body></html>"""
    return Seen(
        html,
        "listing",
        (("Hand-bound notebook, 192 pages", "paperboat", "22.00", "GBP"),),
        {
            "category": ("Stationery", "Notebooks"),
            "ships_from": "France",
            "ships_to": ("Europe", "United Kingdom"),
        },
    )


def member_rows(goods: Goods = GOODS[:6]) -> Seen:
    """Few rows with least orders, sellers' pages told by a number, and no label outside them."""
    menu = "".join(f"<a href='/cat/{n}'>Kind {n} (3{n})</a>" for n in range(8))
    rows = "".join(
        f"""<div class="product"><a class="img" href="/product?id={n}f"><img src="x{n}"></a><div class="mid"><a class="name" href="/product?id={n}f">{title}</a>
<p>Vendor: <a href="/profile?id={n}e">{seller}</a> <span>(4.{n}7)</span></p><p>Sales: {n * 5} &nbsp; Stock: {n + 4}</p><p>From: <b>Germany</b> To: <b>Worldwide</b></p></div>
<div class="r"><p class="usd">{price} USD</p><p>XMR 0.{n}71</p><p class="min">Min. order 1 gr</p><a href="/product?id={n}f">Details</a></div></div>"""
        for n, (title, seller, price) in enumerate(goods)
    )
    html = f"""<html><head><title>Larkgate</title></head><body><div class="topnav">Hi, tester <span>0.000 XMR ($0.00)</span> <a href="/logout">Logout</a></div><aside>{menu}</aside><div class="wrap">{rows}</div></body></html>"""
    return Seen(html, "results", _offers("USD", goods))


def variants(goods: Goods = GOODS[:6]) -> Seen:
    """Rows that name what is also available, with links and prices of its own."""
    rows = "".join(
        f"""<div class="row item"><div class="col-3"><a href="/listing/{n}/"><img></a></div><div class="col-6"><a href="/listing/{n}/">{title}</a><div>by <a href="/vendor/{seller}/">{seller}</a> Level {n}</div>
<div class="also">Also available: <a href="/listing/{n + 500}/">Double pack</a> USD {float(price) * 2:.2f}, <a href="/listing/{n + 600}/">Half pack</a> USD {float(price) / 2:.2f}</div></div><div class="col-3">USD {price}<br>฿ 0.00{n}1</div></div>"""
        for n, (title, seller, price) in enumerate(goods)
    )
    html = f"""<html><head><title>Results</title></head><body><div class="list">{rows}</div></body></html>"""
    return Seen(html, "results", _offers("USD", goods))


def grid() -> Seen:
    """Labels and values side by side as spans, a breadcrumb that ends with the title, prices for more pieces."""
    html = """<html><head><title>Listing #3312 - Arkmart</title></head><body><h1>Arkmart</h1><div class="user">u: anon4 | <a href="/logout">Sign out</a> | $0.00</div><div class="bc"><a href="/b">Browse</a> &gt; <a href="/b/2">Wood</a> &gt; <a href="/b/27">Spoons</a> &gt; Cherry spoon set (4)</div>
<section><h2>Cherry spoon set (4)</h2><div class="g"><span>Merchant</span><span><a href="/m/carver">carver</a></span><span>Unit price</span><span>$16.40</span><span>Shipping from</span><span>Ireland</span><span>Destination</span><span>UK, EU, USA</span><span>Minimum order</span><span>1</span></div>
<table><tr><th>Quantity</th><th>Price</th></tr><tr><td>5+</td><td>$15.00</td></tr><tr><td>20+</td><td>$13.10</td></tr></table><a class="btn" href="/cart/add/3312">Add to cart</a></section></body></html>"""
    return Seen(
        html,
        "listing",
        (("Cherry spoon set (4)", "carver", "16.40", "USD"),),
        {"category": ("Wood", "Spoons"), "ships_from": "Ireland", "ships_to": ("UK", "EU", "USA")},
    )


def deep_menu() -> Seen:
    """Labels without colons, and a category that only the menu's open entry and its depth tell."""
    menu = "".join(
        f'<div class="category depth{d}{on}"><a href="/?category={n}">{name}</a> {n}13</div>'
        for n, (name, d, on) in enumerate(
            [
                ("Garden", 0, ""),
                ("Pots", 1, ""),
                ("Seeds", 1, " selected"),
                ("House", 0, ""),
                ("Books", 0, ""),
                ("Toys", 0, ""),
                ("Tools", 0, ""),
                ("Other", 0, ""),
            ]
        )
    )
    html = f"""<html><head><title>Mallow</title></head><body><div class="header"><div class="logo">Mallow</div><div class="hInfo">Exchange: BTC 1.0 mBTC 1000 USD 37021 EUR 33111</div><div class="u">wren3 <a href="/logout">logout</a></div></div><div class="sidebar">{menu}</div>
<div class="content"><div class="title">Sweet pea seeds 'Matilda' x40</div><div class="tabularDetails"><div><label>Vendor</label><span><a href="/contactMember?member=greenlane">greenlane</a> (1200) (4.91)</span></div><div><label>Price</label><span>&#x0E3F;0.00021 ($7.80)</span></div><div><label>Ships to</label><span>Worldwide, Europe</span></div><div><label>Ships from</label><span>Poland</span></div></div>
<div>Product description</div><div class="desc">Fresh from this summer. Sow in October under glass, or in March outside. Soak for a night first.</div></div></body></html>"""
    return Seen(
        html,
        "listing",
        (("Sweet pea seeds 'Matilda' x40", "greenlane", "7.80", "USD"),),
        {"category": ("Garden", "Seeds"), "ships_from": "Poland", "ships_to": ("Worldwide", "Europe")},
    )


LAYOUTS: tuple[Callable[[], Seen], ...] = (
    cards, table_rows, definition_list, nested_tables, featured_and_menu, seller_page, flags_and_units, one_result, sixty, title_only_in_head, member_rows, variants, grid, deep_menu,
)  # fmt: skip
#: those that can be made with other goods
RESULTS: tuple[Callable[[Goods], Seen], ...] = (cards, table_rows, flags_and_units, member_rows)
