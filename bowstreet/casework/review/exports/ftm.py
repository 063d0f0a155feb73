"""FollowTheMoney entities, as JSON lines: accounts, wallets, and how alike accounts are.

https://followthemoney.tech: `UserAccount`, `CryptoWallet`, `UnknownLink`, and `Similar`, which proposes and does not merge.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from bowstreet.casework.review.exports.dossier import Dossier, Link, Seller, Sign

WALLETS = {
    "bitcoin": "BTC", "bitcoin-cash": "BCH", "litecoin": "LTC", "monero": "XMR", "ethereum": "ETH", "dogecoin": "DOGE",
    "dash": "DASH", "zcash": "ZEC", "tron": "TRX", "ripple": "XRP",
}  # fmt: skip
_OWN = {"email": "email", "phone": "phone"}


def lines(dossier: Dossier) -> str:
    """One entity per line, each once."""
    found = {entity["id"]: entity for entity in _entities(dossier)}
    return "".join(json.dumps(entity, ensure_ascii=False) + "\n" for entity in found.values())


def _entities(dossier: Dossier) -> Iterator[dict[str, Any]]:
    for seller in dossier.sellers:
        yield _account(seller)
        for sign in seller.signs:
            if sign.type in WALLETS:
                yield _wallet(sign)
                yield _entity(
                    "UnknownLink", f"{seller.id}|{sign.type}|{sign.value}", subject=_id("UserAccount", seller.id),
                    object=_id("CryptoWallet", sign.value), role="shows the address", sourceUrl=sign.seen.url,
                )  # fmt: skip
    for link in dossier.links:
        yield _similar(link)
        if link.decision:
            yield _decided(link)


def _account(seller: Seller) -> dict[str, Any]:
    own: dict[str, list[str]] = {}
    notes = []
    for sign in seller.signs:
        if sign.type in _OWN:
            own.setdefault(_OWN[sign.type], []).append(sign.value)
        elif sign.type not in WALLETS:
            notes.append(f"{sign.type}: {sign.value}")
    return _entity(
        "UserAccount", seller.id, name=seller.handle, username=seller.handle, service=seller.site, summary=seller.description,
        notes=notes, keywords=[offer.title for offer in seller.offers],
        sourceUrl=sorted({sign.seen.url for sign in seller.signs} | {offer.seen.url for offer in seller.offers}),
        retrievedAt=seller.last_seen.isoformat()[:19] if seller.last_seen else "", **own,
    )  # fmt: skip


def _wallet(sign: Sign) -> dict[str, Any]:
    return _entity(
        "CryptoWallet", sign.value, name=sign.value, publicKey=sign.value, currencySymbol=WALLETS[sign.type],
        sourceUrl=sign.seen.url,
    )  # fmt: skip


def _similar(link: Link) -> dict[str, Any]:
    return _entity(
        "Similar", f"{link.left}|{link.right}", candidate=_id("UserAccount", link.left), match=_id("UserAccount", link.right),
        confidenceScore=f"{link.probability:.4f}", criteria=list(link.reasons), matcher=f"bowstreet, weight {link.weight:.1f}",
    )  # fmt: skip


def _decided(link: Link) -> dict[str, Any]:
    words = {
        "same": "decided: the same seller",
        "different": "decided: different sellers",
        "unsure": "decided: not sure",
    }
    return _entity(
        "UnknownLink", f"decided|{link.left}|{link.right}", subject=_id("UserAccount", link.left),
        object=_id("UserAccount", link.right), role=words[link.decision],
        date=link.decided_at.isoformat()[:10] if link.decided_at else "", summary=f"by {link.decided_by}",
    )  # fmt: skip


def _id(schema: str, key: str) -> str:
    return f"bowstreet-{sha256(f'{schema}|{key}'.encode()).hexdigest()[:40]}"


def _entity(schema: str, key: str, **properties: str | list[str]) -> dict[str, Any]:
    given = {name: [value] if isinstance(value, str) else value for name, value in properties.items()}
    full = {name: [one for one in values if one] for name, values in given.items()}
    return {"id": _id(schema, key), "schema": schema, "properties": {n: v for n, v in full.items() if v}}
