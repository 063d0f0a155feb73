"""Asking for captures."""

from __future__ import annotations

from django import forms

from bowstreet.govuk.fields import Area


class AskForCaptures(forms.Form):
    """Addresses, one on each line."""

    urls = Area(
        "Addresses of pages",
        missing="Enter at least one address",
        hint="One on each line, each beginning with http:// or https://",
    )
