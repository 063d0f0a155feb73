"""All that one visit brought home, before it is packed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bowstreet.capture.login import Login
from bowstreet.capture.permit import Permit
from bowstreet.capture.shown import Shown
from bowstreet.capture.wire.connection import Connection
from bowstreet.capture.wire.match import Match
from bowstreet.capture.wire.verdict import Verdict


@dataclass(frozen=True)
class Found:
    """`folder` holds tape, keys and log; `mode` is wire or native; `asked` the address that was asked for.

    `verdicts` are the browser's own on certificates, by its local port.
    """

    asked: str
    at: datetime
    shown: Shown
    connections: list[Connection]
    matches: list[Match]
    folder: Path
    permit: Permit
    software: dict[str, str]
    clock: dict[str, Any]
    tls_fault: str | None
    verdicts: dict[int, Verdict]
    mode: str = "wire"
    login: Login | None = None

    @property
    def unopened(self) -> list[Connection]:
        """Connections whose bytes the tap could not open, though the browser had an answer there."""
        answered = {match.seen.port for match in self.matches if match.exchange is None}
        return [c for c in self.connections if c.error or (not c.exchanges and c.local in answered)]
