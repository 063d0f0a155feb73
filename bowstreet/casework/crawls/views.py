"""Crawls: list, and one with what it handed to a person."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from bowstreet.casework.crawls import acts, queries
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.operations.errors import BadOperation
from bowstreet.casework.people.who import officer


def crawls(request: HttpRequest, reference: str) -> HttpResponse:
    """The crawls of an operation."""
    page = {
        "operation": operations.get(officer(request), reference),
        "crawls": queries.of(officer(request), reference, at=timezone.now()),
    }
    return render(request, "crawls.html", page)


def crawl(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """One crawl."""
    page = {
        "operation": operations.get(officer(request), reference),
        "crawl": queries.status(officer(request), reference, number, at=timezone.now()),
    }
    return render(request, "crawl.html", page)


@require_POST
def turn(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Pause it, or let the worker go on with it."""
    found = acts.find(operations.get(officer(request), reference), number)
    act = acts.pause if request.POST.get("to") == "paused" else acts.resume
    try:
        act(found, officer=officer(request), at=timezone.now())
    except BadOperation as error:
        messages.error(request, str(error))
    return redirect("crawl", reference, number)
