"""E-mail addresses that somebody hid: "name [at] mail [dot] example", "name at mail dot example", "name AT mail.example".

A hidden form needs a sign that somebody hid it (brackets, the words spelt out before a known ending, "e-mail:" before
it, a provider of mail behind it), so that prose never becomes an identity; and the name is exactly the word beside the
sign. "At" and "dot" are known in the languages whose pages hide addresses so.
"""

from __future__ import annotations

import re

from bowstreet.reading.identifiers import email, suffix
from bowstreet.reading.identifiers.kind import Kind, Large, NotOne, Part, behind, words

# --- what stands for @ and for a dot, as written ----------------------------------------------------------------

_AT_WORD = (
    r"at|a|@|at[ -]?(?:sign|symbol)|[äæаα@]t|arroba|arobase|chiocciola|malpa|kukac|sobaka|собака|собачка"
)
_DOT_WORD = r"d[оο0]t|dot|dt|d|\.|punkt|punto|ponto|point|punct|kropka|tochka|точка"
_SPELT_AT = r"at|arroba|arobase|chiocciola|sobaka|собака"
_SPELT_DOT_WORD = r"dot|dt|punkt|punto|ponto|point|tochka|точка"
_AT = re.compile(
    rf"\s*(?:(?:[\[({{<*_|~=\\\"'-]\s*)+(?:{_AT_WORD})(?:\s*[\])}}>*_|~=\\\"'-])+|/at/|\.at\.(?=.*\.dot\.)|(?<=\s)(?:{_SPELT_AT}|@)(?=\s)"
    rf"|@|(?<=\s)@|@(?=\s)|&#0*64;|&commat;)\s*",
    re.I,
)
_DOT = re.compile(
    rf"\s*(?:(?:[\[({{<*_|~=\\\"'-]\s*)+(?:{_DOT_WORD})(?:\s*[\])}}>*_|~=\\\"'-])*|/dot/|\.dot\.|(?<=\s)(?:{_SPELT_DOT_WORD})(?=\s)|[.;,])\s*|\s+",
    re.I,
)
_CAPITALS = re.compile(r"([0-9a-z_.-]+)AT([0-9a-z-]+(?:DOT[0-9a-z-]+)+)\Z")
_NOT_NAMES = words(
    """
    me us them him her it you we they i is are was be am been look looking looks meet shop available
    buy sell selling sold order find found contact email mail e-mail here there now online only page
    site start starting shipping arrive arrived located stay live work working worked server sale
    store offer offers products product listed check visit seen get got and or the a an of to in on
    by for with this that all more not up out over mg g gram grams pm am price prices quality
    profile account vendor seller market vendors sellers markets feedback support-us reviews review
    stock bulk deals insta instagram ig telegram tg tele wickr snap snapchat twitter tiktok discord
    follow dm message via hosted accounts address mailbox inbox domain registered register login
    m s re ll ve free exclusively directly anytime always mails emails exist still
    """
)
#: who gives out mail boxes: "name at one of these" is an address
PROVIDERS = words(
    """
    gmail.com googlemail.com protonmail.com protonmail.ch proton.me pm.me tutanota.com tutanota.de
    tuta.io tutamail.com keemail.me yahoo.com yahoo.co.uk ymail.com outlook.com hotmail.com
    hotmail.co.uk live.com msn.com aol.com icloud.com me.com mail.com mail.ru bk.ru inbox.ru list.ru
    yandex.ru yandex.com rambler.ru gmx.com gmx.de gmx.net web.de riseup.net cock.li airmail.cc
    safe-mail.net hushmail.com lavabit.com mailfence.com posteo.de zoho.com fastmail.com countermail.com
    startmail.com disroot.org autistici.org sigaint.org mail2tor.com secmail.pro elude.in ctemplar.com
    dnmx.org danwin1210.me btinternet.com sky.com virginmedia.com talktalk.net ntlworld.com
    """
)


def hidden(text: str) -> str | None:
    """The address that was hidden."""
    if len(text) > 400:
        raise NotOne
    if found := _CAPITALS.match(text):
        text = f"{found[1]}@{found[2].replace('DOT', '.')}"
    parts = _AT.split(text.strip(), maxsplit=1)
    if len(parts) != 2:
        raise NotOne
    local, domain = (_DOT.sub(".", part.strip()).lower() for part in parts)
    spelt_onion = domain.endswith((".onion", ".i2p")) and re.search(r"\sat\s", text, re.I)
    if local.split(".")[-1] in _NOT_NAMES or not suffix.known(domain) or spelt_onion:
        raise NotOne
    return email.joined(local, domain)


