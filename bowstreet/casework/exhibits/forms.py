"""Producing an exhibit."""

from __future__ import annotations

from django import forms

from bowstreet.govuk.fields import Area, Text


class Produce(forms.Form):
    """Which captures, and what the exhibit is."""

    captures = Text(
        "Captures",
        missing="Enter the number of at least one capture",
        hint="Their numbers, with spaces between",
    )
    description = Area(
        "Description",
        missing="Describe the exhibit",
        hint="What it is, so that it can be told without opening it",
    )
