"""Exhibits: list, produce, look, download."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bowstreet.casework.captures import queries as captures
from bowstreet.casework.exhibits import acts, queries
from bowstreet.casework.exhibits.forms import Produce
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.people.who import officer
from bowstreet.govuk.answer import answer, sent
from bowstreet.govuk.listing import listed


def exhibits(request: HttpRequest, reference: str) -> HttpResponse:
    """The exhibits of an operation."""
    found = queries.of(officer(request), reference, at=timezone.now())
    columns = {"reference": lambda one: (one.initials, one.number), "at": lambda one: one.at}
    page = {
        "operation": operations.get(officer(request), reference),
        "shown": listed(request.GET, found, columns),
    }
    return render(request, "exhibits.html", page)


def produce(request: HttpRequest, reference: str) -> HttpResponse:
    """Produce one."""
    operation = operations.get(officer(request), reference)

    def act(given: dict[str, Any]) -> tuple[str, ...]:
        numbers = [int(number) for number in given["captures"]]
        made = acts.produce(
            officer=officer(request), operation=operation, numbers=numbers, at=timezone.now(),
            description=given["description"],
        )  # fmt: skip
        return "exhibit", reference, made.name

    among = captures.of(officer(request), reference, at=timezone.now())
    form = Produce(sent(request), among=among, initial={"captures": request.GET.getlist("capture")})
    return answer(
        request, form, act, refusals=(acts.BadExhibit,), heading="Produce an exhibit", button="Produce",
        lead="The captures are put into a bag that anyone can verify.", operation=operation, here="exhibits",
        up=("Exhibits", "exhibits"),
    )  # fmt: skip


def exhibit(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """One exhibit, verified as it is shown."""
    found = queries.look(officer(request), reference, name, at=timezone.now())
    page = {
        "operation": operations.get(officer(request), reference),
        "exhibit": found,
        "verdict": queries.verdict(found),
    }
    return render(request, "exhibit.html", page)


def download(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """The bag as a ZIP file."""
    found = queries.look(officer(request), reference, name, at=timezone.now())
    response = HttpResponse(
        queries.packed(officer(request), found, at=timezone.now()), content_type="application/zip"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}.zip"'
    return response
