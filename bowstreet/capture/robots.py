"""What a site asks of crawlers (robots.txt, RFC 9309). Read in crawls only; whether it is obeyed is the operation's choice.

Robots.read(200, "User-agent: *\\nDisallow: /members").allows("https://shop.example/members/1")    →  False
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from protego import Protego

AGENT = (
    "bowstreet"  # the product token that a site may name; the browser's own name on the wire is not changed
)
LIMIT = 500 * 1024  # bytes that are read (RFC 9309 section 2.5)
LONGEST_DELAY = 300.0  # seconds; a longer Crawl-delay would stop a crawl by stealth


@dataclass(frozen=True)
class Robots:
    """`text` is what counts; empty where all is allowed. `closed` where nothing is, for the rules are unknown."""

    text: str = ""
    closed: bool = False

    @classmethod
    def read(cls, status: int, text: str) -> Robots:
        """By RFC 9309 section 2.3.1: refused or missing, all is allowed; out of order, nothing is."""
        if 200 <= status < 300:
            return cls(text[:LIMIT])
        return cls(closed=not 400 <= status < 500 or status == 429)

    def allows(self, url: str) -> bool:
        """May a crawler visit the address?"""
        return not self.closed and bool(_rules(self.text).can_fetch(url, AGENT))

    def delay(self) -> float:
        """The seconds between visits that the site asks for, or 0."""
        return min(LONGEST_DELAY, float(_rules(self.text).crawl_delay(AGENT) or 0))


@lru_cache(maxsize=64)
def _rules(text: str) -> Protego:
    return Protego.parse(text)


def address(origin: str) -> str:
    """Where a site's robots.txt is."""
    return f"{origin}/robots.txt"
