"""PGP fingerprints: quoted in prose, or worked out from a public key block; and key IDs where it says that they are."""

from __future__ import annotations

import re

from bowstreet.reading.identifiers import base58, openpgp
from bowstreet.reading.identifiers.kind import Kind, Lead, NotOne, behind, not_behind

_KEY = r"(?:pgp|gpg|openpgp|fingerprint|fpr|fp|key)"
_OTR = r"\botr\b"


def quoted(text: str) -> str | None:
    """The digits, in capitals, without what groups them."""
    digits = "".join(c for c in text if c.isalnum()).upper()
    if len(digits) not in (40, 64) or len(set(digits)) < 8 or digits.isalpha() or digits.isdigit():
        raise NotOne
    return digits


def of_block(text: str) -> str | None:
    """The fingerprint of a block's primary key; None where the block is cut short or broken."""
    try:
        return openpgp.fingerprint(text)
    except openpgp.Broken:
        return None


def key_id(text: str) -> str:
    """Eight or sixteen digits, in capitals."""
    digits = text.upper().removeprefix("0X").replace(" ", "")
    if digits.isdigit() and len(digits) == 8:
        raise NotOne  # a date, a number
    return digits


_GAP = r"(?:[ :]{1,2}|[ ]?\r?\n[ ]{0,8})"
#: Groups of hexadecimal digits: one pass, shared with OTR's fingerprints
GROUPS = rf"\b[0-9A-Fa-f]{{2,20}}(?:{_GAP}[0-9A-Fa-f]{{2,20}}){{3,31}}\b|\b[0-9A-Fa-f]{{4,5}}(?:-[0-9A-Fa-f]{{4,5}}){{7,9}}\b"
_SIZES = frozenset((4, 5, 8, 10, 20))


def grouped(text: str) -> str | None:
    """Groups of the same size, of forty digits in all."""
    sizes = {len(group) for group in re.split(r"[^0-9A-Fa-f]+", text)}
    if len(sizes) != 1 or not sizes <= _SIZES or "-" in text:
        raise NotOne
    return _forty(text)


def _forty(text: str) -> str:
    value = str(quoted(text))
    if len(value) != 40:
        raise NotOne
    return value


def long(text: str) -> str | None:
    """Sixty-four digits, in the groups of version 6."""
    value = str(quoted(text))
    if len(value) != 64:
        raise NotOne
    return value


def in_pairs(text: str) -> str | None:
    """Twenty pairs, as X.509 has them too, or groups with hyphens between, as a licence has them."""
    sizes = {len(group) for group in re.split(r"[^0-9A-Fa-f]+", text)}
    if len(text) != 59 and ("-" not in text or len(sizes) != 1):
        raise NotOne
    return _forty(text)


def capitals(text: str) -> str | None:
    """Forty digits in capitals, in one run."""
    if len(text) != 40 or text != text.upper() or not set(text) <= set("0123456789ABCDEF"):
        raise NotOne
    return quoted(text)


def run(text: str) -> str | None:
    """Forty or sixty-four digits in one run, 0x before them or not."""
    if len(text) == 42 and text[:2] in ("0x", "0X") and text[2:] in (text[2:].lower(), text[2:].upper()):
        text = text[2:]
    if len(text) not in (40, 64) or not set(text.upper()) <= set("0123456789ABCDEF"):
        raise NotOne
    return quoted(text)


GROUPED = Kind("pgp", GROUPS, grouped, not_behind(_OTR, 60))
PAIRS = Kind("pgp", GROUPS, in_pairs, behind(rf"\b{_KEY}\b", 60))
V6 = Kind("pgp", GROUPS, long, behind(r"\b(?:pgp|gpg|openpgp|fingerprint|fpr|fp)\b", 60))
CAPITALS = Kind(
    "pgp",
    base58.RUN,
    capitals,
    not_behind(rf"{_OTR}|sha-?1|0x\Z|tx|hash|btih|commit|md5|checksum|torrent", 60),
)
NAMED = Kind("pgp", base58.RUN, run, behind(r"\b(?:pgp|gpg|openpgp|fingerprint|fpr)\b[^\n]{0,40}\Z", 60))
_BEGIN, _END = "-----BEGIN PGP PUBLIC KEY BLOCK-----", "-----END PGP PUBLIC KEY BLOCK-----"
#: a block with its end; or, cut short, its headers and lines as far as they look like armour
BLOCK = Kind(
    "pgp", rf"{_BEGIN}(?:(?:-{{0,4}}[^-])*{_END}|(?:[\s>]+[A-Z][A-Za-z-]{{2,20}}: [^\n]*)*(?:[\s>]+[0-9A-Za-z+/]{{16,}}={{0,2}})*(?:[\s>]+=[0-9A-Za-z+/]{{4}})?)", of_block
)  # fmt: skip
KEY_ID = Kind(
    "pgp_key_id",
    Lead(
        ("key id", "keyid", "key-id", "pgp key", "gpg key", "pgp id", "gpg", "pgp"),
        r"(?:[ ]?id)?[ \t]{0,2}[:=#]?[ \t]{0,2}((?:0x)?[0-9A-F]{8}(?:[ ]?[0-9A-F]{8})?|[0-9A-F]{4}(?:[ ][0-9A-F]{4}){3})(?![ ]?[0-9A-F]{4}|\w)",
    ),
    key_id,
)
LONG_ID = Kind("pgp_key_id", Lead(("key", "public key"), r"[ \t]?[:=]?[ \t]?(0x[0-9A-F]{16})\b"), key_id)
#: as GnuPG lists keys: "pub 4096R/9403F5E9"
LISTED = Kind(
    "pgp_key_id", r"\b(?:pub|sub)[ ]{1,4}(?:rsa|dsa|elg)?[0-9]{3,5}[A-Za-z]?/((?:0x)?[0-9A-F]{8}(?:[0-9A-F]{8})?)\b", key_id
)  # fmt: skip
KINDS = (GROUPED, PAIRS, CAPITALS, NAMED, V6, BLOCK, KEY_ID, LONG_ID, LISTED)
