"""Screening against hash lists that the user gives; none is shipped, and none is fetched.

    lists = HashList.load([Path("list.json")])
    lists.exactly(body)                         →  Match(category="…", source="…", …) or None

A list is JSON in the manner of Project VICS: {"source": "…", "version": "…", "media": [{"type": "sha256", "value": "…",
"category": "…"}]}. An exact hash is asked first, before anything is decoded; PDQ second. What matches is quarantined:
it is not rendered, thumbnailed, read or exported.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bowstreet.reading.images import perceptual

EXACT = {"md5": 32, "sha1": 40, "sha256": 64}
SIZE = 1 << 30  # bytes of one list


class BadList(ValueError):
    """A hash list that cannot be used; says what to mend."""


@dataclass(frozen=True)
class Match:
    """Why a picture is quarantined: which hash of which list. `bits` is 0 for an exact hash."""

    type: str
    category: str
    source: str
    version: str
    bits: int = 0


@dataclass(frozen=True)
class HashList:
    """Hashes by type; for each, what the list says of it."""

    exact: dict[str, Match] = field(default_factory=dict)  # "sha256:<hex>" → why
    near: tuple[tuple[str, Match], ...] = ()
    bits: int = perceptual.NEAR

    @classmethod
    def load(cls, paths: Iterable[Path]) -> HashList:
        """Read lists. BadList names the file and the entry that is wrong: a list is used whole or not at all."""
        exact: dict[str, Match] = {}
        near: list[tuple[str, Match]] = []
        for path in paths:
            for type, value, match in _entries(path):
                if type == "pdq":
                    near.append((value, match))
                else:
                    exact[f"{type}:{value}"] = match
        return cls(exact, tuple(near))

    def __bool__(self) -> bool:
        return bool(self.exact or self.near)

    def exactly(self, body: bytes) -> Match | None:
        """By the bytes alone: nothing is decoded."""
        for type in EXACT:
            if type in self._types:
                digest = hashlib.new(type, body, usedforsecurity=False).hexdigest()
                if match := self.exact.get(f"{type}:{digest}"):
                    return match
        return None

    @cached_property
    def _types(self) -> set[str]:
        return {key.partition(":")[0] for key in self.exact}

    def nearly(self, pdqs: Sequence[str]) -> Match | None:
        """By perceptual hashes, of which any may match: the nearest within the bound."""
        if not self.near or not pdqs:
            return None
        alike = perceptual.signs(pdqs) @ self._signs.T
        closest = int(alike.max(axis=0).argmax())
        bits = round((perceptual.BITS - float(alike[:, closest].max())) / 2)
        return replace(self.near[closest][1], bits=bits) if bits <= self.bits else None

    @cached_property
    def _signs(self) -> NDArray[np.float32]:
        return perceptual.signs([value for value, _ in self.near])


def _entries(path: Path) -> Iterable[tuple[str, str, Match]]:
    try:
        if path.stat().st_size > SIZE:
            raise BadList(f"{path}: over {SIZE >> 20} MB; split the list")
        given = json.loads(path.read_bytes())
    except OSError as error:
        raise BadList(f"{path}: {error.strerror or 'cannot be read'}") from None
    except ValueError as error:
        raise BadList(f"{path}: not JSON ({error})") from None
    source, version, media = _head(path, given)
    for at, entry in enumerate(media, 1):
        type, value, category = (
            str(entry.get(name, "")) if isinstance(entry, dict) else ""
            for name in ("type", "value", "category")
        )
        type, value = re.sub(r"[^a-z0-9]", "", type.lower()), value.strip().lower()
        wanted = 64 if type == "pdq" else EXACT.get(type)
        if wanted is None or not re.fullmatch(rf"[0-9a-f]{{{wanted}}}", value):
            raise BadList(
                f"{path}: entry {at} is no {' or '.join((*EXACT, 'pdq'))} hash in hexadecimal digits"
            )
        yield type, value, Match(type, category, source, version)


def _head(path: Path, given: Any) -> tuple[str, str, list[Any]]:
    if not isinstance(given, dict) or not isinstance(given.get("media"), list):
        raise BadList(f'{path}: give {{"source", "version", "media": [{{"type", "value", "category"}}]}}')
    return str(given.get("source", path.name)), str(given.get("version", "")), given["media"]
