"""Web addresses, also defanged (hxxp://shop[.]example/). The value has scheme and host in lower case, host in IDNA form."""

from __future__ import annotations

import ipaddress
import re

from bowstreet.reading.identifiers import defang, suffix
from bowstreet.reading.identifiers.kind import Dense, Kind, NotOne, Part

LIMIT = 2048  # characters; what stands after is not part of it
_PARTS = re.compile(rf"({defang.SCHEME}){defang.COLON}([^/?#\\]*)(.*)\Z", re.S)
_HOST = re.compile(r"(?:[^@]{0,200}@)?(\[[0-9A-Fa-f:.]+\]|[^:]*)(?::(\d{1,5}))?\Z")
_TAIL = ".,;:!?'\"*_~…)]}>\x01"
_PAIRS = {")": "(", "]": "[", "}": "{"}


def validate(text: str) -> str | Part | None:
    """The address, without the punctuation of the sentence it ends."""
    parts = (
        _PARTS.match(text := _without_tail(text[:LIMIT]))
        if "/" in text or "\\" in text or "__" in text
        else None
    )
    if parts is None:
        raise NotOne
    scheme = re.sub(r"(?i)h..p", "http", parts[1].lower()).replace("fxp", "ftp")
    netloc = _HOST.match(defang.refang(parts[2]))
    if netloc is None:
        raise NotOne
    if (host := _host(netloc[1])) is None:
        raise NotOne
    port = f":{netloc[2]}" if netloc[2] else ""
    path = defang.refang(parts[3]) if text[0] in "hH" and text[1] not in "tT" else parts[3]
    return Part(f"{scheme}://{host}{port}{path}", 0, len(text))


def is_one(text: str) -> bool:
    """Does it begin as a web address does?"""
    return _PARTS.match(text[:LIMIT]) is not None


def _without_tail(text: str) -> str:
    while text and text[-1] in _TAIL:
        opening = _PAIRS.get(text[-1])
        if opening and text.count(opening) >= text.count(text[-1]):
            break
        text = text[:-1]
    return text


def _host(written: str) -> str | None:
    if written.startswith("["):
        return written.lower() if _is_address(written[1:-1]) else None
    host = suffix.ascii_form(written)
    if not host:
        return None
    if host[-1].isdigit():
        return host if _is_address(host) else None
    return host if (suffix.known(host) and suffix.well_formed(host)) or host == "localhost" else None


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


_NAME = rf"[0-9A-Za-z\xff][0-9A-Za-z\xff_-]*(?:{defang.DOT}[0-9A-Za-z\xff_-]+)*{defang.DOT}[A-Za-z\xff][0-9A-Za-z\xff-]+"
#: Web addresses, and names that stand alone: one pass for both, so that no name inside an address is told twice
ADDRESSES = Dense(rf"\b{defang.SCHEME}{defang.COLON}[^\x00-\x20<>\"'`|^\x7f]+|{_NAME}")
KIND = Kind("url", ADDRESSES, validate)
