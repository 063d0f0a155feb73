"""What a page says in data meant for machines: JSON-LD, microdata, RDFa, Open Graph and other meta elements.

    structured(page).offers[0]      →  Offer("json-ld", "19.99", "GBP", …)

Sites get these wrong ("24990" for 24.99, prices of other goods), so every value is a candidate beside what the page shows.
Vocabulary: schema.org Product, Offer, AggregateOffer; Open Graph product.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bowstreet.reading.document import Document
from bowstreet.reading.money import amount as plain_amount
from bowstreet.reading.money import mentions

_NUMBER = re.compile(r"\d[\d.,' \u00a0]*")
_SCRIPTED = re.compile(
    r"[\"'](?:price|sale_?price|current_?price|final_?price|selling_?price|price_?amount|value|amount|sellingPrice|unitPrice|displayPrice)[\"']\s*:\s*[\"']?"
    r"(?:[^\d\"'{\[,]{0,4})(\d{1,9}(?:[.,]\d{1,3})?)[\"',}\s]",
    re.I,
)
_DEPTH = 12
_LIMIT = 400  # values of a kind that are looked at


@dataclass(frozen=True, slots=True)
class Offer:
    """A price as the page's data give it. `start` and `end` are -1: such data stand outside the text."""

    way: str  # json-ld | microdata | opengraph
    amount: str | None
    currency: str | None = None
    first: bool = False
    start: int = -1
    end: int = -1


@dataclass
class Structured:
    """All that a page's data say of one thing offered."""

    offers: list[Offer] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    brand: str | None = None
    sku: str | None = None
    availability: str | None = None
    category: tuple[str, ...] = ()
    seller: str | None = None
    rating: str | None = None
    description: str | None = None
    product: bool = False
    several: bool = False  # a list of products: a result page
    scripted: frozenset[str] = frozenset()  # amounts that scripts call a price

    def note(self, name: str, value: Any) -> None:
        """Keep the first text given for a field."""
        if isinstance(value, dict):
            value = value.get("name") or value.get("@id")
        if isinstance(value, list):
            value = value[0] if value else None
            if isinstance(value, dict):
                value = value.get("name")
        text = str(value).strip() if isinstance(value, str | int | float) else ""
        if text and getattr(self, name) is None:
            setattr(self, name, text[:20_000] if name == "description" else text[:300])


def structured(page: Document) -> Structured:
    """Read all of it, in order of how often it is right."""
    found = Structured()
    for script in page.scripts[:40]:
        for product in _things(_json(script)):
            _product(found, product)
    _microdata(found, page)
    _meta(found, page)
    found.several = sum(1 for offer in found.offers if offer.way == "microdata" and offer.first) > 3
    if found.product or "add to" in page.text.lower()[:200_000] or found.offers:
        found.scripted = frozenset(plain_amount(m[1]) for m in list(_SCRIPTED.finditer(page.source))[:_LIMIT])
    return found


def _json(script: str) -> Any:
    text = re.sub(
        r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*.*?\*/)|(?:-->|//\s*\]\]>)\s*$", "", script.strip(), flags=re.S
    )
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        try:
            return json.loads(re.sub(r",\s*([}\]])", r"\1", text).rstrip("; \n"), strict=False)
        except (ValueError, RecursionError):
            return None


