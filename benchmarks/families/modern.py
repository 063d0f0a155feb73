"""Made to measure in newer manners: utility classes, cards that are one link, hashed class names, data attributes."""

from __future__ import annotations

import random
from collections.abc import Sequence

from markets import Page

from families.base import Family, e
from families.shops import slug
from families.stock import Thing


class Tailwind(Family):
    """Utility classes: names that mean nothing of what they hold."""

    name = "tailwind"

    def frame(self, title: str, main: str) -> str:
        return f'<!DOCTYPE html><html><head><title>{self.market}</title></head><body class="bg-gray-900 text-gray-100"><header class="flex items-center justify-between p-4 border-b"><a href="/" class="text-xl font-bold">{self.market}</a><div class="flex space-x-4 text-sm"><span>{self.stock.me}</span><span class="order-2">0.000000 XMR</span><a href="/wallet">Wallet</a><a href="/logout">Log out</a></div></header><div class="grid grid-cols-5 gap-4 content-start"><div class="col-span-1 space-y-1 text-sm">{"".join(f"<a class=block href=/browse?cat={n}>{c} <span class=text-gray-500>{n * 17}</span></a>" for n, c in enumerate(("Flower", "Pills", "Powders", "Fraud", "Digital", "Papers", "Other"), 1))}</div><div class="col-span-4">{main}</div></div><footer class="text-xs text-center">PGP verified mirrors · {self.market}</footer></body></html>'

    def url(self, one: Thing) -> str:
        return f"/listings/{one.number}"

    def results(self, things: Sequence[Thing]) -> Page:
        cards = "".join(f'<div class="rounded-lg border overflow-hidden flex flex-col"><a href="{self.url(t)}"><img class="w-full h-40 object-cover" alt=""></a><div class="p-3 flex-1 flex flex-col justify-between"><a href="{self.url(t)}" class="font-medium text-sm line-clamp-2 hover:underline">{e(t.title)}</a><div class="mt-2 text-xs text-gray-400"><a class="hover:underline" href="/@{t.seller}">{t.seller}</a> · {t.sold} sales · {t.origin} → {t.to[0]}</div><div class="mt-2 flex items-baseline justify-between"><span class="text-lg font-bold">{self.fiat(t.amount)}</span><span class="text-xs text-gray-500">{self.coins(t.amount, "XMR", 3)} XMR</span></div></div></div>' for t in things)  # fmt: skip
        main = f'<div class="flex justify-between mb-4"><h1 class="text-2xl font-semibold">Browse</h1><form><select><option>Newest</option></select></form></div><div class="grid grid-cols-4 gap-4">{cards}</div><div class="flex justify-center"><a href="/browse?page=2">Next →</a></div>'
        return self.page("results", "/browse?cat=1", "x", main, self.rows(things, self.url))

    def listing(self, one: Thing) -> Page:
        trail = " <span>/</span> ".join(
            f'<a class="hover:underline" href="/browse?cat={n}">{s}</a>' for n, s in enumerate(one.path, 1)
        )
        main = f'<div class="text-xs text-gray-500 mb-2">{trail}</div><div class="grid grid-cols-2 gap-8"><img class="rounded"><div><h1 class="text-3xl font-bold">{e(one.title)}</h1><div class="mt-1 text-sm">by <a class="text-indigo-400" href="/@{one.seller}">{one.seller}</a> <span class="text-yellow-400">4.9</span> ({one.sold})</div><div class="mt-4 text-4xl font-extrabold">{self.fiat(one.amount)}</div><div class="text-sm text-gray-400">≈ {self.coins(one.amount, "XMR", 4)} XMR</div><dl class="mt-6 grid grid-cols-2 text-sm"><dt class="text-gray-500">Ships from</dt><dd>{one.origin}</dd><dt class="text-gray-500">Ships to</dt><dd>{", ".join(one.to)}</dd><dt class="text-gray-500">Stock</dt><dd>{one.left}</dd><dt class="text-gray-500">Escrow</dt><dd>Yes</dd></dl><form class="mt-6"><select><option>Tracked (+$8.00)</option></select><button class="bg-indigo-600 px-4 py-2">Order now</button></form></div></div><div class="mt-8 border-t pt-4 prose prose-invert">{self.stock.prose(4)}</div>'
        return self.page("listing", self.url(one), "x", main, self.told(one))

    def seller(self, name: str) -> Page:
        own = self.stock.some(5, name)
        cards = "".join(
            f'<div class="rounded border p-3"><a href="{self.url(t)}" class="font-medium">{e(t.title)}</a><div class="text-lg">{self.fiat(t.amount)}</div></div>'
            for t in own
        )
        main = f'<div class="flex items-center space-x-4"><div class="rounded-full bg-gray-700 w-16 h-16"></div><div><h1 class="text-2xl font-bold">{name}</h1><p class="text-sm text-gray-400">Joined 14 months ago · Seen today · 311 sales · 98% positive</p></div></div><div class="mt-4 flex space-x-6 border-b"><span>About</span><a href="?t=l">Listings</a><a href="?t=r">Reviews</a></div><p class="mt-4">{self.stock.prose(3)}</p><div class="grid grid-cols-3">{cards}</div>'
        return self.page("seller", f"/@{name}", "x", main, {"handle": name})

    def feedback(self, name: str) -> Page:
        rows = "".join(
            f'<div class="border-b py-3 text-sm"><div class="flex justify-between"><span>★★★★★</span><span class="text-gray-500">{self.stock.day()}</span></div><p>{self.stock.prose(1, 2)}</p><p class="text-xs text-gray-500">{e(t.title)} · {self.fiat(t.amount)} · {t.seller[0]}***{t.seller[-1]}</p></div>'
            for t in self.stock.some(15)
        )
        main = f'<div class="flex items-center"><div><h1 class="text-2xl font-bold">{name}</h1><p class="text-sm">Joined 14 months ago · Seen today · 311 sales</p></div></div><div class="mt-4 flex space-x-6 border-b"><a href="?t=a">About</a><a href="?t=l">Listings</a><span>Reviews</span></div>{rows}<a href="?t=r&page=2">Older</a>'
        return self.page("feedback", f"/@{name}?t=r", "x", main)


