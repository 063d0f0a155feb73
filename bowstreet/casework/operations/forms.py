"""Opening an operation, and what is changed about one."""

from __future__ import annotations

from django import forms

from bowstreet.casework.operations.models import Purpose, Seat
from bowstreet.govuk.fields import Area, Choice, Day, Number, Text

_SITES_HINT = "One on each line: shop.example, *.shop.example or shop.example/sellers/"
_LATER = 366


def _accounts() -> Area:
    return Area(
        "Accounts that visits may be made under (optional)",
        missing="",
        required=False,
        hint="One on each line. Only accounts that anybody can open may be used.",
    )


class OpenOperation(forms.Form):
    """What must be written down before any page is visited."""

    name = Text("Name of the operation", missing="Enter a name for the operation", max_length=200)
    purpose = Choice("Purpose (DPA 2018 s.31)", Purpose.choices, missing="Choose the purpose")
    rationale = Area(
        "Rationale",
        missing="Say why the sites are to be visited",
        hint="Why these sites, and why less would not do.",
    )
    sites = Area("Sites", missing="Name at least one site", hint=_SITES_HINT)
    accounts = _accounts()
    test_ranges = Text(
        "Test ranges",
        missing="",
        required=False,
        hint="Leave empty. For a practice market on this machine: 127.0.0.0/8",
    )


class RecordAuthority(forms.Form):
    """A further authority for open-source research."""

    rationale = Area(
        "Rationale",
        missing="Say why the sites are to be visited",
        hint="Why these sites, and why less would not do.",
    )
    sites = Area("Sites", missing="Name at least one site", hint=_SITES_HINT)
    accounts = _accounts()
    days = Number(
        "For how many days",
        missing=f"Enter a number of days from 1 to {_LATER}",
        min_value=1,
        max_value=_LATER,
    )


class CancelAuthority(forms.Form):
    """Why an authority is cancelled."""

    reason = Area("Why it is cancelled", missing="Say why the authority is cancelled")


class AddMember(forms.Form):
    """Who is put on an operation, and what they may do."""

    username = Text("User name", missing="Enter the officer's user name", hint="As they sign in")
    role = Choice("Role on this operation", Seat.choices, missing="Choose a role")


class RemoveMember(forms.Form):
    """Taking an officer off is confirmed by sending the form; there is nothing to fill in."""


class ReviewHolding(forms.Form):
    """Why what is held is still needed, and when that is asked again."""

    reason = Area(
        "Why what is held is still needed",
        missing="Say why what is held is still needed",
        hint="What is no longer needed is erased, not kept to be safe.",
    )
    due = Day(
        "Next review",
        missing="Enter the date of the next review, such as 27 3 2027",
        hint="Within a year. For example, 27 3 2027",
    )
