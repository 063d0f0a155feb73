"""One request and what answered it, as spans into the plaintext of their connection: bytes are never rebuilt."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

Headers = tuple[tuple[bytes, bytes], ...]


class Range(NamedTuple):
    """Bytes `start` to `end` (not included) of one direction's plaintext."""

    start: int
    end: int


class Spans:
    """Many ranges in little room: a site may send a body in pieces of one byte."""

    def __init__(self) -> None:
        self._edges = array("Q")
        self.size = 0  # bytes in all of them

    def add(self, start: int, end: int) -> None:
        """Add bytes `start` to `end`, joined to the last range where they follow it."""
        self.size += end - start
        if self._edges and self._edges[-1] == start:
            self._edges[-1] = end
        else:
            self._edges.extend((start, end))

    def __len__(self) -> int:
        return len(self._edges) // 2

    def __iter__(self) -> Iterator[Range]:
        edges = self._edges
        return (Range(edges[at], edges[at + 1]) for at in range(0, len(edges), 2))


class How(StrEnum):
    """How a response's body came to its end (RFC 9112 section 6.3)."""

    LENGTH = "length"
    CHUNKED = "chunked"
    CLOSE = "close"
    NONE = "none"
    UPGRADE = "upgrade"
    FRAMES = "frames"  # HTTP/2
    TRUNCATED = "truncated"
    RESET = "reset"
    UNANSWERED = "unanswered"


@dataclass
class Exchange:
    """A request with its answer. For HTTP/1.1 `request_at` and `response_at` are the exact messages, head and body;
    for HTTP/2 the body pieces are `body_at`, and the heads are in `request` and `response`."""

    method: str
    target: str
    request: Headers
    stream: int
    protocol: str = "http/1.1"
    request_at: Range = field(default_factory=lambda: Range(0, 0))
    request_body: Spans = field(default_factory=Spans)
    status: int | None = None
    reason: bytes = b""
    response: Headers = ()
    response_at: Range | None = None
    body_at: Spans = field(default_factory=Spans)
    informational: list[tuple[int, Headers]] = field(default_factory=list)
    trailers: Headers = ()
    how: How = How.UNANSWERED
    began: float = 0.0  # wall clock, seconds
    ended: float = 0.0

    @property
    def asked(self) -> str:
        """The method in terms of HTTP/1.1: a WebSocket over HTTP/2 is asked for by CONNECT (RFC 8441)."""
        return "GET" if self.websocket and self.protocol == "h2" else self.method

    @property
    def websocket(self) -> bool:
        """Does it begin a WebSocket?"""
        if self.protocol == "h2":
            return (b":protocol", b"websocket") in self.request
        return (
            self.how is How.UPGRADE and b"websocket" in b",".join(values(self.response, b"upgrade")).lower()
        )

    @property
    def complete(self) -> bool:
        """Did the whole answer arrive?"""
        return self.how not in (How.TRUNCATED, How.RESET, How.UNANSWERED)


def values(headers: Headers, name: bytes) -> list[bytes]:
    """Every value of a header, in order, whatever its case."""
    return [value for key, value in headers if key.lower() == name]
