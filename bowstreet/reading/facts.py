"""What a page says, as frozen values, each with its proof; and the JSON line that `bowstreet read` prints."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from bowstreet.reading.goods import Goods
from bowstreet.reading.images import ImageFacts

VERSION = "3"


@dataclass(frozen=True)
class Proof:
    """Where a fact stands: spans in the content-decoded body (bytes) and in its decoded text (characters)."""

    char_start: int
    char_end: int
    reader: str
    byte_start: int = -1
    byte_end: int = -1
    css: str = ""
    score: float = 1.0
    record: str = ""
    block: str = ""
    body: str = ""
    version: str = VERSION

    def line(self) -> dict[str, Any]:
        """As the JSON line shows it."""
        return {
            "css": self.css,
            "span": [self.char_start, self.char_end],
            "bytes": [self.byte_start, self.byte_end],
            "record": self.record,
            "block": self.block,
            "body": self.body,
            "reader": self.reader,
            "version": self.version,
            "score": self.score,
        }

    def row(self) -> dict[str, Any]:
        """As the Arrow tables hold it."""
        return {**asdict(self), "box": None}


@dataclass(frozen=True)
class Price:
    """A decimal string and a currency: ISO 4217, or BTC, XMR and the like."""

    amount: str
    currency: str  # empty where the page does not say


@dataclass(frozen=True)
class Listing:
    """One offer. A field that the page does not show plainly is None."""

    title: str
    url: str | None = None
    price: Price | None = None
    seller: str | None = None
    category: tuple[str, ...] = ()
    ships_from: str | None = None
    ships_to: tuple[str, ...] = ()
    quantity: str | None = None
    payment: str | None = None
    stock: str | None = None
    rating: str | None = None
    description: str | None = None
    unit: str | None = None
    per_unit: Price | None = None  # the price of one `unit`
    prices: tuple[Price, ...] = ()  # every way the price is given, the same as `price` first
    brand: str | None = None
    sku: str | None = None
    goods: Goods | None = None  # what it offers, told from the title
    proof: dict[str, Proof] = field(default_factory=dict)


@dataclass(frozen=True)
class Account:
    """One seller's account on one site."""

    handle: str
    site: str
    url: str | None = None
    joined: str | None = None
    level: str | None = None
    rating: str | None = None
    sales: int | None = None
    last_seen: str | None = None
    ships_from: str | None = None
    description: str | None = None
    claims: tuple[tuple[str, int | None, str], ...] = ()  # site, sales, as written
    proof: dict[str, Proof] = field(default_factory=dict)


@dataclass(frozen=True)
class Feedback:
    """What one buyer left: when, in what words, how they rated."""

    date: str
    text: str | None = None
    rating: str | None = None
    proof: dict[str, Proof] = field(default_factory=dict)


class Identifier(NamedTuple):
    """An identifier as written and as normalised. `value` is None where it only looks like one.

    A tuple: thousands a page are made, at a third of a frozen dataclass's cost.
    """

    type: str
    text: str
    value: str | None
    valid: bool
    start: int  # span in the text it was found in
    end: int
    account: str | None = None
    proof: Proof | None = None


@dataclass(frozen=True)
class PageFacts:
    """All that one page says."""

    url: str
    record: str
    kind: str
    language: str | None
    listings: tuple[Listing, ...] = ()
    accounts: tuple[Account, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    images: tuple[ImageFacts, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    text: str = ""  # all of it
    main: str = ""  # its own, without what the site says on every page
    fault: str | None = None

    def line(self) -> dict[str, Any]:
        """The JSON line of `bowstreet read`."""
        line = {
            "url": self.url,
            "record": self.record,
            "kind": self.kind,
            "language": self.language,
            "listings": [_shown(listing) for listing in self.listings],
            "accounts": [_shown(account) | {"claims": _claims(account)} for account in self.accounts],
            "identifiers": [_identifier(found) for found in self.identifiers],
            "images": [image.line() for image in self.images],
            "feedback": [_shown(one) for one in self.feedback],
            "text": self.main,
        }
        return line | ({"fault": self.fault} if self.fault else {})


def _shown(value: Listing | Account | Feedback) -> dict[str, Any]:
    """Every field but the empty ones; proofs as lines."""
    shown = {
        name: given
        for name, given in asdict(value).items()
        if given not in (None, (), {}) and name != "claims"
    }
    if isinstance(value, Listing) and value.goods:
        shown["goods"] = value.goods.line()
    return shown | {"proof": {name: proof.line() for name, proof in value.proof.items()}}


def _claims(account: Account) -> list[dict[str, Any]]:
    return [{"site": site, "sales": sales, "text": text} for site, sales, text in account.claims]


def _identifier(found: Identifier) -> dict[str, Any]:
    shown = {"type": found.type, "text": found.text, "value": found.value, "valid": found.valid}
    return shown | {"account": found.account, "proof": found.proof.line() if found.proof else {}}


def anchored(proof: Proof, *, record: str, block: str, body: str) -> Proof:
    """The proof, tied to the record whose body it counts in."""
    return replace(proof, record=record, block=block, body=body)
