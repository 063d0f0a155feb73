"""Identifiers in text: one file per kind, each with what proposes it and what decides.

    find("write to anna [at] post [dot] example")[0].value      →  "anna@post.example"

Hits are the same whether a kind is looked for alone or with the others. Nothing is looked up anywhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter

from bowstreet.reading.facts import Identifier
from bowstreet.reading.identifiers import (
    analytics,
    bic,
    bitcoin,
    bitcoin_cash,
    card,
    dash,
    discord,
    dogecoin,
    domain,
    email,
    ethereum,
    hidden_email,
    i2p,
    iban,
    icq,
    instagram,
    jabber,
    litecoin,
    market,
    monero,
    onion,
    pgp,
    phone,
    ripple,
    session,
    signal,
    snapchat,
    telegram,
    threema,
    tiktok,
    tox,
    tron,
    uk_account,
    uk_postcode,
    uk_vehicle,
    url,
    whatsapp,
    wickr,
    zcash,
)
from bowstreet.reading.identifiers.card import mask
from bowstreet.reading.identifiers.kind import Kind, Large, Text

KINDS: tuple[Kind, ...] = (
    email.PLAIN, *hidden_email.KINDS, phone.kind(os.environ.get("BOWSTREET_PHONE_REGION", "GB")), bitcoin.BASE58, bitcoin.WITNESS, litecoin.BASE58, litecoin.NAMED, litecoin.WITNESS,
    monero.KIND, ethereum.KIND, *pgp.KINDS, onion.KIND, url.KIND, domain.KIND, *telegram.KINDS, *whatsapp.KINDS, *wickr.KINDS,
    session.KIND, *market.KINDS, iban.KIND, *bitcoin_cash.KINDS, dogecoin.KIND, dash.KIND, *zcash.KINDS, tron.KIND, ripple.KIND,
    i2p.KIND, *threema.KINDS, *signal.KINDS, tox.KIND, *jabber.KINDS, *discord.KINDS, *instagram.KINDS, *tiktok.KINDS,
    *snapchat.KINDS, *icq.KINDS, bic.KIND, *uk_account.KINDS, card.KIND, *uk_postcode.KINDS, uk_vehicle.KIND, *analytics.KINDS,
)  # fmt: skip


def kinds(*, region: str = "GB") -> tuple[Kind, ...]:
    """Every kind, with the national form of telephone numbers of one region (ISO 3166)."""
    return (phone.kind(region), *(kind for kind in KINDS if kind.name != "phone"))


def find(text: str, *, kinds: Iterable[Kind] = KINDS) -> list[Identifier]:
    """Every identifier in the text, by where it begins. Of one type, one that stands inside another is dropped."""
    kinds = tuple(kinds)
    whole = Text(text, _together(kinds))
    by_type: dict[str, list[Kind]] = {}
    for kind in kinds:
        by_type.setdefault(kind.name, []).append(kind)
    found: list[Identifier] = []
    for same in by_type.values():
        hits = [one for kind in same for one in kind.find(whole)]
        found += _outermost(hits) if len(same) > 1 else hits
    return sorted(found, key=_PLACE)


@lru_cache(maxsize=256)
def _together(kinds: tuple[Kind, ...]) -> tuple[frozenset[str], ...]:
    """The patterns that are tried together: the plain ones, and the large ones."""
    return tuple(
        frozenset(kind.proposes for kind in kinds if type(kind.proposes) is size) for size in (str, Large)
    )


_PLACE = attrgetter("start", "end", "type")


def _outermost(hits: list[Identifier]) -> list[Identifier]:
    hits.sort(key=lambda one: (one.start, -one.end, not one.valid))
    kept: list[Identifier] = []
    for one in hits:
        if not kept or one.end > kept[-1].end or (one.valid and not kept[-1].valid):
            kept.append(one)
    return kept


def check(type: str, text: str, *, kinds: Iterable[Kind] = KINDS) -> Identifier | None:
    """The whole text as one identifier of a type: valid, looking like one but invalid, or None."""
    whole = [
        one
        for one in find(text, kinds=[kind for kind in kinds if kind.name == type])
        if one.end - one.start == len(text)
    ]
    return whole[0] if whole else None


__all__ = ["KINDS", "Identifier", "Kind", "check", "find", "kinds", "mask"]
