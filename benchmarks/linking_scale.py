"""Synthetic accounts with planted twins, as many as asked for: time, memory, growth and recall of candidates.

.venv/bin/python benchmarks/linking_scale.py 100000 1000000

Each size is generated to a file of JSON lines and linked by the command itself, in a process of its own with two threads.
"""

from __future__ import annotations

import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

LIMIT_SECONDS, LIMIT_GB, LIMIT_EXPONENT, LIMIT_RECALL = 300, 6, 1.15, 0.95
TWINS = 0.1  # the share of sellers that have an account on both sites
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]


def generate(path: Path, count: int, seed: int = 1) -> None:
    """Accounts on two sites. A seller has words and a template of its own among the trade's; a twin rewrites its titles."""
    rng = np.random.default_rng(seed)
    vocabulary = np.array(["".join(rng.choice(SYLLABLES, rng.integers(2, 4))) for _ in range(30_000)])
    trade = 1 / np.arange(1, 30_001) ** 1.05  # Zipf, as words in titles are
    trade /= trade.sum()
    templates = [
        "{q}g {w} - {s}",
        "{w} {q} grams {s}",
        "** {s} ** {w} x{q}",
        "[{s}] {q} x {w}",
        "{q}x {w} | {s}",
        "{w}, {s} ({q})",
    ]
    shared = round(count * TWINS / 2)
    with path.open("w") as file:
        for n in range(count - shared):
            own = vocabulary[rng.choice(30_000, 14, p=trade)]
            template = templates[rng.integers(len(templates))]
            sites = ("north", "south") if n < shared else (("north",) if n % 2 else ("south",))
            keyed = rng.random() < 0.3
            for site in sites:
                titles = [
                    template.format(
                        q=rng.integers(1, 100), w=" ".join(rng.choice(own, 4)), s=" ".join(rng.choice(own, 2))
                    )
                    for _ in range(rng.integers(3, 9))
                ]
                account = {
                    "account": f"{site}/{n}",
                    "site": site,
                    "handle": f"seller{n if rng.random() < 0.5 else rng.integers(10**9)}x",
                    "titles": titles,
                }
                if keyed:
                    account["identifiers"] = [{"type": "pgp", "value": f"{n:040X}"}]
                file.write(json.dumps(account) + "\n")


def measured(arguments: list[str]) -> tuple[float, float]:
    """Seconds and gigabytes of one command."""
    begin, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    done = subprocess.run(
        [sys.executable, "-m", "bowstreet", *arguments],
        env={**os.environ, "OMP_NUM_THREADS": "2"},
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"bowstreet {' '.join(arguments[:2])} failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return time.monotonic() - begin, max(before, after) / 1e6


def recall(path: Path) -> float:
    """Of planted twins, how many are among each other's candidates by words: keys and handles do not help."""
    from bowstreet.linking import accounts
    from bowstreet.linking.book import Book
    from bowstreet.linking.bulk import neighbours

    book = Book.of(accounts.read([path]))
    near = neighbours(book.texts, book.sites)
    place = {account.account: n for n, account in enumerate(book.accounts)}
    twins = [
        (n, place.get(name.replace("north/", "south/")))
        for name, n in place.items()
        if name.startswith("north/")
    ]
    hits = [other in near.index[n] for n, other in twins if other is not None]
    return float(np.mean(hits))


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or [100_000, 1_000_000]
    print(
        "| accounts | seconds | GB | links told, of twins with a key | recall of candidates at 20 |\n|---|---|---|---|---|"
    )
    times = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path, out = Path(folder) / f"{size}.jsonl", Path(folder) / "links.jsonl"
            generate(path, size)
            seconds, gigabytes = measured(["link", str(path), "-o", str(out)])
            times.append(seconds)
            told = [json.loads(line) for line in out.open()]
            right = sum(one["left"].partition("/")[2] == one["right"].partition("/")[2] for one in told)
            print(
                f"| {size:,} | {seconds:.0f} | {gigabytes:.1f} | {right:,} right of {len(told):,} | {recall(path):.3f} |",
                flush=True,
            )
    print(f"| limit | {LIMIT_SECONDS} at a million | {LIMIT_GB} | – | {LIMIT_RECALL} |")
    if len(sizes) > 1:
        growth = math.log(times[-1] / times[0]) / math.log(sizes[-1] / sizes[0])
        print(f"\nGrowth: accounts to the power of {growth:.2f} (limit {LIMIT_EXPONENT}).")


if __name__ == "__main__":
    main()