class Whole(Family):
    """Bootstrap 5: each record is one link, its title, price and seller in spans; the seller has no link."""

    name = "whole"
    currency = "EUR"

    def setup(self, r: random.Random) -> None:
        self.after = r.random() < 0.5

    def fiat(self, amount: float) -> str:
        return f"{amount:.2f} €".replace(".", ",") if self.after else f"€{amount:.2f}"

    def frame(self, title: str, main: str) -> str:
        return f'<!doctype html><html><head><title>{e(title)} · {self.market}</title></head><body><nav class="navbar navbar-expand-lg bg-body-tertiary"><div class="container-fluid"><a class="navbar-brand" href="/">{self.market}</a><div class="d-flex"><a class="nav-link" href="/me">{self.stock.me}</a><a class="btn btn-outline-light btn-sm" href="/cart">Cart <span class="badge">0</span></a></div></div></nav><main class="container py-4">{main}</main></body></html>'

    def results(self, things: Sequence[Thing]) -> Page:
        cards = "".join(f'<a href="/item/{t.number}" class="list-group-item list-group-item-action d-flex gap-3"><img class="rounded-circle"><div class="d-flex gap-2 w-100 justify-content-between"><div><h6 class="mb-0">{e(t.title)}</h6><p class="mb-0 opacity-75">{t.seller} <i class="bi bi-star"></i> 4.{t.number % 9} · {t.origin}</p></div><small class="opacity-50 text-nowrap">{self.fiat(t.amount)}</small></div></a>' for t in things)  # fmt: skip
        return self.page(
            "results",
            "/items",
            "Items",
            f'<h2 class="mb-3">Items</h2><div class="list-group">{cards}</div><nav><ul class="pagination"><li class="page-item"><a class="page-link" href="/items?page=2">2</a></li></ul></nav>',
            self.rows(things, lambda t: f"/item/{t.number}"),
        )

    def listing(self, one: Thing) -> Page:
        crumbs = "".join(
            f'<li class="breadcrumb-item"><a href="/items?c={slug(s)}">{s}</a></li>' for s in one.path
        )
        main = f'<nav aria-label="breadcrumb"><ol class="breadcrumb">{crumbs}<li class="breadcrumb-item active">{e(one.title)}</li></ol></nav><div class="row"><div class="col-lg-7"><img class="img-fluid"></div><div class="col-lg-5"><div class="d-flex align-items-center"><h3 class="me-auto">{e(one.title)}</h3></div><p class="fs-3 fw-bold">{self.fiat(one.amount)}</p><ul class="list-unstyled"><li><i class="bi bi-person"></i> <strong>Vendor:</strong> {one.seller}</li><li><i class="bi bi-geo"></i> <strong>From:</strong> {one.origin}</li><li><i class="bi bi-truck"></i> <strong>To:</strong> {", ".join(one.to)}</li></ul><div class="d-grid"><button class="btn btn-primary">Add to cart</button></div></div></div><hr><p>{self.stock.prose(3)}</p>'
        return self.page("listing", f"/item/{one.number}", one.title, main, self.told(one))


