"""Links between sellers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from bowstreet.casework.operations import queries as operations
from bowstreet.casework.people.who import officer
from bowstreet.casework.review import acts, queries
from bowstreet.casework.review.forms import Decide
from bowstreet.govuk.fields import first_error


def links(request: HttpRequest, reference: str) -> HttpResponse:
    """Every pair; posting looks for links again."""
    operation = operations.get(officer(request), reference)
    if request.method == "POST":
        acts.link(officer=officer(request), operation=operation, at=timezone.now())
        return redirect("links", reference)
    found = queries.links(officer(request), reference, at=timezone.now())
    return render(request, "links.html", {"operation": operation, "links": found})


def link(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """One pair with its reasons, and the form to decide."""
    row = queries.link(officer(request), reference, number, at=timezone.now())
    operation = operations.get(officer(request), reference)
    pair, form, problem = row.proposal, Decide(request.POST or None), ""
    if request.method == "POST":
        problem = first_error(form)
        if not problem:
            acts.decide(
                officer=officer(request), operation=operation, left=pair.left, right=pair.right, at=timezone.now(),
                verdict=form.cleaned_data["verdict"], note=form.cleaned_data["note"],
            )  # fmt: skip
            return redirect("links", reference)
    history = queries.history(officer(request), reference, pair.left, pair.right)
    page = {
        "operation": operation,
        "row": row,
        "form": form,
        "history": history,
        "problem": problem,
        "problem_at": "id_verdict",
    }
    return render(request, "link.html", page)
