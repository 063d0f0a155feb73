"""Identifiers of a page: those it shows, and those its markup holds (links, scripts), each with its proof.

of_page(Document.parse(body, charset=None, url=url))[0].proof.byte_start
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, TypeVar

from bowstreet.reading.addresses import split
from bowstreet.reading.document import Document
from bowstreet.reading.facts import Account, Feedback, Identifier, Listing, PageFacts, Proof
from bowstreet.reading.identifiers import KINDS, broken, find, mask
from bowstreet.reading.identifiers.kind import Kind, Lead, behind
from bowstreet.reading.identifiers.phone import LINKED

Fact = TypeVar("Fact", Listing, Account, Feedback)
LIMIT = 4 << 20  # characters in which identifiers are looked for
_ATTRIBUTE = behind(r"(?:href|src|action)\s*=\s*[\"']?\s*\Z", 16)


def _of_markup() -> tuple[Kind, ...]:
    """The kinds that a link or a script can hold: what stands beside a word is for the eye."""
    names = {
        "email", "bitcoin", "litecoin", "monero", "ethereum", "bitcoin_cash", "dogecoin", "tron", "onion", "i2p", "session", "tox",
        "analytics", "telegram", "whatsapp", "discord", "instagram", "tiktok", "snapchat", "signal", "threema", "icq",
    }  # fmt: skip
    chosen = [
        k
        for k in KINDS
        if k.name in names and (not isinstance(k.proposes, Lead) or "." in k.proposes.words[0])
    ]
    addresses = [replace(kind, fits=_ATTRIBUTE) for kind in KINDS if kind.name == "url"]
    return (*chosen, *addresses, LINKED)


MARKUP = _of_markup()


def of_page(page: Document, kinds: tuple[Kind, ...] = KINDS) -> list[Identifier]:
    """Shown ones first; then each that only the markup holds, once. Links within the site are no identifiers."""
    shown = [
        one._replace(proof=page.proof(one.start, one.end, one.type))
        for one in broken.whole(page, LIMIT, kinds)
    ]
    told = {(one.type, one.value) for one in shown}
    return [*shown, *_held(page, told)]


def hushed(facts: PageFacts) -> PageFacts:
    """The page's facts with every card number in them masked."""
    if not any(one.type == "card" for one in facts.identifiers):
        return facts
    return replace(
        facts,
        listings=tuple(_masked(one) for one in facts.listings),
        accounts=tuple(_masked(one) for one in facts.accounts),
        feedback=tuple(_masked(one) for one in facts.feedback),
    )


def _masked(one: Fact) -> Fact:
    values = ((field.name, getattr(one, field.name)) for field in fields(one))
    texts: dict[str, Any] = {name: mask(value) for name, value in values if isinstance(value, str)}
    return replace(one, **texts)


def _held(page: Document, told: set[tuple[str, str | None]]) -> Iterator[Identifier]:
    host = _host(page.url)
    for one in find(page.source[:LIMIT], kinds=MARKUP):
        own = host and one.value and (_host(one.value) == host if one.type == "url" else one.value == host)
        if not one.valid or own or (one.type, one.value) in told:
            continue
        told.add((one.type, one.value))
        proof = Proof(one.start, one.end, f"{one.type}, markup", page.byte(one.start), page.byte(one.end))
        yield one._replace(proof=proof)


def _host(url: str) -> str:
    return split(url).hostname or ""
