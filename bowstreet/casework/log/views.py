"""Reading the log."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bowstreet.casework.log import inspect


def log(request: HttpRequest) -> HttpResponse:
    """The last entries, for a purpose of s.62(4), to those whose work it is."""
    if not getattr(request.user, "inspects_the_log", False):
        raise Http404
    purpose, entries = request.GET.get("purpose", ""), None
    if purpose in inspect.PURPOSES:
        entries = inspect.entries(by=request.user.get_username(), purpose=purpose, at=timezone.now())
    return render(request, "log.html", {"purposes": inspect.PURPOSES, "purpose": purpose, "entries": entries})
