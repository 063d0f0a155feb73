"""Telegram names: links to t.me, and names beside the word. Five to thirty-two letters, digits and underscores.

An invitation to a group has a code of its own, which tells capitals from small letters: its value is `t.me/+code`.
"""

from __future__ import annotations

from bowstreet.reading.identifiers.handles import decider, link, service
from bowstreet.reading.identifiers.kind import Kind, NotOne, Part

_NAME = r"[a-z][a-z0-9_]{4,31}"
_HOSTS = ("t.me", "telegram.me", "telegram.dog", "t[.]me", "t(.)me", "t[dot]me", "telegram[.]me")
_CODE = r"([0-9A-Za-z_-]{14,32})(?![0-9A-Za-z_-])"


def invitation(text: str) -> str:
    """The link as Telegram writes it today."""
    return f"t.me/+{text}"


def in_host(text: str) -> Part:
    """The name before ".t.me"."""
    name = text[: -len(".t.me")]
    if name.lower() in ("www", "http", "https"):
        raise NotOne
    return Part(decider()(name), 0, len(name))


KINDS = (
    link("telegram", _HOSTS, rf"/(?:s/)?(?!joinchat/)({_NAME})\b(?!/\+)"),
    link("telegram", _HOSTS, rf"/(?:joinchat/|\+){_CODE}", invitation),
    link("telegram", ("tg",), rf"://resolve/?\?domain=({_NAME})\b"),
    link("telegram", ("tg",), rf"://join/?\?invite={_CODE}", invitation),
    link("telegram", ("web.telegram.org",), rf"/[akz]?/?#(?:/im\?p=)?@({_NAME})\b"),
    Kind("telegram", rf"(?i)\b{_NAME}\.t\.me\b", in_host),
    *service("telegram", ("telegram", "telegramm", "telegr", "tele", "tg", "telega"), _NAME),
)
