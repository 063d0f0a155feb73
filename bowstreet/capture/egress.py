"""Where a connection may go, asked at the moment of connection, after the name was resolved.

    refusal("169.254.169.254")                       →  "link-local"
    refusal("127.0.0.1", ranges=("127.0.0.0/8",))    →  None

The relay asks this of every address of every connection: the page, redirects, sub-resources, WebSockets. A check
before the browser starts would lose to a name that changes its answer.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: IANA special-purpose address registries (RFC 6890 and its successors), with what a person calls them.
_RANGES = {
    "0.0.0.0/8": "'this network'", "10.0.0.0/8": "private", "100.64.0.0/10": "carrier-grade NAT",
    "127.0.0.0/8": "loopback", "169.254.0.0/16": "link-local (cloud metadata)", "172.16.0.0/12": "private",
    "192.0.0.0/24": "protocol assignments", "192.0.2.0/24": "documentation", "192.88.99.0/24": "6to4 relay",
    "192.168.0.0/16": "private", "198.18.0.0/15": "benchmarking", "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation", "224.0.0.0/4": "multicast", "240.0.0.0/4": "reserved",
    "::/128": "unspecified", "::1/128": "loopback", "::ffff:0:0/96": "IPv4-mapped", "::/96": "IPv4-compatible",
    "64:ff9b::/96": "NAT64", "64:ff9b:1::/48": "local NAT64", "100::/64": "discard", "2001::/23": "protocol assignments",
    "2001:db8::/32": "documentation", "2002::/16": "6to4", "3fff::/20": "documentation", "5f00::/16": "segment routing",
    "fc00::/7": "private", "fe80::/10": "link-local", "fec0::/10": "site-local", "ff00::/8": "multicast",
}  # fmt: skip
_NETWORKS = [(ipaddress.ip_network(cidr), name) for cidr, name in _RANGES.items()]


@dataclass(frozen=True)
class Egress:
    """How connections leave: straight, or through an upstream SOCKS5 proxy (Tor) that resolves the names itself.

    `ranges` are the test ranges in force: empty unless both the operation and the installation allow them.
    """

    name: str = "direct"
    upstream: tuple[str, int] | None = None
    ranges: tuple[str, ...] = ()
    isolation: str = ""

    def record(self) -> dict[str, Any]:
        """As the relay's process reads it."""
        return {
            "name": self.name,
            "upstream": self.upstream,
            "ranges": self.ranges,
            "isolation": self.isolation,
        }


def refusal(address: str | Address, *, ranges: Sequence[str] = ()) -> str | None:
    """Why this address may not be visited, in a word or two; None where it may."""
    ip = ipaddress.ip_address(address.partition("%")[0] if isinstance(address, str) else address)
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if any(ip in ipaddress.ip_network(cidr) for cidr in ranges):
        return None
    for network, name in _NETWORKS:
        if ip.version == network.version and ip in network:
            return name
    return None if ip.is_global else "not a public address"


def literal(host: str) -> Address | None:
    """The address that a host is, where it is one rather than a name (old numeric forms too)."""
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None
