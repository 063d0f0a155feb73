"""Families of layouts, each as some real software or hand builds markets, with the truth of each page.

Families named in OPEN may be looked at while the reader is mended; those in CLOSED are only scored.
"""

from __future__ import annotations

from families.base import Family
from families.boards import BOARDS
from families.modern import MODERN
from families.onion import ONION
from families.plain import PLAIN
from families.shops import SHOPS
from families.tongues import TONGUES

FAMILIES: tuple[type[Family], ...] = (*SHOPS, *ONION, *MODERN, *PLAIN, *BOARDS, *TONGUES)
OPEN = frozenset(
    "woo oscom eckmar agorish bays tailwind whole orders twocol buttons classified threads german french".split()
)
CLOSED = frozenset(one.name for one in FAMILIES) - OPEN
