"""Markets of the kind that stood behind onion addresses, each in the manner of another: items, tables, bids, cards, tabs."""

from __future__ import annotations

import random
from collections.abc import Sequence

from markets import Page

from families.base import Family, e
from families.shops import slug
from families.stock import Thing


class Eckmar(Family):
    """A market script built on Laravel and Bootstrap 4: cards or rows, offers per unit."""

    name = "eckmar"

    def setup(self, r: random.Random) -> None:
        self.as_rows, self.short = r.random() < 0.5, r.random() < 0.5

    def frame(self, title: str, main: str) -> str:
        return f'<!DOCTYPE html><html><head><title>{self.market} - {e(title)}</title></head><body><nav class="navbar navbar-expand-md navbar-dark bg-mblue"><a class="navbar-brand" href="/">{self.market}</a><form class="form-inline"><input name="search"><button class="btn">Search</button></form><ul class="navbar-nav ml-auto"><li class="nav-item"><a class="nav-link" href="/profile">{self.stock.me}</a></li><li class="nav-item"><a href="/profile/cart">Cart (0)</a></li><li class="nav-item"><a class="nav-link" href="/signout">Sign out</a></li></ul></nav><div class="container">{main}</div><footer class="footer"><span>1 BTC = 31,000.00 USD</span></footer></body></html>'

    def url(self, one: Thing) -> str:
        return f"/product/{one.number:08x}-4b1d-11ec-81d3-{one.number * 77:012x}"

    def vendor(self, name: str) -> str:
        return f"/vendor/{sum(map(ord, name)) * 99991:08x}-9a"

    def results(self, things: Sequence[Thing]) -> Page:
        if self.as_rows:
            cards = "".join(f'<div class="row my-2"><div class="col-md-3"><img class="rounded" alt="{e(t.title)}"></div><div class="col-md-9"><div class="row pb-2"><div class="col-md-8"><a href="{self.url(t)}"><h3 class="mb-0">{e(t.title)}</h3></a></div><div class="col-md-4"><h5 class="mb-0 text-right">Posted by <a href="{self.vendor(t.seller)}" class="badge badge-info">{t.seller}</a></h5></div></div><div class="row"><div class="col-md-7">From: <strong>{t.amount:.2f} $</strong><br><span class="mr-2">Category:</span>{"<i class=chevron></i>".join(f"<a href=/category/{slug(s)}>{s}</a>" for s in t.path)}<br><span class="badge badge-info">Physical</span> type<br><strong>{t.left}</strong> left / <strong>{t.sold}</strong> sold</div><div class="col-md-5"><p class="text-muted">{self.stock.prose(1, 3)}</p><p>Payment coins: <span class="badge">BITCOIN</span> <span class="badge">MONERO</span></p><a href="{self.url(t)}" class="btn btn-primary d-block">Buy now</a></div></div></div></div>' for t in things)  # fmt: skip
        else:
            cards = "".join(f'<div class="col-md-4"><div class="card"><img class="card-img-top" alt="{e(t.title)}"><div class="card-body"><a href="{self.url(t)}"><h4 class="card-title">{e(t.title)}</h4></a><p class="card-subtitle">From: <strong>{t.amount:.2f} $</strong> - {t.path[-1]} - <span class="badge badge-info">physical</span></p><p class="card-text">Posted by <a href="{self.vendor(t.seller)}" class="badge badge-info">{t.seller}</a>, <strong>{t.left}</strong> left</p><a href="{self.url(t)}" class="btn btn-primary d-block">Buy now</a></div></div></div>' for t in things)  # fmt: skip
            cards = f'<div class="row">{cards}</div>'
        main = f'<div class="row"><div class="col-md-3"><h4>Categories</h4><div class="list-group">{"".join(f"<a class=list-group-item href=/category/{c}>{c.title()} <span class=badge>{n * 31}</span></a>" for n, c in enumerate(("cannabis", "fraud", "digital", "services"), 1))}</div></div><div class="col-md-9"><h1>Search results</h1><p class="text-muted">Showing page 1 of 9</p>{cards}<ul class="pagination"><li class="page-item"><a class="page-link" href="?page=2">2</a></li></ul></div></div>'
        return self.page("results", "/search?page=1", "Search", main, self.rows(things, self.url))

    def listing(self, one: Thing) -> Page:
        crumbs = "".join(
            f'<li class="breadcrumb-item"><a href="/category/{slug(s)}">{s}</a></li>' for s in one.path
        )
        ships = f"<h3>Delivery</h3><p>Ships from: <strong>{one.origin}</strong></p><p>Ships to: <strong>{', '.join(one.to)}</strong></p>"
        main = f'<nav class="main-breadcrumb" aria-label="breadcrumb"><ol class="breadcrumb"><li class="breadcrumb-item"><a href="/home">Products</a></li>{crumbs}</ol></nav><div class="row"><div class="col-md-4"><div class="slider"><a href="#slide-1">1</a></div></div><div class="col-md-5"><h2>{e(one.title)}</h2><hr><form><table class="table"><tr><td class="text-right text-muted">Quality rate:</td><td><i class="fas fa-star"></i></td></tr><tr><td class="text-muted">Type</td><td><strong class="badge badge-info">Physical</strong></td></tr><tr><td class="text-muted">Offers</td><td><ul><li><strong>{one.amount:.2f} $</strong> per piece, for at least 1 product</li><li><strong>{one.amount * 0.9:.2f} $</strong> per piece, for at least 10 products</li></ul></td></tr><tr><td>Coins</td><td><span class="badge">BITCOIN</span></td></tr><tr><td>Left/Sold</td><td><span>{one.left} pieces</span>/ <span>{one.sold} pieces</span></td></tr><tr><td><label>Delivery method:</label></td><td><select><option>Tracked - 4 days - 9.00 $</option></select></td></tr><tr><td><label>Amount:</label></td><td><input><button class="btn">Add to cart</button></td></tr></table></form></div><div class="col-md-3"><div class="card"><h6>Shop with confidence</h6><div class="text-muted">You are Escrow protected for each product in the market!</div></div><div class="card"><div class="card-header">Seller information</div><div class="card-body"><a class="btn btn-light" href="{self.vendor(one.seller)}"><span>{one.seller}</span></a><span class="btn btn-primary">Level 4</span><div>12</div><div>1</div><div>0</div><a href="/profile/messages?otherParty={one.seller}">Send message</a><a href="/search?user={one.seller}">Seller\'s products (7)</a></div></div></div></div><ul class="nav nav-tabs"><li><a href="#">Details</a></li><li><a href="#r">Payment rules</a></li><li><a href="#f">Feedback</a></li></ul><p>{self.stock.prose(3)}</p>{ships}'
        return self.page("listing", self.url(one), f"Product - {one.title}", main, self.told(one))

    def seller(self, name: str) -> Page:
        own = self.stock.some(4, name)
        rows = "".join(
            f'<div class="card"><div class="card-body"><a href="{self.url(t)}"><h4 class="card-title">{e(t.title)}</h4></a><p class="card-subtitle">From: <strong>{t.amount:.2f} $</strong> - {t.path[-1]}</p><a class="btn" href="{self.url(t)}">Buy now</a></div></div>'
            for t in own
        )
        main = f'<nav><ol class="breadcrumb"><li>{self.market}</li><li>Vendor</li><li class="active">{name}</li></ol></nav><div class="profile-bg"><h2>{name}</h2><span class="btn active">Level 3</span><p>{self.stock.prose()}</p></div><p><span>Member since: <span>3 months ago</span></span> | <span>Vendor since: <span>2 months ago</span></span> | <span>Completed orders: <span>121</span></span> | <span>Rated Orders: <span>88</span></span></p><ul class="nav nav-tabs"><li>Products</li><li>Feedback</li><li>PGP</li></ul>{rows}'
        return self.page("seller", self.vendor(name), f"Vendor - {name}", main, {"handle": name})

    def feedback(self, name: str) -> Page:
        rows = "".join(
            f'<tr><td><span class="fas fa-plus-circle text-success"></span></td><td>{e(t.title)}</td><td>{self.stock.prose(1, 2)}</td><td>{t.seller[0]}****</td><td>{self.stock.day()}</td></tr>'
            for t in self.stock.some(14)
        )
        main = f'<div class="profile-bg"><h2>{name}</h2><span class="btn">Level 3</span></div><p><span>Member since: <span>3 months ago</span></span> | <span>Completed orders: <span>121</span></span></p><ul class="nav nav-tabs"><li>Products</li><li class="active">Feedback</li></ul><h3>Feedback ratings</h3><table class="table"><thead><tr><th>Type</th><th>Product</th><th>Comment</th><th>Buyer</th><th>Left on</th></tr></thead>{rows}</table><ul class="pagination"><li><a href="?page=2">2</a></li></ul>'
        return self.page("feedback", f"{self.vendor(name)}/feedback", f"Vendor - {name}", main)


