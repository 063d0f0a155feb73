"""The ledger: leaves appended per second (each on disk before the next, and in batches), and time to check.

    .venv/bin/python benchmarks/ledger.py [--leaves 1000000] [--folder /var/tmp]

The peer for appending is SQLite (WAL, synchronous FULL), one row and one commit a leaf; for checking, the
hashing alone that RFC 6962 asks for (two SHA-256 a leaf), in the same run.
"""

from __future__ import annotations

import argparse
import hashlib
import sqlite3
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bowstreet.evidence.commitment import leaf, new_salt
from bowstreet.evidence.ledger import Ledger
from bowstreet.evidence.signing import SigningKey

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


def sqlite_rate(folder: Path, leaves: list[bytes]) -> float:
    """Rows per second, each committed and flushed."""
    base = sqlite3.connect(folder / "peer.db", isolation_level=None)
    base.execute("PRAGMA journal_mode=WAL")
    base.execute("PRAGMA synchronous=FULL")
    base.execute("CREATE TABLE log (id INTEGER PRIMARY KEY, leaf BLOB)")
    start = time.perf_counter()
    for item in leaves:
        base.execute("INSERT INTO log (leaf) VALUES (?)", (item,))
    return len(leaves) / (time.perf_counter() - start)


def append_rate(folder: Path, leaves: list[bytes]) -> float:
    """Leaves per second, each on disk before the next."""
    ledger = Ledger(folder / "single")
    start = time.perf_counter()
    for item in leaves:
        ledger.append(item)
    return len(leaves) / (time.perf_counter() - start)


def hashing(count: int) -> float:
    """Seconds for two SHA-256 a leaf and nothing else."""
    sha, data, node = hashlib.sha256, b"\0" + b"x" * 100, b"\1" + b"x" * 64
    start = time.perf_counter()
    for _ in range(count):
        sha(data).digest()
        sha(node).digest()
    return time.perf_counter() - start


def main() -> None:
    """Fill, measure, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--leaves", type=int, default=1_000_000)
    options.add_argument("--folder", type=Path)
    args = options.parse_args()
    sample = [leaf({"act": "collection", "number": n}, new_salt()) for n in range(2000)]
    with tempfile.TemporaryDirectory(dir=args.folder) as name:
        folder = Path(name)
        peer, ours = sqlite_rate(folder, sample), append_rate(folder, sample)
        key, ledger = SigningKey.load_or_make(folder / "keys"), Ledger(folder / "big")
        start = time.perf_counter()
        for at in range(0, args.leaves, 10_000):
            ledger.extend(
                b'{"commitment":"hmac-sha256:%064x","version":1}' % n
                for n in range(at, min(at + 10_000, args.leaves))
            )
        batch = args.leaves / (time.perf_counter() - start)
        ledger.checkpoint(key, at=AT)
        start = time.perf_counter()
        report = Ledger(folder / "big").check(logs=[key.log.verifier])
        spent = time.perf_counter() - start
        assert report.ok
        assert report.size == args.leaves
        proof = time.perf_counter()
        for n in range(200):
            ledger.inclusion(n * (args.leaves // 200))
        proof = (time.perf_counter() - proof) / 200
        bare = hashing(args.leaves)
    print("| figure | ours | peer or limit | ratio |")
    print("|---|---|---|---|")
    print(
        f"| appends/s, each on disk | {ours:.0f} | SQLite FULL {peer:.0f}; aim ≥ 1,000 | {ours / peer:.2f} |"
    )
    print(f"| appends/s, batches of 10,000 | {batch:.0f} | aim ≥ 1,000 | {batch / 1000:.0f} |")
    print(
        f"| check {args.leaves:,} leaves, s | {spent:.1f} | hashing alone {bare:.1f}; aim ≤ 20 | {spent / bare:.1f} |"
    )
    print(f"| one inclusion proof, ms | {proof * 1000:.2f} | – | – |")


if __name__ == "__main__":
    main()
