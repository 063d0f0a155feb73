"""Web addresses as pages write them, which may be anything.

split("http://shop.example/a?b=1").netloc      →  "shop.example"
"""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

NONE = SplitResult("", "", "", "", "")


def split(url: str) -> SplitResult:
    """The parts of an address; all of them empty where it is none, such as `http://[`."""
    try:
        return urlsplit(url)
    except ValueError:
        return NONE
