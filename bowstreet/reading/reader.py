"""One page to facts, and a batch of pages to tables.

    read(b"<html>…", url="http://shop.example/listing/7").listings[0].title

Ways are tried in order of sureness: label and value pairs, then repeated records. What no way gives plainly is absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from bowstreet.reading import kinds
from bowstreet.reading.document import Document, Unit
from bowstreet.reading.facts import Account, Identifier, Listing, PageFacts, Price, Proof, anchored
from bowstreet.reading.identifiers import mask
from bowstreet.reading.identifiers.page import of_page
from bowstreet.reading.labels import Pair, pairs
from bowstreet.reading.money import Mention, mentions
from bowstreet.reading.records import Link, Record, links, records, seller_link
from bowstreet.reading.spool import Spool

TEXT_LIMIT = 4 << 20  # characters of text that identifiers are looked for in
_TITLE_CUT = re.compile(r"\s+[–|»·-]\s+")
_CLAIM = re.compile(
    r"(\d[\d,.]{0,8})\+?\s+(?:sales|deals|orders|transactions)\s+(?:on|at)\s+([A-Z]\w*(?:\s[A-Z]\w*){0,2})"
)
_BOXES = frozenset(
    ("user profile", "profile", "vendor profile", "seller profile", "browse categories", "listing options", "categories",
     "icon", "search", "home", "account", "menu", "navigation", "exchange rates", "feedback", "description")
)  # fmt: skip
_ARROW = re.compile("→|->|»")
_CRUMB = re.compile(r"crumb|\bpath\b", re.I)


def read(
    body: bytes,
    *,
    url: str,
    charset: str | None = None,
    status: int = 200,
    record: str = "",
    block: str = "",
    body_digest: str = "",
) -> PageFacts:
    """Everything that one page says. Spans of the proofs count in `body`."""
    page = Document.parse(body, charset=charset, url=url)
    facts = _facts(page, url, status)
    tie = {"record": record, "block": block, "body": body_digest}
    return replace(
        facts,
        record=record,
        listings=tuple(replace(one, proof=_tied(one.proof, tie)) for one in facts.listings),
        accounts=tuple(replace(one, proof=_tied(one.proof, tie)) for one in facts.accounts),
        identifiers=tuple(
            replace(i, proof=anchored(i.proof, **tie) if i.proof else None) for i in facts.identifiers
        ),
    )


def read_row(row: Mapping[str, Any]) -> PageFacts:
    """Read one row of PAGES. A fault of ours in one page is reported with it, and ends nothing else."""
    try:
        return read(
            row["body"] or b"",
            url=row["url"] or "",
            charset=row["charset"],
            status=row["status"] or 200,
            record=row["record"] or "",
            block=row["block"] or "",
            body_digest=row["body_digest"] or "",
        )
    except (ValueError, IndexError, KeyError, RecursionError, OverflowError) as error:
        return PageFacts(
            row["url"] or "", row["record"] or "", kinds.OTHER, None, fault=f"{type(error).__name__}: {error}"
        )


def _tied(proofs: dict[str, Proof], tie: dict[str, str]) -> dict[str, Proof]:
    return {name: anchored(proof, **tie) for name, proof in proofs.items()}


def _facts(page: Document, url: str, status: int) -> PageFacts:
    found = tuple(_identifiers(page))
    base = PageFacts(url, "", kinds.OTHER, kinds.language(page), identifiers=found, text=mask(page.text))
    money = [m for unit in page.units for m in mentions(unit.text)]
    if stop := kinds.blocked(page, status, bool(money)):
        return replace(base, kind=stop, identifiers=() if stop != kinds.LOGIN else found)
    all_links, labels = links(page), pairs(page)
    rows = records(page, all_links)
    offers = [_from_record(page, row) for row in rows]
    kind = kinds.kind(page, labels, len(rows), len({one.seller for one in offers if one.seller}))
    listings: tuple[Listing, ...] = ()
    accounts: tuple[Account, ...] = ()
    if kind == kinds.RESULTS:
        listings = tuple(offers)
    elif kind == kinds.LISTING:
        listings = tuple(_from_page(page, labels, all_links, url))
    elif kind == kinds.SELLER:
        accounts = tuple(_account(page, labels, url))
    handle = (
        accounts[0].handle if accounts else listings[0].seller if kind == kinds.LISTING and listings else None
    )
    found = tuple(replace(one, account=handle) for one in found)
    return replace(base, kind=kind, listings=listings, accounts=accounts, identifiers=found)


def _identifiers(page: Document) -> Iterator[Identifier]:
    yield from of_page(page)


# --- result pages --------------------------------------------------------------------------------------------


def _from_record(page: Document, row: Record) -> Listing:
    proof: dict[str, Proof] = {}
    title = row.title.text.strip()
    if row.title.unit is not None:
        unit = page.units[row.title.unit]
        proof["title"] = page.proof(unit.start, unit.end, "records", element=unit.element, score=0.9)
    price = _record_price(page, row, proof)
    seller = _record_seller(page, row, proof)
    labels = [pair for pair in _pairs_in(page, row.units) if pair.name not in ("price", "seller")]
    values = {pair.name: _noted(page, pair, proof) for pair in reversed(labels)}
    if seller is None:
        for pair in _pairs_in(page, row.units):
            if pair.name == "seller":
                seller = _handle(_noted(page, pair, proof))
    return Listing(title, row.url, price, seller, proof=proof, **_shared(values))


def _record_price(page: Document, row: Record, proof: dict[str, Proof]) -> Price | None:
    own = row.title.unit if row.title.unit is not None else -1
    found = [(index, m) for index in row.units if index != own for m in mentions(page.units[index].text)]
    if not found:
        return None
    after = [one for one in found if one[0] > own] or found
    index, money = after[0]
    proof["price"] = _money_proof(page, index, money, "records")
    return money.price


def _money_proof(page: Document, index: int, money: Mention, way: str) -> Proof:
    unit = page.units[index]
    return page.proof(unit.start + money.start, unit.start + money.end, way, element=unit.element, score=0.85)


def _record_seller(page: Document, row: Record, proof: dict[str, Proof]) -> str | None:
    for index in row.units:
        unit = page.units[index]
        href = page.link(unit.element)
        if href and href != row.url and seller_link(Link(0, href, "", None)) and (name := _handle(unit.text)):
            proof["seller"] = page.proof(unit.start, unit.end, "records", element=unit.element, score=0.9)
            return name
    return None


def _pairs_in(page: Document, units: tuple[int, ...]) -> list[Pair]:
    return [pair for pair in pairs(page, units[0], units[-1] + 1) if pair.unit in units] if units else []


# --- listing pages -------------------------------------------------------------------------------------------


def _from_page(page: Document, labels: list[Pair], all_links: list[Link], url: str) -> Iterator[Listing]:
    proof: dict[str, Proof] = {}
    at = _title_unit(page)
    if at is None:
        return
    unit = page.units[at]
    proof["title"] = page.proof(unit.start, unit.end, "heading", element=unit.element, score=0.9)
    values: dict[str, str] = {}
    for pair in sorted(labels, key=lambda p: -p.sure):
        if pair.name not in values and (pair.name != "price" or mentions(pair.value)):
            values[pair.name] = _noted(page, pair, proof)
    price = _page_price(page, values, at, proof)
    seller = _handle(values.get("seller", "")) or _page_seller(page, all_links, proof)
    if price is None and seller is None:
        return
    category = _category(page, proof) or tuple(
        s.strip() for s in re.split(r"[>›»/]", values.get("category", "")) if s.strip()
    )
    yield Listing(
        unit.text.strip(), url, price, seller, category=category, description=_description(page, proof), proof=proof,
        **_shared(values),
    )  # fmt: skip


def _title_unit(page: Document) -> int | None:
    """The heading that the page's own title agrees with, else the first heading."""
    wanted = set(page.title.lower().split())
    best, best_score = None, 0.0
    for index, unit in enumerate(page.units[:400]):
        tags = [page.elements[e].tag for e in page.ancestors(unit.element)[:3]]
        rank = next(
            (r for tag, r in (("h1", 3.0), ("h2", 2.0), ("h3", 1.5), ("h4", 1.2)) if tag in tags), 0.0
        )
        words = set(unit.text.lower().split())
        if rank and words and len(unit.text.strip()) > 3 and not _furniture(page, unit):
            score = rank * (0.5 + 0.5 * len(words & wanted) / len(words))
            if score > best_score:
                best, best_score = index, score
    return best


