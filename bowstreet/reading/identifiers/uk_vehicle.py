"""UK vehicle registrations, only behind a word that says so (DVLA: current, prefix, suffix and dateless forms)."""

from __future__ import annotations

import re

from bowstreet.reading.identifiers.kind import Kind, Lead, NotOne

_FORMS = re.compile(
    r"(?:[A-Z]{2}[0-9]{2}[A-Z]{3}|[A-HJ-NPR-TV-Y][0-9]{1,3}[A-Z]{3}|[A-Z]{3}[0-9]{1,3}[A-HJ-NPR-TV-Y]|[A-Z]{1,3}[0-9]{1,4}|[0-9]{1,4}[A-Z]{1,3})\Z"
)


def validate(text: str) -> str:
    """In capitals, without spaces."""
    plate = text.replace(" ", "").upper()
    if not _FORMS.match(plate) or len(plate) < 4 or text != text.upper():
        raise NotOne
    return plate


KIND = Kind(
    "uk_vehicle",
    Lead(
        (
            "registration",
            "reg",
            "number plate",
            "numberplate",
            "number plates",
            "plate",
            "plates",
            "vrm",
            "vrn",
            "reg plate",
            "vehicle reg",
        ),
        r"(?:[ ](?:number|no\.?|mark|plate)){0,2}[ \t]{0,2}(?:[:=\-]|is)?[ \t]{0,3}([A-Z0-9]{1,4} ?[A-Z0-9]{1,4})(?![0-9A-Za-z])",
    ),
    validate,
)
