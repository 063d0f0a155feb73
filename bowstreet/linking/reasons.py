"""Why two accounts may share a seller: one record for the screen, for JSON and for a report.

    pair.reasons[0].words            # "both show the same PGP key"
    pair.change                      # what would change the answer

Reasons add up: the starting point (`prior`) and every reason's weight make the pair's weight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bowstreet.linking import model
from bowstreet.linking.book import Book
from bowstreet.linking.fields import SHARED, common, nearly, prices

CERTAIN = 0.9999  # nothing is ever shown as more
GOODS_SHOWN = 3
TITLES = 60  # titles of one account among which the closest are looked for


@dataclass(frozen=True)
class Reason:
    """One field's part in the weight; `left` and `right` are what was compared. Below 0 it speaks against."""

    field: str
    weight: float
    left: str
    right: str
    words: str
    kind: str = ""  # reasons of one kind count as one
    common: int | None = None  # how many accounts hold the value, where it is one that can be counted
    cap: str | None = None  # why it counts for less than it would, if it does

    @property
    def against(self) -> bool:
        """Does it speak against?"""
        return self.weight < 0

    def turned(self) -> Reason:
        """Seen from the other account."""
        return replace(self, left=self.right, right=self.left)


@dataclass(frozen=True)
class Pair:
    """Two accounts on different sites. `weight` is log2 of the odds: `prior` and the weights of all reasons."""

    left: str
    right: str
    weight: float
    reasons: tuple[Reason, ...]
    prior: float = 0.0
    change: tuple[str, ...] = ()

    @property
    def probability(self) -> float:
        """The weight as a probability; never shown as certainty."""
        return min(CERTAIN, probability(self.weight))

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of reason that speak strongly for it."""
        sums: dict[str, float] = {}
        for reason in self.reasons:
            if not reason.cap:
                sums[reason.kind] = sums.get(reason.kind, 0.0) + reason.weight
        return (
            frozenset(kind for kind, weight in sums.items() if weight >= model.needed(kind, self.prior))
            & model.KINDS
        )

    @property
    def likely(self) -> bool:
        """Probable enough, for two kinds of reason, and not against keys of their own."""
        own_keys = any(reason.kind == "key" and reason.against for reason in self.reasons)
        return self.probability >= model.LIKELY and len(self.kinds) >= 2 and not own_keys

    @property
    def against(self) -> tuple[Reason, ...]:
        """What speaks against."""
        return tuple(reason for reason in self.reasons if reason.against)

    def turned(self) -> Pair:
        """Seen from the other account."""
        return replace(
            self, left=self.right, right=self.left, reasons=tuple(r.turned() for r in self.reasons)
        )


def probability(weight: float) -> float:
    """log2 of odds, as a probability."""
    return float(1 / (1 + 2.0**-weight)) if weight > -1000 else 0.0


class Teller:
    """Puts the weights of pairs into words, with the values side by side."""

    def __init__(self, book: Book, prior: float, *, side_by_side: bool = True) -> None:
        self._book = book
        self._prior = prior
        self._beside = side_by_side
        self._words: dict[int, list[tuple[str, frozenset[str]]]] = {}
        self._titles: dict[str, int] = {}
        if side_by_side:
            for account in book.accounts:
                for title in {" ".join(title.lower().split()) for title in account.titles}:
                    self._titles[title] = self._titles.get(title, 0) + 1

    def pair(
        self, one: int, other: int, bands: dict[str, int], weights: dict[str, float], total: float
    ) -> Pair:
        """The record of one pair, from its bands and their weights."""
        reasons = [self._field(name, band, weights[name], one, other) for name, band in bands.items() if band]
        if bands.get("writing") and weights["writing"] <= 0:
            reasons = [self._unlike(r) if r.field == "writing" else r for r in reasons]
        reasons.sort(key=lambda reason: -abs(reason.weight))
        left, right = (self._book.accounts[n].account for n in (one, other))
        made = Pair(left, right, round(total, 2), tuple(reasons), round(self._prior, 2))
        return replace(made, change=changes(made))

    def _field(self, name: str, band: int, weight: float, one: int, other: int) -> Reason:
        weight = round(weight, 2)
        if name == "writing":
            return self._writing(weight, one, other)
        if name == "style":
            words = "titles are put together in the same manner: template, quantities, separators" if weight >= 0 else (
                "titles are put together in another manner: template, quantities, separators")  # fmt: skip
            left, right, _ = self._closest(one, other)
            return Reason("style", weight, left, right, words, kind="writing")
        level, told = model.FIELDS[name][band - 1]
        accounts = self._book.accounts
        if name in SHARED:
            value, holders = common(self._book, name, one, other)
            if level == "near" and (alike := nearly(self._book, one, other)):
                return Reason(name, weight, alike[0], alike[1], told.words, name, alike[2])
            if not value:
                mine, theirs = (min(self._book.values[name][n]) for n in (one, other))
                return Reason("key", weight, _bare_value(mine), _bare_value(theirs), told.words, kind=name)
            type_ = value.partition(":")[0] if name != "picture" else ""
            words = told.words.format(type=model.SAID_AS.get(type_.lower(), type_), common=holders)
            field = f"{type_}:shared" if type_ else name
            shown = _bare_value(value) if name != "picture" else value
            return Reason(field, weight, shown, shown, words, name, holders, _cap(level, holders))
        if name == "handle":
            left, right = accounts[one].handle, accounts[other].handle
            counted = level.startswith(("same", "common"))
            held = len(self._book.holders["handle"][self._book.bare[one]]) if counted else None
            words = told.words.format(common=held)
            return Reason(name, weight, left, right, words, name, held, _cap(level, held or 0))
        if name == "place":
            here, there = self._book.places[one], self._book.places[other]
            both = here & there
            count = min((len(self._book.holders["place"][p]) for p in both), default=None)
            return Reason(
                name, weight, ", ".join(sorted(here)), ", ".join(sorted(there)), told.words, name, count
            )
        if name == "market":
            left, right = (", ".join(sorted(self._book.markets[n])) for n in (one, other))
            held = len(self._book.holders["market"][left]) if left == right else None
            return Reason(name, weight, left, right, told.words, name, held)
        if name == "goods":
            left, right = (_profile(self._book.profiles[n]) for n in (one, other))
            return Reason(name, weight, left, right, told.words, name)
        if name == "price" and (asked := prices(self._book, one, other)):
            left, right = (f"{amount:.4g} {asked[0]}" for amount in asked[1:])
            return Reason(name, weight, left, right, told.words, name)
        if name == "time":
            left, right = (
                f"{accounts[n].first_seen or '?'} to {accounts[n].last_seen or '?'}" for n in (one, other)
            )
            return Reason(name, weight, left, right, told.words, name)
        left, right = (", ".join(sorted(accounts[n].claims)) or accounts[n].site for n in (one, other))
        return Reason(name, weight, left, right, told.words, name)

    def _writing(self, weight: float, one: int, other: int) -> Reason:
        left, right, share = self._closest(one, other)
        holders = self._titles.get(" ".join(left.lower().split())) if share == 1 else None
        cap = None
        if share == 1:
            words = "what they write is alike, to the very same title"
            if holders and holders > model.COMMON:
                cap = f"the same title stands at {holders} accounts, so it says little"
        elif share >= 0.6:
            words = "what they write is alike; the closest titles are nearly the same"
        else:
            words = "what they write is more alike than chance would have it"
        return Reason("writing", weight, left, right, words, "writing", holders, cap)

    @staticmethod
    def _unlike(reason: Reason) -> Reason:
        return replace(reason, words="what they write has little in common")

    def _closest(self, one: int, other: int) -> tuple[str, str, float]:
        """The two titles, or descriptions, that share most words, and what share that is."""
        if not self._beside:
            return "", "", 0.0
        best = ("", "", -1.0)
        for mine, a in self._texts(one):
            for theirs, b in self._texts(other):
                share = len(a & b) / (len(a | b) or 1)
                if share > best[2] or (share == best[2] and len(mine) > len(best[0])):
                    best = (mine, theirs, share)
        return best

    def _texts(self, place: int) -> list[tuple[str, frozenset[str]]]:
        if place not in self._words:
            account = self._book.accounts[place]
            texts = list(dict.fromkeys(account.titles))[:TITLES] or [account.description[:300]]
            self._words[place] = [(text, frozenset(text.lower().split())) for text in texts if text.strip()]
        return self._words[place]


def changes(pair: Pair) -> tuple[str, ...]:
    """What would change the answer, in plain English."""
    told = []
    if any(r.kind == "key" and r.against for r in pair.reasons):
        told.append(
            "Proof that one person holds both keys, such as a message signed with each, would outweigh their difference."
        )
    strongest = max(pair.reasons, key=lambda reason: reason.weight, default=None)
    if strongest is not None and strongest.weight >= model.needed(strongest.kind, pair.prior):
        left = probability(pair.weight - strongest.weight)
        why = {
            "key": "If the key was copied from the other account,", "handle": "If another person took the handle,",
            "writing": "If the titles were copied from the other account or a common source,",
            "picture": "If the picture is a stock picture,",
        }.get(strongest.kind, "If the value is shared for another reason,")  # fmt: skip
        told.append(f"{why} the probability would fall from {percent(pair.probability)} to {percent(left)}.")
    if len(pair.kinds) < 2:
        told.append(
            "A second kind of reason (a key, an address, a contact, a picture or the handle) is needed before this is proposed as a link."
        )
    if not any(r.kind == "key" for r in pair.reasons):
        told.append(
            "PGP keys for both would decide it: the same key speaks for it, two different keys against."
        )
    return tuple(told)


def percent(share: float) -> str:
    """A probability in words: never 0 and never 100 per cent."""
    return "under 1%" if share < 0.01 else "over 99%" if share > 0.99 else f"{share:.0%}"


def _cap(level: str, holders: int) -> str | None:
    return (
        f"{holders} accounts hold it, and {model.COMMON} is the most that counts in full"
        if level == "common"
        else None
    )


def _profile(shares: Mapping[str, float]) -> str:
    most = sorted(shares.items(), key=lambda one: (-one[1], one[0]))[:GOODS_SHOWN]
    return ", ".join(label if share > 0.99 else f"{label} {share:.0%}" for label, share in most)


def _bare_value(value: str) -> str:
    return value.partition(":")[2]
