"""GOV.UK components through Jinja2: the template environment, and how a form field shows itself.

{{ field(form["name"]) }}        # label, hint, error and input as one GOV.UK component
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader, PrefixLoader


def environment(**options: Any) -> Environment:
    """The Jinja2 environment: our templates, and GOV.UK's under `govuk_frontend_jinja/`."""
    given = options.pop("loader", None)
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    made = Environment(  # noqa: S701 - Django hands autoescape=True in the options
        loader=ChoiceLoader([loader for loader in (given, govuk) if loader]),
        **(options | {"undefined": ChainableUndefined}),
    )
    made.globals.update(static=static, url=reverse)
    made.filters.update(moment=moment, day=day)
    return made


def moment(at: datetime) -> str:
    """A time as a person reads it, with its zone: 24 November 2026, 10:15:02 GMT."""
    return timezone.localtime(at).strftime("%-d %B %Y, %H:%M:%S %Z")


def day(at: datetime) -> str:
    """A day as a person reads it."""
    return at.strftime("%-d %B %Y")
