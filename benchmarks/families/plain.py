"""Written by hand: one seller's price list without links, two columns, definition lists, buttons round prices, no labels."""

from __future__ import annotations

import random
from collections.abc import Sequence

from markets import Page

from families.base import Family, e
from families.shops import slug
from families.stock import Thing


class Orders(Family):
    """A price list of one seller: each row a form, no link to anything."""

    name = "orders"
    sells, member = False, False

    def setup(self, r: random.Random) -> None:
        self.currency = r.choice(("EUR", "USD", "GBP"))
        self.table = r.random() < 0.6

    def frame(self, title: str, main: str) -> str:
        return f'<html><head><title>{self.market} - trusted since 2015</title></head><body><center><h1>{self.market}</h1><p><a href="index.php">Products</a> | <a href="login.php">Login</a> | <a href="register.php">Register</a> | <a href="faq.php">FAQs</a></p></center>{main}<p>Contact: shop@example.onion</p></body></html>'

    def results(self, things: Sequence[Thing]) -> Page:
        code = {"EUR": "EUR", "USD": "USD", "GBP": "GBP"}[self.currency]
        if self.table:
            rows = "".join(
                f'<tr><td>{e(t.title)}</td><td>{t.amount:.0f} {code} = {round(t.amount / 31_000, 5)} ฿</td><td><form action="login.php"><input size=2 value=1> X <input type=submit value="Buy now"></form></td></tr>'
                for t in things
            )
            main = f"<h2>Products</h2><p>{self.stock.prose()}</p><table><tr><th>Product</th><th>Price</th><th>Quantity</th></tr>{rows}</table>"
        else:
            rows = "".join(
                f'<div class="prod"><img><h3>{e(t.title)}</h3><p>{self.stock.prose(1, 3)}</p><p class="p">{self.fiat(round(t.amount))}</p><button>Order</button></div>'
                for t in things
            )
            main = f"<h2>Our products</h2>{rows}"
        truth = self.rows(things, lambda t: None, seller=False)
        for row, t in zip(truth["rows"], things, strict=True):
            row["price"] = [float(f"{t.amount:.0f}") if self.table else float(round(t.amount))]
        return self.page("results", "/products", "x", main, truth)


class TwoColumns(Family):
    """Two records in each row of a table, each a cell; old tags."""

    name = "twocol"

    def frame(self, title: str, main: str) -> str:
        return f'<html><head><title>{self.market}</title></head><body bgcolor=black text=white><table width=900 align=center><tr><td colspan=2><font size=6>{self.market}</font><br><a href="/?home">Home</a> - <a href="/?new">New</a> - <a href="/?vendors">Vendors</a> - <a href="/?msg">Messages [0]</a> - {self.stock.me} (<a href="/?logout">logout</a>)</td></tr><tr><td width=150 valign=top><b>Sections</b><br>{"".join(f"<a href=/?section={n}>{s}</a><br>" for n, s in enumerate(("Weed", "Hash", "Pills", "Cards", "Guns", "Guides", "Misc"), 1))}</td><td>{main}</td></tr></table></body></html>'

    def results(self, things: Sequence[Thing]) -> Page:
        cells = [f'<td width="50%"><table><tr><td><a href="/?item={t.number}"><img width=80></a></td><td><a href="/?item={t.number}"><font color=yellow>{e(t.title)}</font></a><br>Vendor: <a href="/?vendor={t.seller}">{t.seller}</a><br>{self.fiat(t.amount)} / {self.coins(t.amount, "BTC", 4)} BTC</td></tr></table></td>' for t in things]  # fmt: skip
        rows = "".join(f"<tr>{''.join(cells[i : i + 2])}</tr>" for i in range(0, len(cells), 2))
        return self.page(
            "results",
            "/?section=1",
            "x",
            f"<h3>Weed</h3><table width=100% border=1>{rows}</table>",
            self.rows(things, lambda t: f"?item={t.number}"),
        )

    def listing(self, one: Thing) -> Page:
        main = f'<b><font size=4>{e(one.title)}</font></b><br>In <a href="/?section=3">{one.path[-1]}</a><br><br><table><tr><td><img></td><td>Price: <b>{self.fiat(one.amount)}</b> ({self.coins(one.amount, "BTC", 4)} BTC)<br>Vendor: <a href="/?vendor={one.seller}">{one.seller}</a><br>Ships from {one.origin} to {" and ".join(one.to)}<br>{one.sold} sold<br><br><a href="/?buy={one.number}">[ BUY ]</a></td></tr></table><br>{self.stock.prose(3)}'
        told = self.told(one) | {"category": [one.path[-1]]}
        return self.page("listing", f"/?item={one.number}", "x", main, told)

    def seller(self, name: str) -> Page:
        own = self.stock.some(6, name)
        rows = "".join(f'<a href="/?item={t.number}">{e(t.title)}</a> {self.fiat(t.amount)}<br>' for t in own)
        main = f"<b><font size=4>{name}</font></b><br>Joined {self.stock.day()}<br>Feedback: 99% (120)<br><br>{self.stock.prose(3)}<br><br><b>Items:</b><br>{rows}"
        return self.page("seller", f"/?vendor={name}", "x", main, {"handle": name})


