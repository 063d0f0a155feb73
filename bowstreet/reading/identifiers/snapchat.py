"""Snapchat names, in links and beside the word."""

from __future__ import annotations

from bowstreet.reading.identifiers.handles import link, service

_NAME = r"[a-z][a-z0-9_.-]{1,13}[a-z0-9]"
KINDS = (
    link("snapchat", ("snapchat.com",), rf"/(?:add|t)/({_NAME})\b"),
    *service("snapchat", ("snapchat", "snap", "sc"), _NAME),
)
