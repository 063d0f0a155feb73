"""TikTok names, in links and beside the word."""

from __future__ import annotations

from bowstreet.reading.identifiers.handles import link, service

_NAME = r"[a-z0-9_][a-z0-9_.]{1,23}"
KINDS = (
    link("tiktok", ("tiktok.com",), rf"/@({_NAME})\b"),
    *service("tiktok", ("tiktok", "tik tok"), _NAME, start="a-z0-9_"),
)
