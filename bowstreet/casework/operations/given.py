"""What is given for an operation, parsed once: words that must be there, site patterns, test ranges."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from django.conf import settings

from bowstreet.capture.errors import BadAddress
from bowstreet.capture.scope import SitePattern
from bowstreet.casework.operations.errors import BadOperation


def written(text: str, missing: str, *, field: str) -> str:
    """The text, which must say something."""
    if not text.strip():
        raise BadOperation(missing, field=field)
    return text.strip()


def new_sites(sites: Sequence[str]) -> list[str]:
    """Site patterns, at least one."""
    try:
        found = [str(SitePattern.parse(site)) for site in sites if site.strip()]
    except BadAddress as error:
        raise BadOperation(str(error), field="sites") from None
    if not found:
        raise BadOperation("an operation needs at least one site that may be visited", field="sites")
    return found


def new_ranges(given: Sequence[str]) -> list[str]:
    """CIDR blocks that may be visited although they are private, where the installation allows it."""
    if given and not settings.TEST_RANGES_ALLOWED:
        raise BadOperation(
            "this installation does not allow test ranges: leave them out", field="test_ranges"
        )
    try:
        return [str(ipaddress.ip_network(one.strip())) for one in given]
    except ValueError as error:
        raise BadOperation(
            f"a test range is a CIDR block such as 127.0.0.0/8: {error}", field="test_ranges"
        ) from None
