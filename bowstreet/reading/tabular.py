"""Facts as the tables that flow between the parts."""

from __future__ import annotations

from typing import Any

from bowstreet.reading.facts import PageFacts, Price
from bowstreet.reading.goods import Goods
from bowstreet.reading.images import ImageFacts
from bowstreet.tables import ACCOUNTS, IDENTIFIERS, IMAGES, LISTINGS

SCHEMAS = {"listings": LISTINGS, "accounts": ACCOUNTS, "identifiers": IDENTIFIERS, "images": IMAGES}


def rows(page: PageFacts) -> dict[str, list[dict[str, Any]]]:
    """One page's rows for each table."""
    shared = {"record": page.record}
    return {
        "listings": [
            shared | {"seen_on": page.url, "url": one.url, "title": one.title, "price": _money(one.price), "seller": one.seller,
                      "category": list(one.category), "ships_from": one.ships_from, "ships_to": list(one.ships_to),
                      "quantity": one.quantity, "unit": one.unit, "per_unit": _money(one.per_unit), "brand": one.brand, "sku": one.sku, "prices": [_money(p) for p in one.prices], "payment": one.payment, "stock": one.stock, "rating": one.rating,
                      "description": one.description, "goods": _goods(one.goods), "proof": [(k, v.row()) for k, v in one.proof.items()]}
            for one in page.listings
        ],
        "accounts": [
            shared | {"url": one.url, "site": one.site, "handle": one.handle, "joined": one.joined, "level": one.level,
                      "rating": one.rating, "sales": one.sales, "last_seen": one.last_seen, "ships_from": one.ships_from,
                      "description": one.description,
                      "claims": [{"site": s, "sales": n, "text": t} for s, n, t in one.claims],
                      "proof": [(k, v.row()) for k, v in one.proof.items()]}
            for one in page.accounts
        ],
        "identifiers": [
            shared | {"url": page.url, "type": one.type, "text": one.text, "value": one.value, "valid": one.valid,
                      "account": one.account, "proof": one.proof.row() if one.proof else None}
            for one in page.identifiers
        ],
        "images": [_image(page, one) for one in page.images],
    }  # fmt: skip


def _image(page: PageFacts, one: ImageFacts) -> dict[str, Any]:
    match = one.match
    shown = {
        "pdq": one.pdq, "quality": one.quality, "width": one.width, "height": one.height, "qr": list(one.qr), "text": one.text,
        "views": list(one.views), "camera": list(one.camera.fields.items()) if one.camera else [],
    }  # fmt: skip
    quarantined = f"{match.category}, {match.source} {match.version}".strip() if match else None
    known = {"record": one.record, "url": one.url, "page": page.url, "sha256": one.sha256}
    return known | ({"quarantined": quarantined} if match else shown)


def _goods(found: Goods | None) -> dict[str, Any] | None:
    return {name: found.line()[name] for name in ("label", "score", "sure", "words")} if found else None


def _money(price: Price | None) -> dict[str, str] | None:
    return {"amount": price.amount, "currency": price.currency} if price else None
