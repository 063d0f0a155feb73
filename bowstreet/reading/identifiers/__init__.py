"""Identifiers in text: one file per kind, each a pattern that proposes and a function that decides.

    find("write to anna [at] post [dot] example")[0].value      →  "anna@post.example"

Hits are the same whether a kind is looked for alone or with the others. Nothing is looked up anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable

from bowstreet.reading.facts import Identifier
from bowstreet.reading.identifiers import (
    bitcoin,
    email,
    ethereum,
    iban,
    litecoin,
    monero,
    onion,
    pgp,
    phone,
    telegram,
)
from bowstreet.reading.identifiers.kind import Kind

KINDS: tuple[Kind, ...] = (
    email.PLAIN, email.HIDDEN, email.SPELT, phone.KIND, bitcoin.KIND, litecoin.KIND, monero.KIND, ethereum.KIND,
    pgp.FINGERPRINT, pgp.BLOCK, onion.KIND, telegram.LINK, telegram.NAMED, iban.KIND,
)  # fmt: skip


def find(text: str, *, kinds: Iterable[Kind] = KINDS) -> list[Identifier]:
    """Every identifier in the text, by where it begins. A later kind's repeat of the same span is dropped."""
    found: dict[tuple[str, int, int], Identifier] = {}
    for kind in kinds:
        for one in kind.find(text):
            found.setdefault((one.type, one.start, one.end), one)
    return sorted(found.values(), key=lambda one: (one.start, one.end))


__all__ = ["KINDS", "Identifier", "Kind", "find"]
