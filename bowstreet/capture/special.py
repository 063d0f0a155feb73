"""Addresses that no capture may reach, each with what a person calls it and where that is laid down.

Python's `ipaddress` alone misses some: it calls 192.88.99.1, 64:ff9b::7f00:1 and 168.63.129.16 public.
"""

from __future__ import annotations

import ipaddress

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: The IANA special-purpose address registries (RFC 6890 as updated by RFC 8190) as they stood in 2026, and what is not in them.
_RANGES = (
    ("0.0.0.0/8", "'this network'", "RFC 791 section 3.2"),
    ("0.0.0.0/32", "unspecified", "RFC 1122 section 3.2.1.3"),
    ("10.0.0.0/8", "private", "RFC 1918"),
    ("100.64.0.0/10", "carrier-grade NAT", "RFC 6598"),
    ("127.0.0.0/8", "loopback", "RFC 1122 section 3.2.1.3"),
    ("168.63.129.16/32", "a cloud's own service (metadata)", "Azure's documentation of this address"),
    ("169.254.0.0/16", "link-local", "RFC 3927"),
    ("169.254.169.254/32", "link-local (cloud metadata)", "RFC 3927; the clouds' documentation"),
    ("172.16.0.0/12", "private", "RFC 1918"),
    ("192.0.0.0/24", "protocol assignments", "RFC 6890 section 2.1"),
    ("192.0.2.0/24", "documentation", "RFC 5737"),
    ("192.31.196.0/24", "AS112 service", "RFC 7535"),
    ("192.52.193.0/24", "automatic multicast tunnelling", "RFC 7450"),
    ("192.88.99.0/24", "6to4 relay", "RFC 7526"),
    ("192.168.0.0/16", "private", "RFC 1918"),
    ("192.175.48.0/24", "AS112 service", "RFC 7534"),
    ("198.18.0.0/15", "benchmarking", "RFC 2544"),
    ("198.51.100.0/24", "documentation", "RFC 5737"),
    ("203.0.113.0/24", "documentation", "RFC 5737"),
    ("224.0.0.0/4", "multicast", "RFC 5771"),
    ("240.0.0.0/4", "reserved", "RFC 1112 section 4"),
    ("255.255.255.255/32", "broadcast", "RFC 8190"),
    ("::/128", "unspecified", "RFC 4291 section 2.5.2"),
    ("::1/128", "loopback", "RFC 4291 section 2.5.3"),
    ("::/96", "IPv4-compatible", "RFC 4291 section 2.5.5.1"),
    ("::ffff:0:0/96", "IPv4-mapped", "RFC 4291 section 2.5.5.2"),
    ("::ffff:0:0:0/96", "IPv4-translated", "RFC 2765 section 2.1"),
    ("64:ff9b::/96", "NAT64", "RFC 6052"),
    ("64:ff9b:1::/48", "local NAT64", "RFC 8215"),
    ("100::/64", "discard", "RFC 6666"),
    ("100:0:0:1::/64", "dummy", "RFC 9780"),
    ("2001::/23", "protocol assignments", "RFC 2928"),
    ("2001::/32", "Teredo", "RFC 4380"),
    ("2001:2::/48", "benchmarking", "RFC 5180"),
    ("2001:10::/28", "ORCHID", "RFC 4843"),
    ("2001:20::/28", "ORCHIDv2", "RFC 7343"),
    ("2001:db8::/32", "documentation", "RFC 3849"),
    ("2002::/16", "6to4", "RFC 3056"),
    ("2620:4f:8000::/48", "AS112 service", "RFC 7534"),
    ("3fff::/20", "documentation", "RFC 9637"),
    ("5f00::/16", "segment routing", "RFC 9602"),
    ("fc00::/7", "private", "RFC 4193"),
    ("fd00:ec2::254/128", "private (cloud metadata)", "RFC 4193; the cloud's documentation"),
    ("fe80::/10", "link-local", "RFC 4291 section 2.5.6"),
    ("fec0::/10", "site-local", "RFC 3879"),
    ("ff00::/8", "multicast", "RFC 4291 section 2.7"),
)
#: The narrowest first, so that the nearest name is given.
SPECIAL: tuple[tuple[Network, str], ...] = tuple(
    sorted(
        ((ipaddress.ip_network(cidr), name) for cidr, name, _ in _RANGES), key=lambda row: -row[0].prefixlen
    )
)
#: All that has been handed out to be reached (RFC 4291 section 2.4; IANA's IPv6 global unicast registry).
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
#: An ISATAP interface identifier carries an IPv4 address, private ones too (RFC 5214 section 6.1).
ISATAP = (0x0000_5EFE, 0x0200_5EFE)
#: Names that only a machine or its own network can resolve (RFC 6761, 6762, 8375; ICANN's reservation of .internal).
LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa")
