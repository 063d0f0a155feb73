"""Captures: list, ask, watch, pictures."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from bowstreet.capture.errors import CaptureError
from bowstreet.casework.captures import acts, queries
from bowstreet.casework.captures.forms import AskForCaptures, Handle
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.people.who import officer
from bowstreet.govuk.answer import answer, sent
from bowstreet.govuk.listing import listed

_COLUMNS = {
    "title": lambda one: (one.title or one.url).lower(),
    "at": lambda one: one.at,
    "label": lambda one: one.label,
}


def captures(request: HttpRequest, reference: str) -> HttpResponse:
    """What was captured."""
    by, words = officer(request), request.GET.get("q", "").strip()[:200]
    label = request.GET.get("label", "")
    found = queries.of(by, reference, at=timezone.now())
    chosen = [
        one for one in found
        if words.lower() in f"{one.title} {one.url} {one.final_url}".lower() and label in ("", one.label)
    ]  # fmt: skip
    page = {
        "operation": operations.get(by, reference),
        "shown": listed(request.GET, chosen, _COLUMNS, keep=("q", "label")),
        "progress": queries.progress(by, reference),
        "blocked": queries.waiting(by, reference),
        "labels": sorted({one.label for one in found}),
        "words": words,
        "label": label,
        "any": bool(found),
    }
    return render(request, "captures.html", page)


def requests(request: HttpRequest, reference: str) -> HttpResponse:
    """What was asked for, as it goes on. The page looks again by itself, with scripts and without."""
    page = {
        "operation": operations.get(officer(request), reference),
        "progress": queries.progress(officer(request), reference),
    }
    return render(request, "requests.html", page)


def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for pages to be captured; the worker does it."""
    found = operations.get(officer(request), reference)

    def act(given: dict[str, Any]) -> tuple[str, ...]:
        urls = given["urls"].split()
        acts.ask(officer=officer(request), operation=found, urls=urls, at=timezone.now())
        return "requests", reference

    return answer(
        request, AskForCaptures(sent(request)), act, refusals=(CaptureError,), heading="Capture pages", button="Capture",
        lead="Each page is visited by a real browser under the operation's authority, and sealed.", operation=found,
        here="captures", up=("Captures", "captures"),
    )  # fmt: skip


@require_POST
def ask_again(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Ask once more for a page that could not be captured."""
    found = operations.get(officer(request), reference)
    try:
        acts.ask_again(officer=officer(request), operation=found, number=number, at=timezone.now())
    except CaptureError as error:
        messages.error(request, str(error))
    return redirect("requests", reference)


def handed_over(request: HttpRequest, reference: str) -> HttpResponse:
    """Blocked pages: what waits for a person, and what was done about the others."""
    by = officer(request)
    page = {
        "operation": operations.get(by, reference),
        "shown": listed(request.GET, queries.handed_over(by, reference, at=timezone.now())),
    }
    return render(request, "handover.html", page)


def handle(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Mark a blocked page as handled."""
    by = officer(request)
    found, capture = operations.get(by, reference), queries.get(by, reference, number)

    def act(given: dict[str, Any]) -> tuple[str, ...]:
        acts.handle(officer=by, operation=found, number=number, at=timezone.now(), **given)
        return "handover", reference

    return answer(
        request, Handle(sent(request)), act, refusals=(acts.BadHandOver,), heading="Mark a blocked page as handled",
        button="Mark as handled", lead=f"{capture.title or capture.url}: {capture.label}, status {capture.status}.",
        operation=found, here="captures", up=("Blocked pages", "handover"),
    )  # fmt: skip


def screenshot(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The screenshot of one capture, sharp."""
    return _picture(queries.screenshot(officer(request), reference, number, at=timezone.now()))


def blurred(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The screenshot of one capture, with what it shows taken out."""
    return _picture(queries.blurred_screenshot(officer(request), reference, number))


def _picture(data: bytes | None) -> HttpResponse:
    if data is None:
        raise Http404
    return HttpResponse(data, content_type="image/png")
