"""What every family of layouts is made of: its pages, its frame, and the doors that stand before it."""

from __future__ import annotations

import html
import random
from collections.abc import Sequence
from typing import Any

from markets import Page

from families import doors, said
from families.stock import Stock, Thing

e = html.escape
COINS = {"BTC": 31_000.0, "XMR": 155.0, "LTC": 80.0}


class Family:
    """One manner of building a market. Each seed gives another market of that manner."""

    name = ""
    tongue = "en"
    currency = "USD"
    sells = True  # do pages name sellers?
    member = True  # does the frame show that one is logged in?

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.stock = Stock(f"{self.name}{seed}", self.tongue)
        self.r = random.Random(f"{self.name}/{seed}")
        self.host = f"{self.name}{seed}.example"
        self.market = self.stock.market
        self.coin = self.r.choice(("BTC", "XMR", "LTC"))
        self.setup(self.r)

    def setup(self, r: random.Random) -> None:
        """What differs from one market of the family to the next."""

    # --- to be written by each family ---

    def frame(self, title: str, main: str) -> str:
        """The whole page round its own part."""
        raise NotImplementedError

    def listing(self, one: Thing) -> Page | None:
        """A page about one thing."""
        return None

    def results(self, things: Sequence[Thing]) -> Page | None:
        """A page of many."""
        return None

    def seller(self, name: str) -> Page | None:
        """A seller's page."""
        return None

    def feedback(self, name: str) -> Page | None:
        """A page of what buyers said; in one of several forms, where a family has none of its own."""
        if not self.sells:
            return None
        path, title, main = said.feedback(self.r, self.stock, name, self.fiat)
        return self.page("feedback", path, title, main)

    # --- helpers ---

    def page(self, kind: str, path: str, title: str, main: str, truth: dict[str, Any] | None = None) -> Page:
        """A page in the family's frame."""
        return Page(self.host, kind, f"http://{self.host}{path}", self.frame(title, main), truth or {})

    def fiat(self, amount: float) -> str:
        """An amount as an English site writes it."""
        sign = {"USD": "$", "EUR": "€", "GBP": "£", "RUB": "₽", "AUD": "A$"}[self.currency]
        return f"{sign}{amount:,.2f}"

    def coins(self, amount: float, coin: str = "", digits: int = 6) -> str:
        """The same in a coin."""
        coin = coin or self.coin
        return f"{amount / COINS[coin]:.{digits}f}"

    def told(self, one: Thing, *, path: bool = True, ships: bool = True, to: bool = True, seller: bool = True) -> dict[str, Any]:  # fmt: skip
        """The truth of a listing."""
        return {
            "title": one.title, "seller": one.seller if seller else None, "price": [one.amount],
            "category": list(one.path) if path else None, "ships_from": one.origin if ships else None, "ships_to": list(one.to) if ships and to else None,
        }  # fmt: skip

    def rows(self, things: Sequence[Thing], url: Any, *, seller: bool = True) -> dict[str, Any]:
        """The truth of a page of results; `url` gives each its address, or None."""
        return {
            "rows": [{"url": url(t), "title": t.title, "seller": t.seller if seller else None, "price": [t.amount]} for t in things]
        }  # fmt: skip

    def pages(self) -> list[Page]:
        """A few of each kind that the family has."""
        stock, r = self.stock, self.r
        many = [
            self.results(stock.some(n))
            for n in (r.choice((9, 12, 16)), r.choice((20, 30)), r.choice((3, 4, 5)))
        ]
        ones = [self.listing(t) for t in stock.some(4)]
        people = [self.seller(name) for name in stock.people[:2]]
        left = [self.feedback(name) for name in stock.people[:2]]
        made = [page for page in (*many, *ones, *people, *left) if page is not None]
        for kind, make in (("login", doors.login), ("challenge", doors.challenge), ("missing", doors.missing), *[("other", doors.other)] * 4):  # fmt: skip
            title, main, bare = make(r, self.market)
            bare = bare or (self.member and kind in ("login", "challenge"))
            whole = f"<!DOCTYPE html><html><head><title>{e(title)}</title></head><body>{main}</body></html>"
            path = f"/{kind}/{r.randrange(99)}"
            made.append(
                Page(self.host, kind, f"http://{self.host}{path}", whole if bare else self.frame(title, main))
            )
        return made
