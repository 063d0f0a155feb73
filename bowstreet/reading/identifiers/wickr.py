"""Wickr names, beside the word. (Wickr Me closed in 2023; its names still stand on old pages.)"""

from __future__ import annotations

from bowstreet.reading.identifiers.handles import service

KINDS = service(
    "wickr",
    ("wickr", "wickrme", "wickr me", "wickr-me", "wickrid", "wckr", "wckrid", "wicker"),
    r"[a-z][a-z0-9_.-]{1,30}[a-z0-9_]",
)
