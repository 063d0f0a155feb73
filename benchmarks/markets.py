"""Synthetic marketplaces to train on: many layouts, drawn at random from a seed, with the truth of each page.

    site = Site(7)
    page = site.listing(3)          # Page(kind="listing", url=…, html=…, truth={"title": …, "price": …})

They share no text with any real market: names, goods and handles are made from word lists, and what is drawn is how such
sites are built: tables, cards, definition lists, tabs, menus with counts, rate tickers, fee notes, log-in bars.
"""

from __future__ import annotations

import html
import random
from dataclasses import dataclass, field
from typing import Any

_ONES = "amber north river silver quiet cold black green iron lucky royal grey swift velvet copper pale wild blue dark red old snow deep bright".split()
_TWOS = "fox bank trader supply garden house works dealer queen baron smith shop lab express team farm direct crew king stone wolf chem store depot".split()
_ADJ = "premium organic pure top-shelf fresh uncut lab-tested original imported hand-made vintage rare bulk sealed new cheap verified AAA+ genuine strong".split()
_NOUNS = {
    "Cannabis": "Kush|Haze|Hash|Skunk|Resin|Edible gummies|Diesel|Pollen|Shatter|Prerolls", "Stimulants": "Cocaine|Speed paste|Amphetamine|Meth crystals|Modafinil",
    "Ecstasy": "MDMA crystals|XTC pills|Pressed pills 220mg|MDA", "Psychedelics": "LSD blotters|Shrooms|DMT|2C-B pills|Mescaline", "Opioids": "Heroin|Oxycodone 30mg|Tramadol 200mg|Codeine syrup",
    "Benzos": "Diazepam 10mg|Xanax bars|Alprazolam powder|Etizolam", "Prescription": "Pregabalin 300mg|Viagra 100mg|Zopiclone", "Tobacco": "Rolling tobacco|Cigarettes carton|Cigars box",
    "Fraud": "Bank drop|CVV with balance|Utility bill scans|Passport template|Cash out method", "Digital": "Streaming account lifetime|E-book collection|Carding guide 2021|VPN account|Gift card 50%",
    "Counterfeits": "Designer watch replica|Euro notes 20s|Luxury handbag copy|Sneakers replica", "Jewellery": "Gold bar 1oz|Silver coins|Diamond ring", "Electronics": "Phone unlocked 128GB|Laptop i7|Card reader",
    "Services": "Hacking service|Custom software|Reviews package", "Tools": "Cordless drill|Tool chest|Spanner set",
}  # fmt: skip
_TOPS = {"Drugs": ["Cannabis", "Stimulants", "Ecstasy", "Psychedelics", "Opioids", "Benzos", "Prescription", "Tobacco"],
         "Fraud & Digital": ["Fraud", "Digital", "Services"], "Goods": ["Counterfeits", "Jewellery", "Electronics", "Tools"]}  # fmt: skip
_SUBS = "Pills|Powder|Other|Bulk|Samples|Buds & Flowers|Crystal|Concentrates|Guides".split("|")
_PLACES = "Germany|Netherlands|United Kingdom|United States|France|Spain|Canada|Australia|Poland|Sweden|Belgium|Italy|China|India|Worldwide|Europe|European Union".split(
    "|"
)
_LOREM = (
    "we ship every day before noon in stealth packaging please read our terms before you order and leave feedback when the parcel arrives quality is tested by a lab "
    "contact us for bulk orders no refunds for wrong addresses tracking on request the colour may differ stored cool and dry sample available for regular customers"
).split()
_LANGUAGE = {
    "en": {"seller": ["Vendor", "Seller", "Sold by", "Merchant", "Vendor name", "By"], "price": ["Price", "Price", "Purchase price", "Unit price", "Cost", "Price per unit"],
           "from": ["Ships from", "Ship from", "Shipping from", "Origin country", "Origin", "From"], "to": ["Ships to", "Ship to", "Shipping to", "Destination", "Delivers to", "To"],
           "category": ["Category", "Section", "Listed in"], "stock": ["In stock", "Stock", "Quantity left", "Available"], "payment": ["Payment", "Escrow", "Payment method", "Accepted payments"],
           "quantity": ["Quantity", "Unit", "Amount"], "class": ["Product class", "Type", "Listing type"], "sold": ["Sold", "Sales"], "views": ["Views"]},
    "de": {"seller": ["Verkäufer", "Anbieter", "Händler"], "price": ["Preis"], "from": ["Versand aus", "Versand von"], "to": ["Versand nach"], "category": ["Kategorie"], "stock": ["Auf Lager", "Verfügbar"],
           "payment": ["Zahlung"], "quantity": ["Menge"], "class": ["Typ"], "sold": ["Verkäufe"], "views": ["Aufrufe"]},
    "fr": {"seller": ["Vendeur"], "price": ["Prix"], "from": ["Expédié de"], "to": ["Livré à"], "category": ["Catégorie"], "stock": ["Disponible"], "payment": ["Paiement"], "quantity": ["Quantité"],
           "class": ["Type"], "sold": ["Ventes"], "views": ["Vues"]},
    "es": {"seller": ["Vendedor"], "price": ["Precio"], "from": ["Envío desde"], "to": ["Envío a"], "category": ["Categoría"], "stock": ["Disponible"], "payment": ["Pago"], "quantity": ["Cantidad"],
           "class": ["Tipo"], "sold": ["Ventas"], "views": ["Vistas"]},
}  # fmt: skip
e = html.escape


