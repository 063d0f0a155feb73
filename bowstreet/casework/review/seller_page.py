"""One seller: accounts, links, identifiers, listings, places, pictures, first and last seen, each with its proof."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bowstreet.casework.findings import queries as findings
from bowstreet.casework.findings.inert import address
from bowstreet.casework.findings.models import Account, Identifier, Listing
from bowstreet.casework.findings.queries import Seller
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.people.who import officer
from bowstreet.casework.review import queries
from bowstreet.casework.review.proofs import Place
from bowstreet.govuk.listing import PER_PAGE, listed

PICTURES = 12  # a page: each is drawn again from its archive
PROOFS = 3
LISTS = ("links", "identifiers", "listings", "pictures")


@dataclass(frozen=True)
class Value:
    """Something that a seller's pages show: once, with how many captures show it, from when to when, and where."""

    kind: str
    text: str
    captures: int
    first: datetime
    last: datetime
    places: tuple[Place, ...]
    fact: Any = None


def seller(request: HttpRequest, reference: str) -> HttpResponse:
    """The page; its lists are paged each by itself."""
    by, id = officer(request), request.GET.get("id", "")
    found = findings.seller(by, reference, id, at=timezone.now())
    operation = operations.get(by, reference)
    facts: list[Account | Listing | Identifier] = [*found.accounts, *found.listings, *found.identifiers]
    seen = [one.page.capture.at for one in facts]
    group = next((group for group in queries.clusters(operation) if id in group), (id,))
    rows: dict[str, Sequence[Any]] = {
        "links": queries.of_seller(operation, id), "identifiers": identifiers(found), "listings": listings(found), "pictures": _once(found.images, lambda one: one.sha256),
    }  # fmt: skip
    page = {
        "operation": operation, "seller": found, "others": [one for one in group if one != id],
        "first": min(seen, default=None), "last": max(seen, default=None), "handles": handles(found), "ships": places(found),
        "reveal": request.GET.get("reveal") == "1",
        "where": lambda place: address(request, place.capture, place.fact),
    }  # fmt: skip
    for name, kept in rows.items():
        others = [one for one in LISTS if one != name]
        per = PICTURES if name == "pictures" else PER_PAGE
        page[name] = listed(request.GET, kept, keep=("id", "reveal", *others), name=name, per=per)
    return render(request, "seller.html", page)


def handles(seller: Seller) -> list[Value]:
    """The account's name as its pages write it."""
    own = [
        ("handle", one.handle, one, f"a{one.pk}-handle" if "handle" in one.proof else "")
        for one in seller.accounts
    ]
    return _values(own or [("handle", one.seller, one, f"l{one.pk}-seller" if "seller" in one.proof else "") for one in seller.listings])  # fmt: skip


def identifiers(seller: Seller) -> list[Value]:
    """Each identifier once, valid ones first."""
    told = sorted(seller.identifiers, key=lambda one: (not one.valid, one.type, one.value or one.text))
    return _values((one.type, one.value or one.text, one, f"i{one.pk}") for one in told)


def listings(seller: Seller) -> list[Value]:
    """Each listing once, with its latest price; the page of its own before a row of results."""
    best: dict[str, Listing] = {}
    for one in seller.listings:
        key = one.url or one.title
        if key not in best or one.page.kind == "listing" or best[key].page.kind != "listing":
            best[key] = one
    told = [
        (one.url or one.title, one.title, one, f"l{one.pk}-title" if "title" in one.proof else "")
        for one in seller.listings
    ]
    by_key = {value.kind: value for value in _values(told, by_kind=True)}
    return [
        Value("listing", one.title, v.captures, v.first, v.last, v.places, one)
        for key, one in best.items()
        if (v := by_key[key])
    ]


def places(seller: Seller) -> list[Value]:
    """Where it says that it ships from and to."""
    told = []
    for letter, facts in (("a", seller.accounts), ("l", seller.listings)):
        for one in facts:
            for name in ("ships_from", "ships_to"):
                said = one.fields.get(name) or []
                for text in [said] if isinstance(said, str) else said:
                    told.append(
                        (name, str(text), one, f"{letter}{one.pk}-{name}" if name in one.proof else "")
                    )
    return _values(told)


Told = tuple[str, str, Account | Listing | Identifier, str]


def _values(told: Iterable[Told], *, by_kind: bool = False) -> list[Value]:
    """Each once, in the order of their first being told."""
    found: dict[tuple[str, str], list[Told]] = {}
    for one in told:
        found.setdefault((one[0], "" if by_kind else one[1]), []).append(one)
    return [_value(same) for same in found.values()]


def _value(same: list[Told]) -> Value:
    times = [fact.page.capture.at for _, _, fact, _ in same]
    shown = dict.fromkeys(Place(fact.page.capture_id, name) for _, _, fact, name in same if name)
    captures = len({fact.page.capture_id for _, _, fact, _ in same})
    kind, text, fact, _ = same[0]
    return Value(kind, text, captures, min(times), max(times), tuple(shown)[:PROOFS], fact)


def _once(rows: Iterable[Any], key: Callable[[Any], str]) -> list[Any]:
    return list({key(one): one for one in rows}.values())
