"""Asking for captures."""

from __future__ import annotations

from django import forms

from bowstreet.govuk.fields import Area


class Handle(forms.Form):
    """What a person did about a blocked page."""

    note = Area(
        "What was done",
        missing="Say what was done about the page",
        hint="Nothing is bypassed: a person looks at the page, seeks another authority, or lets it be.",
    )


class AskForCaptures(forms.Form):
    """Addresses, one on each line."""

    urls = Area(
        "Addresses of pages",
        missing="Enter at least one address",
        hint="One, or a list pasted here with one on each line. Each begins with http:// or https://",
    )
