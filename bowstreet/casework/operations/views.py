"""Operations: list, open, look; who is on them, their authorities and their review."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bowstreet.casework.operations import acts, forms, queries
from bowstreet.casework.operations.errors import BadOperation
from bowstreet.casework.people import queries as people
from bowstreet.casework.people.who import officer
from bowstreet.govuk.answer import answer, sent

_answer = partial(answer, refusals=(BadOperation, people.NoOfficer))


def operations(request: HttpRequest) -> HttpResponse:
    """The officer's operations."""
    return render(request, "operations.html", {"operations": queries.of(officer(request))})


def open_operation(request: HttpRequest) -> HttpResponse:
    """Open one."""

    def act(given: dict[str, Any]) -> tuple[str, ...]:
        split = {name: given.pop(name).split() for name in ("sites", "test_ranges")}
        split["accounts"] = given.pop("accounts").splitlines()
        made = acts.open_operation(officer=officer(request), at=timezone.now(), **given, **split)
        return "operation", made.reference

    return _answer(
        request, forms.OpenOperation(sent(request)), act,
        heading="Open an operation", button="Open the operation", 
    )  # fmt: skip


def operation(request: HttpRequest, reference: str) -> HttpResponse:
    """One operation."""
    found, authorities = queries.look(officer(request), reference, at=timezone.now())
    page = _about(request, reference) | {
        "authorities": [(one, one.standing(timezone.now())) for one in authorities],
        "history": queries.history(found),
        "quarantined": queries.quarantined(found) if found.led else [],
    }
    return render(request, "operation.html", page)


def members(request: HttpRequest, reference: str) -> HttpResponse:
    """Who is on an operation."""
    found = queries.members(officer(request), reference, at=timezone.now())
    return render(request, "members.html", _about(request, reference) | {"members": found})


def add_member(request: HttpRequest, reference: str) -> HttpResponse:
    """Put an officer on it, or change what they may do."""
    page = _about(request, reference)

    def act(given: dict[str, Any]) -> tuple[str, ...]:
        who = people.named(given["username"])
        acts.add_member(
            operation=page["operation"], officer=who, role=given["role"], by=officer(request), at=timezone.now()
        )  # fmt: skip
        return "members", reference

    form = forms.AddMember(sent(request), initial={"username": request.GET.get("who", "")})
    return _answer(
        request, form, act, heading="Add a member", button="Add", done="The member was added",
        here="members", **page,
    )  # fmt: skip


def remove_member(request: HttpRequest, reference: str, username: str) -> HttpResponse:
    """Take an officer off it."""
    page = _about(request, reference)
    who = people.get(username)

    def act(given: dict[str, Any]) -> tuple[str, ...]:
        acts.remove_member(operation=page["operation"], officer=who, by=officer(request), at=timezone.now())
        return ("operations",) if who == officer(request) else ("members", reference)

    return _answer(
        request, forms.RemoveMember(sent(request)), act, heading=f"Take {who.name} off {reference}?", here="members",
        lead=f"{who.name} will no longer see this operation. What they did on it stays.",
        button="Take them off", warn=True, done=f"{who.name} was taken off {reference}", **page,
    )  # fmt: skip


def record_authority(request: HttpRequest, reference: str) -> HttpResponse:
    """Record a further authority."""
    page = _about(request, reference)

    def act(given: dict[str, Any]) -> tuple[str, ...]:
        named = {"sites": given.pop("sites").split(), "accounts": given.pop("accounts").splitlines()}
        acts.record_authority(
            officer=officer(request), operation=page["operation"], at=timezone.now(), **named, **given
        )
        return "operation", reference

    form = forms.RecordAuthority(sent(request), initial={"days": acts.RESEARCH_DAYS})
    return _answer(
        request, form, act, heading="Record a further authority", button="Record the authority",
        lead="For open-source research. It is in force from the moment it is recorded.",
        done="The authority was recorded", here="operation", **page,
    )  # fmt: skip


def cancel_authority(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Cancel an authority."""
    page = _about(request, reference)
    found = queries.authority(officer(request), reference, number)

    def act(given: dict[str, Any]) -> tuple[str, ...]:
        acts.cancel_authority(
            officer=officer(request), operation=page["operation"], number=number, at=timezone.now(), **given
        )
        return "operation", reference

    return _answer(
        request, forms.CancelAuthority(sent(request)), act, heading=f"Cancel the authority {found.reference}",
        lead="From that moment no page is visited under it. This cannot be undone; a new one can be recorded.",
        button="Cancel the authority", warn=True, done=f"{found.reference} was cancelled", here="operation", **page,
    )  # fmt: skip


def review(request: HttpRequest, reference: str) -> HttpResponse:
    """Review what is held, and say when next."""
    page = _about(request, reference)

    def act(given: dict[str, Any]) -> tuple[str, ...]:
        acts.review(officer=officer(request), operation=page["operation"], at=timezone.now(), **given)
        return "operation", reference

    return _answer(
        request, forms.ReviewHolding(sent(request)), act, heading="Review what is held", button="Save the review",
        lead="DPA 2018 s.39(2): the need to keep personal data is reviewed from time to time, and the decision kept.",
        done="The review was saved", here="operation", **page,
    )  # fmt: skip


def _about(request: HttpRequest, reference: str) -> dict[str, Any]:
    """What every page about an operation shows."""
    return {"operation": queries.get(officer(request), reference)}
