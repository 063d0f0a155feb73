"""A STIX 2.1 bundle: accounts, the addresses and domains they show, and how they are related.

OASIS STIX 2.1: `user-account` with an extension of ours for what STIX has no object for, `relationship` "related-to" with a
confidence for a proposed pair, and an `opinion`-like `note` for what an officer decided.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from bowstreet.casework.review.exports.dossier import Dossier, Link, Seller, Sign

#: STIX 2.1 section 2.9: the namespace of deterministic identifiers of observables.
OBSERVABLES = UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
_SINGLE = {"email": "email-addr", "domain": "domain-name", "onion": "domain-name", "url": "url"}
_EXTENSION = f"extension-definition--{uuid5(NAMESPACE_URL, 'bowstreet:seller')}"
_PRODUCER = f"identity--{uuid5(NAMESPACE_URL, 'bowstreet:producer')}"


def bundle(dossier: Dossier) -> str:
    """The bundle as JSON, each object once."""
    found = {one["id"]: one for one in _objects(dossier)}
    whole = {
        "type": "bundle",
        "id": f"bundle--{_uuid(dossier.operation, _time(dossier.at))}",
        "objects": list(found.values()),
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _objects(dossier: Dossier) -> Iterator[dict[str, Any]]:
    made = _time(dossier.at)
    own = {"spec_version": "2.1", "created": made, "modified": made, "created_by_ref": _PRODUCER}
    marking = f"marking-definition--{_uuid('marking', dossier.marking)}"
    marked = own | {"object_marking_refs": [marking]}
    yield {k: v for k, v in own.items() if k != "created_by_ref"} | {
        "type": "identity", "id": _PRODUCER, "name": "Bowstreet", "identity_class": "system",
    }  # fmt: skip
    yield {"type": "marking-definition", "spec_version": "2.1", "id": marking, "created": made, "created_by_ref": _PRODUCER,
           "definition_type": "statement", "definition": {"statement": dossier.marking}}  # fmt: skip
    yield own | {"type": "extension-definition", "id": _EXTENSION, "name": "Seller on a site", "version": "1.0.0",
                 "description": "Site, identifiers, places and listings of a seller's account.",
                 "schema": "https://example.invalid/bowstreet/seller.json", "extension_types": ["property-extension"]}  # fmt: skip
    for seller in dossier.sellers:
        yield _account(seller) | {"object_marking_refs": [marking]}
        for sign in seller.signs:
            if sign.type in _SINGLE:
                yield _single(sign)
                yield marked | _related(_ref(seller.id), _single(sign)["id"], f"shown on {sign.seen.url}")
    for link in dossier.links:
        yield marked | _pair(link)
        if link.decision:
            yield marked | _decision(link)


def _account(seller: Seller) -> dict[str, Any]:
    return {
        "type": "user-account", "spec_version": "2.1", "id": _ref(seller.id), "account_login": seller.handle,
        "user_id": seller.id, "display_name": seller.handle,
        "extensions": {_EXTENSION: {
            "extension_type": "property-extension", "site": seller.site, "description": seller.description,
            "ships_from": list(seller.places),
            "identifiers": [{"type": s.type, "value": s.value, "url": s.seen.url, "capture": s.seen.capture} for s in seller.signs],
            "listings": [{"title": o.title, "amount": o.amount, "currency": o.currency, "goods": o.goods, "url": o.url,
                          "capture": o.seen.capture} for o in seller.offers],
        }},
    }  # fmt: skip


def _single(sign: Sign) -> dict[str, Any]:
    kind = _SINGLE[sign.type]
    name = json.dumps({"value": sign.value}, ensure_ascii=False, separators=(",", ":"))
    return {
        "type": kind,
        "spec_version": "2.1",
        "id": f"{kind}--{uuid5(OBSERVABLES, name)}",
        "value": sign.value,
    }


def _pair(link: Link) -> dict[str, Any]:
    said = f"Match weight {link.weight:.1f}. " + "; ".join(link.reasons)
    return _related(_ref(link.left), _ref(link.right), said) | {
        "confidence": min(99, round(100 * link.probability))
    }


def _decision(link: Link) -> dict[str, Any]:
    words = {"same": "The same seller", "different": "Different sellers", "unsure": "Not sure"}
    return {
        "type": "note", "id": f"note--{_uuid('decision', link.left, link.right)}", "abstract": words[link.decision],
        "content": f"{words[link.decision]}, decided by {link.decided_by}"
        + (f" on {link.decided_at:%Y-%m-%d}" if link.decided_at else ""),
        "object_refs": [_related(_ref(link.left), _ref(link.right), "")["id"]],
    }  # fmt: skip


def _related(source: str, target: str, said: str) -> dict[str, Any]:
    return {"type": "relationship", "id": f"relationship--{_uuid(source, target)}", "relationship_type": "related-to",
            "source_ref": source, "target_ref": target, "description": said}  # fmt: skip


def _ref(account: str) -> str:
    return f"user-account--{_uuid('account', account)}"


def _uuid(*names: str) -> UUID:
    return uuid5(NAMESPACE_URL, "bowstreet:" + "|".join(names))


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
