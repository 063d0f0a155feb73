"""Threema IDs: eight capitals and digits (a star and seven for gateways), beside the word or in a link."""

from __future__ import annotations

from bowstreet.reading.identifiers.kind import Kind, Lead, NotOne


def validate(text: str) -> str:
    """In capitals."""
    if (
        text != text.upper()
        or text.isdigit()
        or text in ("DOWNLOAD", "MESSAGES", "CONTACTS", "SECURITY", "USERNAME", "ACCEPTED")
    ):
        raise NotOne
    return text


KINDS = (
    Kind(
        "threema",
        Lead(
            ("threema",),
            r"(?:[ ]?(?:id|app|messenger|contact)){0,2}[ \t]{0,2}[:=\-|]{0,2}[ \t\n]{0,3}([A-Z0-9*][A-Z0-9]{7})\b",
        ),
        validate,
    ),
    Kind("threema", Lead(("threema.id",), r"/([A-Z0-9*][A-Z0-9]{7})\b"), lambda text: text.upper()),
)
