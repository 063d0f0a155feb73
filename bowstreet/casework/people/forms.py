"""Signing in."""

from __future__ import annotations

from django import forms
from django.contrib.auth.forms import AuthenticationForm

from bowstreet.govuk.fields import Text


class SignIn(AuthenticationForm):
    """A name and a password; a password manager may fill both."""

    username = Text(
        "User name",
        missing="Enter your user name",
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    password = Text(
        "Password", missing="Enter your password", strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    error_messages = {
        "invalid_login": "That user name and password do not go together",
        "inactive": "This account is closed",
    }
