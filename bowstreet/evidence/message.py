"""The HTTP message in a record's block: its head, and its body without transfer and content codings.

    head = Head.parse(block)          # of the first bytes
    body = decode(block[head.size:], head, limit=1 << 26)

Lenient where the wire is: a bare line feed ends a line, a missing reason phrase is no error (RFC 9112, 2.2).
"""

from __future__ import annotations

import importlib
import zlib
from dataclasses import dataclass

from bowstreet.evidence.errors import BadArchive

HEAD_LIMIT = 1 << 20


@dataclass(frozen=True)
class Head:
    """Start line and header fields as sent; `size` is where the body begins."""

    start: str
    headers: tuple[tuple[str, str], ...]
    size: int

    @classmethod
    def parse(cls, data: bytes) -> Head | None:
        """The head at the beginning of `data`, or None where no blank line ends it."""
        size = head_end(data)
        if size is None:
            return None
        lines = [line.rstrip(b"\r") for line in data[:size].split(b"\n")]
        fields = [line.partition(b":") for line in lines[1:] if b":" in line]
        pairs = tuple((k.decode("latin-1").strip(), v.decode("latin-1").strip()) for k, _, v in fields)
        return cls(lines[0].decode("latin-1"), pairs, size)

    def get(self, name: str) -> str | None:
        """The first field so named."""
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)

    def all(self, name: str) -> list[str]:
        """Every element of the comma-separated fields so named, in lower case."""
        values = ",".join(v for k, v in self.headers if k.lower() == name.lower())
        return [item.strip().lower() for item in values.split(",") if item.strip()]

    @property
    def status(self) -> int | None:
        """The status code of a response."""
        words = self.start.split(maxsplit=2)
        good = len(words) > 1 and len(words[1]) == 3 and words[1].isascii() and words[1].isdigit()
        return int(words[1]) if good else None

    @property
    def method(self) -> str:
        """The method of a request."""
        return self.start.split(" ", 1)[0]

    @property
    def media_type(self) -> str | None:
        """The media type alone, in lower case."""
        value = (self.get("content-type") or "").split(";")[0].strip().lower()
        return value or None

    @property
    def charset(self) -> str | None:
        """The charset as the server declared it."""
        for item in (self.get("content-type") or "").split(";")[1:]:
            name, _, value = item.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip("\"'") or None
        return None

    @property
    def chunked(self) -> bool:
        """Whether any transfer coding was applied."""
        return any(code != "identity" for code in self.all("transfer-encoding"))


def head_end(data: bytes) -> int | None:
    """Where the blank line that ends an HTTP head stops, or None."""
    usual = data.find(b"\r\n\r\n", 0, HEAD_LIMIT)
    bare = data.find(b"\n\n", 0, HEAD_LIMIT if usual < 0 else usual)
    if bare >= 0:
        return bare + 2
    return usual + 4 if usual >= 0 else None


def decode(data: bytes, head: Head, *, limit: int) -> bytes:
    """The body without its codings; at most `limit` bytes, else BadArchive.

    What was cut short is given as far as it can be decoded: a capture may have stopped in the middle.
    """
    if head.chunked:
        data = dechunk(data)
    codings = head.all("content-encoding")
    if "chunked" not in codings and head.chunked and "gzip" in head.all("transfer-encoding"):
        codings = [*codings, "gzip"]
    for coding in reversed(codings):
        data = _undo(coding, data, limit)
    return data


def dechunk(data: bytes) -> bytes:
    """The body of a chunked message (RFC 9112, 7.1). Left as it is where it never was chunked."""
    out: list[bytes] = []
    at = 0
    while (end := data.find(b"\n", at, at + 1024)) >= 0:
        size = data[at:end].split(b";")[0].strip()
        if not size or any(c not in b"0123456789abcdefABCDEF" for c in size):
            return b"".join(out) if out else data
        count = int(size[:16], 16)
        if count == 0:
            break
        out.append(data[end + 1 : end + 1 + count])
        at = end + 1 + count
        at += 2 if data[at : at + 2] == b"\r\n" else 1
    return b"".join(out) if out or end >= 0 else data


def _undo(coding: str, data: bytes, limit: int) -> bytes:
    match coding:
        case "gzip" | "x-gzip":
            return _inflate(data, 31, limit) if data[:2] == b"\x1f\x8b" else data
        case "deflate":
            return _inflate(data, 15 if data[:1] == b"\x78" else -15, limit)
        case "br":
            return _brotli(data, limit)
        case "zstd":
            return _zstd(data, limit)
    return data


def _bounded(data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise BadArchive(f"a body is larger than {limit} bytes once decoded")
    return data


def _inflate(data: bytes, bits: int, limit: int) -> bytes:
    out = b""
    while data:
        stream = zlib.decompressobj(bits)
        try:
            out += stream.decompress(data, limit + 1 - len(out))
        except zlib.error as error:
            if out:
                return out
            raise BadArchive(
                f"a body is not the {'gzip' if bits > 15 else 'deflate'} it says: {error}"
            ) from None
        _bounded(out, limit)
        data = stream.unused_data if stream.eof and stream.unused_data[:2] == b"\x1f\x8b" else b""
    return out


def _brotli(data: bytes, limit: int) -> bytes:
    brotli = importlib.import_module("brotli")
    stream, out, step = brotli.Decompressor(), b"", data
    try:
        while True:
            piece = stream.process(step, output_buffer_limit=1 << 20)
            out, step = _bounded(out + piece, limit), b""
            if stream.is_finished() or (not piece and stream.can_accept_more_data()):
                return out
    except brotli.error as error:
        raise BadArchive(f"a body is not the brotli it says: {error}") from None


def _zstd(data: bytes, limit: int) -> bytes:
    zstandard = importlib.import_module("zstandard")
    try:
        reader = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(
            data, read_across_frames=True
        )
        return _bounded(reader.read(limit + 1), limit)
    except zstandard.ZstdError as error:
        raise BadArchive(f"a body is not the zstd it says: {error}") from None
