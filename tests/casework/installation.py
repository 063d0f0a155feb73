"""An installation with a home of its own, worked on by the real command in processes of its own."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Installation:
    """Commands are run as alice."""

    home: Path

    def run(self, *words: str) -> str:
        """What a command says on its standard output; it must be done and true."""
        done = subprocess.run(
            _words(words), env=self._environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Begin a command, and do not wait for it."""
        quiet = subprocess.DEVNULL
        return subprocess.Popen(_words(words), env=self._environment, stdout=quiet, stderr=quiet)

    @property
    def _environment(self) -> dict[str, str]:
        return os.environ | {"BOWSTREET_HOME": str(self.home)}

    def rows(self, question: str) -> Sequence[tuple[Any, ...]]:
        """Ask its database, from outside."""
        with sqlite3.connect(self.home / "bowstreet.sqlite3") as database:
            return database.execute(question).fetchall()

    def objects(self, store: str) -> dict[str, Path]:
        """What a store holds, by name."""
        return {p.name: p for p in self.home.glob(f"{store}/??/*") if len(p.name) == 64}

    def sealed_aside(self) -> set[str]:
        """Digests of archives that were sealed and not yet put into the store."""
        found = [p for p in (self.home / "work").glob("*.wacz") if not p.name.endswith(".unsigned.wacz")]
        return {digest(p) for p in found if p.with_name(p.name.replace(".wacz", ".companion.zip")).exists()}

    def processes(self) -> list[str]:
        """What runs for it."""
        mark = f"BOWSTREET_HOME={self.home}".encode()
        return [name for one in Path("/proc").glob("[0-9]*") if (name := _serves(one, mark))]

    def rests(self, seconds: float) -> bool:
        """Does everything that runs for it end within so many seconds?"""
        end = time.monotonic() + seconds
        while self.processes() and time.monotonic() < end:
            time.sleep(0.1)
        return not self.processes()


def _words(words: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "bowstreet", *words]


def _serves(process: Path, mark: bytes) -> str:
    try:
        if (
            mark not in (process / "environ").read_bytes().split(b"\0")
            or "State:\tZ" in (process / "status").read_text()
        ):
            return ""
        return (process / "comm").read_text().strip()
    except OSError:
        return ""


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
