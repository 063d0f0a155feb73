"""The same units of work on Apache Spark, with the same function, by `mapInArrow`.

The parts lie in a folder that every worker reaches: one machine's own disk, or a shared one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pyarrow as pa

from bowstreet.bulk.unit import BadRun, Options, Outcome, Unit, do

_TOLD = pa.schema([("key", pa.string()), ("pages", pa.int64()), ("faults", pa.list_(pa.string()))])


def run(
    units: Sequence[Unit], parts: Path, *, workers: int, pages: Callable[[int], None]
) -> Iterator[Outcome]:
    """The outcome of each unit. The master is BOWSTREET_SPARK, else this machine."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise BadRun("Spark is not installed: run script/setup spark, or leave out --engine spark") from None
    os.environ["PYSPARK_PYTHON"] = sys.executable  # the workers' Python must be this environment's own
    os.environ.setdefault(
        "SPARK_LOCAL_IP", "127.0.0.1"
    )  # else it asks by which address its host's name is known
    os.environ.setdefault("SPARK_LOCAL_HOSTNAME", "localhost")
    session = (
        SparkSession.builder.master(os.environ.get("BOWSTREET_SPARK", f"local[{workers}]"))
        .appName("bowstreet read")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    try:
        given = [(unit.key, list(unit.paths), unit.bytes) for unit in units]
        options = units[0].options
        frame = session.createDataFrame(given, "key string, paths array<string>, bytes long").repartition(
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
    finally:
        session.stop()


def _do(parts: str, options: Options, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for row in batch.to_pylist():
            done = do(Unit(row["key"], tuple(row["paths"]), row["bytes"], options), Path(parts))
            told = [{"key": done.key, "pages": done.pages, "faults": list(done.faults)}]
            yield pa.RecordBatch.from_pylist(told, schema=_TOLD)
