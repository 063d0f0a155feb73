"""E-mail addresses as they are written: "name@mail.example", also with the sign or a dot as an entity or an escape.

Those that somebody hid ("name [at] mail [dot] example") are in `hidden_email`.
"""

from __future__ import annotations

import re
import unicodedata

from bowstreet.reading.identifiers import suffix
from bowstreet.reading.identifiers.kind import Kind, Large, NotOne, Part

_LOCAL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+)*\Z", re.I
)
_FILES = frozenset(("png", "jpg", "jpeg", "gif", "svg", "css", "js", "webp", "html", "php", "pdf"))
_AT = re.compile(r"@|&#0*64;|&#x0*40;|&commat;|%40|\\u0040|\\x40", re.I)
_DOT = re.compile(r"&#0*46;|&#x0*2e;|&period;", re.I)
_QUERY = re.compile(
    r"(?:\A|[?&])[\w.-]{1,40}=(?=[^=?&/|]{0,64}\Z)|\A//.{0,1900}[=?&/|](?=[^=?&/|]{0,64}\Z)", re.S
)

_USER = re.compile(rb"(?:h(?:tt|xx)ps?|s?ftps?)://[^\s/?#@]{0,80}@", re.I)
_ATOM = r"[0-9A-Za-z!#$%&'*+/=?^_`{|}~.\xff-]+"
_NAME = r"[0-9A-Za-z\xff][0-9A-Za-z\xff-]*(?:(?:\.|(?i:&#0*46;|&#x0*2e;|&period;))[0-9A-Za-z\xff-]+)+"
_SIGN = r"(?:@|(?i:&#0*64;|&#x0*40;|&commat;|%40|\\u0040|\\x40))"


def plain(text: str) -> str | Part | None:
    """The address in lower case, its domain in IDNA form."""
    if len(text) > 2000:
        raise NotOne
    normal = _DOT.sub(".", unicodedata.normalize("NFC", text))
    sign = list(_AT.finditer(normal))[-1]
    local, domain = normal[: sign.start()], normal[sign.end() :]
    skip = _skipped(local, domain)
    host, cut = _host(domain)
    if skip or cut:
        return Part(joined(local[skip:], host), skip, len(text) - cut)
    return joined(local, host)


def _skipped(local: str, domain: str) -> int:
    """How much before the local part is not of it: a query's field, a quote, letters of another script."""
    if found := _QUERY.search(local):
        return found.end()
    if found := re.match(r"[.]{2,}|['`*|/=#]{1,3}(?=[^\W_])(?![^'`*|/=#]*['`*|/=#])", local):
        return found.end()
    if domain.isascii() and (found := re.match(r"[^\x00-\u02ff]+(?=[a-z0-9][a-z0-9._+-]*\Z)", local, re.I)):
        return found.end()
    return 0


def _host(domain: str) -> tuple[str | None, int]:
    """The domain, and how many characters behind it belong to the next sentence."""
    host = suffix.ascii_form(domain)
    if host is None:
        return None, 0
    labels = host.split(".")
    if (
        len(labels) > 2
        and suffix.is_suffix(labels[-2])
        and not suffix.is_suffix(labels[-1])
        and domain.isascii()
    ):
        return ".".join(labels[:-1]), len(labels[-1]) + 1
    if len(labels) > 2 and domain.rpartition(".")[2].istitle() and domain.rpartition(".")[0].islower():
        return ".".join(labels[:-1]), len(labels[-1]) + 1
    return host, 0


def joined(local: str, host: str | None) -> str | None:
    """The address of a name at a host; None where a rule is broken."""
    labels = (host or "").split(".")
    if labels[-1] in _FILES and re.match(r"\d+x\Z", labels[0]):
        raise NotOne  # logo@2x.png
    good = host and _LOCAL.match(local) and len(local.encode()) <= 64 and len(labels) > 1 and "_" not in host
    good = good and suffix.well_formed(str(host)) and len(local.encode()) + len(str(host)) < 254
    good = (
        good
        and len(labels[-1]) > 1
        and (labels[-1].replace("-", "").isalpha() or labels[-1].startswith("xn--"))
    )
    if labels[-1] in _FILES:
        raise NotOne
    return f"{local.lower()}@{host}" if good else None


def _whole(folded: bytes, start: int, end: int) -> bool:
    """Is nothing cut off, and is it no web address's user?"""
    if any(user.end() > start for user in _USER.finditer(folded, max(0, start - 90), end)):
        return False
    return (folded[end : end + 1] not in (b"@", b"[") and folded[start - 1 : start] not in (b'"', b"@")) or (
        folded[start - 1 : start] == b'"' and folded[end : end + 1] != b"@" and b'"@' not in folded[start:end]
    )


# --- quoted names and address literals (RFC 5321 section 4.1.2, 4.1.3) -----------------------------------------


def literal(text: str) -> str | None:
    """As written, the domain in lower case."""
    local, _, domain = text.rpartition("@")
    if not domain.startswith("["):
        host, _ = _host(domain)
        return f"{local}@{host}" if host and suffix.well_formed(host) and len(local) <= 64 else None
    import ipaddress

    address = domain[1:-1]
    try:
        if address[:5].lower() == "ipv6:":
            ipaddress.IPv6Address(address[5:])
        else:
            ipaddress.IPv4Address(address)
    except ValueError:
        return None
    good = local.startswith('"') or _LOCAL.match(local)
    return f"{local}@{domain.lower()}" if good and len(local) <= 64 else None


_QUOTED = r"\"(?:[^\"\\\r\n\x00-\x1f\x7f<>=]|\\[\x20-\x7e]){0,62}\""
_LITERAL = r"\[(?:[0-9.]{7,15}|(?i:IPv6):[0-9A-Fa-f:.]{2,45})\]"
PLAIN = Kind(
    "email",
    Large(rf"{_QUOTED}@(?:{_NAME}|{_LITERAL})|{_ATOM}(?:{_SIGN}{_NAME}|@{_LITERAL})"),
    lambda text: literal(text) if text[0] == '"' or text[-1] == "]" else plain(text),
    _whole,
)
