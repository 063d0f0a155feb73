"""Boards: classified advertisements, a forum's sale threads, auctions."""

from __future__ import annotations

import random
from collections.abc import Sequence

from markets import Page

from families.base import Family, e
from families.shops import slug
from families.stock import Thing


class Classified(Family):
    """Small advertisements: who posted, when and where in one line, the price beside the title."""

    name = "classified"
    member = False
    currency = "GBP"

    def frame(self, title: str, main: str) -> str:
        return f'<!doctype html><html><head><title>{e(title)} | {self.market}</title></head><body><header><a href="/" class="logo">{self.market}</a><a href="/post-ad" class="btn">Post an ad</a><a href="/login">Login</a></header>{main}<footer><a href="/safety">Stay safe</a> <a href="/terms">Terms</a></footer></body></html>'

    def url(self, one: Thing) -> str:
        return f"/p/{slug(one.path[-1])}/{slug(one.title)}/{one.number}"

    def results(self, things: Sequence[Thing]) -> Page:
        rows = "".join(f'<li class="natural"><article class="listing-maxi"><a class="listing-link" href="{self.url(t)}"><div class="listing-side"><div class="listing-thumbnail"><img alt=""></div></div><div class="listing-content"><h2 class="listing-title">{e(t.title)}</h2><div class="listing-location"><span class="truncate-line">{t.origin}</span></div><p class="listing-description">{self.stock.prose(1, 3)}</p><strong class="listing-price">{self.fiat(t.amount)}</strong><span class="listing-posted-date">{t.left % 9 + 1} days ago</span></div></a></article></li>' for t in things)  # fmt: skip
        return self.page(
            "results",
            "/search?q=goods",
            "Goods for sale",
            f'<h1>{len(things) * 12} ads in Goods for sale</h1><ul class="clearfix list-listing-maxi">{rows}</ul><div class="pagination"><a href="?page=2">2</a></div>',
            self.rows(things, self.url, seller=False),
        )

    def listing(self, one: Thing) -> Page:
        crumbs = "".join(f'<li><a href="/{slug(s)}">{s}</a></li>' for s in one.path)
        main = f'<nav class="breadcrumbs"><ol><li><a href="/">Home</a></li>{crumbs}</ol></nav><main><h1 class="ad-title">{e(one.title)}</h1><h4 class="location">{one.origin}</h4><h3 class="ad-price">{self.fiat(one.amount)}</h3><section><h2>Description</h2><p>{self.stock.prose(4)}</p></section><section class="attributes"><dl><dt>Posted</dt><dd>{self.stock.day()}</dd><dt>Condition</dt><dd>As new</dd></dl></section><aside class="seller-box"><h2>{one.seller}</h2><p>Posting for 3+ years</p><a href="/profile/account/{one.number}">See all ads</a><button>Reply</button></aside></main>'
        return self.page("listing", self.url(one), one.title, main, self.told(one, ships=False))


class Threads(Family):
    """A forum's sale threads, as phpBB builds them: the first post is the offer, its author the seller."""

    name = "threads"

    def frame(self, title: str, main: str) -> str:
        return f'<!DOCTYPE html><html><head><title>{e(title)} - {self.market} Forums</title></head><body id="phpbb"><div id="wrap"><div id="page-header"><h1>{self.market} Forums</h1><ul class="linklist navlinks"><li class="icon-home"><a href="./index.php">Board index</a> <strong>&#8249;</strong> <a href="./viewforum.php?f=7">Market</a> <strong>&#8249;</strong> <a href="./viewforum.php?f=9">Vendor offers</a></li></ul><ul><li><a href="./faq.php">FAQ</a></li><li><a href="./ucp.php?mode=logout">Logout [ {self.stock.me} ]</a></li></ul></div>{main}<div class="copyright">Powered by phpBB</div></div></body></html>'

    def post(self, n: int, name: str, subject: str, body: str) -> str:
        return f'<div id="p{n}" class="post bg{n % 2 + 1}"><div class="postbody"><h3><a href="#p{n}">{e(subject)}</a></h3><p class="author"><a href="./viewtopic.php?p={n}#p{n}"><img alt="Post"></a>by <strong><a href="./memberlist.php?mode=viewprofile&amp;u={sum(map(ord, name))}">{name}</a></strong> &raquo; {self.stock.day()}, 10:12</p><div class="content">{body}</div></div><dl class="postprofile"><dt><a href="./memberlist.php?mode=viewprofile&amp;u={sum(map(ord, name))}">{name}</a></dt><dd>Vendor</dd><dd><strong>Posts:</strong> {n * 3}</dd><dd><strong>Joined:</strong> {self.stock.day()}</dd></dl></div>'

    def listing(self, one: Thing) -> Page:
        body = f"{self.stock.prose(2)}<br><br>Price: {self.fiat(one.amount)}<br>Ships from: {one.origin}<br>Ships to: {', '.join(one.to)}<br><br>{self.stock.prose(1, 3)}"
        replies = "".join(
            self.post(5500 + k, self.stock.people[k], f"Re: {one.title}", self.stock.prose(1, 2))
            for k in range(1, 4)
        )
        main = f'<h2><a href="./viewtopic.php?f=9&amp;t={one.number}">{e(one.title)}</a></h2><div class="topic-actions"><a href="./posting.php">Post a reply</a> 4 posts &bull; Page 1 of 1</div>{self.post(5500, one.seller, one.title, body)}{replies}'
        return self.page(
            "listing",
            f"/viewtopic.php?f=9&t={one.number}",
            f"View topic - {one.title}",
            main,
            self.told(one, path=False),
        )

    def seller(self, name: str) -> Page:
        main = f'<h2>Viewing profile - {name}</h2><dl class="details"><dt>Username:</dt><dd><span>{name}</span></dd><dt>Rank:</dt><dd>Vendor</dd></dl><h3>Contact {name}</h3><dl><dt>PM:</dt><dd><a href="./ucp.php?i=pm">Send private message</a></dd></dl><h3>User statistics</h3><dl><dt>Joined:</dt><dd>{self.stock.day()}</dd><dt>Last visited:</dt><dd>{self.stock.day()}</dd><dt>Total posts:</dt><dd>87 (0.5 posts per day)</dd></dl><h3>Signature</h3><div class="signature">{self.stock.prose(1, 3)}</div>'
        return self.page(
            "seller",
            "/memberlist.php?mode=viewprofile&u=41",
            f"Viewing profile - {name}",
            main,
            {"handle": name},
        )