class Road(Family):
    """The first of them: items in boxes, a price in coins alone, "vendor:" and "ships from:" in small type."""

    name = "road"

    def frame(self, title: str, main: str) -> str:
        cats = "".join(
            f'<li><a href="/categories/{n}">{c}</a> <small>{n * 311}</small></li>'
            for n, c in enumerate(("Drugs", "Apparel", "Books", "Digital goods", "Forgeries", "Services"), 1)
        )
        return f'<html><head><title>{self.market} | {e(title)}</title></head><body><div id="header"><a href="/" id="logo"></a><div id="hmenu">welcome {self.stock.me}! <a href="/messages">messages(0)</a> | <a href="/orders">orders(0)</a> | <a href="/account">account(฿0.0000)</a> | <a href="/settings">settings</a> | <a href="/logout">log out</a></div></div><div id="cats"><h4>Shop by Category</h4><ul>{cats}</ul></div><div id="main">{main}</div></body></html>'

    def url(self, one: Thing) -> str:
        return f"/items/{slug(one.title)[:30]}-{one.number}"

    def cost(self, one: Thing) -> tuple[str, float]:
        value = round(one.amount / 31_000, 4) or 0.0001
        return f"฿{value:.4f}", value

    def results(self, things: Sequence[Thing]) -> Page:
        cards = "".join(f'<div class="item"><div class="item_image"><a href="{self.url(t)}"><div style="background:#fff"></div></a></div><div class="item_details"><div class="item_title"><a href="{self.url(t)}">{e(t.title)}</a></div><div class="vendor">vendor: <a href="/users/{t.seller.lower()}">{t.seller}</a></div><div class="shipping">ships from: {t.origin.lower()}<br>ships to: {t.to[0].lower()}</div></div><div class="item_price"><div class="price_big">{self.cost(t)[0]}</div><a href="/cart/add/{t.number}">add to cart</a></div></div>' for t in things)  # fmt: skip
        truth = self.rows(things, self.url)
        for row, t in zip(truth["rows"], things, strict=True):
            row["price"] = [self.cost(t)[1]]
        return self.page(
            "results",
            "/categories/1",
            "Drugs",
            f'<h2>Drugs</h2><div id="sort">Sort by: <a href="?s=1">bestselling</a></div>{cards}<div class="pages"><a href="?page=2">2</a></div>',
            truth,
        )

    def listing(self, one: Thing) -> Page:
        trail = "".join(f'<a href="/categories/{slug(s)}">{s}</a> &gt; ' for s in one.path)
        reviews = "".join(
            f"<tr><td>5 of 5</td><td>{self.stock.prose(1, 2)}</td><td>{n} days</td></tr>" for n in range(1, 4)
        )
        main = f'<div class="category_path">{trail[:-6]}</div><h2>{e(one.title)}</h2><div id="left"><img></div><div id="right"><div class="price_big">{self.cost(one)[0]}</div><p>vendor: <a href="/users/{one.seller.lower()}">{one.seller}</a> <span class="rank">(98)</span></p><p>ships from: {one.origin}</p><p>ships to: {", ".join(one.to)}</p><p>category: {one.path[-1]}</p><form>postage option: <select><option>regular ฿0.0021</option></select> <input type=submit value="add to cart"></form><a href="/bookmark">bookmark</a></div><h3>description</h3><p>{self.stock.prose(3)}</p><h3>reviews</h3><table>{reviews}</table>'
        told = self.told(one) | {"price": [self.cost(one)[1]]}
        return self.page("listing", self.url(one), one.title, main, told)

    def seller(self, name: str) -> Page:
        own = self.stock.some(5, name)
        rows = "".join(
            f'<tr><td><a href="{self.url(t)}">{e(t.title)}</a></td><td>{self.cost(t)[0]}</td></tr>'
            for t in own
        )
        main = f"<h2>{name}</h2><p>has been a member for 8 months, was last seen: today, from {self.stock.things[0].origin}</p><p>96.4% positive feedback</p><h3>description</h3><p>{self.stock.prose(3)}</p><h3>items</h3><table>{rows}</table><h3>public key</h3><pre>-----BEGIN PGP PUBLIC KEY BLOCK-----\nmQEN\n-----END PGP PUBLIC KEY BLOCK-----</pre>"
        return self.page("seller", f"/users/{name.lower()}", name, main, {"handle": name})


