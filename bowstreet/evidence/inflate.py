"""Inflating gzip members: with ISA-L where it is installed (`bowstreet[fast]`), else with zlib. The answers are the same."""

from __future__ import annotations

import importlib
import zlib
from collections.abc import Callable
from typing import Protocol, cast


class Inflater(Protocol):
    """What `zlib.decompressobj` gives."""

    @property
    def eof(self) -> bool:
        """Whether the end of the member was reached, and its checksum is right."""

    @property
    def unused_data(self) -> bytes:
        """What follows the member."""

    @property
    def unconsumed_tail(self) -> bytes:
        """What was not looked at yet, for want of room."""

    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes:
        """The next bytes, at most so many where that is not 0."""


def _fast() -> tuple[Callable[[int], object], tuple[type[Exception], ...]]:
    try:
        isal = importlib.import_module("isal.isal_zlib")
    except ImportError:
        return zlib.decompressobj, (zlib.error,)
    return isal.decompressobj, (zlib.error, isal.error)


_MAKE, ERRORS = _fast()


def inflater() -> Inflater:
    """A fresh inflater of one gzip member."""
    return cast("Inflater", _MAKE(31))