class Auction(Family):
    """Bids and "buy it now", time left, postage beside the price."""

    name = "auction"
    currency = "GBP"

    def setup(self, r: random.Random) -> None:
        self.bids = r.random() < 0.5

    def frame(self, title: str, main: str) -> str:
        return f'<html><head><title>{e(title)} - {self.market}</title></head><body><div id="gh"><a href="/">{self.market}</a> <span>Hi {self.stock.me}!</span> <a href="/deals">Daily deals</a> <a href="/sell">Sell</a> <form><input name="kw"><button>Search</button></form></div>{main}<div id="foot"><a href="/policies">Policies</a></div></body></html>'

    def results(self, things: Sequence[Thing]) -> Page:
        rows = "".join(f'<li class="s-item"><div class="s-item__image"><a href="/itm/{t.number}"><img alt="{e(t.title)}"></a></div><div class="s-item__info"><a class="s-item__link" href="/itm/{t.number}"><h3 class="s-item__title">{e(t.title)}</h3></a><div class="s-item__subtitle"><span>New (other)</span></div><div class="s-item__details"><span class="s-item__price">{self.fiat(t.amount)}</span><span class="s-item__bids">{f"{t.left % 9} bids · 2d 4h left" if self.bids else "Buy it now"}</span><span class="s-item__shipping">+ £{t.left % 9}.99 postage</span><span class="s-item__location">from {t.origin}</span><span class="s-item__seller-info">{t.seller} ({t.sold}) 99.{t.left % 9}%</span></div></div></li>' for t in things)  # fmt: skip
        return self.page(
            "results",
            "/sch?kw=x",
            "results",
            f'<h1>{len(things) * 40} results for <b>goods</b></h1><ul class="srp-results">{rows}</ul>',
            self.rows(things, lambda t: f"/itm/{t.number}"),
        )

    def listing(self, one: Thing) -> Page:
        trail = "".join(f'<li><a href="/b/{slug(s)}">{s}</a></li>' for s in one.path)
        how = (
            f"<div>Current bid: <span class='prc'>{self.fiat(one.amount)}</span> <a href='/bids'>[ {one.left % 9} bids ]</a></div><div>Time left: 2d 4h</div>"
            if self.bids
            else f"<div>Price: <span class='prc'>{self.fiat(one.amount)}</span></div><button>Buy it now</button>"
        )
        main = f'<nav aria-label="breadcrumbs"><ul>{trail}</ul></nav><h1 id="itemTitle">{e(one.title)}</h1><div>Condition: <b>New (other)</b></div>{how}<div>Postage: £3.20 Standard Delivery | <a href="#p">See details</a></div><div>Item location: <span>{one.origin}</span></div><div>Posts to: <span>{", ".join(one.to)}</span></div><div class="seller-panel"><h2>Seller information</h2><a href="/usr/{one.seller}">{one.seller}</a> (<a href="/fdbk/{one.seller}">{one.sold}</a>)<div>99.4% positive feedback</div><a href="/str">Visit shop</a></div><div>{self.stock.prose(3)}</div>'
        return self.page("listing", f"/itm/{one.number}", one.title, main, self.told(one))

    def feedback(self, name: str) -> Page:
        rows = "".join(
            f"<tr><td>+</td><td>{self.stock.prose(1, 2)}<br>{e(t.title)} (#{t.number})</td><td>Buyer: {t.seller[0]}***{t.seller[-1]} ({t.left})<br>{self.fiat(t.amount)}</td><td>Past month</td></tr>"
            for t in self.stock.some(16)
        )
        return self.page(
            "feedback",
            f"/fdbk/{name}",
            "feedback profile",
            f'<h1>Feedback profile</h1><div><a href="/usr/{name}">{name}</a> (1204)</div><table><tr><th></th><th>1 month</th><th>6 months</th><th>12 months</th></tr><tr><td>Positive</td><td>12</td><td>80</td><td>121</td></tr></table><h2>All received feedback</h2><table>{rows}</table><a href="?p=2">Next</a>',
        )


BOARDS = (Classified, Threads, Auction)
