"""Deciding about a pair, and giving sellers and links to somebody."""

from __future__ import annotations

from typing import Any

from django import forms

from bowstreet.casework.review.export import MARKING
from bowstreet.casework.review.models import Verdict
from bowstreet.govuk.fields import Area, Choice, Text


class Decide(forms.Form):
    """A verdict, and why."""

    verdict = Choice("Your decision", Verdict.choices, missing="Choose whether they are the same seller")
    note = Area("Note", missing="", required=False, hint="Why you think so. It is kept with the decision.")

    def __init__(self, *args: Any, focus: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["verdict"].widget.attrs |= {"inline": True, "focus": focus and not self.is_bound}


class Give(forms.Form):
    """An export: in which format, to whom, why, and under which marking."""

    form = Choice(
        "Format",
        [("csv", "CSV, for spreadsheets"), ("parquet", "Parquet"), ("ftm", "FollowTheMoney, for OpenAleph"), ("stix", "STIX 2.1")],
        missing="Choose the format",
        initial="csv",
    )  # fmt: skip
    recipient = Text("Who receives it", missing="Say who receives it", max_length=300)
    reason = Area(
        "Why it is given to them", missing="Say why it is given to them", hint="It is logged as a disclosure."
    )
    marking = Text("Protective marking", missing="Say how it is marked", initial=MARKING, max_length=100)
