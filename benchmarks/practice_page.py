"""The page that captures are measured on: 31 requests, about 3 MB; lazy pictures, styles, scripts, a frame, a POST."""

from __future__ import annotations

import http.server
import random
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PICTURES = 22


def _picture(seed: int) -> bytes:
    """A PNG of noise, 220 by 200: it does not shrink, as a photograph does not."""
    noise = random.Random(seed)
    rows = b"".join(b"\0" + noise.randbytes(220 * 3) for _ in range(200))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 220, 200, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


def _page() -> bytes:
    items = "".join(
        f"<article><h2>Lot {n}</h2><img loading=lazy src=/{n}.png width=220 height=200><p>{'A lot of the practice sale. ' * 30}</p></article>"
        for n in range(PICTURES)
    )
    head = "<!doctype html><html lang=en><title>Practice page</title><link rel=icon href=/icon.png><link rel=stylesheet href=/a.css><link rel=stylesheet href=/b.css><script src=/a.js></script>"
    return (
        f"{head}<body>{items}<iframe src=/frame></iframe><script src=/b.js></script></body></html>".encode()
    )


def answers() -> dict[str, tuple[str, bytes]]:
    """Path to media type and body."""
    style, script = (
        b"article { margin: 1em; font-family: sans-serif }\n" * 60,
        b"window.lots = (window.lots || 0) + 1;\n" * 400,
    )
    fixed = {
        "/": ("text/html; charset=utf-8", _page()),
        "/a.css": ("text/css", style),
        "/b.css": ("text/css", style),
        "/a.js": ("text/javascript", script),
        "/b.js": (
            "text/javascript",
            b"fetch('/bid', {method: 'POST', body: 'lot=7'}).then(() => fetch('/lots.json'));",
        ),
        "/frame": (
            "text/html",
            b"<!doctype html><title>Frame</title><p>Terms of sale<script src=/frame.js></script>",
        ),
        "/frame.js": ("text/javascript", script),
        "/bid": ("application/json", b'{"taken": true}'),
        "/lots.json": ("application/json", b'{"lots": [1, 2, 3]}'),
    }
    return fixed | {f"/{n}.png": ("image/png", _picture(n)) for n in range(PICTURES)}


@contextmanager
def serve() -> Iterator[tuple[str, list[str]]]:
    """Serve it on loopback. Its address, and the paths that were asked for so far."""
    bodies, asked = answers(), []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(self.path)
            if length := self.headers["Content-Length"]:
                self.rfile.read(int(length))
            kind, body = bodies.get(self.path, ("image/png", bodies["/0.png"][1]))
            head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
            self.wfile.write(head.encode() + body)

        do_POST = do_GET

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", asked
    finally:
        server.shutdown()
        server.server_close()
