"""One page to facts, and a batch of pages to tables.

    read(b"<html>…", url="http://shop.example/listing/7").listings[0].title

Pages of one site that are read together teach each other what its template is (`read_rows`). Ways are tried and compared:
data in the page, examples that a person gave, labels, and a model; what no way gives plainly is absent.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bowstreet.reading import accounts, kinds, offers
from bowstreet.reading.accounts import site_of
from bowstreet.reading.document import Document, visible
from bowstreet.reading.examples import NONE, Lessons
from bowstreet.reading.facts import Account, Listing, PageFacts, Proof, anchored
from bowstreet.reading.goods import classify
from bowstreet.reading.identifiers import mask
from bowstreet.reading.identifiers.page import hushed, of_page
from bowstreet.reading.memory import EMPTY, Memory
from bowstreet.reading.ranker import Ranker
from bowstreet.reading.records import Link, alone, links, records, score
from bowstreet.reading.rows import Rows
from bowstreet.reading.spool import Spool
from bowstreet.reading.structured import Structured, structured
from bowstreet.reading.view import View
from bowstreet.reading.words import DATE

__all__ = ["read", "read_pairs", "read_row", "read_rows", "site_of", "worth_reading"]

MAIN_LIMIT = 20_000  # characters of a page's own text that its line shows
TOGETHER = 64  # pages that are held at once, so that they can teach each other
_HELD_BYTES = 24 << 20
_BUYS = re.compile(
    r"\b(?:buy|buy now|order now|purchase|add to (?:cart|basket|bag)|place order|buy it now|get it now|take this offer|reply to ad|in den warenkorb|kaufen|bestellen|ajouter au panier|"
    r"acheter|commander|añadir al carrito|comprar|aggiungi al carrello|acquista|in winkelwagen|kopen|do koszyka|kup teraz|kup|в корзину|купить|заказать|lisää ostoskoriin|köp|make (?:an )?offer|place bid)\b",
    re.I,
)


@dataclass(frozen=True)
class Way:
    """What a reader goes by besides the page: its model, what it remembers of the site, what a person taught it."""

    ranker: Ranker
    memory: Memory = EMPTY
    lessons: Lessons = NONE


def read(
    body: bytes,
    *,
    url: str,
    charset: str | None = None,
    status: int = 200,
    record: str = "",
    block: str = "",
    body_digest: str = "",
    way: Way | None = None,
) -> PageFacts:
    """Everything that one page says. Spans of the proofs count in `body`."""
    view = View(Document.parse(body, charset=charset, url=url))
    return _tied(facts(view, way or Way(Ranker.shipped()), status), record, block, body_digest)


def read_row(row: Mapping[str, Any], way: Way | None = None) -> PageFacts:
    """Read one row of PAGES. A fault of ours in one page is reported with it, and ends nothing else."""
    return next(read_rows([row], way))


def read_rows(rows: Iterable[Mapping[str, Any]], way: Way | None = None) -> Iterator[PageFacts]:
    """Read rows of PAGES in their order. Those near each other and of one site teach each other its template."""
    return (page for _, page in read_pairs(rows, way))


def read_pairs(
    rows: Iterable[Mapping[str, Any]], way: Way | None = None
) -> Iterator[tuple[Mapping[str, Any], PageFacts]]:
    """As `read_rows`, each page with the row that it was read from."""
    way = way or Way(Ranker.shipped())
    held, size = list[Mapping[str, Any]](), 0
    memories: dict[str, Memory] = defaultdict(Memory)
    for row in rows:
        held.append(row)
        size += len(row["body"] or b"")
        if len(held) == TOGETHER or size > _HELD_BYTES:
            yield from zip(held, _read_held(held, memories, way), strict=True)
            held, size = [], 0
    yield from zip(held, _read_held(held, memories, way), strict=True)


def _read_held(held: list[Mapping[str, Any]], memories: dict[str, Memory], way: Way) -> Iterator[PageFacts]:
    views = [_view(row) for row in held]
    if len(held) > 1:
        for view in views:
            if isinstance(view, View):
                memories[view.site].add(view)
    for row, view in zip(held, views, strict=True):
        if isinstance(view, PageFacts):
            yield view
            continue
        try:
            memory = memories[view.site] if len(held) > 1 else EMPTY
            said = facts(view, replace(way, memory=memory), row["status"] or 200)
            yield _tied(said, row["record"] or "", row["block"] or "", row["body_digest"] or "")
        except (
            ValueError,
            IndexError,
            KeyError,
            RecursionError,
            OverflowError,
            ArithmeticError,
            AssertionError,
        ) as error:
            yield _fault(row, error)


def _view(row: Mapping[str, Any]) -> View | PageFacts:
    try:
        return View(Document.parse(row["body"] or b"", charset=row["charset"], url=row["url"] or ""))
    except (ValueError, IndexError, KeyError, RecursionError, OverflowError) as error:
        return _fault(row, error)


def _fault(row: Mapping[str, Any], error: Exception) -> PageFacts:
    return PageFacts(
        row["url"] or "", row["record"] or "", kinds.OTHER, None, fault=f"{type(error).__name__}: {error}"
    )


def _tied(facts: PageFacts, record: str, block: str, body: str) -> PageFacts:
    """The facts with every proof tied to the record whose body it counts in."""

    def tie(proofs: dict[str, Proof]) -> dict[str, Proof]:
        return {
            name: anchored(proof, record=record, block=block, body=body) for name, proof in proofs.items()
        }

    return replace(
        facts,
        record=record,
        listings=tuple(replace(one, proof=tie(one.proof)) for one in facts.listings),
        accounts=tuple(replace(one, proof=tie(one.proof)) for one in facts.accounts),
        feedback=tuple(replace(one, proof=tie(one.proof)) for one in facts.feedback),
        identifiers=tuple(
            i._replace(proof=tie({"": i.proof})[""] if i.proof else None) for i in facts.identifiers
        ),
    )


def facts(view: View, way: Way, status: int = 200) -> PageFacts:
    """Everything that a page says, its proofs not yet tied to a record."""
    page = view.page
    found = tuple(of_page(page))
    main = _main(view, way.memory)
    base = PageFacts(
        page.url,
        "",
        kinds.OTHER,
        kinds.language(page, main),
        identifiers=found,
        text=mask(page.text),
        main=mask(main[:MAIN_LIMIT]),
    )
    if page.cut:
        base = replace(base, fault="the page is longer than is read: its end was left out")
    if page.source[:64].lstrip()[:1] in ("{", "[") and not page.elements[3:4]:
        return base  # data, not a page: html, head, body and nothing in it
    if stop := kinds.blocked(view, status):
        return replace(base, kind=stop, identifiers=() if stop != kinds.LOGIN else found)
    if not page.text.strip() and not view.page.elements[3:4]:
        return base
    shown, _, one, many, all_links, said = signs(view, way)
    kind = kinds.kind(view, shown, way.ranker)
    if kind == kinds.OTHER and way.lessons.knows(view):
        kind = kinds.LISTING
    listings: tuple[Listing, ...] = ()
    people: tuple[Account, ...] = ()
    if kind == kinds.RESULTS:
        if not many and (only := alone(view, all_links)):
            many = offers.from_rows(view, Rows(view, way.memory, only), way.ranker, way.lessons)
        listings = tuple(many)
    elif kind == kinds.LISTING:
        own = offers.from_page(view, one, said, all_links, way.lessons)
        listings = (own,) if own else ()
        seller = accounts.of_listing(own, all_links, page.url) if own else None
        people = (seller,) if seller else ()
    elif kind == kinds.SELLER:
        person = accounts.account(view, all_links)
        people = (person,) if person else ()
        listings = tuple(replace(o, seller=o.seller or (person.handle if person else None)) for o in many)
    handle = people[0].handle if people else None
    return hushed(
        replace(
            base,
            kind=kind,
            listings=tuple(_with_goods(listings)),
            accounts=people,
            feedback=tuple(accounts.feedback(view))
            if kind in (kinds.LISTING, kinds.SELLER, kinds.FEEDBACK)
            else (),
            identifiers=tuple(i._replace(account=handle) for i in found),
        )
    )


def _with_goods(listings: tuple[Listing, ...]) -> Iterator[Listing]:
    for listing, goods in zip(listings, classify([one.title for one in listings]), strict=True):
        yield replace(listing, goods=goods)


def signs(
    view: View, way: Way
) -> tuple[kinds.Signs, Rows, offers.Found, list[Listing], list[Link], Structured]:
    """What the kind of a page is told from, and what was read to know it."""
    all_links, said = links(view), structured(view.page)
    rows = Rows(view, way.memory, records(view, all_links))
    one = offers.one(view, way.memory, way.ranker, said, all_links, way.lessons)
    many = offers.from_rows(view, rows, way.ranker, way.lessons) if rows.rows else []
    name = accounts.name_of(view, all_links)
    paid = one.price.candidate.unit if one.price else -1
    ratings, masked = kinds.rated(view)
    shown = kinds.Signs(
        labels=kinds.labelled(view, rows.rows),
        records=len(rows.rows),
        score=score(view, rows.rows),
        sellers=len({o.seller for o in many if o.seller}),
        price=one.price.sure if one.price else 0.0,
        title=one.title.sure if one.title else 0.0,
        seller=one.seller.sure if one.seller else 0.0,
        buys=any(_BUYS.search(text) for text in view.texts if len(text) < 40) or _buys_by_picture(view),
        feedback=kinds.feedback_entries(view),
        product=said.product and not said.several,
        inside=bool(one.title and any(one.title.candidate.unit in row.units for row in rows.rows)),
        leads=bool(one.title and _leads(view, one.title.candidate.unit)),
        person=bool(name and (one.title is None or name[0].lower() == one.title.candidate.value.lower())),
        owner=name[3] if name else 0.0,
        near=_near(one),
        aside=_aside(view, one),
        headed=bool(one.title and view.place(view.page.element_at(one.title.candidate.start) or 0).heading),
        loose=bool(rows.rows and not rows.rows[0].url),
        dated=sum(any(DATE.search(view.page.units[i].text[:60]) for i in row.units) for row in rows.rows)
        / max(1, len(rows.rows)),
        own=kinds.own_text(view),
        among=any(paid in row.units for row in rows.rows),
        rated=ratings,
        masked=masked,
        after=bool(rows.rows) and paid > rows.rows[0].units[0],
    )
    return shown, rows, one, many, all_links, said


def _buys_by_picture(view: View) -> bool:
    """Is there a picture or an input that says "Add to cart"?"""
    said = (
        e.attributes.get("alt") or e.attributes.get("value") or ""
        for e in view.page.elements
        if e.tag in ("img", "input")
    )
    return any(len(text) < 40 and _BUYS.search(text) for text in said if text)


def _near(one: offers.Found) -> float:
    """How soon after the title the price stands: 1 at once, 0 where that is far, or before it."""
    if not (one.title and one.price) or one.price.candidate.unit < one.title.candidate.unit:
        return 0.0
    return max(0.0, 1 - (one.price.candidate.unit - one.title.candidate.unit) / 60)


def _aside(view: View, one: offers.Found) -> bool:
    """Does the price stand at the page's edge, or just behind a link to something else?"""
    if not one.price or one.price.candidate.unit < 0:
        return False
    at = one.price.candidate.unit
    if view.place(view.page.units[at].element).far & {"nav", "account", "related", "rates"}:
        return True
    title = one.title.candidate.unit if one.title else -1
    return any(i > title and i >= 0 and _leads(view, i) for i in (at, at - 1))


