"""What a ledger leaf holds: a salted commitment to an event, in canonical JSON (RFC 8785).

    salt = new_salt()
    data = leaf({"act": "collection", "object": "sha256:…", "at": "2026-11-24T10:15:00Z"}, salt)

The event and its salt are kept elsewhere and can be erased; the leaf stays, and without the salt says nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import secrets
from collections.abc import Mapping
from typing import Any

from bowstreet.evidence.errors import BadLedger

SALT_SIZE = 32
MAX_SAFE = (1 << 53) - 1


def new_salt() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(SALT_SIZE)


def leaf(event: Mapping[str, Any], salt: bytes) -> bytes:
    """The leaf for an event: HMAC-SHA256 of its canonical JSON, keyed by the salt."""
    if len(salt) != SALT_SIZE:
        raise BadLedger(f"a salt has {SALT_SIZE} bytes")
    mark = hmac.new(salt, canonical(event), hashlib.sha256).hexdigest()
    return canonical({"commitment": f"hmac-sha256:{mark}", "version": 1})


def canonical(value: Any) -> bytes:
    """RFC 8785: one way of writing a JSON value. Numbers are whole (others are written as texts by whoever asks)."""
    return _text(value).encode()


def _text(value: Any) -> str:
    match value:
        case None | bool():
            return json.dumps(value)
        case str():
            return _string(value)
        case int() if abs(value) <= MAX_SAFE:
            return str(value)
        case float() if math.isfinite(value) and value.is_integer() and abs(value) <= MAX_SAFE:
            return str(int(value))
        case Mapping():
            return _object(value)
        case list() | tuple():
            return "[" + ",".join(_text(item) for item in value) + "]"
    raise BadLedger(f"a ledger event cannot hold {type(value).__name__} {value!r}: write it as text")


def _object(value: Mapping[Any, Any]) -> str:
    """Names in the order of their UTF-16 code units."""
    if not all(isinstance(name, str) for name in value):
        raise BadLedger("the names in a ledger event are texts")
    names = sorted(value, key=lambda name: name.encode("utf-16-be"))
    return "{" + ",".join(f"{_text(name)}:{_text(value[name])}" for name in names) + "}"


def _string(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadLedger("a text with half a surrogate pair has no canonical form") from None
    return json.dumps(value, ensure_ascii=False)
