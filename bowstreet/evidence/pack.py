"""Reading a WACZ that may be hostile: its ZIP structure is checked byte for byte before anything is opened.

    with open_pack(path) as pack:
        for problem in pack.problems: print(problem)
        manifest = pack.json("datapackage.json")

What is refused here is what lets two programs see two different archives in one file: two entries of one
name, a local header that differs from the directory, bytes that no entry covers. Nothing is ever extracted
under a name that the archive chose.
"""

from __future__ import annotations

import io
import json
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

from bowstreet.evidence.errors import BadArchive

MANIFEST = "datapackage.json"
DIGEST = "datapackage-digest.json"
MAX_ENTRIES = 100_000
MAX_TEXT = 64 << 20
MAX_RATIO = 200
SMALL = 10 << 20
_LOCAL = struct.Struct("<4s5H3L2H")
_END = struct.Struct("<4s4H2LH")


@dataclass(frozen=True)
class Problem:
    """Something wrong with the ZIP file: the check it fails, and the words for it."""

    check: str
    what: str

    def __str__(self) -> str:
        return self.what


class Pack:
    """An open WACZ. `problems` says what is wrong with the container; reading is bounded all the same."""

    def __init__(self, path: Path, file: BinaryIO, archive: zipfile.ZipFile) -> None:
        self.path = path
        self.file = file
        self._archive = archive
        self.entries = {info.filename: info for info in archive.infolist()}
        self.problems = tuple(_problems(file, archive))

    @property
    def names(self) -> list[str]:
        """The names of the files, folders left out."""
        return [name for name in self.entries if not name.endswith("/")]

    def span(self, name: str) -> tuple[int, int]:
        """Where a stored entry's bytes begin in the file, and how many they are."""
        info = self.entries[name]
        if info.compress_type != zipfile.ZIP_STORED:
            raise BadArchive(f"{name} is compressed within the ZIP file; it has to be stored")
        return _data_start(self.file, info), info.file_size

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """An entry as a stream. A failure while reading is BadArchive."""
        if name not in self.entries:
            raise BadArchive(f"{name} is missing")
        try:
            with self._archive.open(self.entries[name]) as stream:
                yield stream
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
            OSError,
        ) as error:
            raise BadArchive(f"{name} cannot be read: {error}") from None

    def read(self, name: str, *, limit: int = MAX_TEXT) -> bytes:
        """A small entry whole; BadArchive where it is larger than `limit`."""
        with self.open(name) as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise BadArchive(f"{name} is larger than {limit} bytes")
        return data

    def json(self, name: str) -> Any:
        """An entry as JSON; BadArchive where it is none, or names one property twice."""
        return strict_json(self.read(name), name)

    def warcs(self) -> list[str]:
        """The WARC files, in order."""
        return sorted(n for n in self.names if re.fullmatch(r"archive/[^/]+\.warc(\.gz)?", n))


@contextmanager
def open_pack(path: Path) -> Iterator[Pack]:
    """Open a WACZ for reading. BadArchive where it is no ZIP file at all."""
    with path.open("rb") as file:
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, struct.error, ValueError, OSError, NotImplementedError) as error:
            raise BadArchive(f"{path.name} is not a whole ZIP file: {error}") from None
        with archive:
            if len(archive.infolist()) > MAX_ENTRIES:
                raise BadArchive(f"{path.name} holds more than {MAX_ENTRIES} entries")
            yield Pack(path, file, archive)


def strict_json(data: bytes, name: str) -> Any:
    """Parse JSON that has one meaning only: UTF-8, no property twice, no NaN."""
    try:
        return json.loads(data.decode(), object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BadArchive(f"{name} cannot be read as JSON: {error}") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("it names one property twice")
    return found


def _refuse(text: str) -> None:
    raise ValueError(f"{text} is no JSON")


def _problems(file: BinaryIO, archive: zipfile.ZipFile) -> Iterator[Problem]:
    yield from _ends(file, archive)
    seen: set[str] = set()
    for info in archive.infolist():
        yield from _name(info)
        yield from _nature(info)
        if info.filename.casefold() in seen:
            yield Problem("names", f"two entries are named {info.filename!r}")
        seen.add(info.filename.casefold())
    yield from _coverage(file, archive)


def _name(info: zipfile.ZipInfo) -> Iterator[Problem]:
    name = info.orig_filename
    bad = name.startswith("/") or "\\" in name or re.match(r"[A-Za-z]:", name) or not name.isprintable()
    if bad or ".." in name.split("/") or "" in name.removesuffix("/").split("/") or "." in name.split("/"):
        yield Problem("names", f"an entry's name leads out of the archive: {name!r}")


def _nature(info: zipfile.ZipInfo) -> Iterator[Problem]:
    if info.flag_bits & 0x1:
        yield Problem("entries", f"{info.filename} is encrypted")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        yield Problem("entries", f"{info.filename} is compressed by a method that WACZ does not allow")
    mode = info.external_attr >> 16
    if mode and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_IFMT(mode) == 0):
        yield Problem("entries", f"{info.filename} is a link or a device, not a file")
    if info.file_size > SMALL and info.file_size > MAX_RATIO * max(1, info.compress_size):
        yield Problem("entries", f"{info.filename} says it grows {MAX_RATIO} times or more when unpacked")


