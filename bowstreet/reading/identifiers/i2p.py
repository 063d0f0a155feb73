"""I2P names: b32 addresses (52 letters, or 56 and more with a checksum, Proposal 149) and names under .i2p."""

from __future__ import annotations

import base64
import binascii
import zlib

from bowstreet.reading.identifiers import defang, onion
from bowstreet.reading.identifiers.kind import Kind, NotOne


def validate(text: str) -> str | None:
    """In lower case."""
    if " " in text.lower().replace(" (dot) ", "").replace(" [dot] ", ""):
        raise NotOne
    name = defang.refang(text).lower()
    if not name.endswith(".i2p"):
        raise NotOne
    first = name.removesuffix(".i2p").removesuffix(".b32").rpartition(".")[2]
    if not name.endswith(".b32.i2p"):
        if first.startswith("-") or first == "b32":
            raise NotOne
        return name
    if len(first) < 50:
        raise NotOne
    try:
        raw = base64.b32decode(first.upper() + "=" * (-len(first) % 8))
    except binascii.Error:
        return None
    if base64.b32encode(raw).decode().rstrip("=").lower() != first:
        return None  # bits left over
    if len(first) == 52:
        return f"{first}.b32.i2p"
    return f"{first}.b32.i2p" if len(raw) >= 35 and _encrypted(raw) else None


def _encrypted(raw: bytes) -> bool:
    """The first three bytes are flags and two kinds of signature, crossed with the CRC-32 of the key behind them."""
    check = zlib.crc32(raw[3:])
    flags, plain, blinded = (byte ^ (check >> 8 * at & 255) for at, byte in enumerate(raw[:3]))
    return flags < 8 and plain in (7, 11) and blinded in (7, 11)


KIND = Kind("i2p", onion.NAMES, validate)
