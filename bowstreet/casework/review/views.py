"""Links between sellers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from bowstreet.casework.operations import queries as operations
from bowstreet.casework.people.who import officer
from bowstreet.casework.review import acts, queries
from bowstreet.casework.review.forms import Decide
from bowstreet.govuk.answer import answer, sent
from bowstreet.govuk.listing import listed


def links(request: HttpRequest, reference: str) -> HttpResponse:
    """Every pair; posting looks for links again."""
    operation = operations.get(officer(request), reference)
    if request.method == "POST":
        acts.link(officer=officer(request), operation=operation, at=timezone.now())
        return redirect("links", reference)
    found = queries.links(officer(request), reference, at=timezone.now())
    return render(request, "links.html", {"operation": operation, "links": listed(request.GET, found)})


def link(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """One pair with its reasons, and the form to decide."""
    row = queries.link(officer(request), reference, number, at=timezone.now())
    operation, pair = operations.get(officer(request), reference), row.proposal

    def act(given: dict[str, Any]) -> tuple[str, ...]:
        acts.decide(
            officer=officer(request), operation=operation, left=pair.left, right=pair.right, at=timezone.now(), **given
        )  # fmt: skip
        return "links", reference

    return answer(
        request, Decide(sent(request)), act, refusals=(acts.BadDecision,), template="link.html", operation=operation,
        row=row, history=queries.history(officer(request), reference, pair.left, pair.right),
    )  # fmt: skip


@require_POST
def withdraw(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Take the decision about a pair back."""
    pair = queries.link(officer(request), reference, number, at=timezone.now()).proposal
    operation = operations.get(officer(request), reference)
    try:
        acts.withdraw(
            officer=officer(request), operation=operation, left=pair.left, right=pair.right, at=timezone.now()
        )
        messages.success(request, "The decision was withdrawn. It is kept, as withdrawn.")
    except acts.BadDecision as error:
        messages.error(request, str(error))
    return redirect("link", reference, number)
