"""A whole run: plan, do what is not done, put the parts together."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bowstreet.bulk import local, spark
from bowstreet.bulk.unit import DEFAULT, BadRun, Options, Outcome, Unit, outcome, units
from bowstreet.reading.tabular import SCHEMAS

ENGINES = {"local": local.run, "spark": spark.run}
PARTS = ".parts"
DONE = "read.json"


@dataclass(frozen=True)
class Report:
    """What a run gave: pages, and what was broken, in words."""

    pages: int
    faults: tuple[str, ...]
    units: int
    resumed: int  # units that an earlier run had done


@dataclass(frozen=True)
class Progress:
    """How far a run is."""

    pages: int
    bytes: int
    total: int


def read(
    paths: Sequence[Path],
    out: Path,
    *,
    engine: str = "local",
    workers: int | None = None,
    options: Options = DEFAULT,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Report:
    """Read archives and saved pages into one Parquet file per table in `out`. Raises BadRun.

    A run that was killed goes on where it was, when it is asked for the same paths again.
    """
    if engine not in ENGINES:
        raise BadRun(f"'{engine}' is no engine: choose one of {', '.join(ENGINES)}")
    planned, parts = units(paths, options), out / PARTS
    done = {one.key: one for unit in planned if (one := outcome(unit, parts)) is not None}
    resumed = len(done)
    size = {unit.key: unit.bytes for unit in planned}
    total, behind, count = (
        sum(size.values()),
        sum(size[key] for key in done),
        sum(one.pages for one in done.values()),
    )
    before = count

    def pages(number: int) -> None:
        nonlocal count
        count = before + number
        progress(Progress(count, behind, total))

    try:
        parts.mkdir(parents=True, exist_ok=True)
        left = [unit for unit in {unit.key: unit for unit in planned}.values() if unit.key not in done]
        if left:
            for one in ENGINES[engine](left, parts, workers=workers or os.cpu_count() or 1, pages=pages):
                done[one.key] = one
                behind += size[one.key]
                progress(Progress(count, behind, total))
        _join(planned, done, out)
    except OSError as error:
        raise BadRun(
            f"{out} could not be written ({error.strerror or error}): what was read is kept, ask again"
        ) from None
    found = [done[unit.key] for unit in planned]
    return Report(
        sum(one.pages for one in found), tuple(f for one in found for f in one.faults), len(planned), resumed
    )


def _join(planned: Sequence[Unit], done: dict[str, Outcome], out: Path) -> None:
    """Put the parts together in the order of the paths, a row group at a time; then let the parts go."""
    for name, schema in SCHEMAS.items():
        fresh = out / f".{name}.parquet"
        with pq.ParquetWriter(fresh, schema) as writer:
            for unit in planned:
                part = out / PARTS / unit.key / f"{name}.parquet"
                if part.exists():
                    _copy(part, writer, schema)
        fresh.replace(out / f"{name}.parquet")
    told = {
        "pages": sum(one.pages for one in done.values()),
        "files": [path for unit in planned for path in unit.paths],
        "faults": [fault for unit in planned for fault in done[unit.key].faults],
    }
    (out / DONE).write_text(json.dumps(told, indent=1))
    shutil.rmtree(out / PARTS)


def _copy(part: Path, writer: pq.ParquetWriter, schema: pa.Schema) -> None:
    for batch in pq.ParquetFile(part).iter_batches(batch_size=10_000):
        writer.write_batch(batch.cast(schema) if batch.schema != schema else batch)