def trimmed(text: str) -> str | Part | None:
    """A hidden address up to its last known ending: the sentence may run on."""
    for end in sorted({m.start() for m in _DOT.finditer(text)} | {len(text)}, reverse=True):
        try:
            return Part(hidden(text[:end]), 0, len(text[:end].rstrip()))
        except NotOne:
            continue
    raise NotOne


def provided(text: str) -> str | None:
    """ "Name at mail.example", where that is a provider of mail."""
    if text.split()[-1].lower() not in PROVIDERS:
        raise NotOne
    return hidden(text)


# --- what is proposed, in folded text: letters of other scripts are \xff -----------------------------------------

_ENDINGS = r"(?i:com|net|org|edu|gov|info|me|io|uk|ch|de|ru|nl|fr|eu|li|cc|is|su|pl|it|es|at|be|se|us|ca|au|onion|i2p|example|invalid)"
_SPELT_ENDINGS = rf"(?:{_ENDINGS}|(?i:xyz|shop|store|club|app|dev|pro|biz|tv|ws|pw|cz|fi|dk|ie|nz|jp|cn|ro|hu|gr|pt|ua|kz|bg|hr|rs|lt|lv|ee|mx|br|ar))"
_WORD = r"[0-9A-Za-z_+-]+"
_LABEL = r"[0-9A-Za-z-]+"
_FOREIGN_AT, _FOREIGN_DOT = r"arroba|arobase|chiocciola|sobaka|\xff{6}", r"punto|ponto|point|tochka|\xff{5}"
_OPEN, _SHUT = r"(?:[ \t]{0,3}[\[({<*_]){1,8}[ \t]{0,3}", r"(?:[ \t]{0,3}[\])}>*_]){1,8}[ \t]{0,3}"
_BRACKET_AT = rf"(?:{_OPEN}(?i:at|a|@|at[ -]?(?:sign|symbol)|[\xff@]t|malpa|kukac|\xff{{7}}|{_FOREIGN_AT}){_SHUT}|[ \t]?/(?i:at)/[ \t]?)"
_BRACKET_DOT = rf"(?:{_OPEN}(?i:dot|d[\xff0]t|dt|d|punkt|\.|punct|kropka|{_FOREIGN_DOT}){_SHUT}|{_OPEN}(?:\.[ \t]{{0,3}}|(?i:dot)[ \t])|[ \t]?/(?i:dot)/[ \t]?)"
_SPELT_DOT = r"[ \t\n]{1,3}(?i:dot|dt|punkt)[ \t\n]{1,3}"
_ANY_DOT = rf"(?:\.|{_BRACKET_DOT}|{_SPELT_DOT})"
_NAME = rf"[0-9A-Za-z_+-]+(?:(?:\.|{_BRACKET_DOT}){_WORD})*"
#: pairs of the same sign, as brackets are: "name -at- mail -dot- example", "name|at|mail|dot|example"
_SAME = "|".join(
    rf"[ ]?{one}[ ]?(?i:at)[ ]?{one}[ ]?[0-9A-Za-z]+(?:[ ]?{one}[ ]?(?i:dot)[ ]?{one}[ ]?[0-9A-Za-z]+){{1,4}}"
    for one in ("-", "~", r"\|", "=", r"\\", '"', "'", r"\.")
)
_FORMS = (
    rf"{_NAME}{_BRACKET_AT}{_LABEL}(?:{_ANY_DOT}{_LABEL}){{1,5}}",
    rf"[0-9A-Za-z_+]+(?:[.-][0-9A-Za-z_+]+){{0,3}}(?:{_SAME})\b",
    rf"{_NAME}[ \t]?@[ \t]?{_WORD}(?:\.{_WORD}){{0,3}}(?:{_BRACKET_DOT}|{_SPELT_DOT}){_WORD}(?:{_ANY_DOT}{_WORD}){{0,3}}",
    rf"{_WORD}[ ]@[ ]{_LABEL}(?:[ ]\.[ ]{_LABEL}){{0,2}}[ ]\.[ ]{_ENDINGS}\b",
    rf"[0-9A-Za-z_+.-]*[A-Za-z_+-](?:[ \t]@[ \t]?|@[ \t]){_WORD}(?:\.{_WORD}){{1,5}}\b",
    rf"[0-9A-Za-z_+-]+(?:(?:\.|{_SPELT_DOT}){_WORD}){{0,3}}[ \t\n]{{1,3}}(?i:at)[ \t\n]{{1,3}}{_LABEL}(?:{_ANY_DOT}{_LABEL}){{0,3}}(?:{_SPELT_DOT}|{_BRACKET_DOT}){_SPELT_ENDINGS}\b",
    rf"{_WORD}(?:\.{_WORD}){{0,3}}[ ]{{1,2}}(?i:{_FOREIGN_AT})[ ]{{1,2}}{_LABEL}(?:[ ]{{1,2}}(?i:{_FOREIGN_DOT})[ ]{{1,2}}{_LABEL}){{1,3}}\b",
    r"[0-9A-Za-z_+.-]*[0-9A-Za-z_+-][ \t]{1,3}(?i:at)[ \t]{1,3}(?:[0-9A-Za-z-]+\.){1,4}(?i:edu|ac\.uk)\b",
    rf"[0-9A-Za-z_+.-]+[ \t]{{1,3}}(?i:at)[ \t]{{1,3}}[0-9A-Za-z-]+(?:;[0-9A-Za-z-]+){{0,3}};{_ENDINGS}\b",
    rf"[0-9a-z_+.-]+[ ]{{1,2}}AT[ ]{{1,2}}[0-9a-z-]+(?:\.[0-9a-z-]+){{0,3}}\.{_ENDINGS}\b",
    r"[0-9a-z_.-]*[0-9a-z]AT[0-9a-z-]+(?:DOT[0-9a-z-]+){1,4}\b",
)
HIDDEN = Kind("email", Large(rf"\b(?:{'|'.join(_FORMS)})"), trimmed)
PROVIDED = Kind(
    "email", Large(rf"\b[0-9A-Za-z_+.-]*[0-9A-Za-z_][ \t]{{1,2}}(?i:at)[ \t]{{1,2}}(?i:{'|'.join(sorted(re.escape(one) for one in PROVIDERS))})\b"), provided
)  # fmt: skip
#: "E-mail: name at mail.example", "name at mail;example", "name@ cs mail example": only where it says that it is one.
SAID = Kind(
    "email",
    Large(rf"\b([0-9A-Za-z_+.-]+(?:[ \t]{{1,3}}(?i:at)[ \t]{{1,3}}|@[ \t]{{0,3}})[0-9A-Za-z-]+(?:(?:[.;,]|[ \t]{{1,3}})[0-9A-Za-z-]+){{0,3}}(?:[.;,]|[ \t]{{1,3}}){_ENDINGS})\b"),
    hidden,
    behind(r"(?:e-?mail|mail ?to|jabber|xmpp|contact|reach|address)[^\n]{0,24}\Z"),
)  # fmt: skip
_ENDS = re.compile(rb"[ \t]*(?:[\n\r>]|\Z)")
#: in a column of its own, or in angle brackets, as lists of people have it: "Anna Brown     anna at mail.example"
COLUMN = Kind(
    "email",
    Large(
        rf"(?:\t|[ ]{{2}}|<)([0-9A-Za-z_+.-]+[ ](?i:at)[ ][0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+){{0,3}}\.{_ENDINGS})\b"
    ),
    hidden,
    lambda folded, start, end: _ENDS.match(folded, end) is not None,
)
#: the same behind the word that says it is an address on Jabber
JABBER = Kind("jabber", HIDDEN.proposes, trimmed, behind(r"\b(?:jabber|xmpp|jid)\b[^\n@]{0,16}\Z"))

