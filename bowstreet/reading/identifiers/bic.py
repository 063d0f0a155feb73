"""BICs (SWIFT codes, ISO 9362), only beside a word that says so."""

from __future__ import annotations

from stdnum import bic
from stdnum.exceptions import ValidationError

from bowstreet.reading.identifiers.kind import Kind, Lead, NotOne


def validate(text: str) -> str | None:
    """In capitals."""
    if text != text.upper() or text.isdigit():
        raise NotOne
    try:
        return str(bic.validate(text))
    except ValidationError:
        return None


KIND = Kind(
    "bic",
    Lead(
        ("bic", "swift", "swift/bic", "bic/swift", "swift code"),
        r"(?:[ ]?/[ ]?(?:bic|swift))?(?:[ ]?code)?(?:[ ]?no\.?)?[ \t]{0,2}[:=\-|]{0,2}[ \t\n]{0,3}([A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b",
    ),
    validate,
)
