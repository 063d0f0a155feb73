"""Reading the log."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bowstreet.casework.log import inspect
from bowstreet.govuk.listing import listed


def log(request: HttpRequest) -> HttpResponse:
    """The entries asked for, a page at a time, for a purpose of s.62(4), to those whose work it is."""
    if not getattr(request.user, "inspects_the_log", False):
        raise Http404
    purpose, wanted = request.GET.get("purpose", ""), inspect.wanted(request.GET)
    page = {"purposes": inspect.PURPOSES, "purpose": purpose, "acts": inspect.ACTS, "wanted": wanted}
    if purpose in inspect.PURPOSES:
        found = inspect.entries(
            by=request.user.get_username(), purpose=purpose, at=timezone.now(), wanted=wanted
        )
        query = request.GET.dict() | {"upto": str(wanted.upto)}
        page["shown"] = listed(query, found, keep=("purpose", "operation", "actor", "act", "words", "upto"))
    return render(request, "log.html", page)
