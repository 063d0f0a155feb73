"""The same units of work on Apache Spark, with the same function, by `mapInArrow`.

The parts lie in a folder that every worker reaches: one machine's own disk, or a shared one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pyarrow as pa

from bowstreet.bulk.unit import BadRun, Options, Outcome, Unit, do
from bowstreet.spark import NoSpark, session

_ONE_EACH = {"spark.sql.execution.arrow.maxRecordsPerBatch": "1"}
_TOLD = pa.schema([("key", pa.string()), ("pages", pa.int64()), ("faults", pa.list_(pa.string()))])


def run(
    units: Sequence[Unit], parts: Path, *, workers: int, pages: Callable[[int], None]
) -> Iterator[Outcome]:
    """The outcome of each unit. The master is BOWSTREET_SPARK, else this machine."""
    try:
        with session("bowstreet read", workers=workers, settings=_ONE_EACH) as spark:
            given = [(unit.key, list(unit.paths), unit.bytes) for unit in units]
            options = units[0].options
            frame = spark.createDataFrame(given, "key string, paths array<string>, bytes long").repartition(
                max(len(units), 1)
            )
            told = frame.mapInArrow(
                partial(_do, str(parts.resolve()), options), "key string, pages long, faults array<string>"
            )
            read = 0
            for row in told.toLocalIterator():
                read += row["pages"]
                pages(read)
                yield Outcome(row["key"], row["pages"], tuple(row["faults"]))
    except NoSpark as error:
        raise BadRun(str(error)) from None


def _do(parts: str, options: Options, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for row in batch.to_pylist():
            done = do(Unit(row["key"], tuple(row["paths"]), row["bytes"], options), Path(parts))
            told = [{"key": done.key, "pages": done.pages, "faults": list(done.faults)}]
            yield pa.RecordBatch.from_pylist(told, schema=_TOLD)
