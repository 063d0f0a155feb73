"""E-mail addresses, plain and hidden: "name@mail.example", "name [at] mail [dot] example", "name at mail dot example".

A hidden form needs a sign that somebody hid it (brackets, the words spelt out before a known ending, "e-mail:" before
it), so that prose never becomes an identity; and the name is exactly the word beside the sign.
"""

from __future__ import annotations

import re
import unicodedata

from bowstreet.reading.identifiers import suffix
from bowstreet.reading.identifiers.kind import Kind, NotOne, Part, behind, words

_LOCAL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+)*\Z", re.I
)
_FILES = frozenset(("png", "jpg", "jpeg", "gif", "svg", "css", "js", "webp", "html", "php", "pdf"))
_AT = re.compile(r"@|&#0*64;|&#x0*40;|&commat;|%40", re.I)
_QUERY = re.compile(
    r"(?:\A|[?&])[\w.-]{1,40}=(?=[^=?&/|]{0,64}\Z)|\A//.{0,1900}[=?&/|](?=[^=?&/|]{0,64}\Z)", re.S
)

_ATOM = r"[0-9A-Za-z!#$%&'*+/=?^_`{|}~.\xff-]+"
_NAME = r"[0-9A-Za-z\xff][0-9A-Za-z\xff-]*(?:\.[0-9A-Za-z\xff-]+)+"
_SIGN = r"(?:@|(?i:&#0*64;|&#x0*40;|&commat;|%40))"


def plain(text: str) -> str | Part | None:
    """The address in lower case, its domain in IDNA form."""
    if len(text) > 2000:
        raise NotOne
    normal = unicodedata.normalize("NFC", text)
    sign = list(_AT.finditer(normal))[-1]
    local, domain = normal[: sign.start()], normal[sign.end() :]
    skip = _skipped(local, domain)
    host, cut = _host(domain)
    if skip or cut:
        return Part(_joined(local[skip:], host), skip, len(text) - cut)
    return _joined(local, host)


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


def _joined(local: str, host: str | None) -> str | None:
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
    rf"{_QUOTED}@(?:{_NAME}|{_LITERAL})|{_ATOM}(?:{_SIGN}{_NAME}|@{_LITERAL})",
    lambda text: literal(text) if text[0] == '"' or text[-1] == "]" else plain(text),
    _whole,
)

# --- hidden ------------------------------------------------------------------------------------------------------

_WORD = r"[0-9A-Za-z_+-]+"
_HIDDEN_AT = re.compile(
    r"\s*(?:(?:[\[({<*_]\s*)+(?:at|a|@|at[ -]?(?:sign|symbol))(?:\s*[\])}>*_])+|/at/|(?<=\s)(?:at|@)(?=\s)|@|(?<=\s)@|@(?=\s))\s*",
    re.I,
)
_HIDDEN_DOT = re.compile(
    r"\s*(?:(?:[\[({<*_]\s*)+(?:dot|dt|d|punkt|\.)(?:\s*[\])}>*_])*|/dot/|(?<=\s)(?:dot|dt|punkt)(?=\s)|[.;])\s*|\s+",
    re.I,
)


def hidden(text: str) -> str | None:
    """The address that was hidden."""
    if len(text) > 400:
        raise NotOne
    parts = _HIDDEN_AT.split(text.strip(), maxsplit=1)
    if len(parts) != 2:
        raise NotOne
    local, domain = (_HIDDEN_DOT.sub(".", part.strip()).lower() for part in parts)
    spelt_onion = domain.endswith((".onion", ".i2p")) and re.search(r"\sat\s", text, re.I)
    if local.split(".")[-1] in _NOT_NAMES or not suffix.known(domain) or spelt_onion:
        raise NotOne
    return _joined(local, domain)


_NOT_NAMES = words(
    """
    me us them him her it you we they i is are was be am been look looking looks meet shop available
    buy sell selling sold order find found contact email mail e-mail here there now online only page
    site start starting shipping arrive arrived located stay live work working worked server sale
    store offer offers products product listed check visit seen get got and or the a an of to in on
    by for with this that all more not up out over mg g gram grams pm am price prices quality
    profile account vendor seller market vendors sellers markets feedback support-us reviews review
    stock bulk deals
    """
)
_ENDINGS = r"(?i:com|net|org|edu|gov|info|me|io|uk|ch|de|ru|nl|fr|eu|li|cc|is|su|pl|it|es|at|be|se|us|ca|au|onion|i2p|example|invalid)"
_OPEN, _SHUT = r"(?:[ \t]{0,3}[\[({<*_]){1,8}[ \t]{0,3}", r"(?:[ \t]{0,3}[\])}>*_]){1,8}[ \t]{0,3}"
_BRACKET_AT = rf"(?:{_OPEN}(?i:at|a|@|at[ -]?(?:sign|symbol)){_SHUT}|[ \t]?/(?i:at)/[ \t]?)"
_BRACKET_DOT = rf"(?:{_OPEN}(?i:dot|dt|d|punkt|\.){_SHUT}|{_OPEN}(?:\.[ \t]{{0,3}}|(?i:dot)[ \t])|[ \t]?/(?i:dot)/[ \t]?)"
_SPELT_DOT = r"[ \t\n]{1,3}(?i:dot|dt|punkt)[ \t\n]{1,3}"
_ANY_DOT = rf"(?:\.|{_BRACKET_DOT}|{_SPELT_DOT})"
_HOSTS = rf"[0-9A-Za-z-]+(?:{_ANY_DOT}[0-9A-Za-z-]+){{1,5}}"
_HIDDEN_NAME = rf"[0-9A-Za-z_+-]+(?:(?:\.|{_BRACKET_DOT}){_WORD})*"

