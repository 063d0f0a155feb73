"""Telegram names: links to t.me, and names after the word. Five to thirty-two letters, digits and underscores."""

from __future__ import annotations

from bowstreet.reading.identifiers.kind import Kind, NotOne

_NOT_NAMES = frozenset(
    (
        "share",
        "joinchat",
        "addstickers",
        "proxy",
        "iv",
        "socks",
        "setlanguage",
        "login",
        "channel",
        "group",
        "telegram",
    )
)


def validate(text: str) -> str | None:
    """The name in lower case, without its sign."""
    name = text.lstrip("@").lower()
    if name in _NOT_NAMES or not name[0].isalpha() or name.endswith("_"):
        raise NotOne
    return name


LINK = Kind("telegram", r"(?i)(?:t\.me|telegram\.(?:me|dog))/(?:s/)?([a-z][a-z0-9_]{4,31})\b", validate)
NAMED = Kind(
    "telegram",
    r"(?i)\b(?:telegram|telegr|tele|tg)\b\s{0,2}(?:name|id|user|handle|contact)?\s{0,2}[:=\-]?\s{0,3}(@[a-z][a-z0-9_]{4,31})\b",
    validate,
)
