"""Telephone numbers: national form of one region (GB unless told otherwise) and the international form of any."""

from __future__ import annotations

from functools import partial

import phonenumbers

from bowstreet.reading.identifiers.kind import Kind, NotOne


def validate(text: str, region: str = "GB") -> str | None:
    """E.164. Ofcom's numbers for drama count: they are valid in form."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise NotOne from None
    if not (phonenumbers.is_valid_number(number) or _drama(number)):
        raise NotOne
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _drama(number: phonenumbers.PhoneNumber) -> bool:
    """https://www.ofcom.org.uk, 'Telephone numbers for drama use': never given to anyone."""
    national = str(number.national_number)
    return number.country_code == 44 and national.startswith(("7700900", "2079460", "1632960"))


_PATTERN = r"(?:^|[^\w.,/=#&+:-])((?:\+|00)?\(?\d{1,5}\)?(?:[ .\-\x{a0}]{0,2}\(?\d{1,5}\)?){1,6}\d)(?:$|[^\w\-/=@%]|[.,]\D)"


def kind(region: str) -> Kind:
    """The kind for one region's national form."""
    return Kind("phone", _PATTERN, partial(_plausible, region=region))


def _plausible(text: str, region: str) -> str | None:
    digits = sum(c.isdigit() for c in text)
    international = text.startswith(("+", "00"))
    if not 9 <= digits <= 15 or not (international or text.lstrip("(").startswith("0")):
        raise NotOne
    return validate(text, region)


KIND = kind("GB")
