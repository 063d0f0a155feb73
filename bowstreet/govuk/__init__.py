"""GOV.UK and MoJ components through Jinja2: the template environment, and how a form field shows itself.

{{ field(form["name"]) }}        # label, hint, error and input as one GOV.UK component
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader, PrefixLoader

_CAPITALS = frozenset(
    (
        "pgp",
        "iban",
        "bic",
        "uk",
        "url",
        "vat",
        "xmpp",
        "icq",
        "imei",
        "ip",
        "ipv4",
        "ipv6",
        "id",
        "btc",
        "eth",
    )
)


def environment(**options: Any) -> Environment:
    """Our templates; GOV.UK's under `govuk_frontend_jinja/`, MoJ's under `moj/`, what joins them under `parts/`."""
    given = options.pop("loader", None)
    shared = PrefixLoader(
        {
            "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
            "moj": PackageLoader("bowstreet.govuk", "moj"),
            "parts": PackageLoader("bowstreet.govuk", "parts"),
        }
    )
    made = Environment(  # noqa: S701 - Django hands autoescape=True in the options
        loader=ChoiceLoader([loader for loader in (given, shared) if loader]),
        **(options | {"undefined": ChainableUndefined, "trim_blocks": True, "lstrip_blocks": True}),
    )
    made.globals.update(static=static, url=reverse, said=get_messages)
    made.filters.update(moment=moment, day=day, size=size, count=count, worded=worded)
    made.filters["capitalize_first"] = lambda text: text[:1].upper() + text[1:]
    return made


def moment(at: datetime) -> str:
    """A time as a person reads it, with its zone: 24 November 2026, 10:15:02 GMT."""
    return timezone.localtime(at).strftime("%-d %B %Y, %H:%M:%S %Z")


def day(at: date) -> str:
    """A day as a person reads it."""
    return at.strftime("%-d %B %Y")


def worded(name: str) -> str:
    """A field's or a kind's name as a person writes it: PGP, Ships from, UK postcode."""
    words = [
        word.upper() if word in _CAPITALS else word
        for word in name.replace("_", " ").replace("-", " ").split()
    ]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def size(octets: int) -> str:
    """How large something is, in steps of a thousand: 13.4 kB."""
    amount = float(octets)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return ""


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: 1 page, 2 pages."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
