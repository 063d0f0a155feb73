"""A server for the wire benchmarks, in a process of its own: so many megabytes over HTTP/1.1, TLS, or HTTP/2.

.venv/bin/python benchmarks/wire_server.py plain|tls|h2 MEGABYTES CHAIN KEY      →  prints its port
"""

from __future__ import annotations

import os
import socket
import ssl
import struct
import sys
import threading
from contextlib import suppress

from hpack import Decoder

BLOCK = os.urandom(1 << 20)
PAGE = b"<!doctype html><title>benchmark</title>"
FETCH = b"""<!doctype html><title>a large body</title><script>
fetch('/big').then(async r => { const b = r.body.getReader(); while (!(await b.read()).done); });</script>"""


def serve(kind: str, size: int, context: ssl.SSLContext) -> None:
    """Serve until our input ends."""
    context.set_alpn_protocols(["h2" if kind == "h2" else "http/1.1"])
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)

    def connection(peer: socket.socket) -> None:
        with suppress(OSError, ssl.SSLError):
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            stream = peer if kind == "plain" else context.wrap_socket(peer, server_side=True)
            (_http2 if kind == "h2" else _http1)(stream, size)

    def accept() -> None:
        while True:
            peer, _ = listener.accept()
            threading.Thread(target=connection, args=(peer,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    sys.stdin.read()


def _http1(stream: socket.socket, size: int) -> None:
    pending = b""
    while True:
        while b"\r\n\r\n" not in pending:
            if not (more := stream.recv(1 << 16)):
                return
            pending += more
        head, _, pending = pending.partition(b"\r\n\r\n")
        big = head.split(b" ")[1] == b"/big"
        page = FETCH if b"/fetch" in head else PAGE
        length = size if big else len(page)
        stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % length)
        while big and length:
            length -= len(piece := BLOCK[:length])
            stream.sendall(piece)
        if not big:
            stream.sendall(page)


def _http2(stream: socket.socket, size: int) -> None:
    """As much of HTTP/2 as one download needs: frames of 16 KB, within the windows that the browser gives."""
    stream.sendall(b"\0\0\0\4\0\0\0\0\0")
    data, opened, first = b"", {0: 65_535}, 65_535
    left: dict[int, int] = {}
    greeted, decoder = False, Decoder()
    while True:
        for number in [n for n in left if left[n]]:
            while (room := min(opened[0], opened[number], 16_384, left[number])) > 0:
                pieces = min(room if room < 16_384 else 16_384 * 16, opened[0], opened[number], left[number])
                frames = b"".join(
                    _data(number, min(16_384, pieces - at), left[number] - at)
                    for at in range(0, pieces, 16_384)
                )
                stream.sendall(frames)
                opened[0], opened[number], left[number] = (
                    opened[0] - pieces,
                    opened[number] - pieces,
                    left[number] - pieces,
                )
        if not (more := stream.recv(1 << 16)):
            return
        data += more
        if not greeted and len(data) >= 24:
            data, greeted = data[24:], True
        while greeted and len(data) >= 9 and len(data) >= 9 + int.from_bytes(data[:3], "big"):
            length, kind, flags, number = (
                int.from_bytes(data[:3], "big"),
                data[3],
                data[4],
                int.from_bytes(data[5:9], "big"),
            )
            payload, data = data[9 : 9 + length], data[9 + length :]
            if kind == 4 and not flags & 1:
                for name, value in struct.iter_unpack(">HI", payload):
                    first = value if name == 4 else first
                stream.sendall(b"\0\0\0\4\1\0\0\0\0")
            elif kind == 8:
                opened[number] = opened.get(number, first) + int.from_bytes(payload, "big")
            elif kind == 1:
                opened.setdefault(number, first)
                headers = dict(decoder.decode(payload[5:] if flags & 32 else payload))
                block = b"\x88\x5f\x09text/html"
                stream.sendall(len(block).to_bytes(3, "big") + b"\1\4" + number.to_bytes(4, "big") + block)
                if headers[":path"] == "/big":
                    left[number] = size
                else:
                    stream.sendall(len(PAGE).to_bytes(3, "big") + b"\0\1" + number.to_bytes(4, "big") + PAGE)


def _data(number: int, length: int, left: int) -> bytes:
    return (
        length.to_bytes(3, "big")
        + (b"\0\1" if length == left else b"\0\0")
        + number.to_bytes(4, "big")
        + BLOCK[:length]
    )


if __name__ == "__main__":
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(sys.argv[3], sys.argv[4])
    serve(sys.argv[1], int(sys.argv[2]) * 1_000_000, serving)
