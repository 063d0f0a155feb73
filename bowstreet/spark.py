"""A Spark session: on this machine, or on the cluster that BOWSTREET_SPARK names. The one place that begins one.

with session("bowstreet link", workers=2) as spark:
    spark.createDataFrame(table)
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any


class NoSpark(Exception):
    """Spark is not installed here. The message says how to have it."""


@contextmanager
def session(name: str, *, workers: int, settings: Mapping[str, str] | None = None) -> Iterator[Any]:
    """A session, stopped at the end. Raises NoSpark."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise NoSpark("Spark is not installed: run script/setup spark, or leave out --engine spark") from None
    os.environ["PYSPARK_PYTHON"] = sys.executable  # the workers' Python must be this environment's own
    # Else it asks by which address its host's name is known, and listens there.
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    os.environ.setdefault("SPARK_LOCAL_HOSTNAME", "localhost")
    given = {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        **(settings or {}),
    }
    builder = SparkSession.builder.appName(name).master(
        os.environ.get("BOWSTREET_SPARK", f"local[{workers}]")
    )
    for key, value in given.items():
        builder = builder.config(key, value)
    begun = builder.getOrCreate()
    try:
        begun.sparkContext.setLogLevel("ERROR")
        yield begun
    finally:
        begun.stop()
