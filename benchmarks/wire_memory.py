"""Peak memory of a capture with one body of 300 MB, beside the browser's own.

.venv/bin/python benchmarks/wire_memory.py [--megabytes 300]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
from wire import server

POLL_SECONDS = 0.05


def capture(url: str, folder: Path) -> None:
    """One capture, in a process of its own."""
    from bowstreet.capture.limits import Limits
    from bowstreet.capture.permit import Permit
    from bowstreet.capture.visit import visit

    at = datetime.now(UTC)
    permit = Permit(
        reference="B", operation="OP", authority="A", officer="o", purpose="detection", sites=(url.split("/")[2],), techniques=("visit",),
        starts=at, ends=at + timedelta(hours=1), issued=at, test_ranges=("127.0.0.0/8",),
    )  # fmt: skip
    limits = Limits(load_seconds=60, quiet_seconds=120, visit_seconds=240, bytes=2_000_000_000)
    made = visit(permit, url, folder=folder, now=lambda: datetime.now(UTC), limits=limits)
    print(made.wacz.stat().st_size // 1_000_000, made.exchanges, *made.cut_off)


def family(root: int) -> Iterator[tuple[int, str]]:
    """Every process below one, and what it is."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children[parent].append(int(entry.name))
    waiting = [root]
    while waiting:
        process = waiting.pop()
        waiting += children[process]
        try:
            words = Path(f"/proc/{process}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
        except OSError:
            continue
        yield process, _kind(words)


def _kind(words: list[str]) -> str:
    text = " ".join(words[:4])
    if "chrom" in words[0]:
        return "browser"
    if "node" in words[0]:
        return "driver"
    if "Xvfb" in words[0]:
        return "display"
    return "relay" if "relay" in text else "capture"


def held(process: int) -> int:
    """Proportional set size in kilobytes: shared pages are counted once."""
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss_Anon:"):
                return int(line.split()[1])
    except OSError:
        return 0
    return 0


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--megabytes", type=int, default=300)
    given.add_argument("--visit", nargs=2)
    options = given.parse_args()
    if options.visit:
        capture(options.visit[0], Path(options.visit[1]))
        return
    with tempfile.TemporaryDirectory() as name:
        folder, leaf = Path(name), trustme.CA().issue_cert("127.0.0.1")
        leaf.cert_chain_pems[0].write_to_path(folder / "chain.pem")
        leaf.private_key_pem.write_to_path(folder / "key.pem")
        with server("plain", options.megabytes, folder) as port:
            url = f"http://127.0.0.1:{port}/fetch"
            environment = {**os.environ, "BOWSTREET_ALLOW_TEST_RANGES": "1"}
            began = time.monotonic()
            run = subprocess.Popen(
                [sys.executable, __file__, "--visit", url, str(folder / "out")],
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
            )
            peaks: dict[str, int] = defaultdict(int)
            while run.poll() is None:
                now: dict[str, int] = defaultdict(int)
                for process, kind in family(run.pid):
                    now[kind] += held(process)
                now["ours: capture and relay"] = now["capture"] + now["relay"]
                for kind, size in now.items():
                    peaks[kind] = max(peaks[kind], size)
                time.sleep(POLL_SECONDS)
            assert run.stdout is not None
            print(
                f"{options.megabytes} MB in one body; {time.monotonic() - began:.0f} s; archive, exchanges: {run.stdout.read().strip()}\n"
            )
    print("| process | peak memory of its own, MB |\n|---|---|")
    for kind in sorted(peaks):
        print(f"| {kind} | {peaks[kind] / 1024:.0f} |")


if __name__ == "__main__":
    main()
