"""Links between sellers: the list, one pair, the queue, and what was learned from decisions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from bowstreet.casework.findings.inert import STYLED, address
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.people.who import officer
from bowstreet.casework.review import acts, export, queries
from bowstreet.casework.review.forms import Decide, Give
from bowstreet.casework.review.proofs import Place, places
from bowstreet.casework.review.records import pair_of, record_of
from bowstreet.casework.review.summary import in_short
from bowstreet.casework.review.waterfall import waterfall
from bowstreet.govuk.answer import answer, sent
from bowstreet.govuk.listing import listed
from bowstreet.linking.tuning import FEWEST, FEWEST_EACH


def links(request: HttpRequest, reference: str) -> HttpResponse:
    """Every pair; posting looks for links again."""
    by = officer(request)
    operation = operations.get(by, reference)
    if request.method == "POST":
        try:
            made = acts.link(officer=by, operation=operation, at=timezone.now())
            messages.success(request, f"{len(made)} pairs are proposed. Decisions are kept.")
        except acts.BadDecision as error:
            messages.error(request, str(error))
        return redirect("links", reference)
    found = queries.links(by, reference, at=timezone.now())
    page = {
        "operation": operation,
        "links": listed(request.GET, found),
        "progress": queries.progress(by, reference),
        "clusters": queries.clusters(operation),
        "conflicts": queries.conflicts(operation),
    }
    return render(request, "links.html", page)


def link(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """One pair with its reasons, and the form to decide. In the queue, saving leads to the next pair."""
    by = officer(request)
    row = queries.link(by, reference, number, at=timezone.now())
    operation, pair = operations.get(by, reference), pair_of(row.proposal)
    queued, skipped = request.GET.get("queue") == "1", _skipped(request)

    def act(given: dict[str, Any]) -> tuple[str, ...]:
        made = acts.decide(
            officer=by, operation=operation, left=pair.left, right=pair.right, at=timezone.now(), **given
        )
        messages.success(
            request, f"Saved: {pair.left} and {pair.right}: {made.get_verdict_display().lower()}"
        )
        return (_next(reference, skipped),) if queued else ("link", reference, str(number))

    left, right = queries.sides(operation, row.proposal)
    return answer(
        request, Decide(sent(request), focus=queued), act, refusals=(acts.BadDecision,), template="link.html",
        operation=operation, row=row, pair=pair, number=number, short=in_short(pair), waterfall=waterfall(pair),
        history=queries.history(by, reference, pair.left, pair.right), sides=(left, right),
        where=_where(request), places=lambda reason, right_side: places(reason, right if right_side else left, right=right_side),
        queued=queued, progress=queries.progress(by, reference) if queued else None,
        skip=_next(reference, [*skipped, number]),
    )  # fmt: skip


def next_link(request: HttpRequest, reference: str) -> HttpResponse:
    """The most useful undecided pair; a page that says so when there is none."""
    skipped = _skipped(request)
    progress = queries.progress(officer(request), reference, skipped=skipped)
    if progress.next:
        there = reverse("link", args=[reference, progress.next.pk])
        return redirect(f"{there}?{urlencode([('queue', 1), *(('skip', n) for n in skipped)])}")
    operation = operations.get(officer(request), reference)
    return render(request, "reviewed.html", {"operation": operation, "progress": progress})


def record(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The pair's record as JSON: the same as on its page."""
    by = officer(request)
    proposal = queries.link(by, reference, number, at=timezone.now()).proposal
    told = record_of(proposal, queries.history(by, reference, proposal.left, proposal.right))
    response = HttpResponse(json.dumps(told, ensure_ascii=False, indent=1), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{reference}-link-{number}.json"'
    return response


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


def learn(request: HttpRequest, reference: str) -> HttpResponse:
    """What was learned from decisions; posting learns anew, or goes back to the shipped weights."""
    by = officer(request)
    operation = operations.get(by, reference)
    if request.method == "POST":
        try:
            if "back" in request.POST:
                acts.unlearn(officer=by, operation=operation, at=timezone.now())
                messages.success(request, "The shipped weights are in use again.")
            else:
                made = acts.learn(officer=by, operation=operation, at=timezone.now())
                messages.success(request, _learned(made.kept))
        except acts.BadDecision as error:
            messages.error(request, str(error))
        return redirect("learn", reference)
    page = {
        "operation": operation,
        "learnings": queries.learnings(by, reference),
        "counts": queries.counts(operation),
        "fewest": FEWEST,
        "fewest_each": FEWEST_EACH,
    }
    return render(request, "learn.html", page)


def give(request: HttpRequest, reference: str) -> HttpResponse:
    """Sellers and links as a ZIP file, for whom the form says; a disclosure."""
    by, form = officer(request), Give(sent(request))
    operation = operations.get(by, reference)
    if request.method == "POST" and form.is_valid():
        try:
            data = export.packed(officer=by, operation=operation, at=timezone.now(), **form.cleaned_data)
            response = HttpResponse(data, content_type="application/zip")
            response.headers["Content-Disposition"] = f'attachment; filename="{reference}-sellers.zip"'
            return response
        except export.BadExport as error:
            form.add_error("form", str(error))
    page = {
        "operation": operation, "form": form, "heading": "Export sellers and links", "button": "Export", "here": "links",
        "up": ("Links", "links"), "once": True,
        "lead": "Sellers, identifiers, listings, links with their reasons, and decisions. What was quarantined is left out.",
    }  # fmt: skip
    return render(request, "form.html", page)


def _learned(kept: bool) -> str:
    if kept:
        return "The weights were tuned, and the pairs weighed again with them."
    return "Tuned weights did no better on decisions left out, so the shipped weights stay."


def _skipped(request: HttpRequest) -> list[int]:
    """The pairs that were skipped, as the address tells them."""
    return [
        int(one)
        for one in request.GET.getlist("skip")[-200:]
        if one.isascii() and one.isdigit() and len(one) < 12
    ]


def _next(reference: str, skipped: list[int]) -> str:
    query = urlencode([("skip", number) for number in skipped])
    return reverse("next-link", args=[reference]) + (f"?{query}" if query else "")


def _where(request: HttpRequest) -> Callable[[Place], str]:
    """Where a place in a capture is shown: in the inert view."""
    return lambda place: address(request, place.capture, place.fact, how="" if place.fact else STYLED)