def _leads(view: View, unit: int) -> bool:
    href = view.href(unit) if unit >= 0 else None
    return bool(href) and href != view.page.url


def _main(view: View, memory: Memory) -> str:
    """The page's own text: without navigation, form controls and what most of the site's pages say."""
    kept = []
    for unit, bare in zip(view.page.units, view.texts, strict=True):
        place = view.place(unit.element)
        if not (place.control or place.far & {"nav", "account", "rates"} or memory.share(bare) > 0.5):
            kept.append(unit.text)
    return "\n".join(kept)


def worth_reading(rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The rows of PAGES that hold a page, each address once: its response, or its DOM snapshot where scripts built it."""
    spool, kept = Spool(), dict[str, dict[str, int]]()
    for row in rows:
        if row["role"] == "file" and row["record"] is None and row["body"] is not None:
            yield row  # a loose file stands for itself, empty or not
        elif row["role"] in ("response", "dom", "file") and row["body"]:
            kept.setdefault(row["url"], {})[row["role"]] = spool.put(row)
    for places in kept.values():
        by_role = {role: spool.get(place) for role, place in places.items()}
        response, dom = by_role.get("response"), by_role.get("dom")
        if response is None or (dom is not None and _built_by_script(response, dom)):
            yield dom or next(iter(by_role.values()))
        else:
            yield response


def _built_by_script(response: Mapping[str, Any], dom: Mapping[str, Any]) -> bool:
    return visible(dom["body"], "utf-8") > 1.3 * visible(response["body"], response["charset"]) + 50
