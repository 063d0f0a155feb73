"""What a site can tell of a browser before it says a word: its greetings in TLS and HTTP/2, and its headers."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from hpack import Decoder

from oracle.authority import Leaf

GREASE = {0x0A0A + 0x1010 * n for n in range(16)}
PAGE = b"<!doctype html><title>who are you</title><img src='/a.png'><script>fetch('/b', {method: 'POST', body: 'c'}).then(() => fetch('/done'))</script>"


@dataclass
class Fingerprint:
    """As a server saw it. What a browser shuffles or draws by lot (GREASE, the order of extensions) is left out."""

    hello: dict[str, list[int] | list[str]] = field(default_factory=dict)
    settings: list[tuple[int, int]] = field(default_factory=list)
    window: list[int] = field(default_factory=list)
    requests: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    priorities: dict[str, bytes] = field(default_factory=dict)
    done: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serve(leaf: Leaf, protocol: str) -> Iterator[tuple[str, Fingerprint]]:
    """A TLS server of one protocol ("h2" or "http/1.1") that looks closely at the first browser to come."""
    context, seen = leaf.context(), Fingerprint()
    context.set_alpn_protocols([protocol])
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            while True:
                try:
                    peer, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=look, args=(peer,), daemon=True).start()

        def look(peer: socket.socket) -> None:
            with suppress(OSError, ValueError):
                hello = peer.recv(1 << 14, socket.MSG_PEEK)
                while len(hello) < 5 + int.from_bytes(hello[3:5], "big"):
                    hello = peer.recv(1 << 14, socket.MSG_PEEK)
                stream = context.wrap_socket(peer, server_side=True)
                seen.hello = seen.hello or client_hello(hello)
                (_http2 if protocol == "h2" else _http1)(stream, seen)

        threading.Thread(target=accept, daemon=True).start()
        yield f"https://localhost:{listener.getsockname()[1]}/", seen
        listener.shutdown(socket.SHUT_RDWR)


def client_hello(record: bytes) -> dict[str, list[int] | list[str]]:
    """What JA4 and its like look at: suites, extensions, groups, signatures, versions, protocols."""
    body = record[9:]
    at = 35 + body[34]
    suites, at = (
        _pairs(body[at + 2 : at + 2 + int.from_bytes(body[at : at + 2], "big")]),
        at + 2 + int.from_bytes(body[at : at + 2], "big"),
    )
    at += 1 + body[at]
    found: dict[int, bytes] = {}
    rest = body[at + 2 : at + 2 + int.from_bytes(body[at : at + 2], "big")]
    while rest:
        size = int.from_bytes(rest[2:4], "big")
        found[int.from_bytes(rest[:2], "big")], rest = rest[4 : 4 + size], rest[4 + size :]
    names, alpn = found.get(16, b"\0\0")[2:], []
    while names:
        alpn.append(names[1 : 1 + names[0]].decode())
        names = names[1 + names[0] :]
    return {
        "suites": suites, "extensions": sorted(set(found) - GREASE), "alpn": alpn, "groups": _pairs(found[10][2:]),
        "signatures": _pairs(found[13][2:]), "versions": _pairs(found[43][1:]), "compression": _pairs(found.get(27, b"\0")[1:]),
        "shares": _shares(found[51][2:]),
    }  # fmt: skip


def _pairs(data: bytes) -> list[int]:
    numbers = [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]
    return [number for number in numbers if number not in GREASE]


def _shares(data: bytes) -> list[int]:
    found = []
    while data:
        found.append(int.from_bytes(data[:2], "big"))
        data = data[4 + int.from_bytes(data[2:4], "big") :]
    return [group for group in found if group not in GREASE]


def _http1(stream: ssl.SSLSocket, seen: Fingerprint) -> None:
    pending = b""
    while True:
        while b"\r\n\r\n" not in pending:
            if not (more := stream.recv(1 << 16)):
                return
            pending += more
        head, _, pending = pending.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
        pending = pending[int(dict(headers).get("Content-Length", "0")) :]
        path = first.split(" ")[1]
        seen.requests[path] = headers
        kind, body = (b"text/html", PAGE) if path == "/" else (b"image/png", b"")
        stream.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (kind, len(body), body)
        )
        if path == "/done":
            seen.done.set()


def _http2(stream: ssl.SSLSocket, seen: Fingerprint) -> None:
    decoder, data = Decoder(), b""
    stream.sendall(b"\0\0\0\4\0\0\0\0\0")
    while True:
        while len(data) < 24 + 9 or len(data) < 24 + 9 + int.from_bytes(data[24:27], "big"):
            if not (more := stream.recv(1 << 16)):
                return
            data += more
        size, kind, flags = int.from_bytes(data[24:27], "big"), data[27], data[28]
        number, payload = int.from_bytes(data[29:33], "big"), data[33 : 33 + size]
        data = data[:24] + data[33 + size :]  # the preface stays in front
        if kind == 4 and not flags & 1:
            seen.settings += [
                (int.from_bytes(payload[at : at + 2], "big"), int.from_bytes(payload[at + 2 : at + 6], "big"))
                for at in range(0, size, 6)
            ]
            stream.sendall(b"\0\0\0\4\1\0\0\0\0")
        elif kind == 8 and number == 0:
            seen.window.append(int.from_bytes(payload, "big"))
        elif kind == 1:
            headers = decoder.decode(payload[5:] if flags & 32 else payload)
            path = dict(headers)[":path"]
            seen.requests[path] = list(headers)
            seen.priorities[path] = payload[:5] if flags & 32 else b""
            body, kind_of = (PAGE, b"text/html") if path == "/" else (b"", b"image/png")
            block = b"\x88\x5f" + bytes([len(kind_of)]) + kind_of  # :status 200, content-type
            frames = len(block).to_bytes(3, "big") + b"\1\4" + number.to_bytes(4, "big") + block
            stream.sendall(frames + len(body).to_bytes(3, "big") + b"\0\1" + number.to_bytes(4, "big") + body)
            if path == "/done":
                seen.done.set()
