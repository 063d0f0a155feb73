"""Operations: list, open, look."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from bowstreet.casework.operations import acts, queries
from bowstreet.casework.operations.errors import BadOperation
from bowstreet.casework.operations.forms import OpenOperation
from bowstreet.casework.people.who import officer
from bowstreet.govuk.fields import first_error


def operations(request: HttpRequest) -> HttpResponse:
    """The officer's operations."""
    return render(request, "operations.html", {"operations": queries.of(officer(request))})


def open_operation(request: HttpRequest) -> HttpResponse:
    """Open one."""
    form, problem = OpenOperation(request.POST or None), ""
    if request.method == "POST":
        problem = first_error(form)
        if not problem:
            try:
                made = _open(request, form)
                return redirect("operation", made)
            except BadOperation as error:
                problem = str(error)
    page = {
        "heading": "Open an operation",
        "lead": "",
        "button": "Open the operation",
        "form": form,
        "problem": problem,
    }
    return render(request, "form.html", page | {"problem_at": "id_name", "trail": [("Operations", "/")]})


def _open(request: HttpRequest, form: OpenOperation) -> str:
    given = form.cleaned_data
    made = acts.open_operation(
        officer=officer(request), name=given["name"], purpose=given["purpose"], rationale=given["rationale"],
        sites=given["sites"].split(), test_ranges=given["test_ranges"].split(), at=timezone.now(),
    )  # fmt: skip
    return made.reference


def operation(request: HttpRequest, reference: str) -> HttpResponse:
    """One operation."""
    found, authorities = queries.look(officer(request), reference, at=timezone.now())
    return render(request, "operation.html", {"operation": found, "authorities": authorities})
