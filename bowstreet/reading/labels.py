"""Label and value pairs: "Ships from: Germany", a row of a table, a column with a heading, a definition list."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from bowstreet.reading.document import Document
from bowstreet.reading.words import label

_ONE = re.compile(r"\s*([^\W\d_][\w /().'-]{1,36}?)\s*[:：]\s*(\S.{0,600})\Z", re.S)
_FROM_TO = re.compile(
    r"ships? from\s*:?\s+(?P<from>.{2,60}?)\s+(?:ships )?to\s*:?\s+(?P<to>.{2,300})\Z", re.I | re.S
)
_PLAIN = re.compile(
    r"(ships? (?:from|to)|sold by|offered by|listed by|posted by|brought to you by|vendor|seller|by|member since|joined|verkauft von|angeboten von|vendu par"
    r"|proposé par|vendido por|venduto da|verkocht door|продавец)\s+(\S.{0,120})\Z",
    re.I | re.S,
)
_SEPARATOR = re.compile(r"\s[|·•]\s")
_PART = re.compile(r"(?:^|(?<=\s[|·•]\s))\s*([^\W\d_][\w /().'-]{1,36}?)\s*[:：]\s*([^|·•\s][^|·•]{0,200})")
_CONTROLS = ("option", "select", "button", "optgroup", "textarea")
_FIELD_LIMIT = 700  # characters; longer text is prose
_WIDE = ("ships_to", "ships_from", "category")  # values that may run over several elements of a line
_SHORT = (
    "by",
    "from",
    "to",
    "name",
    "type",
    "note",
    "since",
    "created",
    "location",
    "amount",
    "listing",
    "left",
    "item",
    "units",
    "unit",
    "rate",
    "group",
    "dispatch",
    "rep",
    "condition",
    "subject",
    "state",
    "dealer",
    "poster",
    "package",
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A field, its value as written, and the value's span in the page's text. `unit` is the one it begins in."""

    name: str
    value: str
    start: int
    end: int
    unit: int
    sure: float


def pairs(page: Document) -> list[Pair]:
    """Every label with its value, in order."""
    found: list[Pair] = []
    units = page.units
    columns, heads = _columns(page)
    for index, unit in enumerate(units):
        text = unit.text
        if len(text) > _FIELD_LIMIT or page.elements[unit.element].tag in _CONTROLS:
            continue
        if inside := _inside(text, unit.start, index):
            found += inside
        elif index not in heads and (name := label(text)) and index + 1 < len(units):
            found += _beside(page, name, text, index)
    return found + columns


def _inside(text: str, start: int, unit: int) -> list[Pair]:
    if (whole := _FROM_TO.match(text)) and len(text) < 400:
        return [
            _pair(name, whole[group], start + whole.start(group), unit, 0.9)
            for name, group in (("ships_from", "from"), ("ships_to", "to"))
        ]
    if several := _several(text, start, unit):
        return several
    if (found := _ONE.match(text)) and (name := label(found[1])):
        return [_pair(name, found[2], start + found.start(2), unit, 0.95)]
    if len(text) < 140 and not label(text) and (found := _PLAIN.match(text)) and (name := label(found[1])):
        return [_pair(name, found[2], start + found.start(2), unit, 0.7)]
    return []


def _several(text: str, start: int, unit: int) -> list[Pair]:
    """Pairs that stand in one line: "Joined: May 2021 | Sales: 204 | Level: 3"."""
    found = [one for one in _PART.finditer(text) if _SEPARATOR.search(text)]
    named = [(name, one) for one in found if (name := label(one[1]))]
    return (
        [_pair(name, one[2], start + one.start(2), unit, 0.95) for name, one in named]
        if len(named) > 1
        else []
    )


def _pair(name: str, value: str, start: int, unit: int, sure: float) -> Pair:
    value = value.rstrip()
    return Pair(name, value, start, start + len(value), unit, sure)


def _beside(page: Document, name: str, said: str, unit: int) -> list[Pair]:
    """The value after a label: the rest of its line, or the next cell, item or line."""
    value = page.units[unit + 1]
    at = unit + 1
    if value.text.strip() in (":", "：") and at + 1 < len(page.units):
        at += 1
        value, said = page.units[at], said + ":"
    if page.elements[value.element].tag in _CONTROLS or len(value.text) > 600:
        return []
    bare = value.text.lstrip(" :：-–")
    if ":" not in said and page.link(page.units[unit].element):
        return []  # an entry of a menu
    colon = said.rstrip().endswith((":", "：")) or (value.text[:1] in ":：")
    if (
        not bare
        or (label(bare) and not (colon and name in ("payment", "stock", "class")))
        or bare.endswith(":")
    ):
        return []
    start, end = value.start + len(value.text) - len(bare), value.end
    grid = _siblings(page, page.units[unit].element, value.element)
    for more in page.units[at + 1 : at + 40]:
        between = page.text[end : more.start]
        if (
            "\n" in between
            or (more.element != value.element and (grid or name not in _WIDE))
            or label(more.text)
        ):
            break
        end = more.end
    tag = page.elements[page.units[unit].element].tag
    return [Pair(name, page.text[start:end].strip(), start, end, at, _sure(said, tag, colon=colon))]


def _siblings(page: Document, label_: int, value: int) -> bool:
    """Do a label and its value stand side by side in elements of their own, as in a grid?"""
    one, other = page.elements[label_], page.elements[value]
    return one.parent == other.parent and one.tag == other.tag == "span" and label_ != value


def _sure(said: str, tag: str, *, colon: bool) -> float:
    short = said.strip(" :").lower() in _SHORT
    if colon:
        return 0.8 if short else 0.95
    if tag in ("th", "dt", "label"):
        return 0.75 if short else 0.92
    return 0.45 if short else 0.75


def _columns(page: Document) -> tuple[list[Pair], set[int]]:
    """Values under the heading of their column, in tables whose first row is made of labels; and the units of such rows."""
    cells = [(index, place) for index, unit in enumerate(page.units) if (place := _cell(page, unit.element))]
    rows: dict[int, list[tuple[int, int, int]]] = defaultdict(list)  # row → (table, column, unit)
    for index, (table, row, column) in cells:
        rows[row].append((table, column, index))
    heads: dict[int, tuple[int, dict[int, str]]] = {}  # table → its header row and its columns
    found, headings = [], set[int]()
    for row, inside in rows.items():
        table = inside[0][0]
        names = {column: name for _, column, index in inside if (name := label(page.units[index].text))}
        short = all(len(page.units[index].text) < 40 for _, _, index in inside)
        width = len({column for _, column, _ in inside})
        if width >= 3 and len(names) >= max(2, 0.6 * width) and short and table not in heads:
            heads[table] = (row, names)
            headings |= {index for _, _, index in inside}
        elif table in heads:
            done = set[int]()
            for _, column, index in inside:
                if (under := heads[table][1].get(column)) and column not in done:
                    done.add(column)
                    unit = page.units[index]
                    found.append(Pair(under, unit.text, unit.start, unit.end, index, 0.85))
    return found, headings


def _cell(page: Document, element: int) -> tuple[int, int, int] | None:
    """Table, row and column of the cell that an element stands in."""
    for _ in range(8):
        if element < 0:
            return None
        one = page.elements[element]
        if one.tag in ("td", "th"):
            row = one.parent
            table = page.elements[row].parent
            if table >= 0 and page.elements[table].tag in ("tbody", "thead", "tfoot"):
                table = page.elements[table].parent
            return table, row, one.nth
        element = one.parent
    return None
