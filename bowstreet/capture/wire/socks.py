"""SOCKS5 (RFC 1928), both ends of it: what the browser asks of the relay, and what the relay asks of an upstream."""

from __future__ import annotations

import ipaddress
import socket

from bowstreet.capture.egress import Egress

CONNECT = 1
CONNECT_SECONDS = 20.0
_OK = b"\5\0\0\1\0\0\0\0\0\0"
_SAID_NO = {
    "egress": 2,
    "ceiling": 2,
    "resolve": 4,
    "connect": 5,
    "command": 7,
    "upstream": 1,
}  # RFC 1928 section 6


TTL_EXPIRED = 6
#: What an upstream's reply means (RFC 1928 section 6).
_SAID = {1: "general failure", 2: "not allowed", 3: "network unreachable", 4: "no such host, or no such onion service",
         5: "refused", TTL_EXPIRED: "it took too long", 7: "command not supported", 8: "no such kind of address"}  # fmt: skip


class Refused(Exception):
    """A connection that was not made: `kind` egress, resolve, connect, command, ceiling or upstream."""

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(why)
        self.kind, self.why = kind, why


def asked(browser: socket.socket) -> tuple[str, int, int]:
    """Host, port and command that the browser asks for. Raises OSError."""
    version, methods = exactly(browser, 2)
    exactly(browser, methods)
    if version != 5:
        raise OSError("not SOCKS5")
    browser.sendall(b"\5\0")
    _, command, _, kind = exactly(browser, 4)
    if kind == 3:
        host = exactly(browser, exactly(browser, 1)[0]).decode("ascii", "replace")
    else:
        host = str(ipaddress.ip_address(exactly(browser, 4 if kind == 1 else 16)))
    return host, int.from_bytes(exactly(browser, 2), "big"), command


def answer(browser: socket.socket, refused: Refused | None = None) -> None:
    """Say that the connection stands, or why not."""
    browser.sendall(bytes((5, _SAID_NO[refused.kind])) + _OK[2:] if refused else _OK)


def first(host: str, port: int, addresses: tuple[str, ...]) -> socket.socket:
    """A connection to the first address that answers. Raises Refused."""
    last: OSError | None = None
    for address in addresses:
        try:
            return _plain(socket.create_connection((address, port), CONNECT_SECONDS))
        except OSError as error:
            last = error
    raise Refused("connect", f"{host} port {port} does not answer ({_words(last)})")


def through(egress: Egress, host: str, port: int) -> socket.socket:
    """Connect through the upstream proxy, which resolves the name; one user name per capture keeps circuits apart.

    Raises Refused.
    """
    assert egress.upstream is not None
    away = f"{':'.join(map(str, egress.upstream))}: is it running? Nothing goes out another way"
    try:
        upstream = socket.create_connection(egress.upstream, CONNECT_SECONDS * 3)
    except OSError as error:
        raise Refused(
            "upstream", f"the egress '{egress.name}' does not answer ({_words(error)}) at {away}"
        ) from None
    try:
        reply = _ask(upstream, egress, host, port)
    except TimeoutError:
        reply = TTL_EXPIRED
    except OSError as error:
        raise Refused(
            "upstream", f"the egress '{egress.name}' broke off ({_words(error)}) at {away}"
        ) from None
    if reply:
        upstream.close()
        why = _SAID.get(reply, f"SOCKS reply {reply}")
        raise Refused("connect", f"the egress '{egress.name}' could not reach {host} ({why})")
    return _plain(upstream)


def _ask(upstream: socket.socket, egress: Egress, host: str, port: int) -> int:
    user = egress.isolation.encode() or b"bowstreet"
    upstream.sendall(b"\5\1\2")
    if exactly(upstream, 2) != b"\5\2":
        raise Refused("upstream", f"the egress '{egress.name}' refuses our way of signing in")
    upstream.sendall(b"\1" + bytes([len(user)]) + user + bytes([len(user)]) + user)
    if exactly(upstream, 2)[1]:
        raise Refused("upstream", f"the egress '{egress.name}' refuses our way of signing in")
    name = host.encode("ascii")
    upstream.sendall(b"\5\1\0\3" + bytes([len(name)]) + name + port.to_bytes(2, "big"))
    reply = exactly(upstream, 4)
    exactly(upstream, {1: 4, 4: 16}.get(reply[3]) or exactly(upstream, 1)[0])
    exactly(upstream, 2)
    return reply[1]


def exactly(sock: socket.socket, count: int) -> bytes:
    """So many bytes. Raises OSError where the other side ends first."""
    data = b""
    while len(data) < count:
        if not (more := sock.recv(count - len(data))):
            raise OSError("the other side ended in the middle of its greeting")
        data += more
    return data


def _plain(sock: socket.socket) -> socket.socket:
    sock.settimeout(None)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def _words(error: OSError | None) -> str:
    return (error.strerror or str(error) or type(error).__name__) if error else "no address"
