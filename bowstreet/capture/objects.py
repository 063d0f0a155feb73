"""Evidence objects in an S3-compatible store, for an installation of more than one machine; a folder here holds what was used.

    BOWSTREET_OBJECTS=s3://evidence/bowstreet        # and AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT, AWS_REGION
    store = store_at(Path("var/objects"))            # a plain folder where the setting is not there

An object is in the bucket, whole, before `put` returns. What comes back from there is what its name says, or is refused.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from bowstreet.evidence.errors import EvidenceError, NotFound
from bowstreet.evidence.seal import file_digest
from bowstreet.evidence.store import Store

if TYPE_CHECKING:
    from obstore.store import RetryConfig, S3Store

SETTING = "BOWSTREET_OBJECTS"
SMALL = 16 << 20  # bytes that go in one request, which the bucket refuses where the name is taken
NAME = 64
RETRIES: RetryConfig = {"max_retries": 4, "retry_timeout": timedelta(seconds=60)}


def store_at(folder: Path) -> Store:
    """The store whose objects are kept in `folder`: there alone, or in the bucket that the installation names too.

    Raises EvidenceError.
    """
    if not (where := os.environ.get(SETTING, "")):
        return Store(folder)
    if not where.startswith("s3://"):
        raise EvidenceError(
            f"{SETTING} is the address of a bucket, such as s3://evidence/bowstreet, not {where[:80]!r}"
        )
    return Remote(folder, _bucket(f"{where.rstrip('/')}/{folder.name}"), where)


class Remote(Store):
    """A folder before a bucket. The bucket has the last word on what there is."""

    def __init__(self, folder: Path, bucket: S3Store, where: str) -> None:
        super().__init__(folder)
        self._bucket, self._where = bucket, where

    def put(self, path: Path) -> str:
        """As `Store.put`, and in the bucket. EvidenceError where it does not take it; then it is not here either."""
        name, here = file_digest(path), Store(self.folder)
        had = name in here
        try:
            super().put(path)
            self._send(self._place(name))
        except EvidenceError:
            if not had and name in here:
                here.remove(name)
            raise
        return name

    def attach(self, sha256: str, name: str, data: bytes) -> Path:
        """As `Store.attach`, and in the bucket."""
        place = super().attach(sha256, name, data)
        self._send(place)
        return place

    def path(self, sha256: str) -> Path:
        """Where an object is, fetched if need be with what is attached to it."""
        name = sha256.removeprefix("sha256:")
        place = self._place(name)
        if not place.is_file():
            self._fetch(name)
        return super().path(sha256)

    def __contains__(self, sha256: str) -> bool:
        return super().__contains__(sha256) or self._size(_key(sha256.removeprefix("sha256:"))) is not None

    def __iter__(self) -> Iterator[str]:
        """Every object's name, in order."""
        names = (key.rsplit("/", 1)[-1] for key in self._keys(""))
        return iter(sorted({name for name in names if len(name) == NAME} | set(super().__iter__())))

    def damaged(self) -> Iterator[str]:
        """The names of objects whose bytes are not what their name says, in the bucket or here."""
        here = set(Store(self.folder).damaged())
        return (name for name in self if name in here or self._digest(_key(name)) not in (name, None))

    def remove(self, sha256: str) -> None:
        """Erase an object and what is attached to it, there and here."""
        place = self.path(sha256)
        with self._plainly() as obstore:
            for key in self._keys(_key(place.name)):
                obstore.delete(self._bucket, key)
        super().remove(sha256)

    def _send(self, place: Path) -> None:
        """Once: what is there already must be the same."""
        key, size = _key(place.name), place.stat().st_size
        if self._size(key) is None:
            with self._plainly() as obstore:
                small = size <= SMALL
                obstore.put(
                    self._bucket, key, place, mode="create" if small else "overwrite", use_multipart=not small
                )
        if self._digest(key) != file_digest(place):
            raise EvidenceError(f"{self._where} already holds other bytes as {place.name}")

    def _fetch(self, name: str) -> None:
        """Bring an object here, last of all, after what is attached to it."""
        for key in sorted(self._keys(_key(name)), reverse=True):
            fresh = self._fresh()
            with self._plainly() as obstore, fresh.open("wb") as out:
                for piece in obstore.get(self._bucket, key).stream():
                    out.write(piece)
            last = key.rsplit("/", 1)[-1]
            if last == name and file_digest(fresh) != name:
                fresh.unlink()
                raise EvidenceError(f"{self._where} holds other bytes as {name} than its name says")
            self._settle(fresh, self._place(name).with_name(last))

    def _keys(self, start: str) -> list[str]:
        """The keys that begin so. An S3 listing goes by whole folders."""
        folder = start.rpartition("/")[0]
        with self._plainly() as obstore:
            found = [one["path"] for batch in obstore.list(self._bucket, folder or None) for one in batch]
        return [key for key in found if key.startswith(start)]

    def _size(self, key: str) -> int | None:
        try:
            with self._plainly() as obstore:
                return int(obstore.head(self._bucket, key)["size"])
        except NotFound:
            return None

    def _digest(self, key: str) -> str | None:
        digest = hashlib.sha256()
        try:
            with self._plainly() as obstore:
                for piece in obstore.get(self._bucket, key).stream():
                    digest.update(piece)
        except NotFound:
            return None
        return digest.hexdigest()

    @contextmanager
    def _plainly(self) -> Iterator[ModuleType]:
        """The library, its errors turned into ours."""
        import obstore
        from obstore.exceptions import BaseError, NotFoundError

        try:
            yield obstore
        except (NotFoundError, FileNotFoundError) as error:
            raise NotFound(f"{self._where} has no such object") from error
        except BaseError as error:
            said = str(error).splitlines()[0][:300]
            raise EvidenceError(
                f"the object store {self._where} fails ({said}): see that it is up, and ask again"
            ) from None


@cache
def _bucket(where: str) -> S3Store:
    """The bucket and the folder in it. Credentials are those of the environment, as every S3 client takes them."""
    try:
        from obstore.exceptions import BaseError
        from obstore.store import S3Store
    except ImportError:
        raise EvidenceError(f"{SETTING} needs the extra 's3': pip install bowstreet[s3]") from None
    try:
        return S3Store.from_url(where, retry_config=RETRIES)
    except BaseError as error:
        raise EvidenceError(f"{SETTING} cannot be used: {str(error).splitlines()[0][:300]}") from None


def _key(name: str) -> str:
    return f"{name[:2]}/{name}"
