"""Telegram names: links to t.me, and names beside the word. Five to thirty-two letters, digits and underscores."""

from __future__ import annotations

from bowstreet.reading.identifiers.handles import link, service

_NAME = r"[a-z][a-z0-9_]{4,31}"
KINDS = (
    link("telegram", ("t.me", "telegram.me", "telegram.dog"), rf"/(?:s/)?({_NAME})\b(?!/\+)"),
    *service("telegram", ("telegram", "telegr", "tele", "tg", "telega"), _NAME),
)