class Agorish(Family):
    """A table of products: name with an excerpt, price in coins, arrows between places, the vendor with stars in one link."""

    name = "agorish"

    def frame(self, title: str, main: str) -> str:
        return f'<!DOCTYPE html><html><head><title>{e(title)}</title></head><body><div class="topnav"><a href="/">{self.market}</a> <div class="topnav-element"><a href="/orders">Orders</a></div><div class="topnav-element">{self.stock.me} <a href="/logout">logout</a></div><div>1 BTC = 31000.00 USD</div></div><div class="leftmenu"><a class="leftmenu-link" href="/cat/a1">Drugs</a><a href="/cat/a2">Forgeries</a><a href="/cat/a3">Info</a><a href="/cat/a4">Services</a></div><div class="content">{main}</div></body></html>'

    def url(self, one: Thing) -> str:
        return f"/p/{self.tag(one)}"

    def tag(self, one: Thing) -> str:
        r = random.Random(one.number)
        return "".join(r.choice("abcdefghjkmnpqrstuvwxyzABCDEFGH") for _ in range(10))

    def cost(self, one: Thing) -> float:
        return float(f"{one.amount / 31_000:.8f}")

    def results(self, things: Sequence[Thing]) -> Page:
        rows = "".join(f'<tr class="products-list-item"><td style="width:20%"><a href="{self.url(t)}"><img></a></td><td class="column-name"><a href="{self.url(t)}">{e(t.title)}</a><span class="description-short">{self.stock.prose(1, 2)[:80]}</span></td><td>{t.amount / 31_000:.8f} BTC</td><td><img alt="from"> {t.origin}<br><img alt="to"> {t.to[0]}</td><td><a class="gen-user-link" href="/vendor/{t.seller}#">{t.seller}<span class="gen-user-ratings"> ~4.9{t.number % 9}/5, {t.sold}~{t.sold + 40} deals</span></a></td></tr>' for t in things)  # fmt: skip
        truth = self.rows(things, self.url)
        for row, t in zip(truth["rows"], things, strict=True):
            row["price"] = [self.cost(t)]
        return self.page(
            "results",
            "/cat/a1/1",
            "Drugs",
            f'<h1>Drugs</h1><div class="paging"><a href="/cat/a1/2">2</a></div><table class="products-list"><thead><tr><th></th><th>Name</th><th>Price</th><th>Ships</th><th>Vendor</th></tr></thead><tbody>{rows}</tbody></table>',
            truth,
        )

    def listing(self, one: Thing) -> Page:
        trail = " &rarr; ".join(f'<a class="topnav-element" href="/cat/{slug(s)}">{s}</a>' for s in one.path)
        said = "".join(
            f"<tr><td>5/5</td><td>{self.stock.prose(1, 2)}</td><td>{n * 3} days ago</td><td>25~50 deals</td></tr>"
            for n in range(1, 5)
        )
        main = f'<div class="gen-path">{trail}</div><div id="single-product"><h1>{e(one.title)}</h1><div><img style="float:right">{self.stock.prose(4)}</div><div class="product-page-price">{one.amount / 31_000:.8f} BTC</div><div class="product-page-ships">From {one.origin} To {", ".join(one.to)}</div><div>Brought to you by: <a class="gen-user-link" href="/vendor/{one.seller}">{one.seller}<span class="gen-user-ratings"> ~4.97/5, 300~500 deals</span></a></div><form><input value="1"><button>Add to cart</button></form><div class="embedded-feedback-list"><h2>Feedback</h2><table>{said}</table></div></div>'
        return self.page(
            "listing", self.url(one), one.title, main, self.told(one) | {"price": [self.cost(one)]}
        )

    def seller(self, name: str) -> Page:
        own = self.stock.some(5, name)
        rows = "".join(
            f'<tr class="products-list-item"><td><a href="{self.url(t)}">{e(t.title)}</a></td><td>{self.cost(t):.8f} BTC</td><td>{t.origin}</td></tr>'
            for t in own
        )
        main = f'<div class="vendorbio"><div class="vendor-nav"><strong>{name}</strong> ~4.9{len(name) % 9}/5, 300~500 deals</div><div>Last seen 11 hours ago.</div><div class="vendorbio-description">{self.stock.prose(4)}</div><textarea class="pgptoken">-----BEGIN PGP PUBLIC KEY BLOCK----- x -----END PGP PUBLIC KEY BLOCK-----</textarea></div><table class="products-list">{rows}</table>'
        return self.page("seller", f"/vendor/{name}", name, main, {"handle": name})


