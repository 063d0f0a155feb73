"""Correcting what a listing offers."""

from __future__ import annotations

from django import forms

from bowstreet.casework.findings.goods import AS_READ
from bowstreet.govuk.fields import Choice
from bowstreet.reading.goods.taxonomy import labels


class Correct(forms.Form):
    """A label of the taxonomy, or none of one's own."""

    label = Choice(
        "What it offers",
        [(AS_READ, "As it is read, without a correction"), *((one.label, one.name) for one in labels())],
        missing="Choose what it offers",
        hint="It is used at the next reading, for this title and for those like it.",
        widget=forms.Select,
    )
