"""One request and what answered it, as spans into the plaintext of their connection: bytes are never rebuilt."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

Headers = tuple[tuple[bytes, bytes], ...]


class Range(NamedTuple):
    """Bytes `start` to `end` (not included) of one direction's plaintext."""

    start: int
    end: int


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
    request_body: list[Range] = field(default_factory=list)
    status: int | None = None
    reason: bytes = b""
    response: Headers = ()
    response_at: Range | None = None
    body_at: list[Range] = field(default_factory=list)
    informational: list[tuple[int, Range]] = field(default_factory=list)
    trailers: Headers = ()
    how: How = How.UNANSWERED
    began: float = 0.0  # wall clock, seconds
    ended: float = 0.0

    @property
    def complete(self) -> bool:
        """Did the whole answer arrive?"""
        return self.how not in (How.TRUNCATED, How.RESET, How.UNANSWERED)


def values(headers: Headers, name: bytes) -> list[bytes]:
    """Every value of a header, in order, whatever its case."""
    return [value for key, value in headers if key.lower() == name]
