"""Label and value pairs: "Ships from: Germany", a row of a table, a definition list."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bowstreet.reading.document import Document

#: field → what markets call it
WORDS = {
    "seller": "seller|vendor|sold by|merchant|shop|trader|offered by|by|store|author",
    "price": "price|cost|unit price|item price|total price|amount due|our price|purchase price|price each",
    "ships_from": "ships from|ship from|shipping from|shipped from|origin|origin country|country of origin|sends from|dispatched from|from",
    "ships_to": "ships to|ship to|shipping to|delivers to|destination|destinations|ships worldwide to|to|sends to|delivery to",
    "quantity": "quantity|amount|unit|units|weight|size|pack size|quantity per unit|per unit|measurement unit",
    "stock": "stock|in stock|available|availability|quantity left|left|items left|items available",
    "payment": "payment|payment method|payment type|escrow|accepts|accepted payments|payment system|payment options|terms of payment",
    "category": "category|categories|section|product category|listed in",
    "rating": "rating|feedback|positive|positive feedback|score|seller rating|vendor rating|reviews score|stars",
    "joined": "joined|member since|registered|registered on|registration date|account created|since|vendor since|seller since|active since",
    "level": "level|vendor level|rank|trust level|seller level",
    "sales": "sales|total sales|sold|deals|orders|orders completed|completed orders|transactions|finalized orders|items sold",
    "last_seen": "last seen|last online|last active|last login|seen|last visit|last activity",
}
_LABEL = {word: name for name, words in WORDS.items() for word in words.split("|")}
_ONE = re.compile(r"\s*([A-Za-z][A-Za-z /]{1,28}?)\s*[:：]\s*(\S.{0,300})\Z", re.S)
_FROM_TO = re.compile(r"ships? from\s+(?P<from>.{2,60}?)\s+to\s+(?P<to>.{2,120})\Z", re.I | re.S)
_PLAIN = re.compile(r"(ships? (?:from|to)|sold by|by)\s+(\S.{0,80})\Z", re.I | re.S)


#: What a search form offers is not what the page says.
_CHOICES = ("option", "select", "button", "optgroup")


@dataclass(frozen=True)
class Pair:
    """A field, its value as written, and the value's span in the page's text. `unit` is the one it stands in."""

    name: str
    value: str
    start: int
    end: int
    unit: int
    sure: float


def pairs(page: Document, first: int = 0, last: int | None = None) -> list[Pair]:
    """Every label with its value among the units `first` to `last` (not included), in order."""
    found: list[Pair] = []
    units = page.units[first:last]
    for index, unit in enumerate(units):
        text = unit.text.strip()
        if len(text) > 340 or page.elements[unit.element].tag in _CHOICES:
            continue
        if inside := _inside(text, unit.start + unit.text.find(text), first + index):
            found += inside
        elif (name := _label(text)) and index + 1 < len(units):
            found += _beside(page, name, text, first + index, first + len(units))
    return found


def _label(text: str) -> str | None:
    bare = re.sub(r"\s+", " ", text.strip(" :：\u00a0-")).lower()
    return _LABEL.get(bare) if len(bare) < 32 else None


def _inside(text: str, start: int, unit: int) -> list[Pair]:
    if whole := _FROM_TO.match(text):
        return [
            Pair(name, whole[group].strip(), start + whole.start(group), start + whole.end(group), unit, 0.9)
            for name, group in (("ships_from", "from"), ("ships_to", "to"))
        ]
    for pattern in (_ONE, _PLAIN):
        if (found := pattern.match(text)) and (name := _label(found[1])):
            return [
                Pair(
                    name,
                    found[2].strip(),
                    start + found.start(2),
                    start + found.start(2) + len(found[2].strip()),
                    unit,
                    0.95,
                )
            ]
    return []


def _beside(page: Document, name: str, label: str, unit: int, last: int) -> list[Pair]:
    """The value after a label: the rest of its cell, or the next cell, item or line."""
    value = page.units[unit + 1] if unit + 1 < last else None
    if (
        value is None
        or page.elements[value.element].tag in _CHOICES
        or _label(value.text)
        or len(value.text) > 300
    ):
        return []
    text, end = value.text, value.end
    for more in page.units[unit + 2 : min(last, unit + 8)]:
        if more.element != value.element or "\n" in page.text[end : more.start]:
            break
        end = more.end
    text = page.text[value.start : end]
    colon = label.rstrip().endswith((":", "："))
    tag = page.elements[page.units[unit].element].tag
    short = name in ("seller", "ships_from", "ships_to") and label.strip().lower() in ("by", "from", "to")
    sure = 0.95 if colon or tag in ("th", "dt", "label") else 0.55 if short else 0.8
    return [Pair(name, text.strip(), value.start, end, unit + 1, sure)]
