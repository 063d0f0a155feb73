"""Exhibits: list, produce, look, download."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from bowstreet.casework.exhibits import acts, queries
from bowstreet.casework.exhibits.forms import Produce
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.people.who import officer
from bowstreet.govuk.fields import first_error


def exhibits(request: HttpRequest, reference: str) -> HttpResponse:
    """The exhibits of an operation."""
    page = {
        "operation": operations.get(officer(request), reference),
        "exhibits": queries.of(officer(request), reference),
    }
    return render(request, "exhibits.html", page)


def produce(request: HttpRequest, reference: str) -> HttpResponse:
    """Produce one."""
    operation = operations.get(officer(request), reference)
    form, problem = Produce(request.POST or None, initial={"captures": request.GET.get("capture", "")}), ""
    if request.method == "POST":
        problem = first_error(form)
        if not problem:
            numbers = [
                int(word)
                for word in form.cleaned_data["captures"].replace(",", " ").split()
                if word.isdigit()
            ]
            try:
                made = acts.produce(
                    officer=officer(request), operation=operation, numbers=numbers, at=timezone.now(),
                    description=form.cleaned_data["description"],
                )  # fmt: skip
                return redirect("exhibit", reference, made.name)
            except acts.BadExhibit as error:
                problem = str(error)
    page = {"heading": "Produce an exhibit", "lead": "The captures are put into a bag that anyone can verify.", "button": "Produce",
            "form": form, "problem": problem, "problem_at": "id_captures",
            "trail": [(reference, f"/operations/{reference}/"), ("Exhibits", f"/operations/{reference}/exhibits/")]}  # fmt: skip
    return render(request, "form.html", page)


def exhibit(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """One exhibit, verified as it is shown."""
    found = queries.look(officer(request), reference, name, at=timezone.now())
    page = {"operation": found.operation, "exhibit": found, "verdict": queries.verdict(found)}
    return render(request, "exhibit.html", page)


def download(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """The bag as a ZIP file."""
    found = queries.look(officer(request), reference, name, at=timezone.now())
    response = HttpResponse(
        queries.packed(officer(request), found, at=timezone.now()), content_type="application/zip"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}.zip"'
    return response
