"""What a person taught: "this is the title, this is the price" on a page, as log-odds that are added to the model's.

    example = show(view, "listing", {"title": "3.5g Haze", "price": "35.00"})     # what `bowstreet teach` writes
    lessons = Lessons.load([Path("examples.json")])                               # what `bowstreet read --examples` goes by

An example keeps, for each field, the place where it stood: the path of tags and class names, and the label before it. A
place never overrules the model; it counts less the more units share it; and until a second page shows the same place, it
counts only where it does not contradict the site's other pages (docs/formats/examples.md).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bowstreet.reading import candidates
from bowstreet.reading.category import Path as Steps
from bowstreet.reading.labels import Pair
from bowstreet.reading.memory import EMPTY
from bowstreet.reading.money import amount, numbers
from bowstreet.reading.ranker import Candidate
from bowstreet.reading.records import links, records
from bowstreet.reading.rows import Rows
from bowstreet.reading.structured import structured
from bowstreet.reading.view import View
from bowstreet.reading.words import plain

FIELDS = ("title", "seller", "price", "category", "ships_from", "ships_to")
PATH, LABELLED = 3.0, 4.0  # log-odds that a place adds by its path, and by its path with its label
ONCE = 0.5  # share of that for a place that one page alone has shown
_DEEP = 8
_LABEL_LIMIT = 40  # characters


class BadExamples(Exception):
    """A file of examples, or an example, that cannot be used; says what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stood on one page of a site."""

    field: str  # "title", or "record.title" on a result page
    text: str
    path: str
    label: str


@dataclass(frozen=True)
class Example:
    """One page that a person explained."""

    site: str
    url: str
    places: tuple[Place, ...]


def show(view: View, wanted: Mapping[str, str]) -> Example:
    """The example that a page and the texts on it make. A text that the page does not show is refused."""
    rows = Rows(view, EMPTY, records(view))
    found = list[Place]()
    for name, text in wanted.items():
        if name not in FIELDS:
            raise BadExamples(f"{name} is no field that can be taught: choose from {', '.join(FIELDS)}")
        where = _found(view, name, text, rows)
        if where is None:
            raise BadExamples(f"{name}: the page does not show {text!r}; copy the text as the page shows it")
        found.append(where)
    return Example(view.site, view.page.url, tuple(found))


def _found(view: View, name: str, text: str, rows: Rows) -> Place | None:
    """The place of a text: of the candidate that says it, in a record where one has it, else of the unit that says it."""
    if name in rows.candidates and len(rows.rows) > 3:
        for own in rows.candidates[name]:
            for one in own:
                if _same(name, one.value, text) and not _alone(view, name, text):
                    return Place(f"record.{name}", text, *_where(view, one.unit))
    for one in _candidates(view, name):
        if _same(name, one.value, text) and one.unit >= 0:
            return Place(name, text, *_where(view, one.unit))
    want = plain(text)
    for index, bare in enumerate(view.texts):
        if bare == want or (len(want) > 1 and want in plain(view.page.units[index].text[:600])):
            return Place(name, text, *_where(view, index))
    return None


def _alone(view: View, name: str, text: str) -> bool:
    """Does the text stand in a heading? It is then the page's own, not a record's."""
    return name == "title" and any(
        bare == plain(text) and view.place(unit.element).heading in (1, 2)
        for bare, unit in zip(view.texts, view.page.units, strict=True)
    )


def _candidates(view: View, name: str) -> list[Candidate]:
    said = structured(view.page)
    named = candidates.titles(view, EMPTY, said)
    match name:
        case "title":
            return named
        case "seller":
            return candidates.sellers(view, EMPTY, links(view), None)
        case "price":
            return candidates.prices(view, EMPTY, said, None)
    return []


def _same(name: str, value: str, text: str) -> bool:
    if name == "price":
        number = re.search(r"\d[\d.,' ]*", text)
        return number is not None and candidates.same_amount(value, amount(number[0].strip(" .,")))
    return plain(value) == plain(text)


def _where(view: View, unit: int) -> tuple[str, str]:
    """The path and the label of a unit."""
    element, steps = view.page.units[unit].element, list[str]()
    while element >= 0 and len(steps) < _DEEP:
        one = view.page.elements[element]
        name = " ".join(one.attributes.get("class", "").split()[:3])
        steps.append(f"{one.tag}.{name}" if name else one.tag)
        element = one.parent
    before = view.page.units[unit - 1].text if unit else ""
    return ">".join(reversed(steps)), plain(before) if len(before) < _LABEL_LIMIT else ""


class Lessons:
    """Examples by site, ready to be asked."""

    def __init__(self, examples: Iterable[Example] = ()) -> None:
        self._places: dict[str, dict[str, Counter[tuple[str, str]]]] = {}
        for example in examples:
            own = self._places.setdefault(example.site, {})
            for place in example.places:
                own.setdefault(place.field, Counter())[place.path, place.label] += 1

    @classmethod
    def load(cls, paths: Iterable[Path]) -> Lessons:
        """Read files of examples, strictly."""
        return cls(example for path in paths for example in load(path))

    def favour(self, view: View, name: str, found: Sequence[Candidate]) -> list[float]:
        """What the examples add to the log-odds of each candidate."""
        places = self._places.get(view.site, {}).get(name)
        if not places:
            return [0.0] * len(found)
        where = [_where(view, one.unit) if one.unit >= 0 else ("", "") for one in found]
        paths, whole = Counter(path for path, _ in where), Counter(where)
        return [_worth(places, at, paths[at[0]], whole[at]) for at in where]

    def more(self, view: View, name: str, found: Sequence[Candidate]) -> list[Candidate]:
        """Candidates in taught places that no other way proposes."""
        places = self._places.get(view.site, {}).get(name)
        if not places:
            return []
        taught, known = {path for path, _ in places}, {one.unit for one in found}
        made = []
        for index, unit in enumerate(view.page.units):
            if index not in known and _where(view, index)[0] in taught and (span := _value(name, unit.text)):
                value, start, end = span
                made.append(
                    Candidate(
                        value,
                        unit.start + start,
                        unit.start + end,
                        index,
                        "example",
                        {},
                        "",
                        view.slots[index],
                    )
                )
        return made

    def knows(self, view: View) -> bool:
        """Does the page hold two or more of the places that were taught of pages about one thing?"""
        fields = self._places.get(view.site, {})
        single = {
            name: {path for path, _ in places}
            for name, places in fields.items()
            if not name.startswith("record.")
        }
        if len(single) < 2:
            return False
        paths = {_where(view, index)[0] for index in range(len(view.page.units))}
        return sum(bool(taught & paths) for taught in single.values()) >= 2

    def pairs(self, view: View) -> list[Pair]:
        """The labelled fields (places that goods are sent from and to) where the examples show their place."""
        found = []
        for name in ("ships_from", "ships_to"):
            if (index := self._unit(view, name)) is not None:
                unit = view.page.units[index]
                found.append(Pair(name, unit.text, unit.start, unit.end, index, 0.97))
        return found

    def category(self, view: View) -> Steps | None:
        """The category, where the examples show its place: the unit and those in like places beside it."""
        index = self._unit(view, "category")
        if index is None:
            return None
        units, last = view.page.units, index
        while last + 1 < len(units) and view.slots[last + 1] == view.slots[index] and last - index < 5:
            last += 1
        steps = tuple(
            step
            for i in range(index, last + 1)
            for step in re.split(r"\s*[>›»/]\s*", units[i].text)
            if step.strip()
        )
        return Steps(steps, units[index].start, units[last].end, "example", 0.9) if last - index < 5 else None

    def _unit(self, view: View, name: str) -> int | None:
        """The one unit in a taught place; None where there is none, or where several could be it."""
        places = self._places.get(view.site, {}).get(name)
        if not places:
            return None
        where = [_where(view, index) for index in range(len(view.page.units))]
        exact = [i for i, at in enumerate(where) if at in places and (at[1] or name == "category")]
        if exact:
            return exact[0] if len(exact) == 1 or name == "category" else None
        taught = {path for path, _ in places}
        near = [i for i, (path, _) in enumerate(where) if path in taught]
        return near[0] if len(near) == 1 or (near and name == "category") else None


def _value(name: str, text: str) -> tuple[str, int, int] | None:
    """What a unit in a taught place says for a field, with its span in the unit."""
    if name == "price":
        given = numbers(text)
        return given[0] if len(given) == 1 else None
    said = candidates.handle(text) if name == "seller" else text.strip()
    return (said, text.find(said), text.find(said) + len(said)) if said and said in text else None


def _worth(places: Counter[tuple[str, str]], at: tuple[str, str], alike: int, exactly: int) -> float:
    """A place that many candidates share tells little; one that two pages have shown tells more."""
    path, label = at
    shown = sum(count for (known, _), count in places.items() if known == path)
    worth = PATH / alike * (1.0 if shown > 1 else ONCE) if shown else 0.0
    if label and places[at]:
        worth += LABELLED / exactly * (1.0 if places[at] > 1 else ONCE)
    return worth


NONE = Lessons()


def load(path: Path) -> list[Example]:
    """The examples in a file."""
    try:
        data = json.loads(path.read_text())
        if data["version"] != 1:
            raise BadExamples(f"{path}: version {data['version']} is not known here: this reads version 1")
        return [
            Example(str(one["site"]), str(one["url"]), tuple(_place(p) for p in one["places"]))
            for one in data["examples"]
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadExamples(f"{path} is no file of examples ({error}): make one with bowstreet teach") from None


def _place(data: Mapping[str, Any]) -> Place:
    place = Place(*(str(data[name]) for name in ("field", "text", "path", "label")))
    if place.field.removeprefix("record.") not in FIELDS:
        raise ValueError(f"no field {place.field}")
    return place


def save(path: Path, examples: Iterable[Example]) -> None:
    """Write examples, to be read by people too."""
    made = [asdict(one) for one in examples]
    path.write_text(json.dumps({"version": 1, "examples": made}, indent=1, ensure_ascii=False) + "\n")
