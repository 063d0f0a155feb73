"""The browser's own account held against the wire: every answer it says it got must be on the tape.

Chromium's network log names, for each request, the socket that carried it, and for each socket its local port. That
port is the one from which the relay was called, so request and connection are tied without guessing. Within a connection
requests are told apart by method and address, and twins by their order.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bowstreet.capture.wire.connection import Connection
from bowstreet.capture.wire.exchange import Exchange
from bowstreet.capture.wire.netlog import load

_BINDS = ("SOCKET_POOL_BOUND_TO_SOCKET", "HTTP2_SESSION_INITIALIZED")


@dataclass(frozen=True)
class Seen:
    """One answer that the browser says it got. `port` is its local port, None where the log does not say."""

    method: str
    url: str
    status: int
    port: int | None


@dataclass(frozen=True)
class Match:
    """The cross-check: what the browser saw, and the exchange on the wire that is the same, or why there is none."""

    seen: Seen
    exchange: Exchange | None
    fault: str | None = None


def compare(seen: list[Seen], connections: list[Connection]) -> list[Match]:
    """Match each answer the browser saw with the wire, in order."""
    waiting: dict[tuple[int, str, str], list[Exchange]] = defaultdict(list)
    for connection in connections:
        for exchange in connection.exchanges:
            waiting[connection.local, exchange.asked, connection.url(exchange)].append(exchange)
    return [_match(one, waiting) for one in seen]


def _match(seen: Seen, waiting: dict[tuple[int, str, str], list[Exchange]]) -> Match:
    if seen.port is None:
        return Match(seen, None, "the browser's log names no connection for it")
    twins = waiting.get((seen.port, seen.method, seen.url))
    if not twins:
        return Match(seen, None, "the wire shows no such request on its connection")
    exchange = twins.pop(0)
    if exchange.status != seen.status:
        return Match(
            seen, exchange, f"the browser saw status {seen.status}, the wire shows {exchange.status}"
        )
    return Match(seen, exchange)


def browser_view(netlog: Path) -> list[Seen]:
    """Every answer that came over the network, by the browser's own log, in order of arrival."""
    log = load(netlog)
    names = {number: name for name, number in log["constants"]["logEventTypes"].items()}
    kinds = {number: name for name, number in log["constants"]["logSourceType"].items()}
    reader = _Reader()
    for event in log["events"]:
        source, params = event["source"], event.get("params") or {}
        reader.take(source["id"], kinds.get(source["type"], ""), names.get(event["type"], ""), params)
    return reader.seen


class _Reader:
    """Follows each request to its stream job, the job to its socket or HTTP/2 session, and that to a local port."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self._address: dict[int, tuple[str, str]] = {}
        self._bound: dict[int, int] = {}
        self._job: dict[int, int] = {}
        self._port: dict[int, int] = {}

    def take(self, source: int, kind: str, name: str, params: dict[str, Any]) -> None:
        """One event of the log."""
        if name == "TCP_CONNECT" and "local_address" in params:
            self._port[source] = int(params["local_address"].rpartition(":")[2])
        elif kind == "URL_REQUEST":
            self._request(source, name, params)
        elif "source_dependency" in params and (
            name in _BINDS or (kind == "HTTP_STREAM_JOB" and "SESSION" in name)
        ):
            self._bound[source] = params["source_dependency"]["id"]

    def _request(self, source: int, name: str, params: dict[str, Any]) -> None:
        if name == "URL_REQUEST_START_JOB" and "url" in params:
            self._address[source] = (params["method"], params["url"].partition("#")[0])
        elif name == "HTTP_STREAM_REQUEST_BOUND_TO_JOB":
            self._job[source] = params["source_dependency"]["id"]
        elif name == "HTTP_TRANSACTION_READ_RESPONSE_HEADERS" and source in self._address:
            method, url = self._address[source]
            words = str(params["headers"][0]).split()
            status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
            if status >= 200 or status == 101:
                self.seen.append(Seen(method, _as_http(url), status, self._local(source)))

    def _local(self, source: int) -> int | None:
        at: int | None = self._job.get(source)
        for _ in range(4):  # job → session → socket
            if at is None or at in self._port:
                break
            at = self._bound.get(at)
        return self._port.get(at) if at is not None else None


def _as_http(url: str) -> str:
    return "http" + url[2:] if url.startswith("ws") else url