_BRACKETS = rf"{_HIDDEN_NAME}{_BRACKET_AT}{_HOSTS}"
_SIGNED = rf"{_HIDDEN_NAME}[ \t]?@[ \t]?{_WORD}(?:\.{_WORD}){{0,3}}(?:{_BRACKET_DOT}|{_SPELT_DOT}){_WORD}(?:{_ANY_DOT}{_WORD}){{0,3}}"
_SPACED = rf"[0-9A-Za-z_+.-]*[A-Za-z_+-](?:[ \t]@[ \t]?|@[ \t]){_WORD}(?:\.{_WORD}){{1,5}}\b"
_SPELT = rf"[0-9A-Za-z_+-]+(?:(?:\.|{_SPELT_DOT}){_WORD}){{0,3}}[ \t\n]{{1,3}}(?i:at)[ \t\n]{{1,3}}[0-9A-Za-z-]+(?:{_ANY_DOT}[0-9A-Za-z-]+){{0,3}}(?:{_SPELT_DOT}|{_BRACKET_DOT}){_ENDINGS}\b"
_SCHOOL = (
    r"[0-9A-Za-z_+.-]*[0-9A-Za-z_+-][ \t]{1,3}(?i:at)[ \t]{1,3}(?:[0-9A-Za-z-]+\.){1,4}(?i:edu|ac\.uk)\b"
)
_SEMICOLONS = (
    rf"[0-9A-Za-z_+.-]+[ \t]{{1,3}}(?i:at)[ \t]{{1,3}}[0-9A-Za-z-]+(?:;[0-9A-Za-z-]+){{0,3}};{_ENDINGS}\b"
)
_SCRIPT = (
    r"(?i:\w{0,24}(?:obfus|mail|addr)\w{0,24}\(\s?['\"][\w.+-]{1,64}['\"]\s?,\s?['\"][\w.-]{1,64}['\"]\s?\))"
)
#: "E-mail: name at mail.example", "name at mail;example", "name@ cs mail example": only where it says that it is one.
SAID = Kind(
    "email",
    rf"\b([0-9A-Za-z_+.-]+(?:[ \t]{{1,3}}(?i:at)[ \t]{{1,3}}|@[ \t]{{0,3}})[0-9A-Za-z-]+(?:(?:[.;]|[ \t]{{1,3}})[0-9A-Za-z-]+){{0,3}}(?:[.;]|[ \t]{{1,3}}){_ENDINGS})\b",
    hidden,
    behind(r"(?:e-?mail|mail ?to|jabber|xmpp|contact|reach|address)[^\n]{0,24}\Z"),
)  # fmt: skip
_CALL = re.compile(r"['\"]([^'\"]*)['\"]\s?,\s?['\"]([^'\"]*)['\"]")


def in_script(text: str) -> str | None:
    """A script's call that puts the two halves together: whichever half has a known ending is the domain."""
    first, second = _CALL.findall(text)[0]
    local, domain = (second, first) if suffix.known(first.lower()) else (first, second)
    if not suffix.known(domain.lower()) or suffix.known(local.lower()):
        raise NotOne
    return _joined(local, domain.lower())


def _trimmed(text: str) -> str | Part | None:
    """A hidden address up to its last known ending: the sentence may run on."""
    for end in sorted({m.start() for m in _HIDDEN_DOT.finditer(text)} | {len(text)}, reverse=True):
        try:
            return Part(hidden(text[:end]), 0, len(text[:end].rstrip()))
        except NotOne:
            continue
    raise NotOne


def any_hidden(text: str) -> str | Part | None:
    """Whichever way it was hidden."""
    return in_script(text) if text.endswith(")") and "(" in text and _CALL.search(text) else _trimmed(text)


HIDDEN = Kind(
    "email", rf"\b(?:{_BRACKETS}|{_SIGNED}|{_SPACED}|{_SPELT}|{_SCHOOL}|{_SEMICOLONS}|{_SCRIPT})", any_hidden
)  # fmt: skip
KINDS = (PLAIN, HIDDEN, SAID)
