"""What a browser was asked to do, and what it showed in the end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bowstreet.capture.errors import CaptureError
from bowstreet.capture.heard import Socket
from bowstreet.capture.layout import Layout
from bowstreet.capture.limits import Limits
from bowstreet.capture.native import Kept

Ask = Callable[[str], Awaitable[None]]

CONSOLE_LINES = 2_000


@dataclass(frozen=True)
class Task:
    """Where to go, within which ceilings, and whom to ask before each page."""

    url: str
    limits: Limits
    gate: Ask
    native: Path | None = None  # where bodies are kept, in native mode
    masked: bool = False  # a copy will be served from which a login is taken out


@dataclass
class Shown:
    """What the browser showed in the end. `requests` is its own account of each request (DevTools)."""

    url: str = ""
    status: int = 0
    title: str = ""
    text: str = ""
    dom: str = ""
    screenshot: bytes | None = None
    layout: Layout | None = None  # where the screenshot shows what, for a visit under a login
    pdf: bytes | None = None
    main_body: str | None = None  # the main document, as the browser decoded it
    password_field: bool = False
    facts: dict[str, Any] = field(default_factory=dict)
    expanded: list[dict[str, str]] = field(default_factory=list)  # folded parts that we opened
    console: list[str] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)  # in native mode
    sockets: list[Socket] = field(default_factory=list)  # in native mode
    cut_off: list[str] = field(default_factory=list)
    failure: str | None = None  # the browser's own net::ERR_… name
    refused: CaptureError | None = None  # by the gate, before a page

    def say(self, line: str) -> None:
        """Keep a line of the page's console, up to a number of them and a length."""
        if len(self.console) < CONSOLE_LINES:
            self.console.append(line[:500])

    def cut(self, what: str) -> None:
        """State once what was cut off."""
        if what not in self.cut_off:
            self.cut_off.append(what)
