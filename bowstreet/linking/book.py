"""All the accounts of one linking, by column, and who holds which value.

book = Book.of(accounts)
book.holders["contact"]["phone:+4420…"]     # the places of the accounts that give it
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from statistics import median

import numpy as np
import numpy.typing as npt

from bowstreet.linking import handles, model, pictures
from bowstreet.linking.accounts import Account
from bowstreet.linking.tokens import said

_PLACES = {"uk": "united kingdom", "gb": "united kingdom", "england": "united kingdom", "us": "united states", "usa": "united states",
           "nl": "netherlands", "holland": "netherlands", "the netherlands": "netherlands", "de": "germany", "pl": "poland",
           "fr": "france", "es": "spain", "it": "italy", "pt": "portugal", "au": "australia", "ca": "canada", "cn": "china"}  # fmt: skip
_NOWHERE = frozenset({"", "undeclared", "no info", "unknown", "n/a", "na", "worldwide", "none", "torland"})


def place_of(name: str) -> str:
    """A place by one name, or nothing where none is told."""
    plain = " ".join(name.lower().split())
    return "" if plain in _NOWHERE else _PLACES.get(plain, plain)


@dataclass(frozen=True)
class Book:
    """Accounts, in the order given."""

    accounts: Sequence[Account]

    @classmethod
    def of(cls, accounts: Sequence[Account]) -> Book:
        """Take accounts in."""
        return cls(tuple(accounts))

    def __len__(self) -> int:
        return len(self.accounts)

    @cached_property
    def sites(self) -> npt.NDArray[np.int64]:
        """A number for each account's site."""
        numbers: dict[str, int] = {}
        return np.array([numbers.setdefault(a.site, len(numbers)) for a in self.accounts], np.int64)

    @cached_property
    def others(self) -> int:
        """How many accounts stand on other sites than a given one: the mean."""
        counts = np.bincount(self.sites) if len(self.accounts) else np.zeros(0)
        return int((counts * (len(self.accounts) - counts)).sum() / max(1, len(self.accounts)))

    @cached_property
    def prose(self) -> npt.NDArray[np.bool_]:
        """Accounts known by a description alone: prose, to be held against titles otherwise than titles are."""
        return np.array([not a.titles and bool(a.description.strip()) for a in self.accounts], bool)

    @cached_property
    def texts(self) -> list[str]:
        """What each account writes. Descriptions count where two sites or more mostly have them: else they only dilute."""
        both = self._described >= 2
        return [
            said((*a.titles, *a.description.splitlines()) if both or not a.titles else a.titles)
            for a in self.accounts
        ]

    @cached_property
    def _described(self) -> int:
        titled = [n for n, a in enumerate(self.accounts) if a.titles]
        told = np.zeros((int(self.sites.max()) + 1 if len(self) else 0, 2))
        for n in titled:
            told[self.sites[n]] += (1, bool(self.accounts[n].description.strip()))
        return int((told[:, 1] * 2 > np.maximum(told[:, 0], 1)).sum())

    @cached_property
    def bare(self) -> list[str]:
        """Each account's handle without its dressing."""
        return [handles.bare(a.handle) if a.handle else "" for a in self.accounts]

    @cached_property
    def places(self) -> list[frozenset[str]]:
        """Where each account ships from."""
        return [frozenset(filter(None, map(place_of, a.ships_from))) for a in self.accounts]

    @cached_property
    def holders(self) -> dict[str, dict[str, list[int]]]:
        """Field → value → the accounts that hold it."""
        found: dict[str, dict[str, list[int]]] = {name: {} for name in model.FIELDS}
        for n, account in enumerate(self.accounts):
            for type_, value in account.identifiers:
                found[model.field_of(type_)].setdefault(f"{type_}:{value}", []).append(n)
            for picture in account.images:
                found["picture"].setdefault(picture, []).append(n)
            if self.bare[n]:
                found["handle"].setdefault(self.bare[n], []).append(n)
            for place in self.places[n]:
                found["place"].setdefault(place, []).append(n)
            if self.markets[n]:
                found["market"].setdefault(", ".join(sorted(self.markets[n])), []).append(n)
        return found

    @cached_property
    def markets(self) -> list[frozenset[str]]:
        """Where each account ships to."""
        return [frozenset(filter(None, map(place_of, a.ships_to))) for a in self.accounts]

    @cached_property
    def profiles(self) -> list[dict[str, float]]:
        """What each account offers, and what share of its listings that is."""
        counted = [Counter(a.goods) for a in self.accounts]
        return [{label: n / c.total() for label, n in c.items()} for c in counted]

    @cached_property
    def usual_prices(self) -> list[dict[str, float]]:
        """Currency → the median of each account's prices in it."""
        found = []
        for account in self.accounts:
            told: dict[str, list[float]] = {}
            for currency, amount in account.prices:
                told.setdefault(currency, []).append(amount)
            found.append({currency: median(amounts) for currency, amounts in told.items()})
        return found

    @cached_property
    def days(self) -> npt.NDArray[np.int64]:
        """The first and the last day each account was seen active, counted from year 1; 0 where it is not told."""
        told = [
            [date.fromisoformat(day).toordinal() if day else 0 for day in (a.first_seen, a.last_seen)]
            for a in self.accounts
        ]
        return np.array(told, np.int64).reshape(-1, 2)

    @cached_property
    def newcomers(self) -> npt.NDArray[np.float64]:
        """Of the accounts of its site whose first day is told, the share that began when each did; 1 where too few tell."""
        share = np.ones(len(self))
        for site in np.unique(self.sites):
            here = np.flatnonzero((self.sites == site) & (self.days[:, 0] > 0))
            if len(here) >= model.FEWEST_DATED:
                begun, about = np.sort(self.days[here, 0]), model.FOLLOWS // 2
                since = np.searchsorted(begun, self.days[here, 0] - about)
                until = np.searchsorted(begun, self.days[here, 0] + about, side="right")
                share[here] = (until - since) / len(here)
        return share

    @cached_property
    def near_pictures(self) -> dict[str, dict[str, int]]:
        """Picture → pictures that are nearly the same → how many accounts hold one of all these."""
        names = list(self.holders["picture"])
        found: dict[str, set[str]] = {}
        for one, other in zip(*(part.tolist() for part in pictures.near(names)), strict=True):
            found.setdefault(names[one], set()).add(names[other])
            found.setdefault(names[other], set()).add(names[one])
        held = self.holders["picture"]
        return {
            name: dict.fromkeys(others, len({n for one in (name, *others) for n in held[one]}))
            for name, others in found.items()
        }

    @cached_property
    def values(self) -> dict[str, list[frozenset[str]]]:
        """Field → account → the values it holds."""
        return {
            name: _by_account(self.holders[name], len(self))
            for name in ("key", "contact", "money", "other identifier", "picture")
        }


def _by_account(holders: dict[str, list[int]], count: int) -> list[frozenset[str]]:
    found: dict[int, list[str]] = {}
    for value, places in holders.items():
        for place in places:
            found.setdefault(place, []).append(value)
    told = [frozenset[str]()] * count
    for place, values in found.items():
        told[place] = frozenset(values)
    return told
