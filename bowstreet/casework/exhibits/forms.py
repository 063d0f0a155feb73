"""Producing an exhibit."""

from __future__ import annotations

from typing import Any

from django import forms

from bowstreet.casework.captures.models import Capture
from bowstreet.govuk.fields import Area, Choices


class Produce(forms.Form):
    """Which captures, and what the exhibit is."""

    captures = Choices("Captures", missing="Choose at least one capture")
    description = Area(
        "Description",
        missing="Describe the exhibit",
        hint="What it is, so that it can be told without opening it",
    )

    def __init__(self, *args: Any, among: list[Capture], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["captures"]
        assert isinstance(field, Choices)
        field.choices = [(str(one.pk), f"{one.pk}: {one.title or one.url}") for one in among]