class Bays(Family):
    """Bold lines: item number, category and vendor in one line, views and bids, a buy price in two currencies."""

    name = "bays"

    def setup(self, r: random.Random) -> None:
        self.code = r.choice(("USD", "EUR"))

    def frame(self, title: str, main: str) -> str:
        return f'<html><head><title>{self.market}</title></head><body><div class="header"><a href="index.php">Home</a> <a href="sales.php">Sales</a> <a href="messages.php">Messages</a> <a href="balance.php">Balance</a> <a href="logout.php">Logout</a></div><div class="info">Welcome, <b>{self.stock.me}</b><br>Personal phrase: blue door<br>Balance: BTC 0.0000 / XMR 0.0000</div><div class="rates">BTC/USD 31000.12<br>BTC/EUR 28000.40<br>XMR/USD 155.01</div><div class="main">{main}</div><div class="footer">{self.market} 2014-2021. Server time: 12:01</div></body></html>'

    def cost(self, one: Thing) -> str:
        return f"{self.code} {one.amount:,.2f}"

    def results(self, things: Sequence[Thing]) -> Page:
        cards = "".join(f'<div class="listing"><div class="image"><a href="listing.php?id={t.number}"><img></a></div><div class="txt"><a class="bstd" href="listing.php?id={t.number}"><b>{e(t.title)}</b></a><br><p class="std">Item # {t.number} - {" / ".join(t.path)} - <a class="std" href="user.php?id={t.seller}">{t.seller}</a> ({t.sold})</p><p class="std">Views: {t.sold * 12} / Bids: Fixed price<br>Quantity left: {t.left}</p></div><div class="pr"><b>Buy price</b><br>{self.cost(t)}<br>({self.coins(t.amount, "BTC", 4)} BTC)</div></div>' for t in things)  # fmt: skip
        return self.page(
            "results",
            "/search.php?cat=1",
            "x",
            f'<h1>Search Results</h1>{cards}<p><a href="search.php?cat=1&pg=2">2</a></p>',
            self.rows(things, lambda t: f"listing.php?id={t.number}"),
        )

    def listing(self, one: Thing) -> Page:
        steps = ((10, 0.9), (20, 0.8), (50, 0.7)) if one.number % 2 else ()
        rows = "".join(
            f"<tr><td>Bulk discount</td><td>From qty {k} to {2 * k - 1}</td><td>{self.code} {one.amount * part:,.2f}</td><td>{self.coins(one.amount * part, 'BTC', 5)} BTC</td></tr>"
            for k, part in steps
        )
        bulk = f"<table><tr><th>Bulk discounts</th><th>Price</th></tr>{rows}</table>" if rows else ""
        trail = "".join(
            f'<div class="navc"><a href="search.php?cat={n}">{s}</a></div>' for n, s in enumerate(one.path)
        )
        main = f'<div class="crumbs">{trail}</div><h1 class="std">{e(one.title)}</h1><p>{self.stock.prose(2)}</p><p class="std">Sold by <a class="std" href="user.php?id={one.seller}">{one.seller}</a> - {one.sold} sold since Jan 5, 2020 <span class="vl">Vendor Level 3</span> <span>Trust Level 4</span></p><table><tr><th></th><th>Features</th><th></th><th>Features</th></tr><tr><td>Product class</td><td>Physical package</td><td>Origin country</td><td>{one.origin}</td></tr><tr><td>Quantity left</td><td>{one.left} items</td><td>Ships to</td><td>{", ".join(one.to)}</td></tr><tr><td>Ends in</td><td>Never</td><td>Payment</td><td>Escrow</td></tr></table>{bulk}<form><select><option>Default - 1 days - {self.code} +0.00 / item</option><option>Express - 2 days - {self.code} +12.00 / order</option></select><p>Purchase price: <b>{self.cost(one)}</b></p>Qty: <input value="1"><input type="submit" value="Buy Now"></form><p>{self.coins(one.amount, "BTC", 4)} BTC / {self.coins(one.amount, "XMR", 4)} XMR</p><ul class="tabs"><li>Description</li><li>Bids</li><li>Feedback</li><li>Refund Policy</li></ul><h3>Product Description</h3><p>{self.stock.prose(4)}</p>'
        return self.page("listing", f"/listing.php?id={one.number}", "x", main, self.told(one))

    def seller(self, name: str) -> Page:
        main = f"<h2>{name} ({len(name) * 41}) <span>Vendor Level 3</span></h2><p>Last seen: Mar 2, 2021 | Joined: Jan 5, 2020</p><ul><li><b>About</b></li><li>PGP</li><li>Feedback</li></ul><p>{self.stock.prose(4)}</p><table><tr><th></th><th>Last month</th><th>Last 6 months</th><th>Total</th></tr><tr><td>Positive</td><td>12</td><td>90</td><td>120</td></tr><tr><td>Neutral</td><td>0</td><td>1</td><td>2</td></tr><tr><td>Negative</td><td>0</td><td>1</td><td>1</td></tr></table><pre>-----BEGIN PGP PUBLIC KEY BLOCK-----\nx\n-----END PGP PUBLIC KEY BLOCK-----</pre>"
        return self.page("seller", f"/user.php?id={name}", "x", main, {"handle": name})

    def feedback(self, name: str) -> Page:
        rows = "".join(
            f'<tr><td>Positive</td><td>{self.stock.prose(1, 2)}</td><td>Mar {n + 1}, 2021 04:1{n % 9}</td><td><a href="listing.php?id={t.number}">{e(t.title)}</a><br>{self.code} {t.amount:.2f}</td><td>{t.seller[0]}..{t.seller[-1]}</td></tr>'
            for n, t in enumerate(self.stock.some(16))
        )
        main = f'<h2>{name} ({len(name) * 41})</h2><ul><li>About</li><li>PGP</li><li><b>Feedback</b></li></ul><table><tr><th>Type</th><th>Message</th><th>Date</th><th>Item</th><th>Buyer</th></tr>{rows}</table><p><a href="user.php?id={name}&tab=4&pg=2">2</a> <a href="user.php?id={name}&tab=4&pg=3">3</a></p>'
        return self.page("feedback", f"/user.php?id={name}&tab=4", "x", main)


