"""Listings: from the records of a result page, and from a page about one thing."""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bowstreet.reading import candidates, pictures
from bowstreet.reading.category import category
from bowstreet.reading.countries import place
from bowstreet.reading.examples import Lessons
from bowstreet.reading.facts import Listing, Price, Proof
from bowstreet.reading.labels import Pair
from bowstreet.reading.memory import Memory
from bowstreet.reading.quantities import measure, per_unit
from bowstreet.reading.ranker import Candidate, Choice, Ranker
from bowstreet.reading.records import Link, Record
from bowstreet.reading.rows import Rows
from bowstreet.reading.structured import Structured
from bowstreet.reading.view import View

_ARROW = re.compile(r"\s*(?:→|➔|➜|-+>|=>|»)\s*")
_LIST = re.compile(r"\s*[,;|\n]\s*|\s+(?:and|und|et|y|и|oraz|en)\s+")
_ROUTE = re.compile(
    r"^\s*(?:(?:ship(?:s|ping|ped|ment)?|deliver(?:y|s)|postage|route)\s*:?\s+)?(.{2,40}?)\s*(?:→|➔|➜|-+>|=>|»)\s*(.{2,200}?)\s*$",
    re.S | re.I,
)
_SENT = re.compile(
    r"^\s*(?:(?:ships?|shipped|shipping|sent|from|von|de|da|из|z|versand|envoi)\s*:?\s+){0,2}(?P<one>\S.{1,38}?)\s+(?:to|nach|à|vers|a|hasta|в|do|naar)\s+(?P<two>.{2,200}?)\s*$",
    re.S | re.I,
)
_DETAILS = ("quantity", "payment", "stock", "rating")
FLOORS = {
    "title": -1.5,
    "seller": -0.7,
    "price": -0.7,
}  # log-odds below which a field of a page's one offer is left out


@dataclass(frozen=True)
class Found:
    """The three fields of a page's one offer that decide what the page is."""

    title: Choice | None
    seller: Choice | None
    price: Choice | None


def one(
    view: View, memory: Memory, ranker: Ranker, said: Structured, all_links: list[Link], lessons: Lessons
) -> Found:
    """The title, and from there the seller and the price, of the one thing that a page is about."""
    named = candidates.titles(view, memory, said)
    named += lessons.more(view, "title", named)
    title = ranker.choose("page.title", named, lessons.favour(view, "title", named), FLOORS["title"])
    at = title.candidate if title else None
    sold = candidates.sellers(view, memory, all_links, at)
    sold += lessons.more(view, "seller", sold)
    paid = candidates.prices(view, memory, said, at)
    paid += lessons.more(view, "price", paid)
    return Found(
        title,
        ranker.choose("page.seller", sold, lessons.favour(view, "seller", sold), FLOORS["seller"]),
        ranker.choose("page.price", paid, lessons.favour(view, "price", paid), FLOORS["price"]),
    )


def from_page(
    view: View, found: Found, said: Structured, all_links: list[Link], lessons: Lessons
) -> Listing | None:
    """The listing of a page about one thing; None where its title is not plain, or neither price nor seller is."""
    if found.title is None or not (found.price or found.seller):
        return None
    proof: dict[str, Proof] = {}
    title = _value(view, "title", found.title, proof)
    seller = _value(view, "seller", found.seller, proof)
    price = _price(view, found.price, proof)
    at = found.title.candidate
    values = _details(
        view, [*lessons.pairs(view), *(p for p in view.pairs if p.unit >= at.unit - 15)], at.unit, proof
    )
    taught = lessons.category(view)
    path = taught or category(view, all_links, said, at)
    if path:
        proof["category"] = _proof(view, path.start, path.end, path.way, path.sure)
    description = prose(view, at.unit, proof) or said.description
    quantity, unit = measure(values.get("quantity") or "", title or "")
    return Listing(
        title or "",
        view.page.url,
        price,
        seller,
        category=path.steps if path else (),
        description=description,
        unit=unit,
        per_unit=per_unit(price, quantity, unit),
        prices=_prices(view, found.price, price),
        brand=said.brand,
        sku=said.sku,
        proof=proof,
        **_shared(
            values
            | {"quantity": values.get("quantity") or quantity, "rating": values.get("rating") or said.rating}
        ),
    )


