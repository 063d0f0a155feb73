"""Which addresses a site pattern admits.

    SitePattern.parse("shop.example/sellers/").admits("https://shop.example/sellers/anna")   →  True

A pattern is a host, or `*.host` (the host and everything below it), then perhaps `:port`, then perhaps a path
prefix. Without a port, the scheme's own is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from bowstreet.capture.errors import BadAddress

PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_PATTERN = re.compile(
    r"(?P<wild>\*\.)?(?P<host>\[[0-9a-f:.]+\]|[^\s/:*]+)(?::(?P<port>\d{1,5}))?(?P<path>/\S*)?\Z"
)
_BAD = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True)
class SitePattern:
    """A host, perhaps with everything below it, a port and a path prefix."""

    host: str
    below: bool = False
    port: int | None = None
    path: str = "/"

    @classmethod
    def parse(cls, text: str) -> SitePattern:
        """Read `host`, `*.host`, `host:port`, `host/path/`. Raises BadAddress."""
        found = _PATTERN.match(text.strip().lower() if "/" not in text else _lower_host(text.strip()))
        if not found or (found["port"] and not 0 < int(found["port"]) < 65536):
            raise BadAddress(
                f"{text!r} is no site pattern: write a host, '*.host', 'host:port' or 'host/path/'"
            )
        return cls(
            ascii_host(found["host"]),
            bool(found["wild"]),
            int(found["port"]) if found["port"] else None,
            found["path"] or "/",
        )

    def admits(self, url: str) -> bool:
        """Does this pattern admit the address? A malformed address is admitted by none."""
        try:
            parts = split(url)
        except BadAddress:
            return False
        host, port = host_port(parts)
        named = host == self.host or (self.below and host.endswith("." + self.host))
        if not named or port != (self.port or PORTS[parts.scheme]):
            return False
        return _within(parts.path or "/", self.path)

    def __str__(self) -> str:
        port = f":{self.port}" if self.port else ""
        return f"{'*.' if self.below else ''}{self.host}{port}{self.path if self.path != '/' else ''}"


def split(url: str) -> SplitResult:
    """Take an http, https, ws or wss address apart. Raises BadAddress, saying what is wrong with it."""
    if _BAD.search(url):
        raise BadAddress(f"{url!r} is no web address: it holds a space, a backslash or a control character")
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise BadAddress(f"{url!r} is no web address: {error}") from None
    if parts.scheme not in PORTS or not host:
        raise BadAddress(
            f"{url!r} is no web address: it should begin with http:// or https:// and name a host"
        )
    if port == 0 or parts.username is not None:
        raise BadAddress(f"{url!r} is refused: it names port 0, or carries a user name or password")
    return parts


def host_port(parts: SplitResult) -> tuple[str, int]:
    """The host in its ASCII form, and the port, the scheme's own where none is named."""
    return ascii_host(parts.hostname or ""), parts.port or PORTS[parts.scheme]


def ascii_host(host: str) -> str:
    """Lower case, without a final dot, in IDNA form."""
    host = host.strip("[]").lower().rstrip(".")
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        raise BadAddress(f"{host!r} is no host name") from None


def _within(path: str, prefix: str) -> bool:
    # A prefix ends where a path segment ends, so that /sellers does not admit /sellers-private.
    if ".." in path.split("/") or "%2e%2e" in path.lower():
        return False
    return (
        path.startswith(prefix) if prefix.endswith("/") else path == prefix or path.startswith(prefix + "/")
    )


def _lower_host(text: str) -> str:
    host, slash, path = text.partition("/")
    return host.lower() + slash + path
