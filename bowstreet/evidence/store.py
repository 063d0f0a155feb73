"""Evidence objects in a directory, named by their SHA-256, written once.

store = Store(Path("var/evidence"))
name = store.put(Path("capture.wacz"))        # → hex; its .tsr sidecars come with it
store.path(name)                              # sha256sum of this file is its name
"""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bowstreet.evidence.errors import EvidenceError, NotFound
from bowstreet.evidence.record import CHUNK
from bowstreet.evidence.seal import file_digest, sidecars

_HEX = re.compile(r"[0-9a-f]{64}")


class Store:
    """A write-once directory: `ab/abcdef…`, each file named by the digest of its bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, path: Path) -> str:
        """Take a copy of `path`, and of the time-stamps beside it; on disk, whole, before this returns."""
        fresh = self._fresh()
        digest = _copy(path, fresh)
        name = digest.hexdigest()
        self._settle(fresh, self._place(name))
        for token in sidecars(path):
            self.attach(name, token.name.removeprefix(f"{path.name}."), token.read_bytes())
        return name

    def attach(self, sha256: str, name: str, data: bytes) -> Path:
        """Put a small file beside an object, as `HEX.NAME`: a late time-stamp. Written once as well."""
        if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*", name):
            raise EvidenceError(f"nothing can be attached under the name {name!r}")
        place = self.path(sha256).with_name(f"{sha256}.{name}")
        fresh = self._fresh()
        fresh.write_bytes(data)
        self._settle(fresh, place)
        return place

    def path(self, sha256: str) -> Path:
        """Where an object is; NotFound where it is not."""
        place = self._place(sha256.removeprefix("sha256:"))
        if not place.is_file():
            raise NotFound(f"the store has no object {sha256}")
        return place

    def __contains__(self, sha256: str) -> bool:
        return self._place(sha256.removeprefix("sha256:")).is_file()

    def __iter__(self) -> Iterator[str]:
        """Every object's name, in order."""
        return (p.name for p in sorted(self.folder.glob("??/*")) if _HEX.fullmatch(p.name))

    def damaged(self) -> Iterator[str]:
        """The names of objects whose bytes are no longer what their name says."""
        return (name for name in self if file_digest(self._place(name)) != name)

    def remove(self, sha256: str) -> None:
        """Erase an object and what is attached to it: for lawful disposal only."""
        place = self.path(sha256)
        for path in place.parent.glob(f"{place.name}*"):
            path.chmod(0o644)
            path.unlink()

    def _place(self, name: str) -> Path:
        if not _HEX.fullmatch(name):
            raise NotFound(f"an object is named by 64 hex digits, not {name[:80]!r}")
        return self.folder / name[:2] / name

    def _fresh(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / f".{uuid.uuid4().hex}.new"

    def _settle(self, fresh: Path, place: Path) -> None:
        """Flush, make read-only, and give the name in one step; the same bytes may already be there."""
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh.chmod(0o444)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        try:
            os.link(fresh, place)
        except FileExistsError:
            if file_digest(place) != file_digest(fresh):
                raise EvidenceError(f"the store already holds other bytes as {place.name}") from None
        finally:
            with suppress(FileNotFoundError):
                fresh.unlink()
        for folder in (place.parent, self.folder):
            handle = os.open(folder, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)


def _copy(source: Path, target: Path) -> hashlib._Hash:
    digest = hashlib.sha256()
    with source.open("rb") as before, target.open("wb") as after:
        while data := before.read(CHUNK):
            digest.update(data)
            after.write(data)
    return digest
