"""Pairs as they are handed on: JSON lines or Parquet, the same record in both.

{"left", "right", "weight", "probability", "likely", "prior", "reasons": [{"field", "kind", "weight", "left", "right", …}], "change"}
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from bowstreet.linking.errors import LinkingError
from bowstreet.linking.reasons import Pair, Reason

BATCH = 10_000


def record(pair: Pair) -> dict[str, Any]:
    """One pair as plain values."""
    return {
        "left": pair.left, "right": pair.right, "weight": pair.weight, "probability": round(pair.probability, 4),
        "likely": pair.likely, "prior": pair.prior, "reasons": [asdict(reason) for reason in pair.reasons],
        "change": list(pair.change),
    }  # fmt: skip


def parse(record: Mapping[str, Any]) -> Pair:
    """The pair that a record tells of."""
    reasons = tuple(Reason(**reason) for reason in record["reasons"])
    return Pair(
        record["left"], record["right"], record["weight"], reasons, record["prior"], tuple(record["change"])
    )


def lines(pairs: Iterable[Pair]) -> Iterable[str]:
    """One JSON document per pair."""
    for pair in pairs:
        yield json.dumps(record(pair), ensure_ascii=False)


def write(pairs: Iterable[Pair], path: Path) -> int:
    """Write a file whole or not at all: Parquet where its name says so, JSON lines otherwise; how many pairs.

    Raises LinkingError."""
    return _whole(path, lambda fresh: (_parquet if path.suffix == ".parquet" else _lines)(pairs, fresh))


def write_sellers(sellers: Iterable[Sequence[str]], accounts: Iterable[str], path: Path) -> int:
    """Write which accounts are one seller's by decision (`tables.SELLERS`), every account once; how many sellers.

    A seller is named by the first of its accounts. Parquet where the name says so, JSON lines otherwise. Raises LinkingError."""
    named = {account: group[0] for group in sellers for account in group}
    rows = [{"seller": named.get(account, account), "account": account} for account in accounts]

    def put(fresh: Path) -> int:
        if path.suffix == ".parquet":
            import pyarrow as pa
            import pyarrow.parquet as pq

            from bowstreet.tables import SELLERS

            pq.write_table(pa.Table.from_pylist(rows, schema=SELLERS), fresh, compression="zstd")
        else:
            fresh.write_text(
                "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8"
            )
        return len({row["seller"] for row in rows})

    return _whole(path, put)


def _whole(path: Path, put: Callable[[Path], int]) -> int:
    fresh = path.with_name(path.name + ".new")
    try:
        count = put(fresh)
        fresh.replace(path)
    except OSError as error:
        raise LinkingError(f"{path} cannot be written: {error.strerror or error}") from None
    finally:
        fresh.unlink(missing_ok=True)
    return count


def _lines(pairs: Iterable[Pair], path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for count, line in enumerate(lines(pairs), 1):  # noqa: B007
            file.write(f"{line}\n")
    return count


def _parquet(pairs: Iterable[Pair], path: Path) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from bowstreet.tables import PAIRS

    count, rest = 0, iter(pairs)
    with pq.ParquetWriter(path, PAIRS, compression="zstd") as writer:
        while batch := [record(pair) for pair in islice(rest, BATCH)]:
            writer.write_table(pa.Table.from_pylist(batch, schema=PAIRS))
            count += len(batch)
    return count
