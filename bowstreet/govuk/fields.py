"""Form fields that know which GOV.UK component shows them."""

from __future__ import annotations

from typing import Any

from django import forms


class Radios(forms.RadioSelect):
    """Choices as GOV.UK radios."""

    def shown(self, chosen: Any) -> list[dict[str, Any]]:
        """The items of the macro; the one that was chosen is checked."""
        return [{"value": value, "text": text, "checked": value == chosen} for value, text in self.choices]


class Text(forms.CharField):
    """One line of text."""

    def __init__(self, label: str, *, missing: str, hint: str = "", **options: Any) -> None:
        super().__init__(label=label, help_text=hint, error_messages={"required": missing}, **options)


class Area(Text):
    """Several lines of text."""

    widget = forms.Textarea


class Choice(forms.ChoiceField):
    """One of a few."""

    widget = Radios

    def __init__(self, label: str, choices: Any, *, missing: str, hint: str = "") -> None:
        super().__init__(
            label=label,
            choices=choices,
            help_text=hint,
            error_messages={"required": missing, "invalid_choice": missing},
        )


def first_error(form: forms.Form) -> str:
    """The first thing wrong with a form, or nothing."""
    return "" if form.is_valid() else str(next(iter(form.errors.values()))[0])
