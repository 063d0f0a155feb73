"""Onion service names: version 3 with its checksum (rend-spec-v3 section 6), version 2 by its length alone."""

from __future__ import annotations

import base64
import hashlib

from bowstreet.reading.identifiers import defang
from bowstreet.reading.identifiers.kind import Dense, Kind, NotOne, Part

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz234567")
#: Names under .onion and .i2p: one pass for both
NAMES = Dense(
    rf"(?i)\b(?:[a-z0-9][a-z0-9-]*(?:{defang.DOT}|[ ](?i:dot)[ ])){{1,4}}(?:onion|i2p)\b|\b[a-z2-7]{{56}}(?:[ ]{{1,2}}\.[ ]{{0,2}}|\.[ ]{{1,2}})onion\b"
)


def validate(text: str) -> Part:
    """The name in lower case, without what stands before it."""
    labels = defang.refang(text.lower()).replace(" dot ", ".").replace(" ", "").split(".")
    name = labels[-2]
    if labels[-1] != "onion" or len(name) not in (16, 56):
        raise NotOne
    return Part(_checked(name), _begin(text, name), len(text))


def _begin(text: str, name: str) -> int:
    return text.lower().rindex(name)


def _checked(name: str) -> str | None:
    if not _LETTERS.issuperset(name):
        if name.isalpha() or "-" in name:
            raise NotOne
        return None
    if len(name) == 16:
        return f"{name}.onion"
    raw = base64.b32decode(name.upper())
    key, check, version = raw[:32], raw[32:34], raw[34:]
    right = hashlib.sha3_256(b".onion checksum" + key + version).digest()[:2]
    return f"{name}.onion" if version == b"\x03" and check == right else None


KIND = Kind("onion", NAMES, validate)
