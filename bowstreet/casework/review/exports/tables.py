"""Four plain tables: sellers, identifiers, listings, links; as CSV for spreadsheets, or Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bowstreet.casework.review.exports.dossier import Dossier

WHEN = pa.timestamp("us", tz="UTC")
SELLERS = pa.schema(
    [("seller", pa.string()), ("site", pa.string()), ("handle", pa.string()), ("description", pa.string()),
     ("places", pa.string()), ("first_seen", WHEN), ("last_seen", WHEN)]
)  # fmt: skip
_SEEN = [("url", pa.string()), ("capture", pa.string()), ("seen", WHEN)]
IDENTIFIERS = pa.schema([("seller", pa.string()), ("type", pa.string()), ("value", pa.string()), *_SEEN])
LISTINGS = pa.schema(
    [("seller", pa.string()), ("title", pa.string()), ("amount", pa.string()), ("currency", pa.string()),
     ("goods", pa.string()), ("listing", pa.string()), *_SEEN]
)  # fmt: skip
LINKS = pa.schema(
    [("left", pa.string()), ("right", pa.string()), ("weight", pa.float64()), ("probability", pa.float64()),
     ("reasons", pa.string()), ("decision", pa.string()), ("decided_by", pa.string()), ("decided_at", WHEN)]
)  # fmt: skip
#: What makes a spreadsheet take a cell for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def tables(dossier: Dossier) -> dict[str, pa.Table]:
    """The four tables, by name."""
    made = {"sellers": SELLERS, "identifiers": IDENTIFIERS, "listings": LISTINGS, "links": LINKS}
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in made}
    for name, row in _rows(dossier):
        rows[name].append(row)
    return {name: pa.Table.from_pylist(rows[name], schema=schema) for name, schema in made.items()}


def csv_files(dossier: Dossier) -> dict[str, bytes]:
    """`sellers.csv` and so on, in UTF-8 with a byte-order mark, which spreadsheets need."""
    return {f"{name}.csv": _csv(table) for name, table in tables(dossier).items()}


def parquet_files(dossier: Dossier) -> dict[str, bytes]:
    """`sellers.parquet` and so on."""
    files = {}
    for name, table in tables(dossier).items():
        out = io.BytesIO()
        pq.write_table(table, out)
        files[f"{name}.parquet"] = out.getvalue()
    return files


def _rows(dossier: Dossier) -> Iterator[tuple[str, dict[str, Any]]]:
    for seller in dossier.sellers:
        yield "sellers", {
            "seller": seller.id, "site": seller.site, "handle": seller.handle, "description": seller.description,
            "places": "; ".join(seller.places), "first_seen": seller.first_seen, "last_seen": seller.last_seen,
        }  # fmt: skip
        for sign in seller.signs:
            where = {"url": sign.seen.url, "capture": sign.seen.capture, "seen": sign.seen.at}
            yield "identifiers", {"seller": seller.id, "type": sign.type, "value": sign.value, **where}
        for offer in seller.offers:
            where = {"url": offer.seen.url, "capture": offer.seen.capture, "seen": offer.seen.at}
            yield "listings", {
                "seller": seller.id, "title": offer.title, "amount": offer.amount, "currency": offer.currency,
                "goods": offer.goods, "listing": offer.url, **where,
            }  # fmt: skip
    for link in dossier.links:
        yield "links", {
            "left": link.left, "right": link.right, "weight": link.weight, "probability": link.probability,
            "reasons": "; ".join(link.reasons), "decision": link.decision, "decided_by": link.decided_by,
            "decided_at": link.decided_at,
        }  # fmt: skip


def _csv(table: pa.Table) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(table.column_names)
    for row in table.to_pylist():
        writer.writerow([_cell(value) for value in row.values()])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    """A text that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
