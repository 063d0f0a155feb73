"""Acts with their log entry per second on SQLite (WAL, synchronous FULL), against bare inserts with the same settings.

    .venv/bin/python benchmarks/acts.py

The act is a decision about a pair: the officer's seat is checked, a decision before it withdrawn, and what was proposed
about the pair kept with the decision. First for pairs with a proposal, as a review has them, then for pairs without.
"""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

SECONDS = 5.0
PAIRS = 10_000  # proposed for each writer: more than it can decide about in that time


def propose(writers: int) -> None:
    """Pairs as linking proposes them, with two reasons each."""
    from bowstreet.casework.operations.models import Operation
    from bowstreet.casework.review.models import Proposal

    handle = {
        "field": "handle",
        "weight": 4.1,
        "left": "greenfield",
        "right": "green_field",
        "words": "alike",
    }
    reasons, operation = [handle, handle | {"field": "titles", "weight": 1.2}], Operation.objects.get()
    rows = (
        Proposal(
            operation=operation, left=f"a{writer}", right=f"b{writer}-{n}", weight=1.3, probability=0.7, likely=True,
            prior=-4.0, reasons=reasons,
        )
        for writer in range(writers) for n in range(PAIRS)
    )  # fmt: skip
    Proposal.objects.bulk_create(rows, batch_size=2000)


def act(home: str, writer: int, other: str) -> int:
    """Decide about pairs, each with its entry, for some seconds; how many."""
    os.environ["BOWSTREET_HOME"] = home
    from bowstreet.cli import state

    state.begin()
    from bowstreet.casework.operations.models import Operation
    from bowstreet.casework.people.models import Officer
    from bowstreet.casework.review import acts

    officer, operation = Officer.objects.get(username="bench"), Operation.objects.get()
    count, end = 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        made = acts.decide(
            officer=officer, operation=operation, left=f"a{writer}", right=f"{other}{writer}-{count % PAIRS}", verdict="same",
            at=state.now(),
        )  # fmt: skip
        assert bool(made.seen) == (other == "b")
        count += 1
    return count


def bare(home: str, writer: int) -> int:
    """One insert and commit after another, for as long."""
    connection = sqlite3.connect(Path(home) / "bare.sqlite3", timeout=30, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS t (a, b)"
    )
    count, end = 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO t VALUES (?, ?)", (writer, count))
        connection.execute("COMMIT")
        count += 1
    return count


def rate(work: Callable[[str, int], int], home: str, writers: int) -> float:
    """Per second, over all writers."""
    with multiprocessing.get_context("spawn").Pool(writers) as pool:
        return sum(pool.starmap(work, [(home, n) for n in range(writers)])) / SECONDS


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        os.environ["BOWSTREET_HOME"] = home
        from bowstreet.cli import state

        state.begin()
        from bowstreet.casework.operations import acts

        acts.open_operation(
            officer=state.officer("bench"), name="B", purpose="detection", rationale="R", sites=["a.example"], at=state.now()
        )  # fmt: skip
        propose(4)
        print("| pairs | writers | acts with entry a second (aim ≥ 1,000) | bare inserts a second | ÷ bare |")
        print("|---|---|---|---|---|")
        for title, other in (("proposed", "b"), ("not proposed", "c")):
            for writers in (1, 4):
                ours, theirs = rate(partial(act, other=other), home, writers), rate(bare, home, writers)
                print(f"| {title} | {writers} | {ours:.0f} | {theirs:.0f} | {ours / theirs:.2f} |")


if __name__ == "__main__":
    main()
