"""Repeated records: the rows, cards or items of a result page, found without knowing the site.

Links of the same pattern lead to as many different things; around each, the largest subtree with only that target is a
record. The group whose records have prices, titles and sellers is the one that is meant.
"""

from __future__ import annotations

import bisect
import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from bowstreet.reading.addresses import split
from bowstreet.reading.document import Document, absolute
from bowstreet.reading.view import View
from bowstreet.reading.words import DATE, FURNITURE, label, plain

MIN_RECORDS = 2
SLOTS = 4  # slots of like links that are tried by themselves
MOST_UNITS = 30  # of one record that has no other to be told by
LARGEST = 100  # units of the middle one of a group's records
LEAST = 2.0  # score below which links are no records: those of menus show no prices and have none
LOOSE = 3  # records without links that make a list
_SELLER_PATH = re.compile(
    r"(?:^|[/?&=_.-])(?:sellers?|vendors?|users?|usr|u|v|profiles?|members?|memberlist|shops?|stores?|traders?|merchants?|persons?|people|viewuser|userprofile|viewprofile|uid|userid"
    r"|vendorid|sellerid|anbieter|verk(?:ä|ae)ufer|h(?:ä|ae)ndler|mitglied(?:er)?|vendeurs?|membres?|vendedor(?:es)?|miembros?|tiendas?|venditor[ei]|membro|verkopers?|leden|lid"
    r"|sprzedawc[ay]|sklep|prodavec|prodavets|prodejce)(?:[/=?_.-]|$)|/[@~]\w",
    re.I,
)
_NOT_SELLER = re.compile(
    r"feedback|review|message|login|logout|register|settings|orders|wallet|messages/new|/new\b|newmsg|favou?rite|report|/pgp|products?/|listings?/|/items?/|/package/|become",
    re.I,
)
_ACTIONS = re.compile(
    r"^(?:buy(?: now| it)?!?|view|details?|order(?: now)?|more(?: info)?|add to.*|report.*|read more|view (?:the |full )?(?:listing|product|details|description|offer)\b.*|contact.*|\d+|\[?\+\]?|preview"
    r"|purchase|quick (?:buy|view)|click here|(?:see|view|show) (?:more|details|all)(?: .*)?|(?:send|write) .*message.*|visit (?:the )?(?:shop|store).*|(?:all|other) (?:ads|listings|items|offers)(?: .*)?|seller's .*|follow|select options|take (?:this )?offer|kaufen|jetzt kaufen|details ansehen|mehr(?: erfahren)?|in den warenkorb|ansehen|acheter"
    r"|voir(?: plus| l'annonce)?|ajouter au panier|comprar|ver(?: más| mais)?|añadir al carrito|acquista|compra|vedi|dettagli|aggiungi al carrello|kopen|bekijk|meer|in winkelwagen|kup(?: teraz)?"
    r"|zobacz|więcej|do koszyka|купить|подробнее|в корзину|смотреть|заказать|показать|satın al|köp|osta|kjøp)$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Link:
    """An `a` element: where it leads, what it says, and its first unit."""

    element: int
    url: str
    text: str
    unit: int | None


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its target, the link that carries its title, and the units that belong to it."""

    url: str
    title: Link
    units: tuple[int, ...]


def links(view: View) -> list[Link]:
    """Every link with an address, in order, with the text inside it."""
    page = view.page
    inside: dict[int, list[int]] = defaultdict(list)
    for index, unit in enumerate(page.units):
        if (anchor := view.place(unit.element).link) >= 0:
            inside[anchor].append(index)
    found = []
    for number, anchor_element in enumerate(page.elements):
        if anchor_element.tag != "a" or not (href := anchor_element.attributes.get("href")):
            continue
        if href.startswith("#") or not (url := absolute(page.url, href)):
            continue
        own = inside.get(number, [])
        text = " ".join([page.units[i].text for i in own])
        found.append(Link(number, url.partition("#")[0], text, own[0] if own else None))
    return found


def seller_address(url: str) -> bool:
    """Does the address look like a seller's page?"""
    parts = split(url)
    said = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return bool(_SELLER_PATH.search(said)) and not _NOT_SELLER.search(said)


def acts(text: str) -> bool:
    """Does a link say what it does ("Buy now") rather than what it leads to?"""
    return bool(_ACTIONS.match(text.strip()))


def pattern(url: str) -> tuple[str, ...]:
    """What links to the same sort of thing share: host, first step, depth, and the names of the query's fields."""
    parts = split(url)
    steps = [step for step in parts.path.split("/") if step]
    named = [_varies(step) for step in steps]
    first = named[0] if named else ""
    keys = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    act = [
        f"{k}={v}"
        for k, v in parse_qsl(parts.query)
        if v.isalpha()
        and k.lower() in ("page", "act", "action", "do", "p", "m", "mod", "view", "cmd", "route")
    ]
    return (parts.netloc, first, str(len(steps)), *keys, *act)


def _varies(step: str) -> str:
    """A step of a path without what differs from one thing to the next: numbers, and titles made into addresses."""
    stem, dot, kind = step.rpartition(".")
    stem, kind = (stem, dot + kind) if stem and kind.isalpha() and len(kind) < 6 else (step, "")
    if len(re.findall(r"[-_+]|%20", stem)) >= 2 or len(stem) > 24:
        return ("*#" if stem[-1:].isdigit() else "*") + kind
    return re.sub(r"\d+", "#", stem) + kind


def records(view: View, all_links: list[Link] | None = None) -> list[Record]:
    """The records of the best group, or none."""
    found = links(view) if all_links is None else all_links
    groups: dict[tuple[str, ...], list[Link]] = defaultdict(list)
    for link in found:
        groups[pattern(link.url)].append(link)
    best, best_score = list[Record](), LEAST
    for group in groups.values():
        if len({link.url for link in group}) < MIN_RECORDS:
            continue
        made = _records(view, group)
        alike = [_records(view, some) for some in _in_one_slot(view, group)]
        for form, worth in ((made, 1.0), (_runs(view, made), 0.8), *((some, 0.9) for some in alike)):
            if (worthy := worth * score(view, form)) > best_score:
                best, best_score = form, worthy
    return _whole(view, best or unlinked(view))


def _in_one_slot(view: View, group: list[Link]) -> list[list[Link]]:
    """The links of a group slot by slot, where some lead elsewhere: titles, without the links to what is also available."""
    slots: dict[int, list[Link]] = defaultdict(list)
    for link in group:
        if link.text:
            slots[view.place(link.element).slot].append(link)
    several = [links_ for links_ in slots.values() if len({link.url for link in links_}) >= MIN_RECORDS + 1]
    all_urls = {link.url for link in group}
    return [some for some in several if len({link.url for link in some}) < len(all_urls)][:SLOTS]


def unlinked(view: View) -> list[Record]:
    """Records that lead nowhere, as in one seller's price list: like elements side by side, each with a name and an amount."""
    page = view.page
    beside: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    for number, one in enumerate(page.elements):
        if one.tag in ("tr", "li", "div", "article", "dl", "p", "section"):
            beside[one.parent, one.tag, one.attributes.get("class", "")].append(number)
    paid = Counter[int]()
    for unit, _ in view.money:
        paid.update(set(page.ancestors(page.units[unit].element)))
    groups = [some for some in beside.values() if sum(bool(paid[e]) for e in some) >= LOOSE]
    if not groups:
        return []
    roots = {element: some for some in groups for element in some if paid[element]}
    owned: dict[int, list[int]] = defaultdict(list)
    for index, said in enumerate(page.units):
        for element in page.ancestors(said.element):
            if element in roots:
                owned[element].append(index)
    best, best_score = list[Record](), LEAST
    for some in groups:
        made = [made for e in some if paid[e] and (made := _named(view, e, owned[e]))]
        if (worth := score(view, made)) > best_score and _offered(view, made):
            best, best_score = made, worth
    return best if len(best) >= LOOSE else []


def _named(view: View, element: int, units: list[int]) -> Record | None:
    """A record named by its first heading, else by its first text that is no amount."""
    paid, page = view.paid, view.page
    said = [
        i for i in units
        if len(view.texts[i]) > 2 and i not in paid and view.texts[i] not in FURNITURE and not label(page.units[i].text)
        and not acts(page.units[i].text) and not view.place(page.units[i].element).control
    ]  # fmt: skip
    if not said or len(units) > MOST_UNITS:
        return None
    unit = next((i for i in said if view.place(page.units[i].element).heading), said[0])
    return Record("", Link(element, "", page.units[unit].text, unit), tuple(units))


def _offered(view: View, made: list[Record]) -> bool:
    """Are they offers? What has a date or a rating in each is feedback; what has prices only for other amounts is one offer."""
    page = view.page
    dated = sum(any(DATE.search(page.units[i].text[:60]) for i in r.units) for r in made)
    counted = sum(r.title.text[:1].isdigit() and len(r.title.text) < 12 for r in made)
    chosen = sum(any(view.place(page.units[i].element).choice for i in r.units) for r in made)
    far = [view.place(page.units[r.units[0]].element).far for r in made]
    aside = sum(bool(place & {"nav", "rates", "account", "related", "review"}) for place in far)
    return 2 * max(dated, counted, chosen, aside) < len(made)


def alone(view: View, all_links: list[Link]) -> list[Record]:
    """The one record of a result page that found one thing: the smallest element round a link with a price and a seller."""
    page = view.page
    money = {
        unit
        for unit, one in view.money
        if float(one.price.amount) and "rates" not in view.place(page.units[unit].element).far
    }
    sold = {pair.unit for pair in view.pairs if pair.name == "seller" and pair.sure >= 0.7}
    sold |= {i for i in range(len(page.units)) if (href := view.href(i)) and seller_address(href)}
    inside: dict[int, list[int]] = defaultdict(list)
    for index, unit in enumerate(page.units):
        for element in page.ancestors(unit.element):
            inside[element].append(index)
    around = (_around(view, link, inside, (money, sold)) for link in all_links if _names(view, link))
    found = [made for made in around if made]
    return [max(found, key=lambda r: (-len(r.units), len(r.title.text)))] if found else []


def _names(view: View, link: Link) -> bool:
    """May a link carry the name of a thing that is sold?"""
    said = link.text.strip()
    place = view.place(link.element)
    return (
        len(said) >= 6
        and plain(said) not in FURNITURE
        and not acts(said)
        and not seller_address(link.url)
        and not place.far & {"nav", "account", "rates", "brand", "crumb"}
    )


def _around(
    view: View, link: Link, inside: dict[int, list[int]], needed: tuple[set[int], ...]
) -> Record | None:
    """The smallest element round a link that holds one of each of the needed units, if that is no more than a record is."""
    for element in view.page.ancestors(link.element):
        units = inside[element]
        if len(units) > MOST_UNITS or view.page.elements[element].tag in ("body", "html"):
            return None
        if all(some.intersection(units) for some in needed):
            return Record(link.url, link, tuple(units))
    return None


def _records(view: View, group: list[Link]) -> list[Record]:
    page = view.page
    holds: dict[int, set[str]] = defaultdict(set)
    for link in group:
        for element in page.ancestors(link.element):
            held = holds[element]
            if link.url in held:
                break
            held.add(link.url)
    titles: dict[str, Link] = {}
    for link in group:
        known = titles.get(link.url)
        if known is None or _carries(link) > _carries(known):
            titles[link.url] = link
    roots: dict[int, str] = {}
    for url, link in titles.items():
        root = link.element
        element = root
        while element >= 0:
            if len(holds[element]) > 1 or page.elements[element].tag in ("body", "html"):
                break
            root, element = element, page.elements[element].parent
        roots[root] = url
    owned = _owned(page, roots)
    return [Record(url, link, tuple(owned[url])) for url, link in titles.items() if owned[url] and link.text]


def _runs(view: View, made: list[Record]) -> list[Record]:
    """Records that no element holds together: each runs from its first unit to the next one's, the last as long as most."""
    ordered = sorted((r for r in made if r.units), key=lambda r: r.units[0])
    if len(ordered) < MIN_RECORDS + 1:
        return []
    slots = Counter(view.place(r.title.element).slot for r in ordered)
    if slots.most_common(1)[0][1] < 0.8 * len(ordered):
        return []
    money = [unit for unit, _ in view.money]
    starts = [r.units[0] for r in ordered]
    lengths = sorted(b - a for a, b in itertools.pairwise(starts))
    usual = lengths[len(lengths) // 2]
    if lengths[-1] > 8 * usual + 20 or usual < 2:
        return []
    ends = [*starts[1:], min(starts[-1] + usual, len(view.page.units))]
    if sum(
        bisect.bisect(money, b - 1) > bisect.bisect(money, a) for a, b in zip(starts, ends, strict=True)
    ) < 0.8 * len(starts):
        return []
    return [
        Record(r.url, r.title, tuple(range(a, min(b, a + 4 * usual))))
        for r, a, b in zip(ordered, starts, ends, strict=True)
    ]


def _carries(link: Link) -> float:
    """How likely the text of a link is to be a title."""
    said = link.text.strip()
    return 0.5 if acts(said) or said.lower() in FURNITURE else float(len(said))


def _owned(page: Document, roots: dict[int, str]) -> dict[str, list[int]]:
    owned: dict[str, list[int]] = defaultdict(list)
    known: dict[int, str | None] = {}
    for index, unit in enumerate(page.units):
        path, element = [], unit.element
        while element >= 0 and element not in known and element not in roots:
            path.append(element)
            element = page.elements[element].parent
        target = roots.get(element, known.get(element)) if element >= 0 else None
        known.update(dict.fromkeys(path, target))
        if target is not None:
            owned[target].append(index)
    return owned


def score(view: View, made: Sequence[Record]) -> float:
    """How much a group of records looks like what a result page is for."""
    if len(made) < MIN_RECORDS:
        return 0.0
    page = view.page
    priced = sum(1 for r in made if not view.paying.isdisjoint(r.units)) / len(made)
    if priced < 0.5 or not _of_one_size(made):
        return 0.0
    titles = [_title(view, record) for record in made]
    lengths = sorted(map(len, titles))
    middle = lengths[len(lengths) // 2]
    if middle < 6:
        return 0.0
    distinct = len({plain(title) for title in titles}) / len(made)
    menu = sum(1 for r in made if "nav" in view.place(page.elements[r.title.element].parent).near) / len(made)
    sold = sum(1 for r in made if _has_seller(view, r)) / len(made)
    if len(made) > 2 and distinct * len(made) < 2 and not sold:
        return 0.0  # all of one name, and nobody's
    furniture = sum(1 for title in titles if plain(title) in FURNITURE or acts(title)) / len(made)
    to_seller = sum(1 for r in made if seller_address(r.url)) / len(made)
    size = math.log(1 + min(sum(len(r.units) for r in made) / len(made), 12))
    return (
        priced
        * math.log(1 + min(middle, 60))
        * math.log(1 + len(made))
        * (0.5 + sold)
        * (0.3 + 0.7 * distinct)
        * (1 - 0.6 * menu)
        * (1 - 0.9 * to_seller)
        * (1 - 0.9 * furniture)
        * size
    )


def _of_one_size(made: Sequence[Record]) -> bool:
    """Records are small and like each other: two halves of a page are none."""
    sizes = sorted(len(record.units) for record in made)
    return sizes[len(sizes) // 2] <= LARGEST and (len(sizes) > 3 or sizes[-1] <= 3 * sizes[0] + 12)


def _title(view: View, record: Record) -> str:
    """What a record is called: what its link says, or its longest text where that link is a button round the price."""
    said = record.title.text.strip()
    if record.title.unit not in view.paid and not acts(said):
        return said
    texts = [view.page.units[i].text for i in record.units if i not in view.paid]
    return max((text for text in texts if len(text) < 120 and not label(text)), key=len, default=said)


def _has_seller(view: View, record: Record) -> bool:
    return any(
        href != record.url and seller_address(href) for index in record.units if (href := view.href(index))
    )


def _whole(view: View, made: list[Record]) -> list[Record]:
    """The records without those that only look like one: where most name a seller and a price, all must have a price or seller."""
    if len(made) < 4:
        return made
    money = {unit for unit, _ in view.money}
    has = [(_has_seller(view, r), bool(money & set(r.units))) for r in made]
    if sum(seller for seller, _ in has) >= 0.7 * len(made):
        made = [r for r, (seller, _) in zip(made, has, strict=True) if seller]
    elif sum(price for _, price in has) >= 0.7 * len(made):
        made = [r for r, (_, price) in zip(made, has, strict=True) if price]
    return made
