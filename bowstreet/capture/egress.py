"""Where a connection may go, asked at the moment of connection, after the name was resolved.

    refusal("169.254.169.254")                       →  "link-local (cloud metadata)"
    refusal("127.0.0.1", ranges=("127.0.0.0/8",))    →  None
    places("shop.example", Egress(), resolve)        →  the addresses that may be connected to, and those passed over

The relay asks this for every connection: the page, redirects, sub-resources, WebSockets; and connects to the very
address that was checked. A check before the browser starts would lose to a name that changes its answer.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from bowstreet.capture.errors import EgressRefused
from bowstreet.capture.permit import Permit
from bowstreet.capture.special import GLOBAL_UNICAST, ISATAP, LOCAL_NAMES, SPECIAL

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str], Sequence[str]]
HostPort = tuple[str, int]

_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
_NUMBER = re.compile(r"(?:0[xX](?P<hex>[0-9a-fA-F]*)|0(?P<octal>[0-7]*)|(?P<decimal>[1-9][0-9]*))\Z")
_ENDS_IN_NUMBER = re.compile(r"(?:^|\.)(?:[0-9]+|0[xX][0-9a-fA-F]*)\.?\Z")


@dataclass(frozen=True)
class Egress:
    """How connections leave: straight, or through an upstream SOCKS5 proxy (Tor) that resolves the names itself.

    `ranges` are the test ranges in force: empty unless both the operation and the installation allow them.
    `isolation` is the upstream's user name and password, fresh for each capture. `resolver` is a name server that is
    asked instead of the system's.
    """

    name: str = "direct"
    upstream: HostPort | None = None
    ranges: tuple[str, ...] = ()
    isolation: str = ""
    resolver: HostPort | None = None

    def record(self) -> dict[str, Any]:
        """As the relay's process reads it."""
        return asdict(self)

    @classmethod
    def parse(cls, said: dict[str, Any]) -> Egress:
        """What `record` wrote."""
        known = {one.name for one in fields(cls)}
        values: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in said.items()
        }  # JSON has lists
        return cls(**{name: value for name, value in values.items() if name in known})


@dataclass(frozen=True)
class Places:
    """Addresses to connect to, in the order of the answer; and those passed over, each with its reason."""

    addresses: tuple[str, ...]
    passed_over: tuple[str, ...] = ()


def way_out(permit: Permit) -> Egress:
    """The way out that a permit names. Test ranges hold only where the installation allows them too.

    Raises EgressRefused where the installation has set up no such way.
    """
    ranges = permit.test_ranges if os.environ.get("BOWSTREET_ALLOW_TEST_RANGES") == "1" else ()
    if permit.egress == "direct":
        return Egress(ranges=ranges, resolver=_setting("BOWSTREET_RESOLVER"))
    if not _NAME.fullmatch(permit.egress):
        raise EgressRefused(f"{permit.egress!r} is no name of an egress: use small letters, digits and '_'")
    setting = f"BOWSTREET_EGRESS_{permit.egress.upper()}"
    upstream = _setting(setting)
    if upstream is None:
        raise EgressRefused(
            f"the egress '{permit.egress}' is not set up: name its SOCKS5 proxy in {setting}, as host:port"
        )
    return Egress(permit.egress, upstream, ranges, isolation=os.urandom(16).hex())


def _setting(name: str) -> HostPort | None:
    said = os.environ.get(name, "").strip()
    host, _, port = said.rpartition(":")
    if not said:
        return None
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise EgressRefused(f"{name} is {said!r}: write it as host:port, such as 127.0.0.1:9050")
    return host.strip("[]"), int(port)


def refusal(address: str | Address, *, ranges: Sequence[str] = ()) -> str | None:
    """Why this address may not be visited, in a word or two; None where it may."""
    if isinstance(address, str) and "%" in address:
        return "bound to one network interface (a zone id)"
    ip = ipaddress.ip_address(address)
    if any(ip in ipaddress.ip_network(cidr) for cidr in ranges):
        return None
    for network, name in SPECIAL:
        if ip in network:
            return name
    if isinstance(ip, ipaddress.IPv6Address):
        if ip not in GLOBAL_UNICAST:
            return "not handed out"
        if (int(ip) >> 32) & 0xFFFF_FFFF in ISATAP:
            return "ISATAP"
    return None if ip.is_global else "not a public address"


def literal(host: str) -> Address | None:
    """The address that a host is, where it is one rather than a name: in decimal, octal and hexadecimal spellings too.

    Raises EgressRefused for what a browser would take for an address, and is none (WHATWG URL, "ends in a number").
    """
    bare = host.strip("[]").partition("%")[0]
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        if not _ENDS_IN_NUMBER.search(bare):
            return None
    try:
        return ipaddress.IPv4Address(_number(bare.removesuffix(".").split(".")))
    except ValueError:
        raise EgressRefused(f"{host} is spelt as an address, and is none") from None


def _number(parts: list[str]) -> int:
    """What inet_aton(3) and browsers make of 1 to 4 numbers: the last one fills what is left."""
    numbers = [_digits(part) for part in parts]
    room = 256 ** (5 - len(numbers))
    if not 0 < len(numbers) <= 4 or numbers[-1] >= room or any(n > 255 for n in numbers[:-1]):
        raise ValueError("out of range")
    return int(sum(n * 256 ** (3 - place) for place, n in enumerate(numbers[:-1])) + numbers[-1])


def _digits(text: str) -> int:
    if not (found := _NUMBER.match(text)):
        raise ValueError("no number")
    if found["decimal"]:
        return int(found["decimal"])
    return int(found["octal"] or "0", 8) if found["hex"] is None else int(found["hex"] or "0", 16)


def places(host: str, egress: Egress, resolve: Resolve) -> Places:
    """Where to connect for a host. Raises EgressRefused where nowhere may be connected to.

    Through an upstream, names go as they are, and only what is spelt as an address can be checked. A name with good
    and bad addresses is reached at the good ones only.
    """
    address = literal(host)
    if address is not None:
        if why := refusal(host.strip("[]") if "%" in host else address, ranges=egress.ranges):
            raise EgressRefused(_said(host, address, why))
        return Places((str(address),))
    name = host.lower().rstrip(".")
    if egress.upstream:
        if any(name == local or name.endswith("." + local) for local in LOCAL_NAMES):
            raise EgressRefused(f"{host} is a name of a local network")
        return Places((host,))
    if name.endswith(".onion"):
        raise EgressRefused(f"{host} is an onion service, which is reached through Tor only: name an egress")
    found = [(one, refusal(one, ranges=egress.ranges)) for one in resolve(host)]
    bad = tuple(f"{host} is {one}: {why}" for one, why in found if why)
    good = tuple(one for one, why in found if not why)
    if bad and not good:
        raise EgressRefused("; ".join(bad))
    return Places(good, bad)


def _said(host: str, address: Address, why: str) -> str:
    return f"{host} is {why}" if host.strip("[]") == str(address) else f"{host} is {address}: {why}"
