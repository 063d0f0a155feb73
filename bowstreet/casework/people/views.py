"""Signing in, and what anybody may read."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bowstreet.casework.people.forms import SignIn


class SignInView(LoginView):
    """Sign in."""

    template_name = "form.html"
    authentication_form = SignIn

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        return super().get_context_data(**values) | {"heading": "Sign in", "button": "Sign in"}


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    """How usable this is, said plainly."""
    said = [
        "Every page of this service is tested with axe against WCAG 2.2 AA, by keyboard, at 320 pixels and without scripts.",
        "Captured pages are shown as they were: they may have faults of their own. Their text is always there to be read.",
        "It has not yet been tested by people who use assistive technology every day. Tell the unit that runs this "
        "installation where it fails you.",
    ]
    return render(request, "message.html", {"heading": "Accessibility statement", "paragraphs": said})
