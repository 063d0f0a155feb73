"""Which links a crawl follows: its scope, and the links that a page shows.

Scope("host", ("https://shop.example/",), depth=3).admits("https://shop.example/a", 1)    →  True
links(dom, base="https://shop.example/")                                                  →  ["https://shop.example/a", …]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bowstreet.capture.canonical import canonical
from bowstreet.capture.errors import BadAddress

if TYPE_CHECKING:
    import tldextract

MOST_LINKS = 5000  # of one page; a page with more is a trap


class Kind(StrEnum):
    """How far a crawl goes from its seeds."""

    PAGE = "page"
    PREFIX = "prefix"
    HOST = "host"
    SITE = "site"


@dataclass(frozen=True)
class Scope:
    """Seeds, and how far from them: links of a seed have depth 1. Seeds are canonical."""

    kind: Kind
    seeds: tuple[str, ...]
    depth: int

    def admits(self, url: str, depth: int) -> bool:
        """Would the crawl follow this canonical address, found at this depth?"""
        if url in self.seeds:
            return True
        return depth <= self.depth and any(_near(self.kind, seed, url) for seed in self.seeds)


def _near(kind: Kind, seed: str, url: str) -> bool:
    if kind is Kind.PAGE:
        return False
    if kind is Kind.SITE:
        return site(seed) == site(url)
    if origin(seed) != origin(url):
        return False
    return kind is Kind.HOST or urlsplit(url).path.startswith(_folder(urlsplit(seed).path))


def _folder(path: str) -> str:
    return path[: path.rfind("/") + 1]


def origin(url: str) -> str:
    """Scheme, host and port: what has one robots.txt (RFC 9309 section 2.3)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def site(url: str) -> str:
    """What is spared as one: the registrable domain by the public suffix list, whose default is one label.

    Of an address, the address.
    """
    host = urlsplit(url).hostname or ""
    found = _suffixes()(host)
    if found.suffix or found.ipv4 or ":" in host:
        return found.top_domain_under_public_suffix or host
    return ".".join(host.split(".")[-2:])


@cache
def _suffixes() -> tldextract.TLDExtract:
    import tldextract

    return tldextract.TLDExtract(
        suffix_list_urls=(), include_psl_private_domains=True
    )  # the copy it came with


def links(dom: str, *, base: str, drop: Iterable[str] = ()) -> list[str]:
    """The canonical addresses that a page links to, in its order, each once. What is no web address is left out."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(dom)
    if (said := tree.css_first("base[href]")) is not None:
        base = _read(said.attributes.get("href") or "", base) or base
    found: dict[str, None] = {}
    for node in tree.css("a[href], area[href]"):
        if len(found) >= MOST_LINKS:
            break
        if url := _read(node.attributes.get("href") or "", base, drop):
            found[url] = None
    return list(found)


def _read(href: str, base: str, drop: Iterable[str] = ()) -> str | None:
    try:
        return canonical(href, base=base, drop=drop)
    except BadAddress:
        return None
