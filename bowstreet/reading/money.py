"""Amounts of money in text: "£49.99", "EUR 1.250,00", "0.0021 BTC".

mentions("from £49.99 each")[0]      →  Mention(Price("49.99", "GBP"), 5, 11)

A number is found first and then looked at from both sides, which takes time linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bowstreet.reading.facts import Price

#: sign → code; what several countries share is settled by the site's own country
_SIGNS = {
    "£": "GBP", "$": "USD", "€": "EUR", "¥": "JPY", "₿": "BTC", "฿": "BTC", "Ƀ": "BTC", "₽": "RUB", "руб": "RUB", "руб.": "RUB", "р.": "RUB",
    "zł": "PLN", "A$": "AUD", "AU$": "AUD", "US$": "USD", "U$S": "USD", "C$": "CAD", "CA$": "CAD", "CAD$": "CAD", "NZ$": "NZD", "HK$": "HKD",
    "S$": "SGD", "R$": "BRL", "MX$": "MXN", "Ł": "LTC", "ɱ": "XMR", "Ξ": "ETH", "₹": "INR", "₪": "ILS", "₩": "KRW", "원": "KRW", "円": "JPY",
    "元": "CNY", "₺": "TRY", "TL": "TRY", "₴": "UAH", "грн": "UAH", "Kč": "CZK", "Ft": "HUF", "лв": "BGN", "лв.": "BGN", "lei": "RON",
    "kr": "SEK", "kr.": "DKK", "Rs": "INR", "Rs.": "INR", "ر.س": "SAR", "د.إ": "AED", "S/": "PEN", "₫": "VND", "Fr.": "CHF", "SFr.": "CHF",
    "R": "ZAR", "RM": "MYR", "₱": "PHP", "Rp": "IDR", "CLP$": "CLP", "€uro": "EUR", "Euro": "EUR", "Euros": "EUR", "GBP£": "GBP", "Bitcoin": "BTC",
}  # fmt: skip
CRYPTO = frozenset(
    ("BTC", "MBTC", "XMR", "LTC", "ETH", "BCH", "DOGE", "DASH", "ZEC", "USDT", "XRP", "TRX", "USDC")
)
_CODES = [
    *"USD EUR GBP AUD CAD NZD CHF SEK NOK DKK PLN CZK RUB JPY CNY INR BRL ZAR MXN TRY HUF RON BGN SGD HKD KRW ILS UAH SAR AED PKR THB".split(),
    *"MYR PHP IDR VND CLP ARS COP PEN KZT HRK RSD ISK XBT".split(),
    *CRYPTO,
]
_ALONE = {"R", "TL", "S/", "RM", "Rp", "Ft", "kr", "kr.", "lei", "р."}  # too short to be trusted in any case
_NUMBER = re.compile(
    r"(?:(?<![\w.,])|(?<=[ɱŁΞ])|(?<=[A-Z]{3})|(?<=Rs)|(?<=kr))(?:\d{1,3}(?:[ ,.'’\u00a0\u202f]\d{3})+(?!\d)(?:[.,]\d{1,8})?|\d{1,12}(?:[.,]\d{1,12})?)(?![.,]?\d)(?:[.,](?:-|–|—)+)?"
)
_SIGN = "|".join(
    [re.escape(sign) for sign in sorted((s for s in _SIGNS if s not in _ALONE), key=len, reverse=True)]
)
_EXACT = "|".join(re.escape(sign) for sign in sorted(_ALONE, key=len, reverse=True))
_BEFORE = re.compile(
    rf"(?:(?<![\w.])(?:{'|'.join(_CODES)})|(?<!\w)(?:{_SIGN})|[£$€¥₿฿₽₹₪₩₺]|(?-i:(?<!\w)(?:{_EXACT})))[\s:\u00a0]{{0,3}}\Z",
    re.I,
)
_AFTER = re.compile(
    rf"[\s\u00a0]{{0,2}}(?P<sign>(?:{'|'.join(_CODES)})(?!\w)|(?:{_SIGN})(?![a-z])|(?-i:(?:{_EXACT})(?!\w)))",
    re.I,
)
_SPACE = re.compile(r"[\s:\u00a0]")
_COUNTRY = {  # what "$", "kr" and "Rs" mean to a site of that country
    "$": {"ca": "CAD", "au": "AUD", "nz": "NZD", "sg": "SGD", "hk": "HKD", "mx": "MXN", "cl": "CLP", "ar": "ARS", "co": "COP"},
    "kr": {"no": "NOK", "dk": "DKK", "se": "SEK", "is": "ISK"}, "kr.": {"no": "NOK", "dk": "DKK", "se": "SEK"},
    "rs": {"pk": "PKR", "in": "INR", "lk": "LKR"}, "rs.": {"pk": "PKR", "in": "INR"}, "¥": {"cn": "CNY", "jp": "JPY"}, "฿": {"th": "THB"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """A price and its span in the text."""

    price: Price
    start: int
    end: int


def mentions(text: str, country: str = "") -> list[Mention]:
    """Every amount with a currency, in order. `country` is the site's top-level domain, where that is one."""
    found, free = list[Mention](), 0
    for number in _NUMBER.finditer(text):
        start, end = number.span()
        before = _BEFORE.search(text, max(free, start - 10), start)
        if before and not _percent(text, end):
            sign, begin, past = _SPACE.sub("", before[0]), before.start(), end
        elif (after := _AFTER.match(text, end)) and not _next_line(text, after):
            sign, begin, past = after["sign"], start, after.end()
        else:
            continue
        code = currency(sign, country)
        found.append(Mention(Price(amount(number[0], crypto=code in CRYPTO), code), begin, past))
        free = past
    return found


def numbers(text: str) -> list[tuple[str, int, int]]:
    """Numbers that may be an amount whose currency stands elsewhere: each as a plain decimal string, with its span."""
    return [(amount(found[0]), found.start(), found.end()) for found in _NUMBER.finditer(text)]


def _next_line(text: str, after: re.Match[str]) -> bool:
    """Does the sign stand before the number of the next line instead?"""
    return "\n" in after[0] and text[after.end() : after.end() + 2].strip(" :\u00a0")[:1].isdigit()


def _percent(text: str, end: int) -> bool:
    return text[end : end + 2].lstrip()[:1] == "%"


def currency(sign: str, country: str = "") -> str:
    """The code of a sign or of a code in any case."""
    if meant := _COUNTRY.get(sign.lower(), {}).get(country):
        return meant
    known = _SIGNS.get(sign) or next(
        (code for name, code in _SIGNS.items() if name.lower() == sign.lower()), None
    )
    code = known or sign.upper()
    return {"XBT": "BTC", "MBTC": "mBTC"}.get(code, code)


def amount(written: str, *, crypto: bool = False) -> str:
    """A plain decimal string. The last separator is the decimal one, unless three digits and no other follow it.

    "3.499" is read as 3499 unless it is an amount of a cryptocurrency, whose digits go on.
    """
    digits = re.sub(r"[\s'’\u00a0\u202f]|[.,][-–—]+\Z", "", written)
    last = max(digits.rfind(","), digits.rfind("."))
    if last < 0:
        return digits
    whole, rest = re.sub(r"[,.]", "", digits[:last]), digits[last + 1 :]
    alone = digits.count(digits[last]) == 1 and not re.search(r"[,.]", digits[:last])
    repeated = digits.count(digits[last]) > 1
    thousands = repeated or (len(rest) == 3 and whole.lstrip("0") != "" and (not crypto or not alone))
    if thousands and len(rest) == 3:
        return whole + rest
    return f"{whole or '0'}.{rest}"
