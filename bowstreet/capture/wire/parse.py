"""The pieces that TLS messages are made of (RFC 8446 section 3). Whatever runs past its end raises ValueError."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import brotli
import zstandard

#: A certificate message is let unfold to so much.
CERTIFICATE_LIMIT = 1 << 20


def vector(data: bytes, at: int, width: int) -> tuple[bytes, int]:
    """A vector with a length of `width` bytes before it, and where the next thing begins."""
    end = at + width + int.from_bytes(data[at : at + width], "big")
    if end > len(data):
        raise ValueError("a vector runs past its end")
    return data[at + width : end], end


def extensions(data: bytes) -> dict[int, bytes]:
    """Extensions by number, in their order."""
    found, at = {}, 0
    while at + 4 <= len(data):
        kind = int.from_bytes(data[at : at + 2], "big")
        found[kind], at = vector(data, at + 2, 2)
    return found


def chain12(body: bytes) -> list[bytes]:
    """The certificates of a Certificate message of TLS 1.2 (RFC 5246 section 7.4.2)."""
    entries, at, found = vector(body, 0, 3)[0], 0, []
    while at < len(entries):
        certificate, at = vector(entries, at, 3)
        found.append(certificate)
    return found


def chain13(body: bytes) -> tuple[list[bytes], bytes | None]:
    """The certificates of a Certificate message of TLS 1.3, and the stapled OCSP answer for the first."""
    _, at = vector(body, 0, 1)
    entries, at = vector(body, at, 3)[0], 0
    found: list[bytes] = []
    stapled = None
    while at < len(entries):
        certificate, at = vector(entries, at, 3)
        more, at = vector(entries, at, 2)
        status = extensions(more).get(5, b"")
        if not found and status[:1] == b"\x01":
            stapled = vector(status, 1, 3)[0]
        found.append(certificate)
    return found, stapled


def uncompressed(body: bytes) -> bytes:
    """The Certificate message inside a CompressedCertificate (RFC 8879)."""
    algorithm, size = int.from_bytes(body[:2], "big"), int.from_bytes(body[2:5], "big")
    packed = vector(body, 5, 3)[0]
    if size > CERTIFICATE_LIMIT:
        raise ValueError("a certificate of more than a megabyte")
    try:
        plain = _UNPACK[algorithm](packed, size)
    except (zlib.error, brotli.error, zstandard.ZstdError, KeyError) as error:
        raise ValueError(f"a compressed certificate cannot be unpacked ({error})") from None
    if len(plain) != size:
        raise ValueError("a compressed certificate is not as long as it says")
    return plain


def _brotli(packed: bytes, size: int) -> bytes:
    unpacked: bytes = brotli.Decompressor().process(packed, output_buffer_limit=size + 1)
    return unpacked


def _zlib(packed: bytes, size: int) -> bytes:
    return zlib.decompressobj().decompress(packed, size + 1)


def _zstd(packed: bytes, size: int) -> bytes:
    return zstandard.ZstdDecompressor().stream_reader(packed).read(size + 1)


_UNPACK: dict[int, Callable[[bytes, int], bytes]] = {1: _zlib, 2: _brotli, 3: _zstd}
