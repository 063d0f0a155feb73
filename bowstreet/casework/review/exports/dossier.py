"""What is exported, as frozen values: sellers with what was read of them, links with reasons, and decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Seen:
    """Where a value stands: the page's address, and the digest of the capture that holds it."""

    url: str
    capture: str
    at: datetime


@dataclass(frozen=True)
class Sign:
    """One valid identifier, normalised."""

    type: str
    value: str
    seen: Seen


@dataclass(frozen=True)
class Offer:
    """One listing. `amount` is a decimal text."""

    title: str
    amount: str
    currency: str
    goods: str
    url: str
    seen: Seen


@dataclass(frozen=True)
class Seller:
    """One account on one site. `id` is how linking names it."""

    id: str
    site: str
    handle: str
    description: str
    places: tuple[str, ...]
    signs: tuple[Sign, ...]
    offers: tuple[Offer, ...]
    first_seen: datetime | None
    last_seen: datetime | None


@dataclass(frozen=True)
class Link:
    """A proposed pair. `decision` is same, different, unsure, or empty where nobody has decided."""

    left: str
    right: str
    weight: float
    probability: float
    reasons: tuple[str, ...]
    decision: str
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True)
class Dossier:
    """All of it, for one operation, at one moment."""

    operation: str
    marking: str
    at: datetime
    sellers: tuple[Seller, ...]
    links: tuple[Link, ...]