def from_rows(view: View, rows: Rows, ranker: Ranker, lessons: Lessons) -> list[Listing]:
    """The listings of a result page."""
    extra = {
        name: [lessons.favour(view, f"record.{name}", one) for one in found]
        for name, found in rows.candidates.items()
    }
    chosen = rows.choose(ranker, extra)
    pairs: dict[int, list[Pair]] = {}
    for pair in view.pairs:
        pairs.setdefault(pair.unit, []).append(pair)
    return [_from_row(view, row, fields, pairs) for row, fields in zip(rows.rows, chosen, strict=True)]


def _from_row(
    view: View, row: Record, fields: Mapping[str, Choice], pairs: Mapping[int, Sequence[Pair]]
) -> Listing:
    proof: dict[str, Proof] = {}
    title = _value(view, "title", fields.get("title"), proof) or row.title.text.strip()
    if "title" not in proof and row.title.unit is not None:
        unit = view.page.units[row.title.unit]
        proof["title"] = view.page.proof(unit.start, unit.end, "records", element=unit.element, score=0.6)
    price = _price(view, fields.get("price"), proof)
    inside = [pair for index in row.units for pair in pairs.get(index, ())]
    values = _details(view, inside, row.units[0], proof, row.units)
    quantity, unit_name = measure(values.get("quantity") or "", title)
    return Listing(
        title, row.url or None, price, _value(view, "seller", fields.get("seller"), proof), unit=unit_name,
        category=tuple(s for s in re.split(r"\s*[>›»/]\s*", values.get("category") or "") if s),
        per_unit=per_unit(price, quantity, unit_name), prices=_prices(view, fields.get("price"), price), proof=proof,
        **_shared(values | {"quantity": values.get("quantity") or quantity}),
    )  # fmt: skip


def _value(view: View, name: str, choice: Choice | None, proof: dict[str, Proof]) -> str | None:
    if choice is None:
        return None
    one = choice.candidate
    proof[name] = _proof(view, one.start, one.end, one.way, choice.sure)
    return re.sub(r"\s+", " ", one.value)


def _proof(view: View, start: int, end: int, way: str, sure: float) -> Proof:
    if start < 0:
        return Proof(0, 0, way, 0, 0, "", round(sure, 3))
    return view.page.proof(start, end, way, score=sure)


def _price(view: View, choice: Choice | None, proof: dict[str, Proof]) -> Price | None:
    if choice is None:
        return None
    one = choice.candidate
    agreed = next((w for w in ("json-ld", "microdata", "opengraph") if f"equals_{w}" in one.features), None)
    way = agreed or ("label" if one.features.get("labelled", 0.0) > 0.7 else one.way)
    if one.start < 0:
        proof["price"] = _hidden(view, one, way, choice.sure)
    else:
        proof["price"] = _proof(view, one.start, one.end, way, choice.sure)
    return Price(one.value, one.currency)


def _hidden(view: View, one: Candidate, way: str, sure: float) -> Proof:
    """The proof of a value that only the page's data hold: where the source first gives it as a price."""
    page = view.page
    found = re.search(rf"(?i)price[^<>]{{0,60}}?[\"'>:]\s*[\"']?({re.escape(one.value)}0*)\b", page.source)
    start, end = found.span(1) if found else (0, 0)
    return Proof(start, end, way, page.byte(start), page.byte(end), "", round(sure, 3))


def _prices(view: View, choice: Choice | None, price: Price | None) -> tuple[Price, ...]:
    """The price and its twins in other currencies beside it."""
    if choice is None or price is None or choice.candidate.start < 0:
        return (price,) if price else ()
    at = choice.candidate
    first = bisect.bisect_left(view.money, at.start - 100, key=lambda one: one[1].start)
    last = bisect.bisect_left(view.money, at.end + 40, key=lambda one: one[1].start)
    twins = [
        m.price
        for _, m in view.money[first:last]
        if m.price.currency != price.currency and (0 <= m.start - at.end < 40 or 0 <= at.start - m.end < 40)
    ]
    return (price, *twins[:3])


