"""A form that does something: shown, sent, refused with what was typed still there, or done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


def answer(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], tuple[str, ...]],
    *,
    refusals: tuple[type[Exception], ...] = (),
    done: str = "",
    template: str = "form.html",
    **page: Any,
) -> HttpResponse:
    """Show `form`; when it is sent and in order, do `act` with what was given, and go where it says.

    What the act refuses (one of `refusals`) is shown at the field that its `field` names, else at the first one.
    """
    if request.method == "POST" and form.is_valid():
        try:
            there = act(form.cleaned_data)
        except refusals as error:
            name = getattr(error, "field", "")
            form.add_error(name if name in form.fields else next(iter(form.fields), None), str(error))
        else:
            if done:
                messages.success(request, done)
            return redirect(*there)
    return render(request, template, page | {"form": form})


def sent(request: HttpRequest) -> Any:
    """What a form was sent with; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None
