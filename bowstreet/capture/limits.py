"""The ceilings of one visit. Whatever is cut off at one is stated in the capture."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from typing import Any, Self

from bowstreet.capture.errors import CaptureError


@dataclass(frozen=True)
class Limits:
    """Seconds, bytes on the wire, requests, pixels and characters. `pdf` is whether a print is made."""

    load_seconds: float = 30
    behave_seconds: float = 10
    quiet_seconds: float = 5
    visit_seconds: float = 120
    step_seconds: float = 20  # of one step: reading the page, the screenshot, the print
    bytes: int = 512_000_000
    requests: int = 3_000
    dom_characters: int = 32_000_000
    text_characters: int = 4_000_000
    pixels: int = 16_000  # of height: taller screenshots fail in the browser's compositor
    expand: int = 10  # presses of buttons that show more; 0 leaves everything folded
    pdf: bool = True

    @classmethod
    def of_installation(cls) -> Self:
        """The defaults, with what the installation sets as BOWSTREET_VISIT_LOAD_SECONDS and so on."""
        given: dict[str, Any] = {}
        for one in fields(cls):
            name = f"BOWSTREET_VISIT_{one.name.upper()}"
            if (text := os.environ.get(name)) is not None:
                kind = type(getattr(cls, one.name))
                try:
                    given[one.name] = kind(float(text))
                except ValueError:
                    raise CaptureError(f"{name} must be a number, not '{text[:40]}'") from None
        return cls(**given)
