"""Checking the records of a large WARC by two processes, each its half.

The second begins where the index says that a record does. Nothing rests on that: where either half finds any
fault, or the halves do not meet, the caller reads all of it again by itself and says what is wrong.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import IO

from bowstreet.evidence.check_index import index_lines
from bowstreet.evidence.check_stream import Contents, Place, check_stream
from bowstreet.evidence.errors import BadArchive, EvidenceError
from bowstreet.evidence.pack import Pack, open_pack

#: Below this size a second process costs more than it saves; and how much of the file the first half takes, which
#: shares its processor with the hashing of whole files.
LARGE = 32 << 20
SHARE = 0.42


def check_in_halves(pack: Pack, name: str) -> Contents | None:
    """The contents of one WARC; None where it has to be read by one process."""
    start, size = pack.span(name)
    if size < LARGE or not name.endswith(".gz") or (os.cpu_count() or 1) < 2 or not sys.executable:
        return None
    try:
        cut = _cut(pack, name, size)
    except EvidenceError:
        return None
    if not 0 < cut < size:
        return None
    command = [sys.executable, "-m", "bowstreet.evidence.halves", str(pack.path), name, str(cut)]
    try:
        other = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        return None
    with other:
        try:
            first = Contents()
            with pack.path.open("rb") as file:
                check_stream(name, file, start, cut, first)
            assert other.stdout
            second = _read(name, other.stdout)
        except (BadArchive, ValueError, KeyError, TypeError):
            return None
        finally:
            other.kill()
    return first.joined(second)


def _cut(pack: Pack, name: str, size: int) -> int:
    """The offset of a record, as the index has it, that is nearest to where the first half should end."""
    bare, wanted = name.rsplit("/", 1)[-1], int(size * SHARE)
    best = 0
    for line in index_lines(pack):
        offset = str(line.fields.get("offset", ""))
        if line.fields.get("filename") == bare and offset.isdecimal():
            best = min(best, int(offset), key=lambda at: abs(at - wanted))
    return best


def _read(name: str, answer: IO[bytes]) -> Contents:
    """What the other process found; ValueError where it did not come to the end."""
    contents, whole = Contents(), False
    for line in answer:
        row = json.loads(line)
        if row == "whole":
            whole = True
            continue
        offset, length, url, kind, at, status, payload = row
        moment = datetime.fromisoformat(at) if at else None
        contents.places[name, offset] = Place(url, kind, moment, status, payload)
        if length:
            contents.lengths[name, offset] = length
    if not whole:
        raise ValueError("the other half was not read to its end")
    return contents


def main(path: str, name: str, cut: str) -> None:
    """Check the records from `cut` to the end of a WARC, and write what they are, one JSON line each."""
    contents = Contents()
    with open_pack(Path(path)) as pack:
        start, size = pack.span(name)
        check_stream(name, pack.file, start, size, contents, begin=int(cut))
    for key, place in contents.places.items():
        at = place.at.isoformat() if place.at else None
        row = [key[1], contents.lengths.get(key), place.url, place.kind, at, place.status, place.payload]
        sys.stdout.write(json.dumps(row) + "\n")
    sys.stdout.write('"whole"\n')


if __name__ == "__main__":
    main(*sys.argv[1:])
