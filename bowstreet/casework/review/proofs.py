"""Where the two sides of a reason stand in captured pages.

places(reason, seller)      # (Place(capture=7, fact="i12"),)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bowstreet.casework.findings.queries import Seller
from bowstreet.linking.reasons import Reason

SHOWN = 3  # places of one value that are offered


@dataclass(frozen=True)
class Place:
    """A fact in a capture, as the inert view names it; no fact: the page as a whole."""

    capture: int
    fact: str = ""


def places(reason: Reason, seller: Seller | None, *, right: bool = False) -> tuple[Place, ...]:
    """Where one side's value stands, as the findings are now; nothing where none holds it."""
    value = (reason.right if right else reason.left).strip()
    if seller is None or not value:
        return ()
    return tuple(islice(dict.fromkeys(_places(reason.kind, value, seller)), SHOWN))


def _places(kind: str, value: str, seller: Seller) -> Iterator[Place]:
    if kind == "writing":
        yield from (
            Place(one.page.capture_id, f"l{one.pk}-title")
            for one in seller.listings
            if one.title == value and "title" in one.proof
        )
        yield from _account(seller, "description")
    elif kind == "handle":
        yield from _account(seller, "handle")
        yield from _listing(seller, "seller")
    elif kind == "place":
        yield from _account(seller, "ships_from")
        yield from _listing(seller, "ships_from")
    elif kind == "claim":
        yield from _account(seller, "claims")
    elif kind == "picture":
        yield from (Place(one.page.capture_id) for one in seller.images if one.pdq == value)
    else:
        yield from (Place(i.page.capture_id, f"i{i.pk}") for i in seller.identifiers if i.value == value)


def _account(seller: Seller, name: str) -> Iterator[Place]:
    return (Place(one.page.capture_id, f"a{one.pk}-{name}") for one in seller.accounts if name in one.proof)


def _listing(seller: Seller, name: str) -> Iterator[Place]:
    return (Place(one.page.capture_id, f"l{one.pk}-{name}") for one in seller.listings if name in one.proof)
