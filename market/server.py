"""Serves both sites on loopback, each from a thread of its own, until closed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from market.sites import Site, harbour, lantern


@dataclass(frozen=True)
class Practice:
    """The two sites, running."""

    url: str
    second_url: str


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def _start(site: Site, port: int) -> WSGIServer:
    server = make_server("127.0.0.1", port, site, server_class=_Server, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True, name=site.name).start()
    return server


@contextmanager
def serve(*, port: int = 0, second_port: int = 0) -> Iterator[Practice]:
    """Serve Harbour Market and Lantern Exchange; a port of 0 takes a free one."""
    servers = [_start(harbour(), port), _start(lantern(), second_port)]
    try:
        yield Practice(*(f"http://127.0.0.1:{server.server_port}/" for server in servers))
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
