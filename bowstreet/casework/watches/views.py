"""Watches: list, add, end, and what changed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from bowstreet.capture.errors import CaptureError
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.operations.errors import BadOperation
from bowstreet.casework.people.who import officer
from bowstreet.casework.watches import acts, queries
from bowstreet.casework.watches.forms import AddWatch
from bowstreet.govuk.answer import answer, sent


def watches(request: HttpRequest, reference: str) -> HttpResponse:
    """The watched pages of an operation."""
    page = {
        "operation": operations.get(officer(request), reference),
        "watches": queries.of(officer(request), reference, at=timezone.now()),
    }
    return render(request, "watches.html", page)


def add(request: HttpRequest, reference: str) -> HttpResponse:
    """Have a page watched; the worker looks when it is due."""
    found = operations.get(officer(request), reference)

    def act(given: dict[str, Any]) -> tuple[str, ...]:
        every = acts.interval(given["every"])
        acts.add(officer=officer(request), operation=found, url=given["url"], every=every, at=timezone.now())
        return "watches", reference

    return answer(
        request, AddWatch(sent(request)), act, refusals=(CaptureError, BadOperation), heading="Watch a page", button="Watch",
        lead="The page is captured again and again under the operation's authority. After a few times a supervisor has to decide.",
        operation=found, here="watches", up=("Watches", "watches"),
    )  # fmt: skip


def watch(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """What changed between two captures of a page; `before` and `after` in the address name others than the last two."""
    named = {
        name: int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None
        for name in ("before", "after")
        if (said := request.GET.get(name, ""))
    }
    problem, report = "", None
    try:
        report = queries.report(officer(request), reference, number, at=timezone.now(), **named)
    except (CaptureError, BadOperation) as error:
        problem = str(error)
    change = report.change if report else None
    page = {
        "operation": operations.get(officer(request), reference),
        "report": report,
        "fields": [(fact, field) for fact in change.facts for field in fact.fields or [None]]
        if change
        else [],
        "fault": problem,
        "number": number,
    }
    return render(request, "watch.html", page)


@require_POST
def end(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Look no more."""
    found = operations.get(officer(request), reference)
    try:
        acts.end(acts.find(found, number), officer=officer(request), at=timezone.now())
        messages.success(request, "The page is watched no more. What was captured is kept.")
    except BadOperation as error:
        messages.error(request, str(error))
    return redirect("watches", reference)
