"""The outcome of a verification: numbered checks, and the answer they come to.

steps = Steps(NUMBERS)
steps.take("manifest", lambda: _manifest(pack))
verdict = steps.verdict(path, signer=None, judged=False, integrity_only=True)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from bowstreet.evidence.errors import EvidenceError

T = TypeVar("T")
#: The steps that are about trust; all others are about integrity.
ABOUT_TRUST = frozenset({"time", "signer", "ledger"})


@dataclass(frozen=True)
class Check:
    """One step and what it found."""

    number: int
    name: str
    ok: bool
    detail: str


@dataclass(frozen=True)
class Verdict:
    """The answer for one file or bag. `ok` is intact and trusted, or intact alone where that was asked."""

    path: str
    ok: bool
    intact: bool
    trusted: bool
    signer: str | None
    checks: tuple[Check, ...]

    @property
    def reason(self) -> str | None:
        """The first step that failed, in words; None where none did."""
        return next((f"{c.name}: {c.detail}" for c in self.checks if not c.ok), None)

    def line(self) -> dict[str, Any]:
        """The verdict as the command line's JSON gives it."""
        checks = [{"number": c.number, "name": c.name, "ok": c.ok, "detail": c.detail} for c in self.checks]
        return {
            "path": self.path,
            "ok": self.ok,
            "intact": self.intact,
            "trusted": self.trusted,
            "signer": self.signer,
            "checks": checks,
        }


@dataclass
class Steps:
    """Collects checks. `take` runs one step; a fault is noted, and None given."""

    numbers: Mapping[str, int]
    checks: list[Check] = field(default_factory=list)

    def note(self, name: str, ok: bool, detail: str) -> None:
        """Enter the outcome of one step."""
        self.checks.append(Check(self.numbers[name], name, ok, detail))

    def take(self, name: str, step: Callable[[], T], words: Callable[[T], str] = str) -> T | None:
        """Run a step, and note what it found."""
        try:
            found = step()
        except (EvidenceError, OSError) as error:
            self.note(name, False, str(error))
            return None
        self.note(name, True, words(found))
        return found

    def failed(self, *names: str) -> bool:
        """Whether any of these steps (or of all) failed."""
        return any(not c.ok and (not names or c.name in names) for c in self.checks)

    def verdict(self, path: Path, *, signer: str | None, judged: bool, integrity_only: bool) -> Verdict:
        """Join the steps into the answer. `judged` is whether the steps about trust could be made."""
        checks = tuple(sorted(self.checks, key=lambda c: c.number))
        intact = all(c.ok for c in checks if c.name not in ABOUT_TRUST)
        trusted = intact and judged and all(c.ok for c in checks)
        return Verdict(str(path), intact if integrity_only else trusted, intact, trusted, signer, checks)
