"""Bands to weights, by Splink: the same model on DuckDB here and on Spark beyond one machine.

    weights = weigh(bands, others=4_000, engine="local")
    weights["total"], weights["handle"]         # log2 of the odds, prior included; log2 of one field's Bayes factor

Splink (UK Ministry of Justice) scores a registered list of pairs. Each pair stands in its table as one record that holds the
pair's bands, against one empty record: the bands are worked out once, before, and never twice.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bowstreet.linking import model
from bowstreet.linking.errors import LinkingError
from bowstreet.linking.tuning import Tuning
from bowstreet.spark import NoSpark, session

Bands = Mapping[str, npt.NDArray[np.int8]]
Weights = dict[str, npt.NDArray[np.float64]]
ENGINES = ("local", "spark")
_SPARK = {"spark.sql.shuffle.partitions": "4", "spark.sql.execution.arrow.pyspark.enabled": "true"}
_NAMES = {name: name.replace(" ", "_") for name in ("writing", "style", *model.FIELDS)}


def table(others: int, tuning: Tuning | None = None) -> dict[str, list[float]]:
    """The weight of every band of every field; band 0 (nothing to compare) weighs nothing and is not in it."""
    told = {"writing": model.steps(model.WRITING_STEPS), "style": model.steps(model.STYLE_STEPS)}
    told |= {name: [level.weight(others) for _, level in levels] for name, levels in model.FIELDS.items()}
    if tuning is None:
        return told
    return {name: [weight * tuning.factor(name) for weight in weights] for name, weights in told.items()}


def start(others: int, tuning: Tuning | None = None) -> float:
    """The prior, in bits."""
    return model.prior(others) + (tuning.shift if tuning else 0.0)


def quick(bands: Bands, others: int, tuning: Tuning | None = None) -> npt.NDArray[np.float64]:
    """The sum of a pair's weights, prior included, without an engine: to leave out pairs that nobody will be told."""
    weights = table(others, tuning)
    total = np.full(len(bands["writing"]), start(others, tuning))
    for name, codes in bands.items():
        total += np.array([0.0, *weights[name]])[codes]
    return total


def weigh(bands: Bands, others: int, engine: str = "local", tuning: Tuning | None = None) -> Weights:
    """Score every pair. Raises LinkingError."""
    if engine not in ENGINES:
        raise LinkingError(f"no engine {engine!r}: choose local or spark")
    count = len(bands["writing"])
    if not count:
        return {name: np.zeros(0) for name in ("total", *bands)}
    ids = pa.array(np.arange(-1, count))
    records = pa.table(
        {"unique_id": ids, **{_NAMES[n]: pa.array(np.append(np.int8(0), c)) for n, c in bands.items()}}
    )
    pairs = pa.table({
        "join_key_l": pa.array(np.arange(count)), "join_key_r": pa.array(np.full(count, -1)),
        "match_key": pa.array(np.zeros(count, np.int8)).cast(pa.string()),
    })  # fmt: skip
    scored = (_on_spark if engine == "spark" else _on_duckdb)(records, pairs, settings(bands, others, tuning))
    order = np.argsort(scored["unique_id_l"].to_numpy())
    told = {"total": scored["match_weight"].to_numpy().astype(np.float64)[order]}
    return told | {n: scored[f"mw_{_NAMES[n]}"].to_numpy().astype(np.float64)[order] for n in bands}


def settings(bands: Bands, others: int, tuning: Tuning | None = None) -> dict[str, Any]:
    """Splink's settings: a comparison per field, a level per band."""
    weights = table(others, tuning)
    chance = 2 ** start(others, tuning)
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": chance / (1 + chance),
        "blocking_rules_to_generate_predictions": ["1=1"],
        "retain_intermediate_calculation_columns": True,
        "retain_matching_columns": False,
        "comparisons": [_comparison(_NAMES[name], weights[name]) for name in bands],
    }


def _comparison(column: str, weights: list[float]) -> dict[str, Any]:
    levels = [
        {"sql_condition": f"{column}_l = {band}", "label_for_charts": f"band {band}", "m_probability": min(1.0, 2**weight) * 0.5,
         "u_probability": min(1.0, 2**-weight) * 0.5}
        for band, weight in enumerate(weights, 1)
    ]  # fmt: skip
    return {
        "output_column_name": column,
        "comparison_levels": [
            {
                "sql_condition": f"{column}_l = 0",
                "label_for_charts": "nothing to compare",
                "is_null_level": True,
            },
            *levels,
            {
                "sql_condition": "ELSE",
                "label_for_charts": "none of these",
                "m_probability": 0.5,
                "u_probability": 0.5,
            },
        ],
    }


def _on_duckdb(records: pa.Table, pairs: pa.Table, given: dict[str, Any]) -> pa.Table:
    import duckdb
    from splink import DuckDBAPI, Linker, SettingsCreator

    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        base = DuckDBAPI(connection)
        linker = Linker(base.register(records), SettingsCreator(**given))
        _quiet()
        linker.table_management.register_blocked_pairs_for_predict(base.register(pairs))
        return cast("Any", linker.inference.predict()).as_pyarrow_table()


def _on_spark(records: pa.Table, pairs: pa.Table, given: dict[str, Any]) -> pa.Table:
    try:
        with session("bowstreet link", workers=2, settings=_SPARK) as spark:
            from splink import Linker, SettingsCreator
            from splink.backends.spark import SparkAPI

            base = cast("Any", SparkAPI)(
                spark_session=spark, break_lineage_method="persist", num_partitions_on_repartition=4
            )
            linker = Linker(base.register(spark.createDataFrame(records)), SettingsCreator(**given))
            _quiet()
            linker.table_management.register_blocked_pairs_for_predict(
                base.register(spark.createDataFrame(pairs))
            )
            return cast("Any", linker.inference.predict()).as_pyarrow_table()
    except NoSpark as error:
        raise LinkingError(str(error)) from None


def _quiet() -> None:
    """Splink logs its progress to stderr, on a level that it sets as a linker is made."""
    logging.getLogger("splink").setLevel(logging.WARNING)
