"""Asking for captures."""

from __future__ import annotations

from django import forms

from bowstreet.govuk.fields import Area


class AskForCaptures(forms.Form):
    """Addresses, one on each line."""

    urls = Area(
        "Addresses of pages",
        missing="Enter at least one address",
        hint="One, or a list pasted here with one on each line. Each begins with http:// or https://",
    )
