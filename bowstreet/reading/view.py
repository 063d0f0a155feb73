"""What a reader wants to know of each unit of a page, found once: its surroundings, its slot, its label.

A *slot* is the path of tags and class names that leads to a unit: units in the same slot play the same part.
"""

from __future__ import annotations

import bisect
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property

from bowstreet.reading.addresses import split
from bowstreet.reading.document import Document
from bowstreet.reading.labels import Pair, pairs
from bowstreet.reading.money import Mention, mentions
from bowstreet.reading.words import CLASSES, plain, tokens

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_FIELDS = ("option", "select", "button", "textarea", "optgroup")
_NAMED = ("class", "id", "itemprop", "name", "data-testid", "data-test", "data-qa", "data-auto", "property")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element stands: what its class names and its ancestors' say, and how it is marked up."""

    slot: int
    near: frozenset[str]  # groups of words in its own and its nearest ancestors' names
    far: frozenset[str]  # in all its ancestors' names
    heading: int  # 1 to 6, 0 for none
    link: int  # the `a` element, or -1
    row: int  # the nearest tr, li, dl, article …, or -1
    control: bool  # part of a form control
    choice: bool  # one of the things that a form control offers
    struck: bool
    bold: bool


class View:
    """A page and what was found out about its units."""

    def __init__(self, page: Document) -> None:
        self.page = page
        self.country = country(page.url)
        self._places: dict[int, Place] = {}

    def place(self, element: int) -> Place:
        """Of an element; made from its parent's."""
        known = self._places.get(element)
        if known is None:
            path = []
            while element >= 0 and element not in self._places:
                path.append(element)
                element = self.page.elements[element].parent
            above = self._places.get(element)
            for one in reversed(path):
                above = self._places[one] = self._placed(one, above)
            assert above is not None
            known = above
        return known

    def _placed(self, element: int, above: Place | None) -> Place:
        one = self.page.elements[element]
        names = " ".join([one.attributes[name] for name in _NAMED if name in one.attributes])
        own = _groups(one.tag, names)
        tag = one.tag
        if above is None:
            above = Place(0, frozenset(), frozenset(), 0, -1, -1, False, False, False, False)
        parent = one.parent
        near = own
        for _ in range(2):
            if parent < 0:
                break
            up = self.page.elements[parent]
            near |= _groups(up.tag, " ".join([up.attributes[n] for n in _NAMED if n in up.attributes]))
            parent = up.parent
        return Place(
            hash((above.slot, tag, one.attributes.get("class", "")[:60])),
            near,
            above.far | own if own else above.far,
            _HEADINGS.get(tag, above.heading),
            element if tag == "a" else above.link,
            element if tag in ("tr", "li", "dl", "article") else above.row,
            above.control or tag in _FIELDS,
            above.choice or tag in ("option", "textarea"),
            above.struck or tag in ("del", "s", "strike"),
            above.bold or tag in ("b", "strong", "big"),
        )

    @cached_property
    def site(self) -> str:
        """What tells the page's site: its host, or, for a page without an address, the class names that frame it."""
        host = split(self.page.url).netloc if self.page.url.startswith("http") else ""
        if host:
            return host
        names = [e.attributes["class"] for e in self.page.elements[:60] if "class" in e.attributes]
        return "file:" + "|".join(names[:6])

    @cached_property
    def texts(self) -> list[str]:
        """Each unit's text, plain: lower case, without what stands round it."""
        return [plain(unit.text[:300]) for unit in self.page.units]

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each plain text stands on the page."""
        return Counter(self.texts)

    @cached_property
    def slots(self) -> list[int]:
        """Each unit's slot."""
        return [self.place(unit.element).slot for unit in self.page.units]

    @cached_property
    def slot_counts(self) -> Counter[int]:
        """How many units each slot holds."""
        return Counter(self.slots)

    @cached_property
    def pairs(self) -> list[Pair]:
        """Labels with their values. "From: 25 $" is a price."""
        paid = [m.start for _, m in self.money]
        return [
            replace(pair, name="price", sure=min(pair.sure, 0.8))
            if pair.name in ("ships_from", "ships_to") and _within(paid, pair)
            else pair
            for pair in pairs(self.page)
        ]

    @cached_property
    def money(self) -> list[tuple[int, Mention]]:
        """Every amount of money with the unit it begins in; the span counts in the text of the page."""
        found, unit = [], 0
        for one in mentions(self.page.text, self.country):
            while unit + 1 < len(self.page.units) and self.page.units[unit + 1].start <= one.start:
                unit += 1
            found.append((unit, one))
        return found

    @cached_property
    def pictures(self) -> list[int]:
        """Elements that are pictures or signs and say what of, in order."""
        return [
            number for number, one in enumerate(self.page.elements)
            if (one.tag == "img" and (one.attributes.get("alt") or one.attributes.get("title"))) or (one.tag == "i" and one.attributes.get("class"))
        ]  # fmt: skip

    @cached_property
    def paying(self) -> frozenset[int]:
        """The units that say an amount of money."""
        return frozenset(unit for unit, _ in self.money)

    @cached_property
    def paid(self) -> frozenset[int]:
        """The units that say an amount of money and hardly more."""
        units = self.page.units
        return frozenset(i for i, one in self.money if 2 * (one.end - one.start) > len(units[i].text))

    def href(self, unit: int) -> str | None:
        """Where the link that a unit stands in leads."""
        link = self.place(self.page.units[unit].element).link
        return self.page.link(link) if link >= 0 else None


def _within(places: list[int], pair: Pair) -> bool:
    """Does one of some places lie at the beginning of a value?"""
    at = bisect.bisect_left(places, pair.start)
    return at < len(places) and places[at] <= pair.start + 2


_KNOWN: dict[tuple[str, str], frozenset[str]] = {}


def _groups(tag: str, names: str) -> frozenset[str]:
    key = (tag, names)
    found = _KNOWN.get(key)
    if found is None:
        if len(_KNOWN) > 50_000:
            _KNOWN.clear()
        said = {CLASSES[word] for word in tokens(names[:400]) if word in CLASSES}
        if tag in ("nav", "header", "footer", "aside"):
            said.add("nav")
        found = _KNOWN[key] = frozenset(said)
    return found


def country(url: str) -> str:
    """The two-letter top-level domain of an address, or nothing."""
    host = split(url).hostname or ""
    top = host.rpartition(".")[2]
    return top if len(top) == 2 and top.isalpha() else ""