def _details(
    view: View, pairs: Sequence[Pair], at: int, proof: dict[str, Proof], units: Sequence[int] | None = None
) -> dict[str, str | None]:
    """Labelled values, the surest of each and then the nearest; and routes like "Germany → Europe"."""
    best: dict[str, tuple[float, Pair]] = {}
    for pair in pairs:
        where = view.place(view.page.units[pair.unit].element)
        if where.control or where.far & {"related", "review"} or pair.name in ("price", "seller", "title"):
            continue
        worth = pair.sure - min(abs(pair.unit - at), 200) / 2000
        if pair.name in ("ships_from", "ships_to"):
            known = place(_ARROW.split(pair.value)[0])
            worth += 0.4 if known else 0.0
            if not known and pair.sure < 0.9:
                continue
        if pair.name not in best or worth > best[pair.name][0]:
            best[pair.name] = (worth, pair)
    values: dict[str, str | None] = {}
    for name, (_, pair) in best.items():
        proof[name] = view.page.proof(pair.start, pair.end, "label", score=pair.sure)
        values[name] = re.sub(r"[ \t\u00a0]+", " ", pair.value)
    sent = best["ships_from"][1] if "ships_from" in best else None
    if sent and (arrow := _ARROW.search(sent.value)) and arrow.start() > 0:
        values |= {"ships_from": sent.value[: arrow.start()], "ships_to": sent.value[arrow.end() :]}
        proof["ships_from"] = view.page.proof(
            sent.start, sent.start + arrow.start(), "label", score=sent.sure
        )
        proof["ships_to"] = view.page.proof(sent.start + arrow.end(), sent.end, "label", score=sent.sure)
    own = units if units is not None else range(at, min(at + 60, len(view.page.units)))
    if "ships_from" not in values:
        values |= _route(view, proof, own) or pictures.routes(view, own, proof)
    if "payment" not in values and (coins := pictures.payment(view, own, proof)):
        values["payment"] = coins
    return {name: value for name, value in values.items() if value is not None} if values else {}


def _route(view: View, proof: dict[str, Proof], units: Sequence[int]) -> dict[str, str]:
    """Where it is sent from and to, of a line that says both and no label: "Germany → Europe", "from Poland to Worldwide"."""
    for index in units:
        unit = view.page.units[index]
        if len(unit.text) > 240:
            continue
        for form in (_ROUTE, _SENT):
            found = form.match(unit.text)
            if (
                not found
                or not place(found[1])
                or not (place(found[2]) or (form is _ROUTE and len(found[1]) == 2))
            ):
                continue
            for name, group in (("ships_from", 1), ("ships_to", 2)):
                proof[name] = view.page.proof(
                    unit.start + found.start(group), unit.start + found.end(group), "route", score=0.8
                )
            return {"ships_from": found[1], "ships_to": found[2]}
    return {}


def _shared(values: Mapping[str, str | None]) -> dict[str, Any]:
    """The fields that result and listing pages share."""
    to = tuple(part.strip(" .") for part in _LIST.split(values.get("ships_to") or "") if part.strip(" ."))
    given = {name: values.get(name) for name in _DETAILS}
    begin = values.get("ships_from")
    return given | {
        "ships_from": re.sub(r"\s+", " ", begin).strip(" ,.") if begin else None,
        "ships_to": to[:60],
    }


def prose(view: View, after: int, proof: dict[str, Proof]) -> str | None:
    """The description: the longest prose after the title that is neither feedback nor furniture, with what surrounds it."""
    page = view.page
    body = [
        (index, unit) for index, unit in enumerate(page.units)
        if index > after and len(unit.text) > 40 and "-----BEGIN" not in unit.text
        and not (where := view.place(unit.element)).control and not where.far & {"review", "related", "nav"}
    ]  # fmt: skip
    if not body:
        return None
    at, longest = max(
        body, key=lambda u: len(u[1].text) + (60 if "desc" in view.place(u[1].element).far else 0)
    )
    first = last = at
    parent = page.elements[longest.element].parent
    while first - 1 > after and _continues(view, first - 1, longest.element, parent):
        first -= 1
    while last + 1 < len(page.units) and _continues(view, last + 1, longest.element, parent):
        last += 1
    start, end = page.units[first].start, page.units[last].end
    proof["description"] = page.proof(start, end, "longest", element=longest.element, score=0.6)
    return page.text[start:end][:20_000]


def _continues(view: View, index: int, element: int, parent: int) -> bool:
    """Is a unit more of the same text: in the same element, or in a like one beside it?"""
    page, own = view.page, view.page.units[index].element
    if own == element or page.elements[own].parent == element:
        return True
    like = page.elements[own].tag == page.elements[element].tag
    return like and page.elements[own].parent == parent and view.place(own).slot == view.place(element).slot
