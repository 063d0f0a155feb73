"""What one visit is allowed to do. Only the gate makes permits; nothing is fetched without one.

A permit is frozen and is sealed with the capture, in the restricted companion. It is checked at the start and
before each page: one second after its end nothing is fetched.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bowstreet.capture.errors import OutOfScope, PermitRefused
from bowstreet.capture.scope import SitePattern, split


@dataclass(frozen=True, kw_only=True)
class Permit:
    """An authority's leave to visit, for one officer, some sites and a time.

    `sites` are site patterns; `test_ranges` CIDR blocks of private or loopback addresses that may be visited
    where the installation allows test ranges at all; `bad_tls` is "refuse" or "record".
    """

    reference: str
    operation: str
    authority: str
    officer: str
    purpose: str
    sites: tuple[str, ...]
    techniques: tuple[str, ...]
    starts: datetime
    ends: datetime
    issued: datetime
    test_ranges: tuple[str, ...] = ()
    bad_tls: str = "refuse"
    egress: str = "direct"
    account: str = ""  # of the open registration that may be used, where one may

    def check(self, url: str, at: datetime, *, technique: str = "visit") -> None:
        """Raise PermitRefused unless this visit is covered; OutOfScope where only the site is not."""
        split(url)
        if technique not in self.techniques:
            raise PermitRefused(f"the authority {self.authority} does not cover the technique '{technique}'")
        if at < self.starts:
            raise PermitRefused(
                f"the authority {self.authority} begins only at {self.starts:%d %B %Y %H:%M:%S %Z}"
            )
        if at >= self.ends:
            raise PermitRefused(
                f"the authority {self.authority} ended at {self.ends:%d %B %Y %H:%M:%S %Z}: seek a new one"
            )
        if not any(SitePattern.parse(pattern).admits(url) for pattern in self.sites):
            raise OutOfScope(
                url, f"{url} is outside the sites of the authority {self.authority}: {', '.join(self.sites)}"
            )

    def record(self) -> dict[str, Any]:
        """As a JSON object, times in RFC 3339."""
        return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(self).items()}
