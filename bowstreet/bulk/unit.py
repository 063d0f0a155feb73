"""Units of work, and what one of them gives. Everything here runs alike in a process of ours and in a Spark worker."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bowstreet.bulk.facts import facts
from bowstreet.evidence.seal import file_digest
from bowstreet.reading.examples import Lessons
from bowstreet.reading.facts import VERSION
from bowstreet.reading.images import HashList
from bowstreet.reading.images.pages import Pictures
from bowstreet.reading.ranker import Ranker
from bowstreet.reading.reader import Way
from bowstreet.reading.tabular import SCHEMAS, rows

ROWS = 2000  # of a table, held before they are written
LOOSE = 200  # saved pages of one folder that make a unit: pages of one site help to read each other
SAVED = (".html", ".htm", ".txt", ".json", ".xml")


class BadRun(Exception):
    """A reading run that cannot be done as asked. The message says what to mend."""


@dataclass(frozen=True)
class Options:
    """How files are read: with their pictures or not, by which hash lists, and by whose examples (files)."""

    images: bool = True
    lists: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    def pictures(self) -> Pictures | None:
        """What reads pictures, or None where none is read. Raises BadList."""
        return Pictures(HashList.load([Path(one) for one in self.lists])) if self.images else None

    def way(self) -> Way:
        """The reader's model, and what people taught it. Raises BadExamples."""
        return Way(Ranker.shipped(), lessons=Lessons.load([Path(one) for one in self.examples]))


DEFAULT = Options()


@dataclass(frozen=True)
class Unit:
    """Files that are read together. The key is made of their content, the options and the reader's version."""

    key: str
    paths: tuple[str, ...]
    bytes: int
    options: Options = DEFAULT


@dataclass(frozen=True)
class Outcome:
    """What became of a unit."""

    key: str
    pages: int
    faults: tuple[str, ...]


def units(paths: Sequence[Path], options: Options) -> list[Unit]:
    """Each archive by itself; saved pages by the folder they lie in. Raises BadRun for what is not there."""
    made: list[tuple[Path, ...]] = []
    loose: dict[Path, list[Path]] = {}
    for path in _files(paths):
        if path.suffix.lower() in SAVED:
            loose.setdefault(path.parent, []).append(path)
        else:
            made.append((path,))
    for own in loose.values():
        made += [tuple(own[at : at + LOOSE]) for at in range(0, len(own), LOOSE)]
    return [_unit(one, options) for one in made]


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(child for child in path.rglob("*") if child.is_file())
        elif path.is_file():
            yield path
        else:
            raise BadRun(
                f"{path} is not there: name a WACZ, WARC, ARC, HTML or text file, or a folder of them"
            )


def _unit(paths: tuple[Path, ...], options: Options) -> Unit:
    try:
        by = (*options.lists, *options.examples)
        told = [VERSION, str(options), *(file_digest(Path(one)) for one in by)]
        told += [f"{path.name} {file_digest(path)}" for path in paths]
        size = sum(path.stat().st_size for path in paths)
    except OSError as error:
        raise BadRun(f"{error.filename} cannot be read: {error.strerror}") from None
    key = hashlib.sha256("\n".join(told).encode()).hexdigest()[:32]
    return Unit(key, tuple(map(str, paths)), size, options)


def do(unit: Unit, parts: Path, *, told: Callable[[], None] = lambda: None) -> Outcome:
    """Read a unit into its part, unless it is there. `told` is called after every page."""
    place = parts / unit.key
    if (done := outcome(unit, parts)) is not None:
        return done
    scratch = parts / f".{unit.key}.{os.getpid()}"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    faults: list[str] = []
    count = 0
    with _Tables(scratch) as tables:
        paths = [Path(one) for one in unit.paths]
        for _, page in facts(
            paths, lambda fault: faults.append(str(fault)), unit.options.pictures(), unit.options.way()
        ):
            tables.add(rows(page))
            count += 1
            if page.fault:
                faults.append(f"{page.url}: {page.fault}")
            told()
    (scratch / "outcome.json").write_text(json.dumps({"pages": count, "faults": faults}))
    shutil.rmtree(place, ignore_errors=True)
    scratch.rename(place)
    return Outcome(unit.key, count, tuple(faults))


def outcome(unit: Unit, parts: Path) -> Outcome | None:
    """What a unit gave in an earlier run; None where it was not finished."""
    try:
        kept = json.loads((parts / unit.key / "outcome.json").read_text())
    except (OSError, ValueError):
        return None
    return Outcome(unit.key, kept["pages"], tuple(kept["faults"]))


class _Tables:
    """One Parquet file per table, written a few thousand rows at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> _Tables:
        self._writers = {n: pq.ParquetWriter(self._folder / f"{n}.parquet", s) for n, s in SCHEMAS.items()}
        self._held: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS}
        return self

    def add(self, found: dict[str, list[dict[str, Any]]]) -> None:
        for name, own in found.items():
            self._held[name] += own
            if len(self._held[name]) >= ROWS:
                self._flush(name)

    def _flush(self, name: str) -> None:
        if self._held[name]:
            self._writers[name].write_table(pa.Table.from_pylist(self._held[name], schema=SCHEMAS[name]))
            self._held[name] = []

    def __exit__(self, *_: object) -> None:
        for name, writer in self._writers.items():
            self._flush(name)
            writer.close()
