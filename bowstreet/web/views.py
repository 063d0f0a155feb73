"""Pages for when something is not there, or broke."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: also for what is there, but not for this officer."""
    said = ["There is nothing at this address, or it belongs to an operation that you are not on."]
    return render(request, "message.html", {"heading": "Page not found", "paragraphs": said}, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """500."""
    said = [
        "Nothing was lost. Try again; if it happens again, tell those who run this installation what you did."
    ]
    return render(
        request, "message.html", {"heading": "Something went wrong", "paragraphs": said}, status=500
    )