def _furniture(page: Document, unit: Unit) -> bool:
    """A heading that every page of a site has: its name, which leads home, or the name of a box."""
    href = page.link(unit.element)
    home = href is not None and urlsplit(href).path.rstrip("/") in ("", "/index.php", "/home")
    return home or unit.text.strip().lower() in _BOXES


def _page_price(page: Document, values: dict[str, str], title: int, proof: dict[str, Proof]) -> Price | None:
    if found := mentions(values.get("price", "")):
        return found[0].price
    proof.pop("price", None)
    for index in range(title + 1, min(len(page.units), title + 120)):
        if found := mentions(page.units[index].text):
            proof["price"] = _money_proof(page, index, found[0], "nearest")
            return found[0].price
    return None


def _page_seller(page: Document, all_links: list[Link], proof: dict[str, Proof]) -> str | None:
    for link in all_links:
        if link.unit is not None and seller_link(link) and (name := _handle(link.text)):
            unit = page.units[link.unit]
            proof["seller"] = page.proof(unit.start, unit.end, "link", element=unit.element, score=0.7)
            return name
    return None


def _category(page: Document, proof: dict[str, Proof]) -> tuple[str, ...]:
    for number, element in enumerate(page.elements):
        names = f"{element.attributes.get('class', '')} {element.attributes.get('id', '')} {element.attributes.get('aria-label', '')}"
        if element.tag in ("a", "li", "span") or not _CRUMB.search(names):
            continue
        inside = [u for u in page.units if number in page.ancestors(u.element)]
        steps = [s.strip() for u in inside for s in re.split(r"[>›»/]", u.text) if s.strip()]
        steps = [s for s in steps if s.lower() not in ("home", "market", "all")]
        first = urlsplit(page.url).hostname or ""
        steps = (
            steps[1:]
            if len(steps) > 1 and steps[0].lower() in (page.title.lower(), first, _site_name(page))
            else steps
        )
        if steps:
            proof["category"] = page.proof(
                inside[0].start, inside[-1].end, "breadcrumb", element=number, score=0.8
            )
            return tuple(steps)
    return ()


