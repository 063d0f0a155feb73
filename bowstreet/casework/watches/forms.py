"""Having a page watched."""

from __future__ import annotations

from django import forms

from bowstreet.govuk.fields import Text


class AddWatch(forms.Form):
    """Which page, and how often."""

    url = Text(
        "Address of the page",
        missing="Enter the address of a page",
        hint="It begins with http:// or https://",
    )
    every = Text(
        "How often",
        missing="Enter how often",
        hint="30m, 6h or 2d: minutes, hours or days, at least 5 minutes",
    )
