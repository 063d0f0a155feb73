"""What a server was asked and what it sent, by its own account."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, field

Headers = list[tuple[bytes, bytes]]


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Sent:
    """One answer. `block` is the digest of the exact message for HTTP/1.1, and of the body for HTTP/2."""

    method: str
    url: str
    protocol: str
    asked: str  # digest of the exact request for HTTP/1.1
    block: str
    status: int
    headers: tuple[tuple[bytes, bytes], ...] = ()  # HTTP/2 alone: as sent, in order
    whole: bool = True


@dataclass
class Record:
    """Filled by every server of the site, from any thread."""

    sent: list[Sent] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    odd_headers: set[str] = field(default_factory=set)
    messages: list[tuple[str, str, bytes]] = field(default_factory=list)  # of WebSockets: URL, who, what
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answered(self, sent: Sent) -> None:
        with self.lock:
            self.sent.append(sent)

    def saw(self, headers: Headers) -> None:
        with self.lock:
            for name, value in headers:
                lowered = name.lower()
                if lowered == b"user-agent":
                    self.agents.add(value.decode("latin-1"))
                if lowered in (
                    b"via",
                    b"forwarded",
                    b"proxy-connection",
                    b"proxy-authorization",
                ) or lowered.startswith(b"x-"):
                    self.odd_headers.add(lowered.decode("latin-1"))

    def said(self, url: str, who: str, what: bytes) -> None:
        with self.lock:
            self.messages.append((url, who, what))