def _site_name(page: Document) -> str:
    parts = [part.strip().lower() for part in _TITLE_CUT.split(page.title)]
    top = page.units[0].text.strip().lower() if page.units else ""
    return top if top in parts else parts[-1] if parts else ""


def _description(page: Document, proof: dict[str, Proof]) -> str | None:
    body = [
        u
        for u in page.units
        if len(u.text) > 40
        and "-----BEGIN" not in u.text
        and page.elements[u.element].tag in ("p", "div", "td", "span", "pre", "section")
    ]
    if not body:
        return None
    longest = max(body, key=lambda u: len(u.text))
    proof["description"] = page.proof(
        longest.start, longest.end, "longest", element=longest.element, score=0.5
    )
    return longest.text.strip()[:20_000]


def _shared(values: dict[str, str]) -> dict[str, Any]:
    """The fields that result and listing pages share."""
    begin, arrow, end = (
        re.split(r"(→|->|»)", values.get("ships_from", ""), maxsplit=1)
        if _ARROW.search(values.get("ships_from", ""))
        else ("", "", "")
    )
    values = values | ({"ships_from": begin.strip(), "ships_to": end.strip()} if arrow else {})
    to = tuple(part.strip() for part in re.split(r"[,;]| and ", values.get("ships_to", "")) if part.strip())
    names = ("ships_from", "quantity", "payment", "stock", "rating")
    return {name: values.get(name) for name in names} | {"ships_to": to}


def _noted(page: Document, pair: Pair, proof: dict[str, Proof]) -> str:
    proof[pair.name] = page.proof(pair.start, pair.end, "label", score=pair.sure)
    return re.sub(r"\s+", " ", pair.value)


def _handle(text: str) -> str | None:
    """A handle as written, without what markets put behind it: "(4.8)", "[250]", "(97 %)"."""
    bare = re.sub(r"\s*[\[(].*", "", text.strip(), flags=re.S).strip(" @·:|")
    return bare if 0 < len(bare) <= 60 and len(bare.split()) <= 4 else None


# --- sellers -------------------------------------------------------------------------------------------------


def _account(page: Document, labels: list[Pair], url: str) -> Iterator[Account]:
    at = _title_unit(page)
    if at is None:
        return
    unit = page.units[at]
    name = re.sub(r"^(?:vendor|seller|user|profile(?: of)?|about)\s*:?\s+", "", unit.text.strip(), flags=re.I)
    handle = _handle(name)
    if handle is None:
        return
    begin = unit.start + unit.text.find(handle)
    proof = {"handle": page.proof(begin, begin + len(handle), "heading", element=unit.element, score=0.9)}
    values = {pair.name: _noted(page, pair, proof) for pair in reversed(labels)}
    sold = re.search(r"\d[\d,]*", values.get("sales", ""))
    yield Account(
        handle, site_of(url), url, values.get("joined"), values.get("level"), values.get("rating"),
        int(sold[0].replace(",", "")) if sold else None, values.get("last_seen"), values.get("ships_from"),
        _description(page, proof), tuple(_claims(page.text)), proof,
    )  # fmt: skip


def _claims(text: str) -> Iterator[tuple[str, int | None, str]]:
    for found in _CLAIM.finditer(text[:TEXT_LIMIT]):
        yield found[2], int(re.sub(r"[,.]", "", found[1])), found[0]


def site_of(url: str) -> str:
    """Host, with the port where one is named."""
    try:
        return urlsplit(url).netloc.lower().rpartition("@")[2]
    except ValueError:
        return ""


def worth_reading(rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The rows of PAGES that hold a page, each address once: its response, or its DOM snapshot where scripts built it."""
    spool, kept = Spool(), dict[str, dict[str, int]]()
    for row in rows:
        if row["role"] in ("response", "dom", "file") and row["body"]:
            kept.setdefault(row["url"], {})[row["role"]] = spool.put(row)
    for places in kept.values():
        by_role = {role: spool.get(place) for role, place in places.items()}
        response, dom = by_role.get("response"), by_role.get("dom")
        if response is None or (dom is not None and _built_by_script(response, dom)):
            yield dom or next(iter(by_role.values()))
        else:
            yield response


def _built_by_script(response: Mapping[str, Any], dom: Mapping[str, Any]) -> bool:
    said = len(Document.parse(response["body"], charset=response["charset"], url="").text)
    shown = len(Document.parse(dom["body"], charset="utf-8", url="").text)
    return shown > 1.3 * said + 50
