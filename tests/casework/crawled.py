"""A small site for crawls, which notes what it was asked and when."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

Page = tuple[int, dict[str, str], str]


@dataclass
class Site:
    """`pages` gives for each path a list of answers: one for each asking, the last for ever."""

    url: str
    pages: dict[str, list[Page]]
    asked: list[tuple[float, str]] = field(default_factory=list)
    waits: dict[str, threading.Barrier] = field(
        default_factory=dict
    )  # where an answer waits for another asking

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order, without what browsers ask for by themselves."""
        return [path for _, path in self.asked if path != "/favicon.ico"]

    @property
    def host(self) -> str:
        return self.url.split("/")[2]


def page(*links: str, more: str = "", status: int = 200, **headers: str) -> Page:
    """A page with some links."""
    body = "".join(f'<p><a href="{link}">{link}</a></p>' for link in links)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return (
        status,
        {"Content-Type": "text/html; charset=utf-8"} | given,
        f"<html><title>A page</title><body>{body}{more}</body></html>",
    )


@contextmanager
def serve(pages: dict[str, list[Page]]) -> Iterator[Site]:
    """Serve it on a free port until closed."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append((time.monotonic(), self.path))
            if meet := site.waits.get(self.path):
                meet.wait(150)
            answers = site.pages.get(self.path) or [page(status=404)]
            turn = sum(1 for _, path in site.asked if path == self.path)
            status, headers, body = answers[min(turn, len(answers)) - 1]
            data = body.encode()
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(data))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(f"http://127.0.0.1:{server.server_address[1]}/", pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
