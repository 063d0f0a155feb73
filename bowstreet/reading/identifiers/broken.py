"""Identifiers that markup breaks: 1Boat<wbr>SLRHt…, na<b>me</b>@mail.example. A browser shows them whole; so are they told.

Only where nothing but the tags of a text's look stands between, and only kinds with a checksum or a form of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bowstreet.reading.document import Document
from bowstreet.reading.facts import Identifier
from bowstreet.reading.identifiers import Kind, find

_NAMES = frozenset(
    (
        "email", "bitcoin", "litecoin", "monero", "ethereum", "bitcoin_cash", "dogecoin", "dash", "zcash", "tron", "ripple", "onion", "i2p",
        "session", "tox", "iban",
    )
)  # fmt: skip
_LOOKS = re.compile(
    r"(?:</?(?:wbr|b|i|u|s|em|strong|span|font|small|code|tt|mark|sub|sup|bdi|bdo)\b[^<>]{0,300}>|<!--.{0,300}?-->)+",
    re.I | re.S,
)
_NOTHING = re.compile(r"(?:</?wbr\b[^<>]{0,300}>|<!--.{0,300}?-->)+", re.I | re.S)
_UNSEEN = "\u2060"  # `find` leaves it out


def whole(page: Document, limit: int, kinds: Iterable[Kind]) -> list[Identifier]:
    """Every identifier that the page shows: with what nobody sees left out, then those that only the text's look breaks."""
    looks, nothing = _joints(page, limit)
    found = _found(page, limit, nothing, kinds)
    if not looks:
        return found
    shown = [(one.type, one.start, one.end) for one in found if one.valid]
    for one in _found(page, limit, looks | nothing, (kind for kind in kinds if kind.name in _NAMES)):
        known = any(type == one.type and start < one.end and one.start < end for type, start, end in shown)
        if one.valid and not known and any(one.start < at < one.end for at in looks):
            found.append(one)
    return found


def _found(page: Document, limit: int, joints: set[int], kinds: Iterable[Kind]) -> list[Identifier]:
    if not joints:
        return find(page.text[:limit], kinds=kinds)
    letters = list(page.text[:limit])
    for at in joints:
        letters[at] = _UNSEEN
    found = find("".join(letters), kinds=kinds)
    return [one._replace(text=one.text.replace(_UNSEEN, " ")) for one in found]


def _joints(page: Document, limit: int) -> tuple[set[int], set[int]]:
    """Where the text has a space between two units for the sake of its look alone, and of nothing that is seen."""
    looks, nothing = set[int](), set[int]()
    for left, right in zip(page.units, page.units[1:], strict=False):
        if right.start >= limit:
            break
        between = right.start - left.end == 1 and page.text[left.end] == " "
        if between and _in_one(page.text[left.end - 1]) and _in_one(page.text[right.start]):
            behind, before = page.span(left.end - 1, left.end)[1], page.span(right.start, right.start + 1)[0]
            if 0 < behind < before and _NOTHING.fullmatch(page.source, behind, before):
                nothing.add(left.end)
            elif 0 < behind < before and _LOOKS.fullmatch(page.source, behind, before):
                looks.add(left.end)
    return looks, nothing


def _in_one(letter: str) -> bool:
    """May it stand in the middle of an identifier?"""
    return letter.isalnum() or letter in "@._-"
