"""Telephone numbers: national form of one region (GB unless told otherwise) and the international form of any.

What is proposed is decided by Google's numbering plans (phonenumbers); prices, dates and order numbers are not proposed.
"""

from __future__ import annotations

import re
from functools import partial

import phonenumbers

from bowstreet.reading.identifiers.kind import Kind, Lead, NotOne, Part

_DIGIT = r"(?:[ .\-/()\x09]{0,3}[0-9])"
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d{2}(?!\d)|\d{4}-\d\d-\d\d")
_ORDER = re.compile(
    rb"(?:order|ref|reference|invoice|tracking|parcel|isbn|ean|sku|item|product|listing|serial|imei|version|batch|lot|txid|id|no|nr|account|acc|sort code|price|\xa3|\$|#|<)[\s:.#]{0,4}(?:no\.?|number|id)?[\s:.#=]{0,3}\Z",
    re.I,
)
#: one number and the next, with a sign between
_ONE_BEFORE, _NEXT = re.compile(rb"[0-9]{6}[,/]\Z"), re.compile(rb"[,/:][+0][0-9]{9}")
_SINGLE = re.compile(r"(?<!\d)\d(?!\d)")
_PHONE = re.compile(
    rb"(?:phone|telephone|tel|mobile|mob|cell|call|text|sms|ring|fax|contact)\W{0,4}(?:no\.?|number|us|me)?[\s:.]{0,4}\Z",
    re.I,
)
_SAID = re.compile(
    rb"(?:phone|tel|mobile|mob|cell|call|text|sms|whats ?app|signal|viber|number|contact|fax)[^\n0-9]{0,24}\Z",
    re.I,
)


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
    return number.country_code == 44 and (
        national.startswith(("7700900", "2079460", "1632960", "8081570", "9098790", "3069990"))
        or re.match(r"1\d{2}4960\d{3}\Z", national) is not None
    )


def _written(text: str, region: str) -> Part:
    """The longest start of the digits that is a number by itself: what follows may be the next thing."""
    if text.startswith("44") and region == "GB":
        return Part(validate("+" + text), 0, len(text))
    if text.startswith("1") and region == "GB":
        return Part(validate("+" + text), 0, len(text))  # a North American number, as it is written there
    groups = [m.end() for m in re.finditer(r"[0-9]+", text)]
    if 2 < len(_SINGLE.findall(text)) < len(groups):
        raise NotOne  # coordinates, scores
    opened = text.startswith(("(", "[")) and ")" not in text and "]" not in text
    begin = 1 if opened else 0
    for end in reversed(groups[-4:] if len(groups) > 4 else groups):
        part = text[begin:end]
        digits = sum(c.isdigit() for c in part)
        if (
            not (7 if part[0] == "+" else 8) <= digits <= 17
            or _DATE.match(part)
            or part.count("(") != part.count(")")
        ):
            continue
        try:
            return Part(validate(_plain(part), region), begin, end)
        except NotOne:
            continue
    raise NotOne


def _plain(text: str) -> str:
    """Without "(0)", and with 00 as +."""
    compact = re.sub(
        r"[^0-9+]", "", re.sub(r"\(0\)", "", text) if text[:1] in "+0" and text[:2] != "(0" else text
    )
    return "+" + compact[2:] if compact.startswith("00") else compact


def _fits(folded: bytes, start: int, end: int) -> bool:
    """Does it stand as a number of its own, and is it no price, order number or part of an address?"""
    before, after = folded[max(0, start - 1) : start], folded[end : end + 1]
    listed = _ONE_BEFORE.search(folded, max(0, start - 8), start) is not None
    named = before == b"=" and _PHONE.search(folded, max(0, start - 12), start - 1) is not None
    glued = before.isalnum() or before in (b"_", b"/", b"=", b"&", b"\xff", b"@", b"%")
    if (
        glued
        and not listed
        and not named
        and not (before in (b"/", b"=") and folded[start : start + 1] == b"+")
    ):
        return False
    if (
        before in (b".", b",", b"-", b"+", b":")
        and folded[max(0, start - 2) : start - 1].isdigit()
        and not listed
    ):
        return False
    if after.isalnum() or after in (b"_", b"\xff", b"@", b"%"):
        return False
    if after in (b".", b",", b":") and folded[end + 1 : end + 2].isdigit() and not _NEXT.match(folded, end):
        return False
    back = folded[max(0, start - 30) : start]
    return folded[start : start + 1] == b"+" or not _ORDER.search(back) or _PHONE.search(back) is not None


def _said(folded: bytes, start: int, end: int) -> bool:
    """A number without a sign: only behind a word that says it is one."""
    if not _fits(folded, start, end):
        return False
    if folded[start : start + 1] != b"4" or folded[start + 2 : start + 3] in (b" ", b"-"):
        return True
    return _SAID.search(folded[max(0, start - 48) : start]) is not None


_INTERNATIONAL = rf"(?:\(?\+|(?:\(|\b)00){_DIGIT}{{6,17}}"
_BRITISH = rf"{_INTERNATIONAL}|(?:\(|\b)0[1-9]{_DIGIT}{{6,9}}|(?:\(|\b)0\)?[ ]?[1-9]{_DIGIT}{{8,9}}|\[0[1-9][0-9]{{1,4}}\][ ]?[0-9]{_DIGIT}{{5,7}}|\b1[-. ]\(?[2-9][0-9]{{2}}\)?[-. ][2-9][0-9]{{2}}[-. ][0-9]{{4}}\b|\b44[ -]?7[0-9]{{3}}[ -]?[0-9]{{3}}[ -]?[0-9]{{3}}\b"
_ANY = rf"{_INTERNATIONAL}|(?:\(|\b)[0-9]{_DIGIT}{{6,14}}"


def kind(region: str = "GB") -> Kind:
    """The kind for one region's national form."""
    if region == "GB":
        return Kind("phone", _BRITISH, partial(_written, region=region), _said)
    return Kind("phone", _ANY, partial(_written, region=region), _fits)


#: a "tel:" link, in markup
LINKED = Kind(
    "phone",
    Lead(("tel",), r":(?://)?([+0][0-9 ().%\-]{6,24})"),
    lambda text: _written(text.replace("%20", "   "), "GB"),
)
