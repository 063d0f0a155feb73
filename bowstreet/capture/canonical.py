"""One spelling for each address, so that a crawl visits no page twice.

    canonical("HTTP://Shop.Example:80/a/../b?z=1&utm_source=x#top", drop=("utm_*",))   →  "http://shop.example/b?z=1"

First the URL is parsed as a browser parses it (WHATWG URL Standard): case of scheme and host, IDNA, default port, dot
segments, spaces, odd spellings of IPv4. Then what a server never sees, or treats alike, is made alike: the fragment goes,
escapes of unreserved characters are undone and the rest written in capitals (RFC 3986 section 6.2.2), an empty query goes.
The order of parameters is kept, for a server may read it. Parameters are dropped only where they are named: by the crawl's
setting, and session ids, which make the same page look new at each visit.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

import ada_url

from bowstreet.capture.errors import BadAddress
from bowstreet.capture.scope import split

#: Names that servers write sessions under (PHP, Java, ASP, ColdFusion, osCommerce), and a path parameter (Servlet 4.0 section 7.1.3).
SESSIONS = ("phpsessid", "jsessionid", "aspsessionid*", "cfid", "cftoken", "oscsid", "zenid", "sessionid")
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/?;]*", re.I)
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
LONGEST = 4096


def canonical(url: str, *, base: str | None = None, drop: Iterable[str] = ()) -> str:
    """The one spelling of a web address, read against `base`. Raises BadAddress for what is none.

    `drop` names query parameters that do not count, as shell patterns.
    """
    try:
        href = ada_url.URL(url, base=base).href
    except ValueError:
        raise BadAddress(f"{url[:200]!r} is no web address") from None
    if len(href) > LONGEST:
        raise BadAddress(f"an address of {len(href)} characters is longer than {LONGEST}")
    parts = urlsplit(href.partition("#")[0])
    if parts.scheme not in ("http", "https"):
        raise BadAddress(f"{url[:200]!r} is no web address: only http and https are visited")
    split(parts.geturl())
    return _tidy(parts, tuple(drop))


def _tidy(parts: SplitResult, drop: tuple[str, ...]) -> str:
    path = _SESSION_IN_PATH.sub("", _escapes(parts.path)) or "/"
    kept = [pair for pair in parts.query.split("&") if pair and not _dropped(pair, drop)]
    host = parts.netloc.removesuffix(".") if ":" not in parts.netloc else parts.netloc.replace(".:", ":")
    return f"{parts.scheme}://{host}{path}" + ("?" + "&".join(map(_escapes, kept)) if kept else "")


def _dropped(pair: str, drop: tuple[str, ...]) -> bool:
    name = pair.partition("=")[0].lower()
    return any(fnmatch.fnmatchcase(name, pattern.lower()) for pattern in (*SESSIONS, *drop))


def _escapes(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        character = chr(int(found[1], 16))
        return character if character in _UNRESERVED else found[0].upper()

    return _ESCAPE.sub(one, text)
