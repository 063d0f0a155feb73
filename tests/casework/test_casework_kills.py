"""A writer killed at any moment: every act has its entry, every entry its leaf, and the ledger is whole."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

WRITER = """
from bowstreet.cli import state
state.begin()
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer
from bowstreet.casework.review import acts
officer, operation = Officer.objects.get(username="alice"), Operation.objects.get()
print("ready", flush=True)
for n in range(1_000_000):
    acts.decide(officer=officer, operation=operation, left="a", right=f"{n}-{state.now()}", verdict="same", at=state.now())
"""


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bowstreet", *words]
    environment = os.environ | {"BOWSTREET_HOME": str(home)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("kills", [2, pytest.param(200, marks=pytest.mark.soak)])
def test_a_kill_at_any_moment_leaves_acts_entries_and_ledger_in_step(tmp_path: Path, kills: int) -> None:
    words = [
        "operation",
        "open",
        "--name",
        "K",
        "--purpose",
        "detection",
        "--rationale",
        "R",
        "--site",
        "a.example",
        "--as",
        "alice",
    ]
    assert run(tmp_path, *words).returncode == 0
    dice = random.Random(kills)
    environment = os.environ | {"BOWSTREET_HOME": str(tmp_path)}
    for _ in range(kills):
        writers = [
            subprocess.Popen([sys.executable, "-c", WRITER], env=environment, stdout=subprocess.PIPE)
            for _ in range(2)
        ]
        for writer in writers:
            assert writer.stdout
            assert writer.stdout.readline() == b"ready\n"
        time.sleep(dice.uniform(0, 0.8))
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
            writer.wait()
            writer.stdout.close()  # type: ignore[union-attr]
    done = run(tmp_path, "ledger", "check", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["ok"]) == (0, True), report
    rows = sqlite3.connect(tmp_path / "bowstreet.sqlite3")
    entries = rows.execute("SELECT count(*), max(number) FROM log_entry").fetchone()
    decided = rows.execute("SELECT count(*) FROM review_decision").fetchone()[0]
    logged = rows.execute("SELECT count(*) FROM log_entry WHERE record LIKE 'pair:%'").fetchone()[0]
    rows.close()
    assert entries == (report["size"], report["size"] - 1)
    assert decided == logged > 0
