"""Pairs as they are handed on: JSON lines or Parquet, the same record in both.

{"left", "right", "weight", "probability", "likely", "prior", "reasons": [{"field", "kind", "weight", "left", "right", …}], "change"}
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bowstreet.linking.errors import LinkingError
from bowstreet.linking.reasons import Pair


def record(pair: Pair) -> dict[str, Any]:
    """One pair as plain values."""
    return {
        "left": pair.left, "right": pair.right, "weight": pair.weight, "probability": round(pair.probability, 4),
        "likely": pair.likely, "prior": pair.prior, "reasons": [asdict(reason) for reason in pair.reasons],
        "change": list(pair.change),
    }  # fmt: skip


def lines(pairs: Iterable[Pair]) -> Iterable[str]:
    """One JSON document per pair."""
    for pair in pairs:
        yield json.dumps(record(pair), ensure_ascii=False)


def write(pairs: Sequence[Pair], path: Path) -> None:
    """Write a file whole or not at all: Parquet where its name says so, JSON lines otherwise. Raises LinkingError."""
    fresh = path.with_name(path.name + ".new")
    try:
        if path.suffix == ".parquet":
            _parquet(pairs, fresh)
        else:
            with fresh.open("w", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in lines(pairs))
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise LinkingError(f"{path} cannot be written: {error.strerror or error}") from None


def _parquet(pairs: Sequence[Pair], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from bowstreet.tables import PAIRS

    with pq.ParquetWriter(path, PAIRS, compression="zstd") as writer:
        for begin in range(0, max(len(pairs), 1), 10_000):
            writer.write_table(
                pa.Table.from_pylist([record(p) for p in pairs[begin : begin + 10_000]], schema=PAIRS)
            )
