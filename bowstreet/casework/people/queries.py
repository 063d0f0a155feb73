"""Finding officers."""

from __future__ import annotations

from django.http import Http404

from bowstreet.casework.people.models import Officer


class NoOfficer(Exception):
    """Nobody of that name may sign in here. `field` is where the name was given."""

    field = "username"


def named(username: str) -> Officer:
    """The officer of that name. Raises NoOfficer."""
    found = Officer.objects.filter(username=username.strip(), is_active=True).first()
    if found is None:
        raise NoOfficer(f"there is no officer with the user name '{username.strip()}'")
    return found


def get(username: str) -> Officer:
    """The officer of that name, for a page; where there is none, the answer is 404."""
    try:
        return named(username)
    except NoOfficer as error:
        raise Http404(str(error)) from None


def everyone() -> list[Officer]:
    """Every officer, by name."""
    return list(Officer.objects.order_by("username"))
