"""How a crawl behaves: its pace, its ceilings, and what an answer means for it. Pure; the queue is kept by the caller.

pause(10, asked=0, chance=0.5)                                   →  12.5
Ceilings(pages=100).reached(pages=100, seconds=5, size=9)        →  "it has its 100 pages"
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

JITTER = 0.5  # of the rate, at most: always on top of it, so that the rate is never exceeded
BUSY_SECONDS = 30.0  # the first wait after 429 or 503 where the site names none, doubled each time
LONGEST_WAIT = 3600.0
TRIES = 3  # of a page that is busy or does not answer


@dataclass(frozen=True)
class Ceilings:
    """Where a crawl stops, whatever is left."""

    pages: int = 1000
    minutes: int = 24 * 60
    size: int = 50 << 30

    def reached(self, *, pages: int, seconds: float, size: int) -> str | None:
        """Why no further page may be visited, or None."""
        if pages >= self.pages:
            return f"it has its {self.pages} pages"
        if seconds >= self.minutes * 60:
            return f"it has worked its {self.minutes} minutes"
        if size >= self.size:
            return f"its archives have reached {self.size} bytes"
        return None


def pause(rate: float, *, asked: float, chance: float) -> float:
    """Seconds to leave a site alone after a visit: `rate`, or what its robots.txt asked, and up to half more."""
    return max(rate, asked) * (1 + JITTER * chance)


def back_off(rate: float, *, strikes: int, asked: float | None) -> float:
    """Seconds to leave a site alone that answered for the nth time in a row that it is busy."""
    if asked is not None:
        return min(LONGEST_WAIT, max(asked, rate * 2.0 ** min(strikes, 12)))
    return min(LONGEST_WAIT, max(rate, BUSY_SECONDS) * 2.0 ** min(strikes - 1, 12))


def retry_after(value: str | None, *, at: datetime) -> float | None:
    """The seconds that a Retry-After field names, as a number or a date (RFC 9110 section 10.2.3)."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - at).total_seconds())
    except (TypeError, ValueError):
        return None
