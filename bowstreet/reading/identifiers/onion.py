"""Onion service names: version 3 with its checksum (rend-spec-v3 section 6), version 2 by its length alone."""

from __future__ import annotations

import base64
import hashlib

from bowstreet.reading.identifiers.kind import Kind


def validate(text: str) -> str | None:
    """The name in lower case, without what stands before it."""
    name = text.lower().split(".")[-2]
    if len(name) == 16:
        return f"{name}.onion"
    raw = base64.b32decode(name.upper())
    key, check, version = raw[:32], raw[32:34], raw[34:]
    right = hashlib.sha3_256(b".onion checksum" + key + version).digest()[:2]
    return f"{name}.onion" if version == b"\x03" and check == right else None


KIND = Kind("onion", r"(?i)\b((?:[a-z0-9-]{1,63}\.){0,3}(?:[a-z2-7]{56}|[a-z2-7]{16})\.onion)\b", validate)
