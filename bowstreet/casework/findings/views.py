"""One capture with its facts, listings, sellers, search."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bowstreet.casework.captures import queries as captures
from bowstreet.casework.findings import queries
from bowstreet.casework.findings.inert import CLEAR, STYLED, address
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.people.who import officer
from bowstreet.govuk.listing import listed

_LISTING_COLUMNS = {
    "title": lambda one: one.title.lower(),
    "price": lambda one: (one.currency, _number(one.amount)),
    "seller": lambda one: one.seller.lower(),
    "from": lambda one: str(one.fields.get("ships_from", "")).lower(),
}
_SELLER_COLUMNS = {
    "handle": lambda one: one.handle.lower(),
    "site": lambda one: one.site,
    "listings": lambda one: len(one.listings),
    "identifiers": lambda one: len(one.identifiers),
}


def _number(amount: str) -> Decimal:
    try:
        return Decimal(amount or 0)
    except InvalidOperation:
        return Decimal(0)


def capture(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """One capture: screenshot first, then its seal, its facts and its exchanges."""
    look = captures.look(officer(request), reference, number, at=timezone.now())
    page = {
        "operation": look.capture.operation,
        "look": look,
        "verdict": captures.verdict(look.capture),
        "facts": queries.facts(officer(request), reference, number),
        "shown": lambda page: list(_shown(request, number, page)),
        "inert": address(request, number, how=STYLED),
        "inert_clear": address(request, number, how=STYLED + CLEAR),
        "reveal": request.GET.get("reveal") == "1",
    }
    return render(request, "capture.html", page)


def _shown(request: HttpRequest, number: int, page: Any) -> Iterator[tuple[str, str, str]]:
    """Every fact of a page: what it is, what it says, and where that is shown."""
    for kind, rows in (("l", page.listings.all()), ("a", page.accounts.all())):
        for found in rows:
            for name in found.proof:
                place = address(request, number, f"{kind}{found.pk}-{name}")
                yield name.replace("_", " "), _value(found, name), place
    for one in page.identifiers.all():
        value = one.value or f"{one.text} (looks like one, and is not valid)"
        yield one.type, value, address(request, number, f"i{one.pk}")


def _value(found: Any, name: str) -> str:
    value = found.fields.get(name, "")
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values())
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) < 200 else text[:200] + "…"


def listings(request: HttpRequest, reference: str) -> HttpResponse:
    """Every listing of an operation."""
    found = queries.listings(officer(request), reference, at=timezone.now())
    words, site = request.GET.get("q", "").strip()[:200], request.GET.get("site", "")
    chosen = [
        one for one in found
        if words.lower() in f"{one.title} {one.seller}".lower() and site in ("", one.site)
    ]  # fmt: skip
    page = {
        "operation": operations.get(officer(request), reference),
        "shown": listed(request.GET, chosen, _LISTING_COLUMNS, keep=("q", "site")),
        "sites": sorted({one.site for one in found}),
        "words": words,
        "site": site,
        "any": bool(found),
    }
    return render(request, "listings.html", page)


def sellers(request: HttpRequest, reference: str) -> HttpResponse:
    """Every seller of an operation."""
    found = queries.look_at_sellers(officer(request), reference, at=timezone.now())
    page = {
        "operation": operations.get(officer(request), reference),
        "shown": listed(request.GET, found, _SELLER_COLUMNS),
    }
    return render(request, "sellers.html", page)


def seller(request: HttpRequest, reference: str) -> HttpResponse:
    """One seller."""
    found = queries.seller(officer(request), reference, request.GET.get("id", ""), at=timezone.now())
    operation = operations.get(officer(request), reference)
    where = lambda one: address(request, one.page.capture_id, f"i{one.pk}")  # noqa: E731
    return render(request, "seller.html", {"operation": operation, "seller": found, "where": where})


def search(request: HttpRequest) -> HttpResponse:
    """The text of every page that the officer may see."""
    text = request.GET.get("q", "").strip()[:500]
    found = queries.search(officer(request), text, at=timezone.now()) if text else None
    shown = listed(request.GET, found["hits"] if found else [], keep=("q",))
    return render(request, "search.html", {"text": text, "found": found, "shown": shown})
