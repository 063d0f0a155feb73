"""Signal: links with a number (signal.me/#p/+…), a user name or a group; numbers and user names beside the word."""

from __future__ import annotations

from bowstreet.reading.identifiers import phone
from bowstreet.reading.identifiers.kind import Kind, Lead, NotOne


def number(text: str) -> str:
    """E.164."""
    return str(phone.validate(text))


def user(text: str) -> str:
    """A name, a dot, and two digits or more, in lower case."""
    name, _, digits = text.lower().rpartition(".")
    if digits.startswith("00") or not name:
        raise NotOne
    return f"{name}.{digits}"


KINDS = (
    Kind("signal", Lead(("signal.me",), r"/#p/(\+\d{8,15})\b"), number),
    Kind(
        "signal", Lead(("signal.me",), r"/#eu/([0-9A-Za-z_-]{40,80})"), lambda text: f"signal.me/#eu/{text}"
    ),
    Kind(
        "signal", Lead(("signal.group",), r"/#([0-9A-Za-z_-]{40,200})"), lambda text: f"signal.group/#{text}"
    ),
    Kind(
        "signal",
        Lead(("signal",), r"[^0-9+(\n]{0,16}[ \t]{0,2}([+(]{0,2}[0+1-9](?:[ .\-/()]{0,3}\d){8,15})(?!\d)"),
        number,
    ),
    Kind(
        "signal",
        Lead(
            ("signal",),
            r"(?:[ ](?:user ?name|id|name|handle|app|messenger)){0,2}[ \t]{0,2}[:=\-]{0,2}[ \t]{0,3}@?([a-z_][a-z0-9_]{2,31}\.\d{2,9})\b",
        ),
        user,
    ),
)