class Hashed(Family):
    """Class names made by a bundler; data attributes beside the text; a price split over elements."""

    name = "hashed"

    def frame(self, title: str, main: str) -> str:
        return f'<!doctype html><html><head><title>{e(title)} | {self.market}</title></head><body><div id="root"><div class="sc-bdVaJa kMZrQy"><a class="sc-htpNat" href="/">{self.market}</a><button class="css-1q8x">USD</button><a class="css-90ab" href="/sign-out">Sign out</a></div><div class="css-0 ebq2">{main}</div></div></body></html>'

    def cost(self, one: Thing) -> str:
        return f'<div class="css-p11c" data-price="{one.amount:.2f}" data-currency="USD"><span>$</span><span>{one.amount:.2f}</span></div>'

    def url(self, one: Thing) -> str:
        return f"/o/{one.number * 7919:x}"

    def results(self, things: Sequence[Thing]) -> Page:
        cards = "".join(f'<article class="css-1f2q{i % 2}" data-id="{t.number}" data-vendor="{t.seller}"><a class="css-k2" href="{self.url(t)}" aria-label="{e(t.title)}"><img alt="{e(t.title)}"></a><a class="css-t9x" href="{self.url(t)}"><span>{e(t.title)}</span></a><div class="css-r1"><a class="css-v5" href="/shop/{slug(t.seller)}-{t.number % 77}">{t.seller}</a><span class="css-s3">{t.origin}</span></div>{self.cost(t)}</article>' for i, t in enumerate(things))  # fmt: skip
        return self.page(
            "results",
            "/s?q=all",
            "Search",
            f'<div class="css-h1"><h1>All offers</h1><span>{len(things)} of 310</span></div><div class="css-grid">{cards}</div><button class="css-more">Load more</button>',
            self.rows(things, self.url),
        )

    def listing(self, one: Thing) -> Page:
        trail = "".join(f'<li class="css-bc"><a href="/s?c={slug(s)}">{s}</a></li>' for s in one.path)
        main = f'<ul class="css-bcs" aria-label="Breadcrumbs">{trail}</ul><div class="css-two"><div class="css-gal"></div><div class="css-inf"><h1 class="css-ttl">{e(one.title)}</h1>{self.cost(one)}<div class="css-kv"><div class="css-k">Sold by</div><div class="css-v"><a href="/shop/{slug(one.seller)}-{one.number % 77}">{one.seller}</a></div></div><div class="css-kv"><div class="css-k">Dispatched from</div><div class="css-v">{one.origin}</div></div><div class="css-kv"><div class="css-k">Delivers to</div><div class="css-v">{", ".join(one.to)}</div></div><button class="css-buy">Place order</button></div></div><div class="css-dsc">{self.stock.prose(4)}</div>'
        return self.page("listing", self.url(one), one.title, main, self.told(one))

    def seller(self, name: str) -> Page:
        own = self.stock.some(5, name)
        cards = "".join(
            f'<article class="css-1f2q0"><a class="css-t9x" href="{self.url(t)}"><span>{e(t.title)}</span></a>{self.cost(t)}</article>'
            for t in own
        )
        main = f'<div class="css-head"><h1 class="css-nm">{name}</h1><div class="css-kv"><div class="css-k">Member since</div><div class="css-v">{self.stock.day()}</div></div><div class="css-kv"><div class="css-k">Sales</div><div class="css-v">291</div></div></div><p class="css-bio">{self.stock.prose(3)}</p><div class="css-grid">{cards}</div>'
        return self.page("seller", f"/shop/{slug(name)}-4", name, main, {"handle": name})


