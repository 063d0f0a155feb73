"""How much is offered, and what one unit of it costs.

measure("", "3.5g Haze")                       →  ("3.5", "g")
per_unit(Price("35.00", "USD"), "3.5", "g")    →  Price("10.00", "USD")
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from bowstreet.reading.facts import Price

_UNITS = {
    "g": "g|gr|gram|grams|gramm|gramme|grammes|grs", "kg": "kg|kilo|kilos|kilogram|kilograms", "mg": "mg", "ug": "ug|µg|mcg", "ml": "ml|millilitre", "l": "l|litre|liter",
    "oz": "oz|ounce|ounces", "lb": "lb|lbs|pound|pounds", "piece": "piece|pieces|pcs|pc|pill|pills|tab|tabs|tablet|tablets|stück|x|blotter|blotters|caps|capsules|each|item|items|pack|packs",
}  # fmt: skip
_NAMED = {word: name for name, words in _UNITS.items() for word in words.split("|")}
_MEASURE = re.compile(
    rf"(?<![\w.,])(\d{{1,6}}(?:[.,]\d{{1,3}})?)\s?({'|'.join(sorted(map(re.escape, _NAMED), key=len, reverse=True))})(?![a-z])",
    re.I,
)
_DOSES = ("mg", "ug")


def measure(labelled: str, title: str) -> tuple[str | None, str | None]:
    """The amount and its unit: of the labelled value, else of the title. Doses ("10mg") count only where nothing else does."""
    for text in (labelled[:200], title[:300]):
        found = [(m[1].replace(",", "."), _NAMED[m[2].lower()]) for m in _MEASURE.finditer(text)]
        plain = [one for one in found if one[1] not in _DOSES] or found
        if plain:
            return plain[0]
    return None, None


def per_unit(price: Price | None, quantity: str | None, unit: str | None) -> Price | None:
    """The price of one unit, where price and quantity are known."""
    if price is None or quantity is None or unit is None or unit in _DOSES:
        return None
    try:
        one = Decimal(price.amount) / Decimal(quantity)
        places = Decimal("0.00000001") if price.currency in ("BTC", "XMR", "LTC", "ETH") else Decimal("0.01")
        return Price(str(one.quantize(places)), price.currency)
    except (InvalidOperation, ZeroDivisionError):
        return None