# --- in scripts and markup ---------------------------------------------------------------------------------------

_QUOTED = re.compile(r"['\"]([^'\"]*)['\"]")


def in_script(text: str) -> str | None:
    """A script's call or sum that puts the halves together: whichever half has a known ending is the domain."""
    halves = [one for one in _QUOTED.findall(text) if one.strip("@") and "64" not in one and "40" not in one]
    if len(halves) != 2:
        raise NotOne
    local, domain = reversed(halves) if suffix.known(halves[0].lower()) else halves
    if not suffix.known(domain.lower()) or suffix.known(local.lower()):
        raise NotOne
    return email.joined(local, domain.lower())


def crossed(text: str) -> str | None:
    """Cloudflare's: every byte is crossed with the first."""
    key, *rest = bytes.fromhex(text[: len(text) // 2 * 2])
    address = bytes(byte ^ key for byte in rest).decode("utf-8", "replace")
    if address.count("@") != 1 or not address.isprintable():
        raise NotOne
    found = email.plain(address)
    return found.value if isinstance(found, Part) else found


_HALF = r"['\"][\w.+-]{1,64}['\"]"
SCRIPT = Kind(
    "email", rf"\b(?i:\w{{0,24}}(?:obfus|mail|addr)\w{{0,24}}\(\s?{_HALF}\s?,\s?{_HALF}\s?\))|{_HALF}\s?\+\s?['\"](?:@|&#0?64;|\\[ux](?:00)?40)['\"]\s?\+\s?{_HALF}", in_script
)  # fmt: skip
CROSSED = Kind("email", r"(?:data-cfemail=[\"']?|/cdn-cgi/l/email-protection#)([0-9a-f]{14,400})", crossed)
KINDS = (HIDDEN, PROVIDED, SAID, COLUMN, SCRIPT, CROSSED)
