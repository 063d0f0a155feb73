"""The browser's own record of its TLS secrets (`--ssl-key-log-file`; SSLKEYLOGFILE, draft-ietf-tls-keylogfile)."""

from __future__ import annotations

import threading
from pathlib import Path


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
            words = line.split()
            if len(words) == 3 and not words[0].startswith(b"#"):
                self._secrets[bytes.fromhex(words[1].decode()), words[0].decode()] = bytes.fromhex(
                    words[2].decode()
                )
