"""E-mail addresses, plain and hidden: "name@mail.example", "name [at] mail [dot] example", full-width signs.

A hidden form needs a sign that somebody hid it (brackets, or both words spelt out before a known ending), so that prose
never becomes an identity.
"""

from __future__ import annotations

import re
import unicodedata

from bowstreet.reading.identifiers.kind import Kind, NotOne

_AT = re.compile(r"\s*(?:[\[({<]\s*(?:at|a|@)\s*[\])}>]|(?<=\s)at(?=\s)|＠|﹫|@)\s*", re.I)
_DOT = re.compile(r"\s*(?:[\[({<]\s*(?:dot|d|\.)\s*[\])}>]|(?<=\s)dot(?=\s)|．|。)\s*", re.I)
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z", re.I)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z", re.I)
_FILES = frozenset(("png", "jpg", "jpeg", "gif", "svg", "css", "js", "webp", "html", "php"))


def validate(text: str) -> str | None:
    """The address in lower case, its domain in IDNA form."""
    parts = _AT.split(unicodedata.normalize("NFKC", text).strip(), maxsplit=1)
    if len(parts) != 2:
        raise NotOne
    local, domain = parts[0].strip().lower(), _DOT.sub(".", parts[1].strip()).lower().rstrip(".")
    try:
        host = domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        return None
    labels = host.split(".")
    if len(labels) < 2 or labels[-1] in _FILES or not (labels[-1].isalpha() or labels[-1].startswith("xn--")):
        raise NotOne
    good = _LOCAL.match(local) and len(local) <= 64 and len(host) <= 253 and len(labels[-1]) > 1
    return f"{local}@{host}" if good and all(_LABEL.match(label) for label in labels) else None


PLAIN = Kind(
    "email",
    r"([A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+[@＠﹫][\pL0-9-]+(?:[.．][\pL0-9-]+)+)",
    validate,
)
_HIDDEN_AT = r"\s{0,3}[\[({<]\s?(?:at|AT|At|a|@)\s?[\])}>]\s{0,3}"
_ANY_DOT = r"(?:\s{0,3}[\[({<]\s?(?:dot|DOT|Dot|d|\.)\s?[\])}>]\s{0,3}|\s{1,3}(?:dot|DOT)\s{1,3}|\.)"
_ENDINGS = r"(?:com|net|org|info|me|io|uk|co\.uk|ch|de|ru|nl|onion|example|invalid)"
HIDDEN = Kind(
    "email",
    rf"([A-Za-z0-9._%+-]{{1,64}}{_HIDDEN_AT}[A-Za-z0-9-]{{1,63}}(?:{_ANY_DOT}[A-Za-z0-9-]{{1,63}}){{1,4}})",
    validate,
)
SPELT = Kind(
    "email",
    rf"(?i)\b([a-z0-9._+-]{{2,64}}\s{{1,3}}at\s{{1,3}}[a-z0-9-]{{2,63}}(?:\s{{1,3}}dot\s{{1,3}}[a-z0-9-]{{2,63}}){{0,2}}\s{{1,3}}dot\s{{1,3}}{_ENDINGS})\b",
    validate,
)
