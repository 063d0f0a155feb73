"""Synthetic accounts with planted twins, as many as asked for: time, memory, growth and recall of candidates.

.venv/bin/python benchmarks/linking_scale.py 100000 1000000

Each size is generated to a file of JSON lines and linked by the command itself, in a process of its own with two threads.
"""

from __future__ import annotations

import json
import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

LIMIT_SECONDS, LIMIT_GB, LIMIT_EXPONENT, LIMIT_RECALL = 300, 6, 1.15, 0.95
TWINS = 0.1  # the share of sellers that have an account on both sites
WORDS = 30_000
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]


def generate(path: Path, count: int, seed: int = 1) -> None:
    """Accounts on two sites. A seller has words and a template of its own among the trade's; a twin rewrites its titles
    under another handle; three in ten show a key on both."""
    rng, pick = np.random.default_rng(seed), random.Random(seed)
    vocabulary = ["".join(rng.choice(SYLLABLES, rng.integers(2, 4))) for _ in range(WORDS)]
    zipf = np.cumsum(1 / np.arange(1, WORDS + 1) ** 1.05)  # as words in titles are
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
            own = [vocabulary[place] for place in np.searchsorted(zipf, rng.random(14) * zipf[-1])]
            template, keyed = pick.choice(templates), pick.random() < 0.3
            for site in ("north", "south") if n < shared else (("north",) if n % 2 else ("south",)):
                titles = [
                    template.format(
                        q=pick.randrange(1, 100),
                        w=" ".join(pick.choices(own, k=4)),
                        s=" ".join(pick.choices(own, k=2)),
                    )
                    for _ in range(pick.randrange(3, 9))
                ]
                account = {
                    "account": f"{site}/{n}",
                    "site": site,
                    "handle": f"{pick.choice(vocabulary)}{pick.choice(vocabulary)}",
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
                f"| {size:,} | {seconds:.0f} | {gigabytes:.1f} | {right:,} right of {len(told):,} | ",
                end="",
                flush=True,
            )
            print(f"{recall(path):.3f} |", flush=True)
    print(f"| limit | {LIMIT_SECONDS} at a million | {LIMIT_GB} | – | {LIMIT_RECALL} |")
    if len(sizes) > 1:
        growth = math.log(times[-1] / times[0]) / math.log(sizes[-1] / sizes[0])
        print(f"\nGrowth: accounts to the power of {growth:.2f} (limit {LIMIT_EXPONENT}).")


if __name__ == "__main__":
    main()
