"""How good the clock is that a capture's times were taken by: what the kernel knows of it (adjtimex, RFC 5905).

now = told()      →  {"source": "system clock", "synchronised": True, "offset_seconds": 0.0001, "maximum_error_seconds": 0.02, …}
"""

from __future__ import annotations

import ctypes
import struct
import time
from typing import Any

_LIBC = ctypes.CDLL(None)
_UNSYNCHRONISED, _NANOSECONDS, _ERROR = 0x0040, 0x2000, 5


def told() -> dict[str, Any]:
    """Source, steady clock, and what the kernel says of synchronisation; None where it does not say."""
    said: dict[str, Any] = {
        "source": "system clock", "steady": time.monotonic(), "synchronised": None, "offset_seconds": None,
        "estimated_error_seconds": None, "maximum_error_seconds": None,
    }  # fmt: skip
    timex = ctypes.create_string_buffer(256)  # modes 0: nothing is set
    try:
        state = _LIBC.adjtimex(timex)
    except AttributeError:
        return said
    if state < 0:
        return said
    _, offset, _, most, estimated, status = struct.unpack_from("@Iqqqqi", timex.raw)
    said["synchronised"] = state != _ERROR and not status & _UNSYNCHRONISED
    if said["synchronised"]:
        said["offset_seconds"] = offset / (1e9 if status & _NANOSECONDS else 1e6)
        said["estimated_error_seconds"], said["maximum_error_seconds"] = estimated / 1e6, most / 1e6
    return said
