"""One connection as the relay saw it, once it has been read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bowstreet.capture.wire.exchange import Exchange, values
from bowstreet.capture.wire.handshake import Handshake

CLIENT, SERVER = 0, 1


@dataclass
class Connection:
    """Who was reached, what TLS was, and what was said. `spools` hold the plaintext up and down."""

    number: int
    host: str
    port: int
    local: int  # the browser's own port: how its network log names this connection
    began: float
    spools: tuple[Path, Path]
    peer: tuple[str, int] | None = None
    refused: dict[str, Any] | None = None
    passed_over: tuple[str, ...] = ()  # addresses of its name that the network rules forbid
    handshake: Handshake | None = None
    resumes: int | None = None  # the number of the connection whose session this one took up again
    ended: list[bytes] = field(
        default_factory=lambda: [b"", b""]
    )  # as the tape has it; empty where it does not
    error: str | None = None
    exchanges: list[Exchange] = field(default_factory=list)
    upgraded: tuple[int, int] | None = None  # where in the spools another protocol takes over
    goaway: int | None = None  # the error code with which an HTTP/2 site ended it

    @property
    def secure(self) -> bool:
        """Was it TLS?"""
        return self.handshake is not None

    def url(self, exchange: Exchange) -> str:
        """The address that an exchange asked for."""
        if exchange.target.startswith(("http://", "https://")):
            return exchange.target
        name = b":authority" if exchange.protocol == "h2" else b"host"
        host = (values(exchange.request, name) or [f"{self.host}:{self.port}".encode()])[0].decode("latin-1")
        return f"{'https' if self.secure else 'http'}://{host}{exchange.target}"
