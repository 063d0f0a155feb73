"""Instagram names, in links and beside the word."""

from __future__ import annotations

from bowstreet.reading.identifiers.handles import link, service

_NAME = r"[a-z0-9_](?:[a-z0-9_.]{1,28}[a-z0-9_])"
KINDS = (
    link(
        "instagram",
        ("instagram.com", "instagr.am", "ig.me"),
        rf"/(?:m/)?(?!(?:p|reel|reels|explore|accounts|stories|about|legal|developer|directory)[/\s?])({_NAME})\b",
    ),
    *service("instagram", ("instagram", "insta", "ig"), _NAME, start="a-z0-9_"),
)
