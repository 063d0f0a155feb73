"""Captures: list, ask, pictures."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from bowstreet.capture.errors import CaptureError
from bowstreet.casework.captures import acts, queries
from bowstreet.casework.captures.forms import AskForCaptures
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.people.who import officer
from bowstreet.govuk.fields import first_error


def captures(request: HttpRequest, reference: str) -> HttpResponse:
    """What was asked for and what was captured."""
    found = operations.get(officer(request), reference)
    open_ = [r for r in queries.requests(officer(request), reference) if r.state != "done"]
    page = {
        "operation": found,
        "captures": queries.of(officer(request), reference),
        "open": open_,
        "waiting": any(r.state in ("asked", "running") for r in open_),
    }
    return render(request, "captures.html", page)


def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for pages to be captured; the worker does it."""
    found = operations.get(officer(request), reference)
    form, problem = AskForCaptures(request.POST or None), ""
    if request.method == "POST":
        problem = first_error(form)
        if not problem:
            try:
                acts.ask(
                    officer=officer(request),
                    operation=found,
                    urls=form.cleaned_data["urls"].split(),
                    at=timezone.now(),
                )
                return redirect("captures", reference)
            except CaptureError as error:
                problem = str(error)
    page = {"heading": "Capture pages", "lead": "Each page is visited by a real browser under the operation's authority, and sealed.",
            "button": "Capture", "form": form, "problem": problem, "problem_at": "id_urls",
            "trail": [(reference, f"/operations/{reference}/"), ("Captures", f"/operations/{reference}/captures/")]}  # fmt: skip
    return render(request, "form.html", page)


def screenshot(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The screenshot of one capture."""
    data = queries.screenshot(officer(request), reference, number, at=timezone.now())
    if data is None:
        raise Http404
    return HttpResponse(data, content_type="image/png")
