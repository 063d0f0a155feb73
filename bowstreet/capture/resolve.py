"""Names to addresses, for a direct way out: by the system's resolver, or by a name server of the installation's choice.

    resolver(Egress(resolver=("127.0.0.1", 5353)))("shop.example")      →  ["93.184.216.34"]

Nothing is kept: the relay asks once for each connection, and connects to what it was told.
"""

from __future__ import annotations

import socket

from bowstreet.capture.egress import Egress, Resolve
from bowstreet.capture.errors import Unreachable

SECONDS = 10.0


def resolver(egress: Egress) -> Resolve:
    """How names are resolved. What it gives raises Unreachable for a name that has no address."""
    if egress.resolver is None:
        return _system
    host, port = egress.resolver
    return lambda name: _asked(name, host, port)


def _system(name: str) -> list[str]:
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"{name} has no address ({getattr(error, 'strerror', None) or error})") from None
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def _asked(name: str, host: str, port: int) -> list[str]:
    """IPv4 addresses first, as they come."""
    import dns.exception
    import dns.resolver

    asking = dns.resolver.Resolver(configure=False)
    asking.nameservers, asking.port, asking.lifetime, asking.cache = [host], port, SECONDS, None
    found: list[str] = []
    why = "the name server does not know it"
    for kind in ("A", "AAAA"):
        try:
            found += [str(row) for row in asking.resolve(name, kind, search=False)]
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            continue
        except dns.exception.DNSException as error:
            why = str(error).splitlines()[0]
    if not found:
        raise Unreachable(f"{name} has no address ({why})")
    return found