class Points(Family):
    """Semantic UI: an item's address stands under its seller's; prices per package in a table; plain class words."""

    name = "points"

    def frame(self, title: str, main: str) -> str:
        return f'<html><head><title>{self.market}</title></head><body><div class="ui menu"><a class="item" href="/">{self.market}</a><a class="item" href="/marketplace/">Marketplace</a><a class="item" href="/board/">Board</a><div class="right menu"><a class="item" href="/profile">{self.stock.me}</a><a class="item" href="/payments">BTC 0.0000</a><a class="item" href="/auth/logout">Logout</a></div></div><div class="ui container">{main}</div><div class="ui footer">{self.market} - free and open</div></body></html>'

    def url(self, one: Thing) -> str:
        return f"/user/{one.seller}/item/{one.number:06x}-bd21"

    def results(self, things: Sequence[Thing]) -> Page:
        cards = "".join(f'<div class="ui card"><div class="image"><a href="{self.url(t)}"><img></a></div><div class="content"><a class="header" href="{self.url(t)}">{e(t.title)}</a><div class="meta"><a href="/user/{t.seller}">@{t.seller}</a></div><div class="description"><i class="de flag"></i> {t.origin} <i class="icon right arrow"></i> {t.to[0]}</div></div><div class="extra content"><span class="right floated">{self.coins(t.amount, "BTC", 5)} BTC</span><span>{self.fiat(t.amount)}</span></div></div>' for t in things)  # fmt: skip
        return self.page(
            "results",
            "/marketplace/",
            "x",
            f'<h3 class="ui header">Marketplace <div class="sub header">{len(things) * 9} items</div></h3><div class="ui four cards">{cards}</div><div class="ui pagination menu"><a class="item" href="?page=2">2</a></div>',
            self.rows(things, self.url),
        )

    def listing(self, one: Thing) -> Page:
        trail = '<div class="divider">/</div>'.join(
            f'<a class="section" href="/marketplace/{slug(s)}">{s}</a>' for s in one.path
        )
        packs = "".join(
            f'<tr><td>{k} item</td><td>{one.origin} → {one.to[0]}</td><td>{self.fiat(one.amount * k)}</td><td>{self.coins(one.amount * k, "BTC", 5)} BTC</td><td><a class="ui button" href="{self.url(one)}/package/{k}/book">Buy</a></td></tr>'
            for k in (1, 2, 5)
        )
        main = f'<div class="ui breadcrumb">{trail}</div><h2 class="ui header">{e(one.title)}</h2><div class="ui grid"><div class="ten wide column"><p>{self.stock.prose(3)}</p><h3>Offers</h3><table class="ui table"><thead><tr><th>Quantity</th><th>Shipping</th><th>Price</th><th>In BTC</th><th></th></tr></thead>{packs}</table></div><div class="six wide column"><div class="ui card"><div class="content"><a class="header" href="/user/{one.seller}">{one.seller}</a><div class="meta">Last seen: 2 hours ago</div><div>Gold account · {one.sold} deals</div></div></div></div></div>'
        return self.page("listing", self.url(one), "x", main, self.told(one, ships=False))

    def seller(self, name: str) -> Page:
        own = self.stock.some(6, name)
        cards = "".join(
            f'<div class="ui card"><div class="content"><a class="header" href="{self.url(t)}">{e(t.title)}</a></div><div class="extra content">{self.fiat(t.amount)}</div></div>'
            for t in own
        )
        main = f'<h2 class="ui header">@{name}<div class="sub header">Registered {self.stock.day()}, last online today</div></h2><div class="ui segment">{self.stock.prose(3)}</div><div class="ui three cards">{cards}</div><h3>Contacts</h3><p>Jabber: {name.lower()}@example.im</p>'
        return self.page("seller", f"/user/{name}", "x", main, {"handle": name})


