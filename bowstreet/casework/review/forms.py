"""Deciding about a pair."""

from __future__ import annotations

from typing import Any

from django import forms

from bowstreet.casework.review.models import Verdict
from bowstreet.govuk.fields import Area, Choice


class Decide(forms.Form):
    """A verdict, and why."""

    verdict = Choice("Your decision", Verdict.choices, missing="Choose whether they are the same seller")
    note = Area("Note", missing="", required=False, hint="Why you think so. It is kept with the decision.")

    def __init__(self, *args: Any, focus: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["verdict"].widget.attrs |= {"inline": True, "focus": focus and not self.is_bound}
