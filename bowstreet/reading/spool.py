"""Rows laid aside until they are wanted: in memory while they are few, then in a file of this process's own.

spool = Spool()
place = spool.put(row)
spool.get(place)        # the row again
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Mapping
from typing import Any, cast

IN_MEMORY = 16 << 20


class Spool:
    """An archive of gigabytes is read in flat memory, because its pages lie here and not in a list."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - it lives as long as this does
        self._end = 0

    def put(self, row: Mapping[str, Any]) -> int:
        """Lay a row aside; where it lies."""
        place = self._end
        self._file.seek(place)
        pickle.dump(dict(row), self._file, pickle.HIGHEST_PROTOCOL)
        self._end = self._file.tell()
        return place

    def get(self, place: int) -> Mapping[str, Any]:
        """The row that lies there. The file has no name, and nothing but `put` writes to it."""
        self._file.seek(place)
        return cast("Mapping[str, Any]", pickle.load(self._file))  # noqa: S301 - what this process wrote itself