class Bulma(Family):
    """Bulma boxes and media objects; payment by icons, flags as pictures."""

    name = "bulma"

    def frame(self, title: str, main: str) -> str:
        return f'<!DOCTYPE html><html><head><title>{e(title)}</title></head><body><nav class="navbar is-dark"><div class="navbar-brand"><a class="navbar-item" href="/">{self.market}</a></div><div class="navbar-end"><div class="navbar-item has-dropdown"><a class="navbar-link">{self.stock.me}</a><div class="navbar-dropdown"><a class="navbar-item" href="/logout">Logout</a></div></div></div></nav><section class="section"><div class="columns"><div class="column is-3"><div class="box"><p class="title is-6">Top vendors</p>{"".join(f"<p><a href=/vendor/{p}>{p}</a> <span class=tag>99%</span></p>" for p in self.stock.people[:3])}</div></div><div class="column">{main}</div></div></section></body></html>'

    def results(self, things: Sequence[Thing]) -> Page:
        cards = "".join(f'<div class="box"><article class="media"><div class="media-left"><figure class="image is-64x64"><img alt=""></figure></div><div class="media-content"><p><a href="/view/{t.number}"><strong>{e(t.title)}</strong></a> <small><a href="/vendor/{t.seller}">{t.seller}</a></small><br><img src="/f/a.svg" alt="{t.origin}" title="{t.origin}"> <i class="fa fa-arrow-right"></i> <img src="/f/b.svg" alt="{t.to[0]}" title="{t.to[0]}"></p></div><div class="media-right"><span class="tag is-success is-medium">{self.fiat(t.amount)}</span><p class="is-size-7"><img src="/i/xmr.svg" alt="XMR"><img src="/i/btc.svg" alt="BTC"></p></div></article></div>' for t in things)  # fmt: skip
        return self.page(
            "results",
            "/list/1",
            f"{self.market}: list",
            f'<p class="title">Listings</p>{cards}<nav class="pagination"><a class="pagination-next" href="/list/1/2">Next</a></nav>',
            self.rows(things, lambda t: f"/view/{t.number}"),
        )

    def listing(self, one: Thing) -> Page:
        to = " ".join(f'<img src="/f/{n}.svg" alt="{p}" title="{p}">' for n, p in enumerate(one.to))
        crumbs = "".join(f'<li><a href="/list/{slug(s)}">{s}</a></li>' for s in one.path)
        main = f'<nav class="breadcrumb"><ul>{crumbs}</ul></nav><p class="title">{e(one.title)}</p><p class="subtitle">{self.fiat(one.amount)} <small>({self.coins(one.amount, "BTC", 6)} BTC)</small></p><table class="table is-narrow"><tr><td>Vendor</td><td><a href="/vendor/{one.seller}">{one.seller}</a></td></tr><tr><td>Ships from</td><td><img src="/f/a.svg" alt="{one.origin}" title="{one.origin}"></td></tr><tr><td>Ships to</td><td>{to}</td></tr><tr><td>Payment</td><td><img alt="Bitcoin"><img alt="Monero"></td></tr></table><a class="button is-primary" href="/order/{one.number}">Order</a><div class="content">{self.stock.prose(3)}</div>'
        return self.page("listing", f"/view/{one.number}", one.title, main, self.told(one))

    def seller(self, name: str) -> Page:
        main = f'<p class="title">{name}</p><p class="subtitle">Vendor since {self.stock.day()}</p><div class="tabs"><ul><li class="is-active"><a>Profile</a></li><li><a href="?t=2">Listings</a></li><li><a href="?t=3">Feedback</a></li></ul></div><nav class="level"><div class="level-item"><p class="heading">Sales</p><p class="title">412</p></div><div class="level-item"><p class="heading">Rating</p><p class="title">4.91</p></div></nav><div class="content">{self.stock.prose(4)}</div>'
        return self.page("seller", f"/vendor/{name}", f"{self.market}: {name}", main, {"handle": name})


MODERN = (Tailwind, Whole, Hashed, Points, Bulma)
