"""Who asks: every view begins with this."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from bowstreet.casework.people.models import Officer


def officer(request: HttpRequest) -> Officer:
    """The officer who is signed in. No view that needs one is reached without."""
    if not isinstance(request.user, Officer):
        raise PermissionDenied
    return request.user