def _ends(file: BinaryIO, archive: zipfile.ZipFile) -> Iterator[Problem]:
    """The end record must be the last bytes of the file, and the directory must end where it begins."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - _END.size))
    tail = file.read()
    if len(tail) < _END.size or not tail.startswith(b"PK\5\6") or archive.comment:
        yield Problem("container", "bytes follow the end of the ZIP file")
        return
    _, disk, first, here, total, length, start, _ = _END.unpack(tail)
    if disk or first or here != total:
        yield Problem("container", "the ZIP file is one part of several")
    small = total != 0xFFFF and length != 0xFFFFFFFF and start != 0xFFFFFFFF
    if small and start + length != size - _END.size:
        yield Problem("container", "bytes stand between the directory of the ZIP file and its end")
    if small and total != len(archive.infolist()):
        yield Problem("container", "the directory of the ZIP file does not hold as many entries as it says")


def _coverage(file: BinaryIO, archive: zipfile.ZipFile) -> Iterator[Problem]:
    """Every byte from the first to the directory belongs to exactly one entry."""
    at = 0
    for info in sorted(archive.infolist(), key=lambda i: i.header_offset):
        if info.header_offset != at:
            kind = "overlap" if info.header_offset < at else "hide between entries"
            yield Problem("container", f"bytes {at} to {info.header_offset} {kind}, before {info.filename}")
        try:
            start = _data_start(file, info)
        except BadArchive as error:
            yield Problem("container", str(error))
            return
        yield from _same(file, info)
        at = start + info.compress_size + _descriptor(file, info, start + info.compress_size)
    if at != archive.start_dir:
        yield Problem("container", f"bytes {at} to {archive.start_dir} belong to no entry")


def _data_start(file: BinaryIO, info: zipfile.ZipInfo) -> int:
    file.seek(max(0, info.header_offset))
    data = file.read(_LOCAL.size)
    if info.header_offset < 0 or len(data) < _LOCAL.size or not data.startswith(b"PK\3\4"):
        raise BadArchive(
            f"{info.filename} does not stand where the directory says", offset=info.header_offset
        )
    fields = _LOCAL.unpack(data)
    return info.header_offset + _LOCAL.size + int(fields[9]) + int(fields[10])


def _same(file: BinaryIO, info: zipfile.ZipInfo) -> Iterator[Problem]:
    """Local header and directory have to say the same."""
    file.seek(info.header_offset)
    fields = _LOCAL.unpack(file.read(_LOCAL.size))
    name = file.read(fields[9])
    flags, method, crc, packed, size = fields[2], fields[3], fields[6], fields[7], fields[8]
    if name.decode("utf-8" if flags & 0x800 else "cp437", "replace") != info.orig_filename:
        yield Problem("container", f"{info.filename} has another name in its own header")
    if method != info.compress_type or (flags ^ info.flag_bits) & 0x1:
        yield Problem("container", f"{info.filename} is packed otherwise than the directory says")
    if flags & 0x8:
        return
    told = [(crc, info.CRC), (packed, info.compress_size), (size, info.file_size)]
    if any(a != b for a, b in told if not (a == 0xFFFFFFFF and b is not info.CRC)):
        yield Problem("container", f"{info.filename} has another size or checksum in its own header")


def _descriptor(file: BinaryIO, info: zipfile.ZipInfo, at: int) -> int:
    """How many bytes a data descriptor takes after an entry written as a stream."""
    if not info.flag_bits & 0x8:
        return 0
    file.seek(at)
    data = file.read(24)
    for mark in (b"PK\7\x08", b""):
        for form in ("<L2Q", "<3L"):
            size = struct.calcsize(form)
            told = data[len(mark) : len(mark) + size]
            if not data.startswith(mark) or len(told) < size:
                continue
            if struct.unpack(form, told) == (info.CRC, info.compress_size, info.file_size):
                return len(mark) + size
    return 0


class Window(io.RawIOBase):
    """Some bytes of a file, as a file of their own."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file, self._start, self._size, self._at = file, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._size - self._at)
        self._file.seek(self._start + self._at)
        data = self._file.read(left if size < 0 else min(size, left))
        self._at += len(data)
        return data
