"""What small pictures say: flags for countries, and the signs of coins that a seller takes.

    flags(view, 40, 90)      →  [Picture("Germany", 57), Picture("Europe", 59)]

A picture has no text of its own, so the proof of what it says is its element.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bowstreet.reading.countries import place
from bowstreet.reading.facts import Proof
from bowstreet.reading.view import View
from bowstreet.reading.words import label

SURE = 0.75
_COINS = {"bitcoin": "Bitcoin", "btc": "Bitcoin", "monero": "Monero", "xmr": "Monero", "litecoin": "Litecoin", "ltc": "Litecoin", "ethereum": "Ethereum", "eth": "Ethereum", "zcash": "Zcash"}  # fmt: skip
_NAMED = re.compile(r"\b(bitcoin|btc|monero|xmr|litecoin|ltc|ethereum|eth|zcash)\b", re.I)


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture stands for, and its element."""

    says: str
    element: int


def flags(view: View, first: int, last: int) -> list[Picture]:
    """The countries and regions that pictures between two elements name, in order."""
    found = [Picture(said, number) for number, said in _said(view, first, last) if place(said)]
    return [one for at, one in enumerate(found) if at == 0 or found[at - 1].says != one.says]


def coins(view: View, first: int, last: int) -> list[Picture]:
    """The coins that pictures and signs between two elements name, each once."""
    found: dict[str, Picture] = {}
    for number, said in _said(view, first, last, signs=True):
        if len(said) < 40 and (named := _NAMED.search(said)):
            coin = _COINS[named[1].lower()]
            found.setdefault(coin, Picture(coin, number))
    return list(found.values())


def _said(view: View, first: int, last: int, *, signs: bool = False) -> list[tuple[int, str]]:
    elements, found = view.page.elements, list[tuple[int, str]]()
    at = bisect.bisect_left(view.pictures, first)
    for number in view.pictures[at:]:
        if number > last:
            break
        one = elements[number].attributes
        said = one.get("alt") or one.get("title") or (one.get("class", "").replace("-", " ") if signs else "")
        if said.strip():
            found.append((number, said.strip()))
    return found


def routes(view: View, units: Sequence[int], proof: dict[str, Proof]) -> dict[str, str]:
    """Where it is sent from and to, told by flags: by the label before each, else the first is where it is from."""
    where = [view.page.units[i].element for i in units]
    if not where or not view.pictures:
        return {}
    shown = flags(view, min(where), max(where) + 30)
    named: dict[str, list[Picture]] = {}
    for one in shown:
        named.setdefault(
            _label(view, units, one.element) or ("ships_to" if "ships_from" in named else "ships_from"), []
        ).append(one)
    for name, some in named.items():
        proof[name] = Proof(0, 0, "picture", 0, 0, view.page.css(some[0].element), SURE)
    return {name: ", ".join(one.says for one in some) for name, some in named.items()}


def _label(view: View, units: Sequence[int], picture: int) -> str | None:
    """The field that the last text before a picture names."""
    before = [i for i in units if view.page.units[i].element < picture]
    name = label(view.page.units[before[-1]].text) if before else None
    return name if name in ("ships_from", "ships_to") else None


def payment(view: View, units: Sequence[int], proof: dict[str, Proof]) -> str | None:
    """The coins that signs show."""
    where = [view.page.units[i].element for i in units]
    found = coins(view, min(where), max(where) + 10) if where and view.pictures else []
    if not found:
        return None
    proof["payment"] = Proof(0, 0, "picture", 0, 0, view.page.css(found[0].element), SURE)
    return ", ".join(one.says for one in found)
