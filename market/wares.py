"""Who sells what on the practice market. Everything is invented; every number that has a checksum has a right one."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from market.pictures import KINDS
from market.stalls import stalls

FOLDER = Path(__file__).parent
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def bitcoin(seed: str) -> str:
    """A pay-to-public-key-hash address that nobody holds the key of."""
    payload = b"\0" + hashlib.sha256(f"practice {seed}".encode()).digest()[:20]
    raw = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number, out = int.from_bytes(raw, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        out = _BASE58[rest] + out
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + out


def onion(seed: str) -> str:
    """A v3 onion name with a right checksum (rend-spec-v3, section 6) that leads nowhere."""
    key = hashlib.sha256(f"practice {seed}".encode()).digest()
    check = hashlib.sha3_256(b".onion checksum" + key + b"\x03").digest()[:2]
    return base64.b32encode(key + check + b"\x03").decode().lower() + ".onion"


@dataclass(frozen=True)
class Listing:
    """One offer. `price` is as the site shows it, `amount` and `currency` what it means."""

    number: int
    title: str
    amount: str
    currency: str
    category: tuple[str, str]
    quantity: str
    ships_to: tuple[str, ...]
    text: str
    picture: int
    stock: int

    @property
    def price(self) -> str:
        """As shown on Harbour Market."""
        sign = {"GBP": "£", "USD": "$", "EUR": "€"}.get(self.currency)
        return f"{sign}{self.amount}" if sign else f"{self.amount} {self.currency}"


@dataclass(frozen=True)
class Seller:
    """An account on one of the two sites."""

    handle: str
    site: str
    joined: str
    sales: int
    rating: str
    ships_from: str
    about: str
    email: str = ""
    phone: str = ""
    telegram: str = ""
    bitcoin: str = ""
    onion: str = ""
    key: str = ""
    listings: tuple[Listing, ...] = ()
    feedback: tuple[tuple[str, str, str], ...] = field(default=())

    @property
    def key_block(self) -> str:
        """The seller's public key, armoured, where there is one."""
        return (FOLDER / "keys" / f"{self.key}.asc").read_text() if self.key else ""


@cache
def sellers(site: str) -> dict[str, Seller]:
    """Every seller of `harbour` or `lantern`, by handle."""
    given = json.loads((FOLDER / "wares.json").read_text())
    found: dict[str, Seller] = {}
    number = 100
    for one in [*given[site], *stalls(site)]:
        photos = zlib.crc32(str(one.get("telegram") or one.get("bitcoin") or one["handle"]).encode()) % 90
        wares = []
        for title, amount, currency, group, kind, quantity, text in one.pop("wares"):
            number += 1
            wares.append(
                Listing(
                    number, title, amount, currency, (group, kind), quantity, tuple(one["ships_to"]), text,
                    photos * 100 + (KINDS.index(kind) if kind in KINDS else 6), 3 + number % 17,
                )
            )  # fmt: skip
        one.pop("ships_to")
        if one.get("bitcoin"):
            one["bitcoin"] = bitcoin(one["bitcoin"])
        if one.get("onion"):
            one["onion"] = onion(one["onion"])
        feedback = tuple(tuple(line) for line in one.pop("feedback", []))
        seller = Seller(site=site, listings=tuple(wares), feedback=feedback, **one)
        found[seller.handle] = seller
    return found


@cache
def listings(site: str) -> dict[int, tuple[Seller, Listing]]:
    """Every listing of a site, by number, in the order of the result pages: a seller after the other in turn."""
    rows = [(one, ware) for one in sellers(site).values() for ware in one.listings]
    rows.sort(key=lambda row: ((row[1].number - 101) // 45, (row[1].number * 7) % 61))
    return {ware.number: (one, ware) for one, ware in rows}
