"""Opening an operation."""

from __future__ import annotations

from django import forms

from bowstreet.casework.operations.models import Purpose
from bowstreet.govuk.fields import Area, Choice, Text


class OpenOperation(forms.Form):
    """What must be written down before any page is visited."""

    name = Text("Name of the operation", missing="Enter a name for the operation", max_length=200)
    purpose = Choice("Purpose (DPA 2018 s.31)", Purpose.choices, missing="Choose the purpose")
    rationale = Area(
        "Rationale",
        missing="Say why the sites are to be visited",
        hint="Why these sites, and why less would not do.",
    )
    sites = Area(
        "Sites",
        missing="Name at least one site",
        hint="One on each line: shop.example, *.shop.example or shop.example/sellers/",
    )
    test_ranges = Text(
        "Test ranges",
        missing="",
        required=False,
        hint="Leave empty. For a practice market on this machine: 127.0.0.0/8",
    )
