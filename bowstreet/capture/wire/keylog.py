"""The browser's own record of its TLS secrets (`--ssl-key-log-file`; SSLKEYLOGFILE, draft-ietf-tls-keylogfile)."""

from __future__ import annotations

import threading
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

#: The secrets that open a recording: TLS 1.3's by side and stage, TLS 1.2's by the client's random.
LABELS = frozenset(
    {
        "CLIENT_RANDOM",
        "CLIENT_EARLY_TRAFFIC_SECRET",
        *(f"{side}_{stage}" for side in ("CLIENT", "SERVER") for stage in ("HANDSHAKE_TRAFFIC_SECRET", "TRAFFIC_SECRET_0")),
    }
)  # fmt: skip


class Wait(Exception):
    """A secret, or the other side's greeting, is not here yet: feed more and try again."""


class KeyLog:
    """Secrets by client random and label. Read again whenever one is missing, for the browser is still writing.

    `start` is the byte of the file to begin at. It may be asked from any thread.
    """

    def __init__(self, path: Path, start: int = 0) -> None:
        self._path = path
        self._read = start
        self._turn = threading.Lock()
        self._secrets: dict[tuple[bytes, str], bytes] = {}

    def get(self, client_random: bytes, label: str) -> bytes:
        """The secret. Raises Wait while it is not there."""
        key = (client_random, label)
        if key not in self._secrets:
            with self._turn:
                self._refresh()
        if key not in self._secrets:
            raise Wait(label)
        return self._secrets[key]

    def _refresh(self) -> None:
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._read)
            data = file.read()
        whole = data[: data.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.splitlines():
            if (words := _words(line)) is not None:
                label, random, secret = words
                self._secrets[bytes.fromhex(random), label] = bytes.fromhex(secret)


@dataclass(frozen=True)
class Part:
    """One visit's part of the key log of a browser that stays up: what was written from byte `start` on."""

    path: Path
    start: int

    def write(self, out: Path, randoms: Container[bytes]) -> None:
        """Write the lines that open connections with these client randoms, and no other visit's."""
        data = b""
        if self.path.exists():
            with self.path.open("rb") as log:
                log.seek(self.start)
                data = log.read()
        out.write_bytes(b"".join(line for line in data.splitlines(True) if _of(line, randoms)))


def _of(line: bytes, randoms: Container[bytes]) -> bool:
    words = _words(line) if line.endswith(b"\n") else None
    return words is not None and bytes.fromhex(words[1]) in randoms


def _words(line: bytes) -> tuple[str, str, str] | None:
    """Label, client random and secret; None for a remark."""
    words = line.decode("ascii", "replace").split()
    return None if len(words) != 3 or words[0].startswith("#") else (words[0], words[1], words[2])
