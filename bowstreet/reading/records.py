"""Repeated records: the rows, cards or items of a result page, found without knowing the site.

Links of the same pattern lead to as many different things; around each, the largest subtree with only that target is a
record. The group whose records have prices, titles and sellers is the one that is meant.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from bowstreet.reading.document import Document, absolute
from bowstreet.reading.money import mentions

MIN_RECORDS = 2
_SELLER_PATH = re.compile(
    r"(?:^|[/?&=_-])(?:sellers?|vendors?|users?|u|v|profile|member|shop|store|trader|merchant)(?:[/=?_-]|$)",
    re.I,
)


@dataclass(frozen=True)
class Link:
    """An `a` element: where it leads, what it says, and its first unit."""

    element: int
    url: str
    text: str
    unit: int | None


@dataclass(frozen=True)
class Record:
    """One record: its target, the link that carries its title, and the units that belong to it."""

    url: str
    title: Link
    units: tuple[int, ...]


def links(page: Document) -> list[Link]:
    """Every link with an address, in order, with the text inside it."""
    inside: dict[int, list[int]] = defaultdict(list)
    for index, unit in enumerate(page.units):
        for element in page.ancestors(unit.element)[:6]:
            if page.elements[element].tag == "a":
                inside[element].append(index)
                break
    found = []
    for number, anchor in enumerate(page.elements):
        if anchor.tag == "a" and (url := absolute(page.url, anchor.attributes.get("href", ""))):
            own = inside.get(number, [])
            text = " ".join(page.units[i].text.strip() for i in own)
            found.append(Link(number, url.partition("#")[0], text, own[0] if own else None))
    return found


def seller_link(link: Link) -> bool:
    """Does the address look like a seller's page?"""
    parts = urlsplit(link.url)
    return bool(_SELLER_PATH.search(f"{parts.path}?{parts.query}")) and not re.search(
        r"feedback|review|message|login", link.url
    )


def records(page: Document, all_links: list[Link] | None = None) -> list[Record]:
    """The records of the best group, or none."""
    found = links(page) if all_links is None else all_links
    groups: dict[tuple[str, ...], list[Link]] = defaultdict(list)
    for link in found:
        groups[_pattern(link.url)].append(link)
    best, best_score = [], 0.0
    for group in groups.values():
        if len({link.url for link in group}) < MIN_RECORDS:
            continue
        made = _records(page, group)
        if (score := _score(page, made)) > best_score:
            best, best_score = made, score
    return best


def _pattern(url: str) -> tuple[str, ...]:
    """What links to the same sort of thing share: host, first step, depth, and the names of the query's fields."""
    parts = urlsplit(url)
    steps = [step for step in parts.path.split("/") if step]
    first = re.sub(r"\d+", "#", steps[0]) if steps else ""
    if len(steps) == 1 and re.search(r"[-_]#|#[-_.]", first):
        first = re.sub(r"^[a-z0-9-]*?(?=#)", "", first, flags=re.I) if len(first) > 30 else first
    keys = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return (parts.netloc, first, str(len(steps)), *keys)


def _records(page: Document, group: list[Link]) -> list[Record]:
    holds: dict[int, set[str]] = defaultdict(set)
    for link in group:
        for element in page.ancestors(link.element):
            holds[element].add(link.url)
    titles: dict[str, Link] = {}
    for link in group:
        if link.url not in titles or len(link.text) > len(titles[link.url].text):
            titles[link.url] = link
    roots: dict[int, str] = {}
    for url, link in titles.items():
        root = link.element
        for element in page.ancestors(link.element):
            if len(holds[element]) > 1 or page.elements[element].tag in ("body", "html"):
                break
            root = element
        roots[root] = url
    owned: dict[str, list[int]] = defaultdict(list)
    for index, unit in enumerate(page.units):
        for element in page.ancestors(unit.element):
            if element in roots:
                owned[roots[element]].append(index)
                break
    return [Record(url, link, tuple(owned[url])) for url, link in titles.items() if owned[url] and link.text]


def _score(page: Document, made: list[Record]) -> float:
    if len(made) < MIN_RECORDS:
        return 0.0
    lengths = sorted(len(record.title.text) for record in made)
    priced = sum(1 for r in made if any(mentions(page.units[i].text) for i in r.units)) / len(made)
    if priced < 0.5 or lengths[len(lengths) // 2] < 8:
        return 0.0
    sold = sum(1 for r in made if _has_seller(page, r)) / len(made)
    return priced * math.log(1 + lengths[len(lengths) // 2]) * math.log(1 + len(made)) * (0.5 + sold)


def _has_seller(page: Document, record: Record) -> bool:
    for index in record.units:
        href = page.link(page.units[index].element)
        if href and href != record.url and _SELLER_PATH.search(urlsplit(href).path):
            return True
    return False
