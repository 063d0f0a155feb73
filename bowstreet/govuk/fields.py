"""Form fields that know which GOV.UK component shows them (`widget.shown_as`, read by parts/fields.html)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms


class Radios(forms.RadioSelect):
    """Choices as GOV.UK radios."""


class Checkboxes(forms.CheckboxSelectMultiple):
    """Choices as GOV.UK checkboxes."""


class DayInput(forms.Widget):
    """Day, month and year in three boxes, as GOV.UK asks for a date that people know."""

    input_type = "day"
    PARTS = ("day", "month", "year")

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        """The three boxes as year-month-day; nothing where all are empty."""
        parts = [str(data.get(f"{name}-{part}", "")).strip() for part in self.PARTS]
        return "-".join(reversed(parts)) if any(parts) else ""

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Was none of the boxes sent?"""
        return not any(f"{name}-{part}" in data for part in self.PARTS)

    def boxes(self, value: Any) -> list[dict[str, Any]]:
        """The items of the macro, with what was typed."""
        typed = [*str(value or "").split("-")[:3], "", "", ""][:3]
        return [
            {"name": part, "value": text.lstrip("0"), "classes": f"govuk-input--width-{4 if part == 'year' else 2}"}
            for part, text in zip(self.PARTS, reversed(typed), strict=True)
        ]  # fmt: skip


class Text(forms.CharField):
    """One line of text."""

    def __init__(self, label: str, *, missing: str, hint: str = "", **options: Any) -> None:
        super().__init__(label=label, help_text=hint, error_messages={"required": missing}, **options)


class Area(Text):
    """Several lines of text."""

    widget = forms.Textarea


class Number(forms.IntegerField):
    """A whole number."""

    def __init__(self, label: str, *, missing: str, hint: str = "", **options: Any) -> None:
        errors = {"required": missing, "invalid": missing, "min_value": missing, "max_value": missing}
        super().__init__(label=label, help_text=hint, error_messages=errors, **options)


class Day(forms.DateField):
    """A date."""

    widget = DayInput

    def __init__(self, label: str, *, missing: str, hint: str = "") -> None:
        errors = {"required": missing, "invalid": missing}
        super().__init__(label=label, help_text=hint, error_messages=errors, input_formats=["%Y-%m-%d"])


class Choice(forms.ChoiceField):
    """One of a few."""

    widget = Radios

    def __init__(self, label: str, choices: Any, *, missing: str, hint: str = "", **options: Any) -> None:
        errors = {"required": missing, "invalid_choice": missing}
        super().__init__(label=label, choices=choices, help_text=hint, error_messages=errors, **options)


class Choices(forms.MultipleChoiceField):
    """Any of several."""

    widget = Checkboxes

    def __init__(self, label: str, *, missing: str, hint: str = "") -> None:
        errors = {"required": missing, "invalid_choice": missing, "invalid_list": missing}
        super().__init__(label=label, help_text=hint, error_messages=errors)
