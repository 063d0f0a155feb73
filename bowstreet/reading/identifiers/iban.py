"""IBANs, with country lengths and the check digits of ISO 13616 (mod 97)."""

from __future__ import annotations

from stdnum import iban
from stdnum.exceptions import ValidationError

from bowstreet.reading.identifiers.kind import Kind, NotOne


def validate(text: str) -> str | None:
    """Without spaces, in capitals."""
    compact = text.replace(" ", "").upper()
    if sum(c.isdigit() for c in compact) < 8:
        raise NotOne
    try:
        return str(iban.validate(compact, check_country=False))
    except ValidationError:
        return None


KIND = Kind("iban", r"\b([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)\b", validate)