class Buttons(Family):
    """Cards whose only link is a button round the price; the title has none."""

    name = "buttons"

    def frame(self, title: str, main: str) -> str:
        return f'<!doctype html><html><head><title>{self.market}</title></head><body><div class="top"><span class="mk">{self.market}</span><span>{self.stock.me}</span><a href="/out">Exit</a></div><div class="wrap">{main}</div></body></html>'

    def results(self, things: Sequence[Thing]) -> Page:
        cards = "".join(f'<div class="c"><div class="pic"></div><h5>{e(t.title)}</h5><p>Seller: {t.seller}</p><p class="s">{t.origin} to {t.to[0]}</p><a class="btn" href="/b/{t.number}">{self.fiat(t.amount)}</a></div>' for t in things)  # fmt: skip
        return self.page(
            "results", "/all", "x", f"<h4>Newest</h4>{cards}", self.rows(things, lambda t: f"/b/{t.number}")
        )

    def listing(self, one: Thing) -> Page:
        main = f'<div class="one"><h4>{e(one.title)}</h4><p>Seller: {one.seller}</p><p>{one.origin} to {", ".join(one.to)}</p><p class="d">{self.stock.prose(3)}</p><a class="btn" href="/b/{one.number}/pay">Buy for {self.fiat(one.amount)}</a></div>'
        return self.page("listing", f"/b/{one.number}", "x", main, self.told(one, path=False, ships=False))


class Defined(Family):
    """Results as definition lists; a listing as one, with a heading and long labels."""

    name = "defined"

    def frame(self, title: str, main: str) -> str:
        return f'<html><head><title>{e(title)} / {self.market}</title></head><body><h1><a href="/">{self.market}</a></h1><p class="who">You are {self.stock.me}. <a href="/leave">Leave</a></p><ul class="cats">{"".join(f"<li><a href=/group/{n}>{s}</a> ({n * 13})</li>" for n, s in enumerate(("Smoke", "Chem", "Paper", "Code", "Metal", "Cloth"), 1))}</ul>{main}</body></html>'

    def results(self, things: Sequence[Thing]) -> Page:
        lists = "".join(f'<dl class="off"><dt><a href="/offer/{t.number}">{e(t.title)}</a></dt><dd>Offered by <a href="/person/{t.seller}">{t.seller}</a></dd><dd>{self.coins(t.amount, "XMR", 3)} XMR ({self.fiat(t.amount)})</dd><dd>Dispatch: {t.origin}</dd></dl>' for t in things)  # fmt: skip
        return self.page(
            "results",
            "/group/1",
            "Smoke",
            f"<h2>Smoke</h2>{lists}<p><a href='/group/1?from=20'>more</a></p>",
            self.rows(things, lambda t: f"/offer/{t.number}"),
        )

    def listing(self, one: Thing) -> Page:
        main = f'<h2>{e(one.title)}</h2><dl><dt>Offered by</dt><dd><a href="/person/{one.seller}">{one.seller}</a> (rep {one.sold})</dd><dt>Asking price</dt><dd>{self.coins(one.amount, "XMR", 3)} XMR ({self.fiat(one.amount)})</dd><dt>Group</dt><dd>{" / ".join(f"<a href=/group/{slug(s)}>{s}</a>" for s in one.path)}</dd><dt>Dispatched from</dt><dd>{one.origin}</dd><dt>Will send to</dt><dd>{", ".join(one.to)}</dd></dl><p>{self.stock.prose(3)}</p><p><a href="/offer/{one.number}/take">Take this offer</a></p>'
        return self.page("listing", f"/offer/{one.number}", one.title, main, self.told(one))

    def seller(self, name: str) -> Page:
        own = self.stock.some(5, name)
        lists = "".join(
            f'<dl class="off"><dt><a href="/offer/{t.number}">{e(t.title)}</a></dt><dd>{self.coins(t.amount, "XMR", 3)} XMR ({self.fiat(t.amount)})</dd></dl>'
            for t in own
        )
        main = f"<h2>{name}</h2><dl><dt>Reputation</dt><dd>41</dd><dt>Here since</dt><dd>{self.stock.day()}</dd><dt>Last seen</dt><dd>today</dd></dl><p>{self.stock.prose(3)}</p><h3>Offers</h3>{lists}"
        return self.page("seller", f"/person/{name}", name, main, {"handle": name})


class Bare(Family):
    """No labels and no meaning in names: lines of a title, a name and a price."""

    name = "bare"

    def setup(self, r: random.Random) -> None:
        self.currency = r.choice(("USD", "GBP"))

    def frame(self, title: str, main: str) -> str:
        return f"<html><head><title>{self.market}</title></head><body><div id=a><a href=/>{self.market}</a> <a href=/h>help</a> <a href=/x>leave</a></div><div id=b>{main}</div></body></html>"

    def results(self, things: Sequence[Thing]) -> Page:
        cards = "".join(
            f"<div><a href=/{t.number}>{e(t.title)}</a><br><a href=/~{t.seller}>{t.seller}</a><br>{self.fiat(t.amount)}</div>"
            for t in things
        )
        return self.page("results", "/", "x", cards, self.rows(things, lambda t: f"/{t.number}"))

    def listing(self, one: Thing) -> Page:
        main = f"<div><b>{e(one.title)}</b></div><div><a href=/~{one.seller}>{one.seller}</a></div><div>{self.fiat(one.amount)}</div><div>{self.stock.prose(3)}</div><div><a href=/{one.number}/buy>buy</a></div>"
        return self.page("listing", f"/{one.number}", "x", main, self.told(one, path=False, ships=False))

    def seller(self, name: str) -> Page:
        rows = "".join(
            f"<div><a href=/{t.number}>{e(t.title)}</a> {self.fiat(t.amount)}</div>"
            for t in self.stock.some(5, name)
        )
        return self.page(
            "seller",
            f"/~{name}",
            "x",
            f"<div><b>{name}</b></div><div>{self.stock.prose(3)}</div>{rows}<pre>-----BEGIN PGP PUBLIC KEY BLOCK-----\nx\n-----END PGP PUBLIC KEY BLOCK-----</pre>",
            {"handle": name},
        )


PLAIN = (Orders, TwoColumns, Buttons, Defined, Bare)