def _things(data: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Every object with a type, from outside in."""
    if depth > _DEPTH:
        return
    if isinstance(data, list):
        for one in data[:_LIMIT]:
            yield from _things(one, depth + 1)
    elif isinstance(data, dict):
        if data.get("@type"):
            yield data
        for key, one in data.items():
            if key not in ("isRelatedTo", "isSimilarTo", "review", "reviews", "hasVariant") and isinstance(
                one, list | dict
            ):
                yield from _things(one, depth + 1)


def _types(thing: dict[str, Any]) -> set[str]:
    said = thing.get("@type")
    return {str(one).rpartition("/")[2] for one in (said if isinstance(said, list) else [said])}


_PRODUCTS = {
    "Product",
    "IndividualProduct",
    "ProductModel",
    "ProductGroup",
    "Book",
    "Event",
    "MusicEvent",
    "TheaterEvent",
    "Vehicle",
    "Car",
    "SomeProducts",
}


def _product(found: Structured, thing: dict[str, Any]) -> None:
    types = _types(thing)
    if types & _PRODUCTS and (thing.get("offers") or thing.get("sku") or "Product" in types):
        found.product = True
        if isinstance(thing.get("name"), str):
            found.names.append(thing["name"])
        for name, key in (("brand", "brand"), ("sku", "sku"), ("description", "description")):
            found.note(name, thing.get(key))
        if isinstance(rating := thing.get("aggregateRating"), dict):
            found.note("rating", rating.get("ratingValue"))
        offers = thing.get("offers")
        for number, offer in enumerate((offers if isinstance(offers, list) else [offers])[:20]):
            if isinstance(offer, dict):
                _offer(found, offer, first=number == 0)
    elif "BreadcrumbList" in types and not found.category:
        items = thing.get("itemListElement")
        names = [_crumb(one) for one in items if isinstance(one, dict)] if isinstance(items, list) else []
        found.category = tuple(name for name in names if name)


def _crumb(item: dict[str, Any]) -> str:
    inner = item.get("item")
    name = item.get("name") or (inner.get("name") if isinstance(inner, dict) else None)
    return str(name).strip() if name else ""


def _offer(found: Structured, offer: dict[str, Any], *, first: bool) -> None:
    given = offer.get("priceSpecification")
    inner = (given[0] if isinstance(given, list) and given else given) or {}
    inner = inner if isinstance(inner, dict) else {}
    price = offer.get("price") if offer.get("price") not in (None, "") else offer.get("lowPrice")
    price = price if price not in (None, "") else inner.get("price")
    currency = offer.get("priceCurrency") or inner.get("priceCurrency")
    if price is None and isinstance(offer.get("offers"), list | dict):
        more = offer["offers"]
        for one in more[:5] if isinstance(more, list) else [more]:
            if isinstance(one, dict):
                _offer(found, one, first=first)
        return
    _add(found, "json-ld", price, currency, first=first)
    found.note("availability", _last(offer.get("availability")))
    found.note("seller", offer.get("seller"))


def _last(address: Any) -> str | None:
    return str(address).rstrip("/").rpartition("/")[2] if isinstance(address, str) else None


def _add(found: Structured, way: str, price: Any, currency: Any, *, first: bool) -> None:
    if isinstance(price, list):
        price = price[0] if price else None
    text = str(price).strip() if isinstance(price, str | int | float) and not isinstance(price, bool) else ""
    code = str(currency).strip().upper()[:6] if isinstance(currency, str) and currency.strip() else None
    if spoken := mentions(text):
        value, code = spoken[0].price.amount, code or spoken[0].price.currency
    elif number := _NUMBER.search(text):
        value = _machine(number[0].strip(" .,"))
    else:
        return
    if len(found.offers) < 60:
        found.offers.append(Offer(way, value, code, first))


def _machine(number: str) -> str:
    """An amount written for machines: a point is the decimal point whatever follows it ("3.499" is 3.499), else as people write."""
    return number if re.fullmatch(r"\d+(?:\.\d+)?", number) else plain_amount(number)


def _microdata(found: Structured, page: Document) -> None:
    texts = _texts(page)
    prices, currency = list[tuple[int, str]](), None
    for index, element in enumerate(page.elements):
        said = element.attributes.get("itemprop") or element.attributes.get("property") or ""
        if not said or (element.tag == "meta" and ":" in said):
            continue
        value = (
            element.attributes.get("content")
            or element.attributes.get("href" if element.tag == "link" else "value")
            or texts.get(index, "")
        )
        match said.lower().rpartition(":")[2]:
            case "price" | "lowprice":
                prices.append((index, value))
            case "pricecurrency":
                currency = currency or value
            case "brand" | "manufacturer":
                found.note("brand", value)
            case "sku" | "productid" | "mpn":
                found.note("sku", value)
            case "availability":
                found.note("availability", _last(element.attributes.get("href") or value))
            case "ratingvalue":
                found.note("rating", value)
    for number, (_, value) in enumerate(prices[:_LIMIT]):
        _add(found, "microdata", value, currency, first=number == 0)
    found.product = found.product or bool(prices)


def _texts(page: Document) -> dict[int, str]:
    """The first text in each element that holds one directly, or in a child."""
    found: dict[int, str] = {}
    for unit in page.units:
        element = unit.element
        for _ in range(3):
            if element < 0:
                break
            found.setdefault(element, unit.text)
            element = page.elements[element].parent
    return found


_META = {
    "og:price:amount": "price", "product:price:amount": "price", "product:sale_price:amount": "price", "twitter:data1": "maybe", "price": "price",
    "og:price:currency": "currency", "product:price:currency": "currency", "product:sale_price:currency": "currency", "og:title": "name",
    "product:brand": "brand", "og:brand": "brand", "product:retailer_item_id": "sku", "product:availability": "availability",
    "og:availability": "availability",
}  # fmt: skip


def _meta(found: Structured, page: Document) -> None:
    price, currency = list[str](), None
    for element in page.elements:
        if element.tag != "meta":
            continue
        name = (element.attributes.get("property") or element.attributes.get("name") or "").lower()
        value = element.attributes.get("content", "").strip()
        meant = _META.get(name)
        if not meant or not value:
            continue
        if meant == "price" or (meant == "maybe" and mentions(value)):
            price.append(value)
        elif meant == "currency":
            currency = currency or value
        elif meant == "name":
            found.names.append(value)
        elif meant in ("brand", "sku", "availability"):
            found.note(meant, value)
    for number, value in enumerate(price):
        _add(found, "opengraph", value, currency, first=number == 0)
