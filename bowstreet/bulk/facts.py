"""Archives and saved pages to facts: the one way, for a command, a capture and a bulk run. It needs no tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bowstreet.evidence.errors import EvidenceError
from bowstreet.evidence.pages import rows
from bowstreet.reading.facts import PageFacts
from bowstreet.reading.images.pages import Pictures
from bowstreet.reading.reader import Way, read_pairs, worth_reading


@dataclass(frozen=True)
class Fault:
    """What was broken in a file; `whole` where nothing of it could be read."""

    path: Path
    words: str
    whole: bool = False

    def __str__(self) -> str:
        return f"{self.path}: {self.words}"


def facts(
    paths: Iterable[Path],
    told: Callable[[Fault], None],
    pictures: Pictures | None = None,
    way: Way | None = None,
) -> Iterator[tuple[Path, PageFacts]]:
    """Every page of some files, and the file it is from. What is broken is told, and the rest is read.

    Pages of one site teach each other its template, also where they lie in several files. Without `pictures` no
    picture is read.
    """
    for row, page in read_pairs(_rows(paths, told, pictures), way):
        yield row["path"], row["pictures"].given(page, row) if row["pictures"] else page


def _rows(
    paths: Iterable[Path], told: Callable[[Fault], None], pictures: Pictures | None
) -> Iterator[dict[str, Any]]:
    for path in paths:
        faults: list[str] = []
        own = pictures.for_archive() if pictures else None
        empty = True
        try:
            found = rows(path, faults=faults)
            for row in worth_reading(own.watched(found) if own else found):
                empty = False
                yield {**row, "pictures": own, "path": path}
        except (EvidenceError, OSError) as error:
            faults.append(str(error))
        for fault in faults:
            told(Fault(path, fault, whole=empty))
