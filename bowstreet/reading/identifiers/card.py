"""Payment cards (ISO/IEC 7812, Luhn): masked at once. Neither text nor value ever holds the number.

The value is the last four digits and a keyed digest, so that the same card is recognised within one installation and
cannot be worked out from what is stored. The key is BOWSTREET_CARD_KEY, or made anew for each run.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from functools import cache

from bowstreet.reading.identifiers.kind import Kind, NotOne, Part, Text

_BRANDS = re.compile(
    r"(?:4\d{12}(?:\d{3}(?:\d{3})?)?|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[689]\d)\d{11,16}|6011\d{12,15}|64[4-9]\d{13,16}|65\d{14,17}|62\d{14,17}|35(?:2[89]|[3-8]\d)\d{12,15}"
    r"|(?:5018|5019|5020|5038|5612|5610|5893|6304|6331|6333|6759|676[1-3])\d{8,15})\Z"
)


@cache
def _key() -> bytes:
    return os.environ.get("BOWSTREET_CARD_KEY", "").encode() or secrets.token_bytes(32)


def validate(text: str) -> Part:
    """Last four, colon, digest. What fails Luhn is a number like any other."""
    digits = re.sub(r"\D", "", text)
    groups = [len(one) for one in re.findall(r"\d+", text)]
    if not _BRANDS.match(digits) or not _luhn(digits) or len(set(digits)) < 2 or not _grouped(groups):
        raise NotOne
    digest = hmac.new(_key(), digits.encode(), "sha256").hexdigest()[:32]
    return Part(f"{digits[-4:]}:{digest}", 0, len(text), shown=masked)


def _luhn(digits: str) -> bool:
    doubled = (int(c) * 2 if at % 2 else int(c) for at, c in enumerate(reversed(digits)))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def _grouped(groups: list[int]) -> bool:
    return len(groups) == 1 or (max(groups) <= 7 and min(groups) >= 2 and len(groups) <= 5)


def masked(text: str) -> str:
    """Of the same length, with only the last four digits left."""
    last = [at for at, c in enumerate(text) if c.isdecimal()][-4:]
    return "".join("*" if c.isdecimal() and at not in last else c for at, c in enumerate(text))


def mask(text: str) -> str:
    """A text with every card number in it masked; its length stays."""
    found = list(KIND.find(Text(text)))
    if not found:
        return text
    pieces, at = [], 0
    for one in found:
        pieces += [text[at : one.start], one.text]
        at = one.end
    return "".join(pieces) + text[at:]


def _alone(folded: bytes, start: int, end: int) -> bool:
    before, after = folded[max(0, start - 1) : start], folded[end : end + 1]
    if before in (b".", b",", b"-", b"_", b"/", b"=", b"\xff") and not (
        before in (b",", b"-") and not folded[max(0, start - 2) : start - 1].isdigit()
    ):
        return False
    return after not in (b"_", b"\xff") and not (
        after in (b".", b"-") and folded[end + 1 : end + 2].isdigit()
    )


KIND = Kind("card", r"\b[2-6](?:[ -]?[0-9]){12,18}\b", validate, _alone)
