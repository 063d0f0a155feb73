"""One capture with its facts, listings, sellers, search."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bowstreet.casework.captures import pictures
from bowstreet.casework.captures import queries as captures
from bowstreet.casework.findings import goods, queries, shared
from bowstreet.casework.findings.forms import Correct
from bowstreet.casework.findings.inert import CLEAR, STYLED, address
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.people.who import officer
from bowstreet.govuk.answer import answer, sent
from bowstreet.govuk.listing import listed

UNSURE = "not-sure"
SHARED_A_PAGE = 10  # each form of a picture is drawn again from its archive
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
        "operation": operations.get(officer(request), reference),
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
    told = goods.standing(operations.get(officer(request), reference))
    offers = {one.pk: goods.offered(one, told) for one in found}
    wanted = request.GET.get("goods", "")
    words, site = request.GET.get("q", "").strip()[:200], request.GET.get("site", "")
    chosen = [
        one for one in found
        if words.lower() in f"{one.title} {one.seller}".lower() and site in ("", one.site)
        and _wanted(offers[one.pk], wanted)
    ]  # fmt: skip
    page = {
        "operation": operations.get(officer(request), reference),
        "shown": listed(
            request.GET,
            chosen,
            _LISTING_COLUMNS | {"goods": lambda one: offers[one.pk].name},
            keep=("q", "site", "goods"),
        ),
        "offers": offers,
        "kinds": sorted(
            {(one.label, one.name) for one in offers.values() if one.label}, key=lambda kind: kind[1]
        ),
        "goods": wanted,
        "sites": sorted({one.site for one in found}),
        "words": words,
        "site": site,
        "any": bool(found),
    }
    return render(request, "listings.html", page)


def _wanted(offer: goods.Offered, wanted: str) -> bool:
    """Does the filter by goods let it through? A label, what is not sure, or a class of controlled drugs."""
    if wanted.startswith("class-"):
        return offer.drug_class == wanted[-1]
    if wanted == UNSURE:
        return not offer.sure
    return wanted in ("", offer.label)


def correct(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Correct what a listing offers."""
    by = officer(request)
    found, operation = goods.listing(by, reference, number), operations.get(by, reference)

    def act(given: dict[str, Any]) -> tuple[str, ...]:
        goods.correct(officer=by, operation=operation, number=number, at=timezone.now(), **given)
        return "listings", reference

    label = goods.offered(found, goods.standing(operation)).label
    return answer(
        request, Correct(sent(request), initial={"label": label}), act, refusals=(goods.BadCorrection,),
        heading="Correct what a listing offers", button="Save", lead=found.title, operation=operation, here="listings",
        up=("Listings", "listings"), done="Saved. It is used at the next reading, for this title and those like it.",
    )  # fmt: skip


def sellers(request: HttpRequest, reference: str) -> HttpResponse:
    """Every seller of an operation."""
    found = queries.look_at_sellers(officer(request), reference, at=timezone.now())
    page = {
        "operation": operations.get(officer(request), reference),
        "shown": listed(request.GET, found, _SELLER_COLUMNS),
    }
    return render(request, "sellers.html", page)


def picture(request: HttpRequest, reference: str, number: int, how: str) -> HttpResponse:
    """One picture, drawn again: blurred, or clear."""
    data = queries.picture(officer(request), reference, number, clear=how == "clear", at=timezone.now())
    shown = (pictures.sharp if how == "clear" else pictures.blurred)(data) if data else None
    if shown is None:
        raise Http404
    return HttpResponse(shown.data, content_type=shown.media)


def shared_pictures(request: HttpRequest, reference: str) -> HttpResponse:
    """Pictures on the pages of several sellers, blurred until they are revealed."""
    found = shared.pictures(officer(request), reference, at=timezone.now())
    page = {
        "operation": operations.get(officer(request), reference),
        "shown": listed(request.GET, found, keep=("reveal",), per=SHARED_A_PAGE),
        "reveal": request.GET.get("reveal") == "1",
        "where": lambda one: address(request, one.image.page.capture_id, one.fact),
    }
    return render(request, "shared-pictures.html", page)


def search(request: HttpRequest) -> HttpResponse:
    """The text of every page that the officer may see."""
    text = request.GET.get("q", "").strip()[:500]
    found = queries.search(officer(request), text, at=timezone.now()) if text else None
    shown = listed(request.GET, found["hits"] if found else [], keep=("q",))
    return render(request, "search.html", {"text": text, "found": found, "shown": shown})
