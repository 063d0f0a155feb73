"""One thing wrong with a ledger."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What is wrong. `kind`: edit, deletion, reorder, truncation, fork, signature or damage."""

    kind: str
    what: str
    index: int | None = None

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}"