@dataclass
class Page:
    """A page of a synthetic site with its truth."""

    site: str
    kind: str
    url: str
    html: str
    truth: dict[str, Any] = field(default_factory=dict)


@dataclass
class Item:
    """One thing on sale."""

    number: int
    title: str
    seller: str
    amount: float
    path: list[str]
    origin: str
    to: list[str]
    stock: int


class Site:
    """One marketplace: all its choices of layout follow from the seed."""

    def __init__(self, seed: int) -> None:
        r = self.r = random.Random(seed)
        self.host = f"{r.choice(_ONES)}{r.choice(_TWOS)}{seed}.onion"
        self.name = f"{r.choice(_ONES)} {r.choice(('Market', 'Bazaar', 'Exchange', 'Road', 'Depot', 'Store', 'Hall'))}".title()
        self.say = _LANGUAGE[r.choice(["en"] * 7 + ["de", "fr", "es"])]
        self.label = {name: r.choice(words) for name, words in self.say.items()}
        self.colon = r.choice((":", ":", "", " :"))
        self.me = self.handle(r)
        self.sellers = [self.handle(r) for _ in range(14)]
        self.named = r.random() < 0.72  # do class names mean anything?
        self.prefix = r.choice(("", "", "m-", "x_", "col-", "mk"))
        self.currency = r.choice(("USD", "USD", "EUR", "GBP", "AUD", "USD"))
        self.money_style = r.randrange(8)
        self.crypto = r.choice(("", "", "after", "before", "own", "only"))
        self.coin = r.choice(("BTC", "XMR", "BTC", "LTC"))
        self.url_style, self.user_style = r.randrange(9), r.randrange(7)
        self.menu, self.menu_first, self.counts = (
            r.choice(("side", "side", "top", "none")),
            r.random() < 0.75,
            r.random() < 0.7,
        )
        self.crumb, self.title_tag = r.randrange(8), r.randrange(8)
        self.rows, self.fields = r.randrange(9), r.randrange(9)
        self.page_title = r.randrange(5)
        self.login_bar, self.rates, self.balance = r.randrange(6), r.randrange(5), r.random() < 0.6
        self.order = r.sample(["seller", "price", "ship", "stock", "class", "rating", "category"], 7)
        self.row_order = r.sample(["seller", "price", "ship", "stock", "class", "rating"], 6)
        self.row_labels, self.ship_style = r.random() < 0.45, r.randrange(4)
        self.related, self.shout = r.random() < 0.5, r.random() < 0.2
        self.row_has = {name for name in ("ship", "stock", "class", "rating") if r.random() < 0.5}
        self.price_first = r.random() < 0.3
        self.logo = r.choice(("h1", "div", "a", "h2", "img", "div"))
        self.ids = r.sample(range(1000, 9_000_000), 60)
        self.old_table = r.random() < 0.3
        self.per_unit, self.bulk_note, self.quick_view, self.claims = (r.random() < 0.25 for _ in range(4))
        self.bulk_words = r.choice(("Bulk from", "Bulk prices start at", "BULK:", "Discounts from"))
        self.row_price = r.choice(("", "", "", "From", "Buy 1 for", "Starting at", "Only"))
        self.sale = r.choice(("", "", "", "del", "was", "rrp"))
        self.section_heads = r.choice(("h3", "h4", "div", "h2", "b"))

    # --- pieces ---

    @staticmethod
    def handle(r: random.Random) -> str:
        """A made-up handle."""
        return r.choice((f"{r.choice(_ONES)}{r.choice(_TWOS)}", f"{r.choice(_ONES).title()}{r.choice(_TWOS).title()}", f"{r.choice(_TWOS)}_{r.randrange(99)}",
                         f"{r.choice(_ONES)}-{r.choice(_TWOS)}", f"{r.choice(_TWOS).title()}{r.randrange(1000, 2030)}", f"The{r.choice(_ONES).title()}{r.choice(_TWOS).title()}"))  # fmt: skip

    def item(self, number: int) -> Item:
        """The site's item of that number."""
        r = random.Random(f"{self.host}{number}")
        top = r.choice(list(_TOPS))
        kind = r.choice(_TOPS[top])
        noun = r.choice(_NOUNS[kind].split("|"))
        quantity = r.choice(
            (
                "",
                f"{r.choice((1, 2, 3.5, 5, 7, 10, 14, 28, 50, 100, 250))}g ",
                f"{r.choice((5, 10, 50, 100, 1000))}x ",
                f"{r.choice((1, 2, 5))} oz ",
            )
        )
        tail = r.choice(
            (
                "",
                "",
                " | FREE SHIPPING",
                f" - {r.choice(_ADJ)}",
                " *NEXT DAY*",
                f" ({r.choice(_PLACES)})",
                f" [{r.choice(_ONES).upper()} EDITION]",
                f" ${r.choice((5, 20, 50))} off",
                " !!!",
            )
        )
        title = f"{quantity}{r.choice(_ADJ)} {noun}{tail}".strip()
        title = (
            title.upper() if self.shout or r.random() < 0.1 else title.title() if r.random() < 0.4 else title
        )
        path = [top, kind, r.choice(_SUBS)][: r.choice((1, 2, 2, 3, 3))]
        amount = round(
            r.choice((r.uniform(1, 30), r.uniform(20, 400), r.uniform(300, 4000))), r.choice((2, 2, 2, 0))
        )
        to = r.sample(_PLACES, r.choice((1, 1, 1, 2, 4)))
        return Item(
            self.ids[number % 60],
            title,
            r.choice(self.sellers),
            amount,
            path,
            r.choice(_PLACES),
            to,
            r.randrange(1, 900),
        )

    def address(self, one: Item) -> str:
        """Of an item's page."""
        n = one.number
        slug = "-".join("".join(c if c.isalnum() else " " for c in one.title.lower()).split())
        return (f"/listing/{n}", f"/product/{slug}-{n}", f"/item.php?id={n}", f"/viewProduct?offer={n}.{n * 7}", f"/p/{n}/{slug}", f"/index.php?page=product&id={n}", f"/listings/{n:x}-{n * 31:x}",
                f"/{slug}-{n}.html", f"/offer/{n}/view/0")[self.url_style]  # fmt: skip

    def user(self, name: str) -> str:
        """Of a seller's page."""
        return (
            f"/user/{name}",
            f"/vendor/{name}",
            f"/u/{name}",
            f"/profile.php?user={name}",
            f"/seller/{sum(map(ord, name)) * 7919}",
            f"/index.php?page=profile&u={name}",
            f"/v/{name}/listings",
        )[self.user_style]

    def c(self, *words: str) -> str:
        """A class attribute for something, or a meaningless one, or none."""
        r = self.r
        if not self.named:
            return r.choice(
                (
                    "",
                    f' class="{self.prefix}{random.Random(words[0]).randrange(99)}"',
                    f' class="row{len(words[0])}"',
                )
            )
        return f' class="{self.prefix}{random.Random(self.host + words[0]).choice(words)}"'

    def wrap(self, inner: str, what: str) -> str:
        """Boxes whose names mean something else, or nothing."""
        r = random.Random(f"{self.host}{what}")
        for _ in range(r.choice((0, 0, 1, 2))):
            name = r.choice(
                (
                    "card-body",
                    "content",
                    "panel-body",
                    "col-md-8",
                    "text-left",
                    "info",
                    "inner",
                    "media-body",
                    "desc",
                    "details",
                    "box",
                    "left",
                    "wrapper",
                    "body",
                    "listing-info",
                    "product",
                    "user",
                    "shop-item",
                )
            )
            inner = f'<div class="{name}">{inner}</div>'
        return inner

    def money(self, amount: float, *, own: str | None = None) -> str:
        """An amount as the site writes it."""
        code = own or self.currency
        sign = {"USD": "$", "EUR": "€", "GBP": "£", "AUD": "A$"}[code]
        whole = amount == int(amount)
        plain = f"{amount:,.0f}" if whole and self.money_style in (2, 5) else f"{amount:,.2f}"
        if code == "EUR" and self.money_style in (4, 6):
            plain = plain.replace(",", "_").replace(".", ",").replace("_", ".")
        return (
            f"{sign}{plain}",
            f"{code} {plain}",
            f"{sign} {plain}",
            f"{plain} {code}",
            f"{plain} {sign}",
            f"{plain}{sign}",
            f"{sign}{plain}",
            f"{plain} {code}",
        )[self.money_style]

    def coins(self, amount: float) -> str:
        """An amount of the site's coin."""
        value = amount / (9500 if self.coin == "BTC" else 120)
        return (
            f"{value:.6f} {self.coin}"
            if self.money_style % 2
            else {"BTC": "฿", "XMR": "ɱ", "LTC": "Ł"}[self.coin] + f"{value:.5f}"
        )

    def price(self, one: Item, *, tag: str = "span") -> str:
        """A price with its twin in a coin, where the site shows one."""
        fiat, coin = self.money(one.amount), self.coins(one.amount)
        k = self.c("price", "cost", "amount", "pricetag", "lgtext", "right", "badge")
        if self.per_unit:
            fiat, coin = f"{fiat}/{one.number % 7 + 1}g", f"{coin}/{one.number % 7 + 1}g"
        if self.sale and one.number % 4 == 0:
            old = self.money(round(one.amount * 1.3, 2))
            fiat = {
                "del": f"<del>{old}</del> {fiat}",
                "was": f"<span class=was>Was {old}</span> Now {fiat}",
                "rrp": f"RRP {old}<br>{fiat}",
            }[self.sale]
        return {"": f"<{tag}{k}>{fiat}</{tag}>", "after": f"<{tag}{k}>{fiat}</{tag}> <small>({coin})</small>", "before": f"<{tag}{k}>{coin} ({fiat})</{tag}>",
                "own": f"<{tag}{k}>{fiat}</{tag}><br><span>{coin}</span>", "only": f"<{tag}{k}>{coin}</{tag}>"}[self.crypto]  # fmt: skip

    def right_prices(self, one: Item) -> list[float]:
        """What counts as the right price: the fiat one, where it is shown."""
        value = one.amount / (9500 if self.coin == "BTC" else 120)
        return (
            [float(f"{value:.6f}"), float(f"{value:.5f}")]
            if self.crypto == "only"
            else [round(one.amount, 2)]
        )

    def text(self, r: random.Random, low: int, high: int) -> str:
        """Prose."""
        return " ".join(r.choice(_LOREM) for _ in range(r.randrange(low, high))).capitalize() + "."

    # --- the frame ---

    def bar(self) -> str:
        """The log-in bar with the researcher's own name."""
        me = f'<a href="{self.user(self.me)}">{self.me}</a>'
        out = '<a href="/logout">Logout</a>'
        wallet = (
            f" <span{self.c('balance', 'wallet')}>Balance: {self.coins(0)} / {self.money(0)}</span>"
            if self.balance
            else ""
        )
        return ("", f"<p>Logged in as <b>{me}</b> [{out}]{wallet}</p>", f"<div{self.c('user', 'account')}>Welcome, {me}! {out}{wallet}</div>", f"<ul><li>{me}</li><li>{wallet}</li><li>{out}</li></ul>",
                f"<div{self.c('top', 'nav')}>{self.me} ({self.r.randrange(9)}) | {out} |{wallet}</div>", f"<table><tr><td>Hello {me}</td><td>{wallet}</td><td>{out}</td></tr></table>")[self.login_bar]  # fmt: skip

    def ticker(self) -> str:
        """Exchange rates."""
        r = self.r
        rates = [(c, round(r.uniform(4000, 12000), 2)) for c in ("USD", "EUR", "GBP", "AUD", "CAD")]
        return ("", "<ul>" + "".join(f"<li>{c} {v}</li>" for c, v in rates) + "</ul>", f"<span>1 BTC = {' = '.join(f'{v} {c}' for c, v in rates)}</span>",
                f"<div{self.c('rates', 'exchange')}><h3>Exchange rates</h3>" + "".join(f"<p>Bitcoin ({c}) <span>{v}</span></p>" for c, v in rates) + "</div>",
                "<table><tr><th>BTC/USD</th><td>$" + f"{rates[0][1]:,}" + "</td></tr><tr><th>BTC/EUR</th><td>€" + f"{rates[1][1]:,}" + "</td></tr></table>")[self.rates]  # fmt: skip

    def categories(self, current: list[str]) -> str:
        """The menu of categories."""
        if self.menu == "none":
            return ""
        rows = []
        for n, (top, kinds) in enumerate(_TOPS.items(), 1):
            count = f" <span{self.c('badge', 'count')}>{n * 371 % 4000}</span>" if self.counts else ""
            active = ' class="active"' if current[:1] == [top] and self.crumb in (5, 6) else ""
            inner = "".join(f'<li{(chr(32) + "class=active") if kind in current and self.crumb in (5, 6) else ""}><a href="/category/{n}{i}">{kind}</a>'
                            + (f" <span>({i * 97 % 900})</span>" if self.counts else "") + "</li>" for i, kind in enumerate(kinds))  # fmt: skip
            rows.append(f'<li{active}><a href="/category/{n}">{e(top)}</a>{count}<ul>{inner}</ul></li>')
        head = f"<{self.section_heads}>Browse categories</{self.section_heads}>"
        return f"<div{self.c('sidebar', 'menu', 'categories')}>{head}<ul>{''.join(rows)}</ul>{self.search() if self.r.random() < 0.5 else ''}</div>"

    def search(self) -> str:
        """A search form, with its countries."""
        options = "".join(f"<option>{p}</option>" for p in _PLACES)
        return f'<form><input name="q"><label>{self.label["from"]}</label><select><option>Any</option>{options}</select> Price from <input name="min"> to <input name="max"><button>Search</button></form>'

    def frame(
        self,
        kind: str,
        url: str,
        title: str,
        main: str,
        truth: dict[str, Any] | None = None,
        *,
        current: list[str] | None = None,
        bare: bool = False,
    ) -> Page:
        """A whole page."""
        head = {"h1": f"<h1>{self.name}</h1>", "h2": f'<h2><a href="/">{self.name}</a></h2>', "a": f'<a href="/">{self.name}</a>', "img": f'<a href="/"><img src="/l.png" alt="{self.name}"></a>',
                "div": f"<div{self.c('logo', 'brand')}>{self.name}</div>"}[self.logo]  # fmt: skip
        links = "".join(
            f'<li><a href="/{w.lower()}">{w}</a></li>'
            for w in ("Home", "Messages", "Orders", "Support", "Forum", "FAQ")
        )
        said = (
            f"{self.name} - {title}",
            f"{title} | {self.name}",
            self.name,
            f"{self.name} :: {kind.title()}",
            title,
        )[self.page_title]
        notice = (
            "<p>Beware of phishing. Vendor bond is $250, fees are 4 %. Orders over $500 need escrow.</p>"
            if self.r.random() < 0.25
            else ""
        )
        top = (
            f"{head}{self.bar()}{self.ticker()}<ul{self.c('nav', 'topmenu')}>{links}</ul>"
            if not bare
            else head
        )
        menu = "" if bare else self.categories(current or [])
        body = (
            f"{menu}<div{self.c('main', 'content')}>{notice}{main}</div>"
            if self.menu_first
            else f"<div{self.c('main', 'content')}>{notice}{main}</div>{menu}"
        )
        if self.old_table:
            body = f"<table width=100%><tr><td valign=top>{menu}</td><td>{notice}{main}</td></tr></table>"
        foot = f"<div{self.c('footer')}>Server time: 2021-03-0{self.r.randrange(1, 9)} 12:0{self.r.randrange(9)} UTC. {self.name}</div>"
        lang = f' lang="{next(code for code, words in _LANGUAGE.items() if words is self.say)}"'
        return Page(
            self.host,
            kind,
            f"http://{self.host}{url}",
            f"<!DOCTYPE html><html{lang}><head><title>{e(said)}</title></head><body>{top}{body}{foot}</body></html>",
            truth or {},
        )

    # --- a listing ---

    def crumbs(self, one: Item) -> str:
        """The way to a category, in the site's manner."""
        links = [f'<a href="/category/{n}{len(step)}">{e(step)}</a>' for n, step in enumerate(one.path, 1)]
        home = '<a href="/">Home</a>'
        return (f'<ol class="breadcrumb"><li>{home}</li>{"".join(f"<li>{x}</li>" for x in links)}<li class="active">{e(one.title)}</li></ol>', f"<p>{' &raquo; '.join([home, *links])}</p>",
                f"<div{self.c('path', 'crumbs')}>{' / '.join(links)}</div>", f"<h3>{''.join(links)}</h3>" if False else "".join(f"<h3>{x}</h3>" for x in links), "", "", "", f"<div>{' &gt; '.join(links)}</div>")[self.crumb]  # fmt: skip

    def has_path(self) -> bool:
        """Does a listing show its category?"""
        return self.crumb in (0, 1, 2, 3, 4, 7)

    def heading(self, one: Item) -> str:
        """The title of a listing's page."""
        t = e(one.title)
        return (f"<h1>{t}</h1>", f"<h2>{t}</h2>", f"<h3{self.c('title', 'heading')}>{t}</h3>", f"<div{self.c('title', 'name', 'listing-title')}>{t}</div>", f"<h4>{t}</h4>", f"<b>{t}</b>",
                f"<div{self.c('panel-heading', 'box-head')}>{t}</div>", f"<h2>{t} <small>#{one.number}</small></h2>")[self.title_tag]  # fmt: skip

    def seller_cell(self, one: Item, r: random.Random) -> str:
        """A seller with the badges round it."""
        level = r.choice(
            (
                "",
                f" <span{self.c('level', 'verified')}>Level {r.randrange(1, 9)}</span>",
                f" ({r.randrange(2000)})",
                f" [{r.randrange(100, 9000)}|{r.uniform(4, 5):.2f}]",
                f" <b>{r.uniform(90, 100):.1f}%</b>",
            )
        )
        return f'<a href="{self.user(one.seller)}">{one.seller}</a>{level}'

    def listing(self, number: int) -> Page:
        """One item's page."""
        one, r = self.item(number), random.Random(f"{self.host}l{number}")
        values = {"seller": self.seller_cell(one, r), "price": self.price(one), "stock": str(one.stock), "class": r.choice(("Physical", "Digital")), "rating": f"{r.uniform(3, 5):.2f}",
                  "category": e(" > ".join(one.path)), "from": one.origin, "to": ", ".join(one.to), "payment": r.choice(("Escrow", "Finalize early", "Multisig")), "quantity": "1 piece"}  # fmt: skip
        shown = []
        for name in self.order:
            if name == "ship":
                shown += (
                    [("from", f"{values['from']} → {values['to']}")]
                    if self.ship_style == 0
                    else [("from", values["from"]), ("to", values["to"])]
                )
            elif name == "category":
                if self.crumb == 4:
                    shown.append(("category", values["category"]))
            elif name == "rating":
                shown.append(("payment", values["payment"]))
            elif name != "price" or not self.price_first:
                shown.append((name, values[name]))
        fields = "".join(self.pair(name, value) for name, value in shown)
        block = {
            0: f"<table>{fields}</table>",
            1: f"<table{self.c('info', 'details')}>{fields}</table>",
            4: f"<dl>{fields}</dl>",
            5: f"<ul>{fields}</ul>",
        }.get(self.fields, f"<div{self.c('details', 'info', 'product')}>{fields}</div>")
        price = (
            f"<div{self.c('buybox', 'price')}>{self.price(one, tag='b')}</div>" if self.price_first else ""
        )
        image = f'<img src="/i/{one.number}.jpg" alt="{e(one.title) if r.random() < 0.3 else ""}">'
        ship = "".join(
            f"<option>{w} - {n} days - {self.money(round(r.uniform(0, 30), 2))}</option>"
            for w, n in (("Standard", 7), ("Express", 2))
        )
        buy = f'<form><select name="shipping">{ship}</select> Quantity: <input value="1"><button>Buy now</button></form>'
        bulk = (
            (
                "<table><tr><th>Bulk</th><th>Each</th></tr>"
                + "".join(
                    f"<tr><td>{q}+</td><td>{self.money(round(one.amount * k, 2))}</td></tr>"
                    for q, k in ((5, 0.93), (20, 0.82))
                )
                + "</table>"
            )
            if r.random() < 0.25
            else ""
        )
        desc = f"<{self.section_heads}>Description</{self.section_heads}><div{self.c('description', 'text')}><p>{self.text(r, 12, 70)}</p><p>{r.choice(('', '10 pieces cost ' + self.money(round(one.amount * 8, 2)) + ' only.'))} {self.text(r, 5, 30)}</p></div>"
        main = f"{self.crumbs(one)}{self.wrap(self.heading(one), 'head')}{image}{self.wrap(block, 'block')}{price}{bulk}{buy}{desc}{self.feedback_rows(r, 4, one)}{self.others(number, r)}"
        if r.random() < 0.15:
            main = f"{self.heading(one)}{image}{self.crumbs(one)}{price}{block}{buy}{desc}"
        truth = {
            "title": one.title,
            "seller": one.seller,
            "price": self.right_prices(one),
            "category": one.path if self.has_path() else None,
            "ships_from": one.origin,
            "ships_to": one.to,
        }
        return self.frame("listing", self.address(one), one.title, main, truth, current=one.path)

    def pair(self, name: str, value: str) -> str:
        """A label with its value, in the site's manner."""
        said, k = self.label.get(name, name.title()) + self.colon, self.c(name, name + "-info")
        return (f"<tr><td>{said}</td><td{k}>{value}</td></tr>", f"<tr><th>{said}</th><td>{value}</td></tr>", f"<p><b>{said}</b> {value}</p>", f"<div><label>{said}</label> <span{k}>{value}</span></div>",
                f"<dt>{said}</dt><dd>{value}</dd>", f"<li>{said} {value}</li>", f"<div{k}>{said} {value}</div>", f"<div><strong>{said}</strong><br>{value}</div>", f"<span>{said}</span><span>{value}</span><br>")[self.fields]  # fmt: skip

    def feedback_rows(self, r: random.Random, n: int, one: Item | None = None) -> str:
        """Feedback that buyers left."""
        if r.random() < 0.35 and one is not None:
            return ""
        rows = "".join(f"<tr><td>{r.choice(('Positive', '★★★★★', '5/5'))}</td><td>{self.text(r, 3, 12)}</td><td>{self.item(r.randrange(60)).title if r.random() < 0.5 else ''}</td><td>{r.choice('abcxyz')}***{r.choice('dfg')}</td>"
                       f"<td>{self.coins(r.uniform(5, 300)) if r.random() < 0.5 else self.money(round(r.uniform(5, 300), 2))}</td><td>2021-0{r.randrange(1, 9)}-1{r.randrange(9)}</td></tr>" for _ in range(n))  # fmt: skip
        return f"<{self.section_heads}>Feedback</{self.section_heads}><table{self.c('feedback', 'reviews')}>{rows}</table>"

    def others(self, number: int, r: random.Random) -> str:
        """Other listings, below."""
        if not self.related:
            return ""
        rows = "".join(
            f'<div{self.c("card", "item")}><a href="{self.address(o)}">{e(o.title)}</a> <span>{self.money(o.amount)}</span></div>'
            for o in (self.item(number + k) for k in (11, 12, 13))
        )
        return f"<{self.section_heads}>{r.choice(('Also available', 'Related listings', 'More from this vendor'))}</{self.section_heads}><div{self.c('related', 'others')}>{rows}</div>"

    # --- results ---

    def results(self, number: int) -> Page:
        """A page of many items."""
        r = random.Random(f"{self.host}r{number}")
        items = [self.item(n) for n in r.sample(range(60), r.choice((3, 6, 10, 15, 25)))]
        rows = "".join(self.row(one, r, i) for i, one in enumerate(items))
        head = ""
        if self.rows in (0, 1):
            names = [
                "",
                "title",
                *[n for n in self.row_order if n in ("seller", "price") or n in self.row_has],
            ]
            cells = "".join(
                f"<th>{ ({'title': 'Title', 'ship': self.label['from'], 'rating': 'Rating', '': ''}.get(n) if n in ('title', 'ship', 'rating', '') else self.label[n]) }</th>"
                for n in names
            )
            head = f"<tr>{cells}</tr>" if self.rows == 0 else ""
        wrap = {0: "table", 1: "table", 2: "table", 3: "ul"}.get(self.rows, "div")
        top = items[0].path[:1]
        pages = "".join(f'<a href="?page={n}">{n}</a> ' for n in range(1, 6))
        main = f"<h2>{e(top[0])}</h2><p>{len(items) * 7} results</p>{self.search() if r.random() < 0.3 else ''}<{wrap}{self.c('results', 'listings')}>{head}{rows}</{wrap}><div>{pages}</div>"
        truth = {
            "rows": [
                {"url": self.address(o), "title": o.title, "seller": o.seller, "price": self.right_prices(o)}
                for o in items
            ]
        }
        return self.frame("results", f"/category/{number}?page={number}", top[0], main, truth, current=top)

    def empty(self, number: int) -> Page:
        """A page of results without any."""
        r = random.Random(f"{self.host}e{number}")
        kind = r.choice([k for kinds in _TOPS.values() for k in kinds])
        said = r.choice(
            (
                "<p>No listings found.</p>",
                "<p>There are no products in this category.</p>",
                "<p>0 results</p>",
                "",
                "<p>Nothing matched your search. Try fewer words.</p>",
            )
        )
        main = f"<h2>{r.choice((kind, kind + ' products', 'Search results', 'Listings', kind + ' listings'))}</h2>{self.search()}{said}"
        return self.frame(
            "results",
            f"/category/{number}",
            r.choice((kind, "Products", "Listings", "Search", "Browse")),
            main,
            current=[kind],
        )

    def row(self, one: Item, r: random.Random, i: int) -> str:
        """One record of a page of results."""
        href, t = self.address(one), e(one.title)
        image = f'<a href="{href}"><img src="/t/{one.number}.jpg"></a>'
        link = f'<a href="{href}"{self.c("title", "name")}>{t}</a>'
        title = link if self.rows % 3 else f'<a href="{href}"><h4{self.c("title", "card-title")}>{t}</h4></a>'
        said = (
            (lambda name: f"{self.label[name]}{self.colon} ")
            if self.row_labels and self.rows != 0
            else (lambda name: "")
        )
        values = {"seller": f'{said("seller")}{self.seller_cell(one, r)}', "price": f'{self.row_price + ": " if self.row_price else said("price")}{self.price(one)}', "ship": f'{said("from")}{one.origin}' + (f" → {one.to[0]}" if self.ship_style == 0 else ""),
                  "stock": f'{said("stock")}{one.stock}', "class": r.choice(("Physical", "Digital")), "rating": f"{r.uniform(3, 5):.1f} ★ ({r.randrange(400)})"}  # fmt: skip
        shown = [(n, values[n]) for n in self.row_order if n in ("seller", "price") or n in self.row_has]
        buy = (
            f'<a href="{href}"{self.c("btn", "buy")}>{r.choice(("Buy", "View", "Details"))}</a>'
            if self.url_style % 2
            else ""
        )
        sticky = (
            f' class="{self.prefix}featured"'
            if i == 0 and self.shout
            else f' class="{"even" if i % 2 else "odd"}"'
            if self.rows in (0, 1)
            else ""
        )
        if self.rows in (0, 1):
            return f"<tr{sticky}><td>{image}</td><td>{title}</td>{''.join(f'<td{self.c(n)}>{v}</td>' for n, v in shown)}</tr>"
        note = (
            f"<span>Bulk from {self.money(round(one.amount * 0.9, 2))}</span>".replace(
                "Bulk from", self.bulk_words
            )
            if self.bulk_note and one.number % 2
            else ""
        )
        claim = (
            f"<span>{r.choice(('Dream', 'Agora', 'Outlaw'))}: {r.randrange(50, 4000)} deals, 4.9/5</span><span>Member since: 2019-05-16</span>"
            if self.claims
            else ""
        )
        quick = (f"<div><h2>{t}</h2><p>{self.text(r, 5, 20)}</p><span>Price: {self.money(one.amount)}!</span><a href='{href}'>View full description</a><select><option>Express ({self.money(4.5)})</option></select></div>"
                 if self.quick_view and one.number % 3 == 0 else "")  # fmt: skip
        inner = (
            note
            + "".join(
                f"<{x}{self.c(n, n + '-box')}>{v}</{x}>"
                for n, v in shown
                for x in [("p", "div", "span", "small", "div")[self.rows % 5]]
            )
            + claim
        )
        title = self.wrap(title, "row") + quick
        if self.rows == 2:
            return f"<tr><td>{image}</td><td>{title}<br>{inner}</td><td>{buy}</td></tr>"
        if self.rows == 3:
            return f"<li>{image}{title}{inner}{buy}</li>"
        if self.rows == 8:
            return (
                f"<div{self.c('head')}>{title}</div><div{self.c('body', 'inner')}>{image}{inner}{buy}</div>"
            )
        return (
            f"<div{self.c('card', 'item', 'listing')}><div>{image}</div><div>{title}{inner}</div>{buy}</div>"
        )

    # --- other kinds ---

    def seller(self, number: int) -> Page:
        """A seller's own page."""
        r = random.Random(f"{self.host}s{number}")
        name = self.sellers[number % len(self.sellers)]
        facts = [(r.choice(("Member since", "Joined", "Registered", "Vendor since")), f"2019-0{r.randrange(1, 9)}-11"), (r.choice(("Last seen", "Last active", "Last login")), r.choice(("today", "2 days ago", "2021-02-01"))),
                 (r.choice(("Sales", "Total sales", "Orders", "Completed orders")), str(r.randrange(2000))), (r.choice(("Vendor level", "Level", "Trust level", "Rank")), str(r.randrange(1, 10))),
                 (r.choice(("Rating", "Positive feedback", "Feedback score")), f"{r.uniform(90, 100):.1f}%")]  # fmt: skip
        fields = self.fields
        body = "".join(self.pair_said(k, v) for k, v in r.sample(facts, r.randrange(3, 6)))
        block = {
            0: f"<table>{body}</table>",
            1: f"<table>{body}</table>",
            4: f"<dl>{body}</dl>",
            5: f"<ul>{body}</ul>",
        }.get(fields, f"<div>{body}</div>")
        head = r.choice(
            (
                f"<h1>{name}</h1>",
                f"<h2>{name} <small>({r.randrange(999)})</small></h2>",
                f"<h3>Vendor: {name}</h3>",
                f"<h2>{name}'s profile</h2>",
                f"<div{self.c('username', 'title')}><b>{name}</b></div>",
            )
        )
        items = [o for o in map(self.item, range(60)) if o.seller == name][: r.choice((0, 0, 3, 8))]
        rows = "".join(self.row(o, r, i) for i, o in enumerate(items))
        wrap = {0: "table", 1: "table", 2: "table", 3: "ul"}.get(self.rows, "div")
        pgp = (
            "<pre>-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQINBFabc\n-----END PGP PUBLIC KEY BLOCK-----</pre>"
            if r.random() < 0.5
            else ""
        )
        tabs = (
            "<ul><li><a href='#a'>About</a></li><li><a href='#p'>PGP</a></li><li><a href='#f'>Feedback</a></li></ul>"
            if r.random() < 0.5
            else ""
        )
        main = f"{head}{block}{tabs}<p>{self.text(r, 10, 60)}</p>{pgp}<{wrap}>{rows}</{wrap}>{self.feedback_rows(r, 6, self.item(1))}"
        return self.frame("seller", self.user(name), f"{name}", main, {"handle": name})

    def pair_said(self, said: str, value: str) -> str:
        """A label that is not among the site's own words."""
        self.label["_"] = said
        return self.pair("_", value)

    def feedback(self, number: int) -> Page:
        """All feedback of a seller."""
        r = random.Random(f"{self.host}f{number}")
        name = self.sellers[number % len(self.sellers)]
        head = r.choice(
            (
                f"<h1>Feedback for {name}</h1>",
                "<h2>Feedback</h2>",
                f"<h3>{name}: reviews</h3>",
                f"<h2><a href='{self.user(name)}'>{name}</a> - customer feedback</h2>",
            )
        )
        pages = "".join(f'<li><a href="{self.user(name)}/feedback/{n}">{n}</a></li>' for n in range(1, 6))
        person = (
            "".join(
                self.pair_said(k, v)
                for k, v in (("Member since", "April 2019"), ("Positive feedback", "98.2%"))
            )
            if number % 2
            else ""
        )
        tabs = (
            "<ul><li><a href='?t=about'>About</a></li><li><b>Feedback</b></li><li><a href='?t=pgp'>PGP</a></li></ul>"
            if r.random() < 0.5
            else ""
        )
        rows = self.feedback_rows(r, r.randrange(12, 30))
        if number % 2:
            head = f"<h2>{name} <small>({r.randrange(999)})</small></h2>"
            return self.frame(
                "feedback",
                f"{self.user(name)}/feedback",
                r.choice((name, f"{name} feedback")),
                f"{head}<table>{person}</table>{tabs}{rows}<ul class=pagination>{pages}</ul>",
            )
        return self.frame(
            "feedback",
            f"{self.user(name)}/feedback",
            f"{name} feedback",
            f"{head}{rows}<ul>{pages if r.random() < 0.5 else ''}</ul>",
        )

    def login(self, number: int) -> Page:
        """The log-in page."""
        r = random.Random(f"{self.host}i{number}")
        code = '<p>Enter the captcha</p><img src="/c.png"><input name="captcha">' if r.random() < 0.6 else ""
        main = f"<h2>{r.choice(('Login', 'Sign in', 'Member login', 'Please log in'))}</h2><form>Username <input name=u> Password <input type=password name=p>{code}<button>Login</button></form><a href='/register'>Register</a>"
        return self.frame("login", "/login", "Login", main, bare=True)

    def challenge(self, number: int) -> Page:
        """A page that asks for proof of being human, or to wait."""
        r = random.Random(f"{self.host}c{number}")
        main = r.choice(("<h1>Checking your browser</h1><p>You will be redirected in a few seconds.</p>", "<h2>DDoS protection</h2><p>Enter the characters you see</p><img src=c.png><form><input name=captcha><button>Submit</button></form>",
                         "<p>You are in a queue. Your place: 31. This page refreshes by itself.</p>", "<h1>Anti-bot check</h1><p>Solve the captcha to enter the site.</p><form><input name=answer><button>Enter</button></form>"))  # fmt: skip
        return self.frame("challenge", "/", "Security check", main, bare=r.random() < 0.8)

    def missing(self, number: int) -> Page:
        """A page that is not there."""
        r = random.Random(f"{self.host}m{number}")
        main = r.choice(
            (
                "<h1>404</h1><p>Page not found.</p>",
                "<h2>Not found</h2><p>The listing does not exist or was removed.</p>",
                "<p>Error: this product is no longer available.</p>",
                "<h1>Oops</h1><p>The page you requested could not be found.</p>",
            )
        )
        return self.frame("missing", f"/listing/{number}99", "Not found", main, bare=r.random() < 0.5)

    def other(self, number: int) -> Page:
        """Rules, help, keys, orders, messages."""
        r = random.Random(f"{self.host}o{number}")
        main = r.choice((f"<h1>FAQ</h1><h3>How do I buy?</h3><p>{self.text(r, 20, 60)}</p><h3>What are the fees?</h3><p>Fees are 4 % and the bond is $250. {self.text(r, 20, 60)}</p>",
                         f"<h2>PGP key of {self.sellers[0]}</h2><pre>-----BEGIN PGP PUBLIC KEY BLOCK-----\nmQINBF\n-----END PGP PUBLIC KEY BLOCK-----</pre>", f"<h2>Messages</h2><table><tr><td>{self.sellers[1]}</td><td>Re: your order</td><td>2021-01-02</td></tr></table>",
                         "<h2>My orders</h2><p>You have no orders.</p>", f"<h1>Rules</h1><ol><li>{self.text(r, 5, 20)}</li><li>{self.text(r, 5, 20)}</li></ol>",
                         "<h2>Deposit</h2><p>Send at least 0.001 BTC to your address. Minimum deposit: $10.</p>"))  # fmt: skip
        return self.frame("other", f"/page/{number}", "Help", main)

    def pages(self) -> list[Page]:
        """A few of each kind."""
        return [
            self.listing(1),
            self.listing(2),
            self.listing(3),
            self.listing(4),
            self.results(1),
            self.results(2),
            self.seller(1),
            self.seller(2),
            self.feedback(1),
            self.feedback(2),
            self.empty(1),
            self.login(1),
            self.challenge(1),
            self.missing(1),
            self.other(1),
            self.other(2),
        ]
