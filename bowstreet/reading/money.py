"""Amounts of money in text: "£49.99", "EUR 1.250,00", "0.0021 BTC".

mentions("from £49.99 each")[0]      →  Mention(Price("49.99", "GBP"), 5, 11)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bowstreet.reading.facts import Price

_SIGNS = {"£": "GBP", "$": "USD", "€": "EUR", "¥": "JPY", "₿": "BTC", "฿": "BTC", "₽": "RUB", "zł": "PLN", "A$": "AUD",
          "AU$": "AUD", "US$": "USD", "C$": "CAD", "CA$": "CAD", "Ł": "LTC", "ɱ": "XMR"}  # fmt: skip
_CODES = ["USD", "EUR", "GBP", "AUD", "CAD", "NZD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "RUB", "JPY", "CNY", "INR", "BRL", "ZAR", "MXN", "TRY", "HUF", "RON", "BGN", "SGD", "HKD", "BTC", "XBT", "mBTC", "XMR", "LTC", "ETH", "BCH", "DOGE", "DASH", "ZEC", "USDT"]  # fmt: skip
_NUMBER = r"\d{1,3}(?:[ ,.'\u00a0]\d{3})+(?:[.,]\d{1,8})?|\d+(?:[.,]\d{1,8})?"
_SIGN = "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True))
_CODE = "|".join(_CODES)
_MONEY = re.compile(
    rf"(?<![\w.,])(?P<before>{_SIGN}|(?:{_CODE})(?=[\s:]|\d))\s{{0,2}}:?\s{{0,2}}(?P<first>{_NUMBER})(?![\w%]|[.,]\d)"
    rf"|(?<![\w.,#-])(?P<second>{_NUMBER})\s{{0,2}}(?P<after>{_SIGN}|(?:{_CODE})\b)",
    re.I,
)


@dataclass(frozen=True)
class Mention:
    """A price and its span in the text."""

    price: Price
    start: int
    end: int


def mentions(text: str) -> list[Mention]:
    """Every amount with a currency, in order."""
    found = []
    for match in _MONEY.finditer(text):
        sign = match["before"] or match["after"]
        found.append(
            Mention(
                Price(amount(match["first"] or match["second"]), currency(sign)), match.start(), match.end()
            )
        )
    return found


def currency(sign: str) -> str:
    """The code of a sign or of a code in any case."""
    known = _SIGNS.get(sign) or _SIGNS.get(sign.upper())
    code = known or sign.upper()
    return {"XBT": "BTC", "MBTC": "mBTC"}.get(code, code)


def amount(written: str) -> str:
    """A plain decimal string. The last separator is the decimal one, unless three digits and no other follow it."""
    digits = re.sub(r"[\s'\u00a0]", "", written)
    last = max(digits.rfind(","), digits.rfind("."))
    if last < 0:
        return digits
    whole, rest = re.sub(r"[,.]", "", digits[:last]), digits[last + 1 :]
    alone = digits.count(digits[last]) == 1 and not re.search(r"[,.]", digits[:last])
    if (
        len(rest) == 3
        and (not alone or digits[last] == "," or whole not in ("0", ""))
        and not (alone and whole == "0")
    ):
        return whole + rest
    return f"{whole or '0'}.{rest}"