class Hanse(Family):
    """Bootstrap 3 rows with what is also available, a fee note, tabs."""

    name = "hanse"

    def frame(self, title: str, main: str) -> str:
        return f'<!DOCTYPE html><html><head><title>{e(title)} :: {self.market}</title></head><body><nav class="navbar navbar-default navbar-fixed-top"><div class="navbar-header"><a class="navbar-brand" href="/">{self.market}</a></div><ul class="nav navbar-nav navbar-right"><li><a href="/wallet/">฿0.0000</a></li><li class="dropdown"><a href="/user/">{self.stock.me}</a><ul><li><a href="/logout/">Logout</a></li></ul></li></ul></nav><div class="container">{main}</div></body></html>'

    def cost(self, one: Thing) -> str:
        return f'<strong>USD {one.amount:.2f}</strong><br><span class="text-muted">฿{self.coins(one.amount, "BTC", 5)}</span>'

    def results(self, things: Sequence[Thing]) -> Page:
        def also(t: Thing) -> str:
            if t.number % 2:
                return ""
            more = "".join(
                f'<li><a href="/listing/{t.number * 7 + k}/">{k * 10}x</a> USD {t.amount * k:.2f}</li>'
                for k in (2, 5)
            )
            return f'<div class="variants"><small>Also available:</small><ul>{more}</ul></div>'

        cards = "".join(f'<div class="row row-item"><div class="col-xs-3"><a href="/listing/{t.number}/"><img class="img-thumbnail"></a></div><div class="col-xs-6 item-details"><a href="/listing/{t.number}/">{e(t.title)}</a><div>by <a href="/vendor/{t.seller}/">{t.seller}</a> <span class="label label-default">Level {t.left % 9}</span></div><div><span class="glyphicon glyphicon-plane"></span> {t.origin} &rarr; {", ".join(t.to)}</div>{also(t)}</div><div class="col-xs-3 text-right">{self.cost(t)}</div></div>' for t in things)  # fmt: skip
        return self.page(
            "results",
            "/category/12/",
            "Cannabis",
            f'<div class="row"><div class="col-sm-3"><div class="panel panel-default"><div class="panel-heading">Categories</div><ul class="list-group"><li class="list-group-item"><a href="/category/12/">Cannabis</a> <span class="badge">771</span></li><li class="list-group-item"><a href="/category/13/">Digital</a> <span class="badge">98</span></li></ul></div></div><div class="col-sm-9">{cards}<ul class="pagination"><li><a href="?page=2">2</a></li></ul></div></div>',
            self.rows(things, lambda t: f"/listing/{t.number}/"),
        )

    def listing(self, one: Thing) -> Page:
        trail = "".join(f'<li><a href="/category/{n + 10}/">{s}</a></li>' for n, s in enumerate(one.path))
        main = f'<ol class="breadcrumb"><li><a href="/">{self.market}</a></li>{trail}</ol><h2>{e(one.title)}</h2><div class="row"><div class="col-sm-4"><img></div><div class="col-sm-8"><table class="table table-condensed"><tr><th>Vendor</th><td><a href="/vendor/{one.seller}/">{one.seller}</a> (+{one.sold}|-1) <span class="label">Level 5 ({one.sold}+)</span></td></tr><tr><th>Price</th><td>{self.cost(one)}<br><small>Includes a fee of USD {one.amount * 0.03:.2f} for the multisig transaction</small></td></tr><tr><th>Ships to</th><td>{", ".join(one.to)}</td></tr><tr><th>Ships from</th><td>{one.origin}</td></tr><tr><th>Escrow</th><td>Yes, multisig</td></tr></table><form><select><option>Standard (USD 3.00)</option></select><button class="btn btn-success">Buy</button></form></div></div><ul class="nav nav-tabs"><li class="active"><a href="?tab=1">Details</a></li><li><a href="?tab=2">Feedback</a></li><li><a href="?tab=3">Terms and Conditions</a></li></ul><div class="well">{self.stock.prose(3)}</div>'
        return self.page("listing", f"/listing/{one.number}/", one.title, main, self.told(one))

    def seller(self, name: str) -> Page:
        main = f'<h2>{name} <small>Level 5</small></h2><table class="table"><tr><th>Registered</th><td>{self.stock.day()}</td></tr><tr><th>Last seen</th><td>within 2 days</td></tr><tr><th>Positive feedback</th><td>99.1%</td></tr><tr><th>Imported feedback</th><td>Alpha: 400 sales, 99%</td></tr></table><ul class="nav nav-tabs"><li class="active"><a href="?tab=1">Details</a></li><li><a href="?tab=2">Listings</a></li><li><a href="?tab=3">Feedback</a></li></ul><div class="well">{self.stock.prose(4)}</div>'
        return self.page("seller", f"/vendor/{name}/", name, main, {"handle": name})


ONION = (Eckmar, Road, Agorish, Bays, Hanse)
