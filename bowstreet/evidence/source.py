"""The bytes of an archive, plain or gzip, a piece at a time: where each member begins, and where to go on after a fault."""

from __future__ import annotations

import re
from typing import BinaryIO

from bowstreet.evidence.errors import BadArchive
from bowstreet.evidence.inflate import ERRORS, inflater

CHUNK = 1 << 18
RAW = 1 << 16
HEADER_LIMIT = 1 << 16
GZIP = b"\x1f\x8b\x08"


class Source:
    """A file's bytes after decompression, with the place in the file that each gzip member begins."""

    def __init__(self, file: BinaryIO, *, start: int = 0) -> None:
        self._file = file
        file.seek(start)
        self._raw = file.read(RAW)
        self._gone = start
        self.gzip = self._raw.startswith(GZIP)
        self._stream = inflater() if self.gzip else None
        self._buffer, self._at = b"", 0
        self.member = start
        self.turned = False
        self.done = False
        self.broken = False

    @property
    def offset(self) -> int:
        """Where the next byte stands in the file; within a gzip member, where the member begins."""
        return self.member if self.gzip else self.end

    @property
    def end(self) -> int:
        """How far the file has been consumed: the end of the last whole member, or of the last plain byte."""
        return self._gone if self.gzip else self._gone - len(self._buffer) + self._at

    def fill(self) -> bool:
        """Take in more. False at the end of a member or of the file."""
        if self._stream is None:
            data, self._raw = self._raw, self._file.read(RAW)
            self._gone += len(data)
            self._keep(data)
            return bool(data)
        if self.turned or self.done:
            return False
        while not self._stream.eof:
            if not self._raw:
                self._raw = self._file.read(RAW)
                if not self._raw:
                    self.broken = True
                    raise BadArchive("the file ends inside a gzip member", offset=self.member)
            if data := self._inflate():
                self._keep(data)
                return True
        self.turned = True
        return False

    def _keep(self, data: bytes) -> None:
        self._buffer = self._buffer[self._at :] + data if self._at < len(self._buffer) else data
        self._at = 0

    def _inflate(self) -> bytes:
        assert self._stream is not None
        before = len(self._raw)
        try:
            data = self._stream.decompress(self._raw, CHUNK)
        except ERRORS as error:
            self.broken = True
            raise BadArchive(f"broken gzip: {error}", offset=self.member) from None
        self._raw = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
        self._gone += before - len(self._raw)
        return data

    def next_member(self) -> bool:
        """Begin the next gzip member, when this one is used up. False at the end of the file."""
        self._raw = self._raw or self._file.read(RAW)
        self._buffer, self._at, self.member, self.turned = b"", 0, self._gone, False
        if not self._raw:
            self.done = True
            return False
        if len(self._raw) < 3:
            self._raw += self._file.read(RAW)
        if not self._raw.startswith(GZIP):
            self.broken = True
            raise BadArchive("what follows the last gzip member is not gzip", offset=self._gone)
        self._stream = inflater()
        return True

    def skip_to_member(self, after: int) -> bool:
        """After a fault: find the next place past `after` that begins a member holding a WARC or ARC record."""
        at = after + 1
        self._file.seek(at)
        window = b""
        while data := self._file.read(CHUNK):
            window += data
            place = window.find(GZIP)
            while place >= 0:
                if len(window) - place < 4096 and (more := self._file.read(CHUNK)):
                    window += more
                if _promising(window[place : place + 4096]):
                    self._restart(at + place)
                    return True
                place = window.find(GZIP, place + 1)
            at, window = at + len(window) - 2, window[-2:]
        self.done = True
        return False

    def _restart(self, at: int) -> None:
        self._file.seek(at)
        self._raw, self._gone, self._buffer, self._at = self._file.read(RAW), at, b"", 0
        self.member, self.turned, self.broken = at, False, False
        self._stream = inflater()

    def line(self, *, whole: bool = True) -> bytes | None:
        """The next line with its end, or None where nothing is left in this member or file.

        A line longer than a header may be is refused, or with `whole=False` given in pieces.
        """
        while (at := self._buffer.find(b"\n", self._at, self._at + HEADER_LIMIT)) < 0:
            if len(self._buffer) - self._at >= HEADER_LIMIT:
                if whole:
                    raise BadArchive("a header line is too long", offset=self.offset)
                return self.take(HEADER_LIMIT)
            if not self.fill():
                return self.take(HEADER_LIMIT) or None
        return self.take(at + 1 - self._at)

    def plain_lines(self) -> list[str] | None:
        """The lines before the next blank one, without their ends, where all are buffered and every end is CRLF.

        None where they are not, and nothing is taken: then they have to be read one by one.
        """
        end = self._buffer.find(b"\r\n\r\n", self._at, self._at + HEADER_LIMIT)
        data = self._buffer[self._at : end + 2] if end > self._at else b""
        if not data or not data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r") or data[:1] == b"\r":
            return None
        self._at = end + 4
        return data[:-2].decode("utf-8", "replace").split("\r\n")

    def take(self, count: int) -> bytes:
        """Exactly as many of the buffered bytes as there are, up to `count`."""
        data = self._buffer[self._at : self._at + count]
        self._at += len(data)
        return data

    def read(self, count: int) -> bytes:
        """Up to `count` bytes; empty at the end of the member or file."""
        if self._at >= len(self._buffer) and not self.fill():
            return b""
        return self.take(count)

    def put_back(self, data: bytes) -> None:
        """Return what was read last and too far."""
        self._at -= len(data)


def _promising(data: bytes) -> bool:
    try:
        opening = inflater().decompress(data, 64)
    except ERRORS:
        return False
    return opening.startswith(b"WARC/") or bool(re.match(rb"(filedesc|https?|dns|ftp)://?", opening))
