"""Exhibits: list, produce, look, download."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from bowstreet.casework.exhibits import acts, queries
from bowstreet.casework.exhibits.forms import Produce
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.operations.errors import NotFound
from bowstreet.casework.people.who import officer


def exhibits(request: HttpRequest, reference: str) -> HttpResponse:
    """The exhibits of an operation."""
    try:
        page = {
            "operation": operations.get(officer(request), reference),
            "exhibits": queries.of(officer(request), reference),
        }
    except NotFound as error:
        raise Http404 from error
    return render(request, "exhibits.html", page)


def produce(request: HttpRequest, reference: str) -> HttpResponse:
    """Produce one."""
    try:
        operation = operations.get(officer(request), reference)
    except NotFound as error:
        raise Http404 from error
    form, problem = Produce(request.POST or None, initial={"captures": request.GET.get("capture", "")}), ""
    if request.method == "POST":
        problem = "" if form.is_valid() else str(next(iter(form.errors.values()))[0])
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
    try:
        found = queries.look(officer(request), reference, name, at=timezone.now())
    except NotFound as error:
        raise Http404 from error
    page = {"operation": found.operation, "exhibit": found, "verdict": queries.verdict(found)}
    return render(request, "exhibit.html", page)


def download(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """The bag as a ZIP file."""
    try:
        found = queries.look(officer(request), reference, name, at=timezone.now())
    except NotFound as error:
        raise Http404 from error
    response = HttpResponse(
        queries.packed(officer(request), found, at=timezone.now()), content_type="application/zip"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}.zip"'
    return response
