"""Bulk reading from thousands of pages to a million: time, growth, and the peak memory of every process.

.venv/bin/python benchmarks/bulk_growth.py 10000 30000 100000         # 1000000 where there are hours, and 5 GB of disk

Pages are of made-up markets (`markets.py`), a hundred pages each, a thousand in an archive. Each size is read by the
command itself, `bowstreet read … -o …`, in a process of its own. The limit: pages to the power of 1.1, and memory no
more than a quarter over the smallest size's. Processor seconds are those of all its processes, so that a busy machine
changes them little.
"""

from __future__ import annotations

import gzip
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
from markets import Page, Site

PER_ARCHIVE, PER_SITE = 1000, 100
LIMIT_EXPONENT, LIMIT_MEMORY = 1.1, 1.25
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Run:
    """What one size took."""

    pages: int
    seconds: float
    processor: float
    parent_mb: float
    worker_mb: float
    listings: int


def pages(count: int) -> Iterator[Page]:
    """Mostly listings, as on a market: with result, seller and feedback pages among them."""
    for number in range(count):
        seed, at = divmod(number, PER_SITE)
        if at == 0:
            site = Site(seed)
        kind = "listing" if at < 70 else "results" if at < 85 else "seller" if at < 95 else "feedback"
        yield getattr(site, kind)(at + 1)


def archives(folder: Path, count: int) -> None:
    """WARC files of a thousand pages, each record compressed by itself."""
    folder.mkdir()
    made = pages(count)
    for first in range(0, count, PER_ARCHIVE):
        with (folder / f"{first // PER_ARCHIVE:06}.warc.gz").open("wb") as file:
            for number in range(first, min(first + PER_ARCHIVE, count)):
                file.write(gzip.compress(record(next(made), number), 1))


def record(page: Page, number: int) -> bytes:
    """A WARC response."""
    body = page.html.encode()
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    block = http.encode() + body
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n"
        f"WARC-Target-URI: {page.url}\r\nWARC-Date: 2026-11-24T10:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def read(folder: Path, out: Path, count: int) -> Run:
    """The command, with the memory of its processes looked at twice a second."""
    begun = time.monotonic()
    command = subprocess.Popen(
        [sys.executable, "-m", "bowstreet", "read", str(folder), "-o", str(out)], stderr=subprocess.DEVNULL
    )
    peaks: dict[int, float] = {}
    while command.poll() is None:
        for pid in [command.pid, *children(command.pid)]:
            peaks[pid] = max(peaks.get(pid, 0), high_water(pid))
        time.sleep(0.5)
    if command.returncode:
        raise SystemExit(f"bowstreet read gave {command.returncode}")
    own = peaks.pop(command.pid)
    spent = os.times()
    listings = pq.ParquetFile(out / "listings.parquet").metadata.num_rows
    return Run(
        count, time.monotonic() - begun, spent.children_user + spent.children_system, own, max(peaks.values()), listings
    )  # fmt: skip


def children(pid: int) -> list[int]:
    """Processes that a process started, and theirs."""
    try:
        own = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [*own, *(grand for one in own for grand in children(one))]


def high_water(pid: int) -> float:
    """Most memory a process has held so far, in MB (VmHWM); 0 where it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM")), 0)


def main() -> None:
    sizes = sorted(int(text) for text in sys.argv[1:]) or [10_000, 30_000, 100_000]
    print(
        "| pages | seconds | pages a second | processor ms a page | peak of the command, MB | of its largest worker, MB | listings |"
        "\n|---|---|---|---|---|---|---|"
    )
    runs: list[Run] = []
    spent = 0.0
    for size in sizes:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "pages"
            archives(folder, size)
            run = read(folder, Path(scratch) / "out", size)
        run.processor, spent = run.processor - spent, run.processor
        runs.append(run)
        print(
            f"| {size:,} | {run.seconds:.0f} | {size / run.seconds:.0f} | {run.processor / size * 1000:.1f} | {run.parent_mb:.0f} | {run.worker_mb:.0f} | {run.listings:,} |",
            flush=True,
        )
    if len(runs) > 1:
        first, last = runs[0], runs[-1]
        growth = math.log(last.processor / first.processor) / math.log(last.pages / first.pages)
        memory = max(last.parent_mb / first.parent_mb, last.worker_mb / first.worker_mb)
        print(
            f"\nGrowth: processor time by pages to the power of {growth:.3f} (limit {LIMIT_EXPONENT}); peak memory {memory:.2f} times that of the smallest (limit {LIMIT_MEMORY})."
        )


if __name__ == "__main__":
    main()
