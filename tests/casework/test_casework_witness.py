"""A second machine witnesses the log by files alone; what is done to rows or files afterwards is named."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from market.authority import make_authority, serve

pytestmark = pytest.mark.timeout(900)
SETUP = """
from bowstreet.cli import state
state.begin()
from django.db import transaction
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
with transaction.atomic():
    for n in range(600): record.write(Act.CONSULTATION, by="alice", at=state.now(), record=f"page:{n}")
record.follow()
"""


def run(home: Path, *words: object, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bowstreet", "ledger", *map(str, words)]
    environment = os.environ | {"BOWSTREET_HOME": str(home)} | settings
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=200)


def write(home: Path) -> None:
    environment = os.environ | {"BOWSTREET_HOME": str(home)}
    subprocess.run([sys.executable, "-c", SETUP], env=environment, check=True, timeout=200)


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of 600 entries, with a checkpoint that a witness cosigned."""
    folder = tmp_path_factory.mktemp("logged")
    home = folder / "home"
    write(home)
    make_authority(folder / "tsa", "Example authority")
    with serve(folder / "tsa") as url:
        settings = {"BOWSTREET_TSA_ONE": url, "BOWSTREET_TSA_ONE_CA": str(folder / "tsa" / "ca.pem")}
        first = run(home, "checkpoint", "--since", 0, "--json", **settings)
    assert [t["authority"] for t in json.loads(first.stdout)["timestamps"]] == ["one"]
    (folder / "request").write_text(json.loads(first.stdout)["checkpoint"])
    done = witness(folder, folder / "request")
    assert done.returncode == 0, done.stderr
    (folder / "cosigned").write_text(done.stdout)
    kept = run(home, "cosigned", folder / "cosigned")
    assert kept.stdout == "kept: 600 entries, 1 cosignatures\n"
    return folder


def witness(folder: Path, request: Path) -> subprocess.CompletedProcess[str]:
    """As the second machine does it, which has the log's public key and no database."""
    log = (folder / "home" / "keys" / "ledger.vkey").read_text().strip()
    return run(
        folder / "elsewhere", "witness", request, "--log", log, "--folder", folder / "witness", "--name", "witness.example"
    )  # fmt: skip


def asked(home: Path, since: int, path: Path) -> Path:
    path.write_text(run(home, "checkpoint", "--since", since).stdout)
    return path


def test_a_witness_follows_a_log_that_grows_and_says_what_it_saw_last(logged: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(logged, tmp_path / "copy")
    home = folder / "home"
    write(home)
    wrong = witness(folder, asked(home, 500, folder / "wrong"))
    assert wrong.returncode == 1
    assert "saw 600 entries last: ask again with --since 600" in wrong.stderr
    grown = witness(folder, asked(home, 600, folder / "grown"))
    assert grown.returncode == 0, grown.stderr
    (folder / "grown").write_text(grown.stdout)
    proof = run(home, "proof", 1100, "--checkpoint", folder / "grown")
    assert "— witness.example " in proof.stdout
    assert json.loads(run(home, "check", "--json").stdout) | {"root": ""} == {
        "ok": True, "size": 1200, "root": "", "faults": [],
    }  # fmt: skip


def test_a_log_that_forgot_is_refused_by_the_witness(logged: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(logged, tmp_path / "copy")
    keys = shutil.copytree(folder / "home" / "keys", folder / "kept-keys")
    shutil.rmtree(folder / "home")
    shutil.copytree(keys, folder / "home" / "keys")
    write(folder / "home")
    forked = witness(folder, asked(folder / "home", 0, folder / "request"))
    assert (forked.returncode, "fork" in forked.stderr) == (1, True)


def _rows(home: Path, *statements: str) -> None:
    base = sqlite3.connect(home / "bowstreet.sqlite3", isolation_level=None)
    base.execute("DROP TRIGGER log_entry_stays")
    base.execute("DROP TRIGGER log_entry_is_fixed")
    for statement in statements:
        base.execute(statement)
    base.close()


SWAP = (
    "UPDATE log_entry SET number = 9999 WHERE number = 5",
    "UPDATE log_entry SET number = 5 WHERE number = 6",
    "UPDATE log_entry SET number = 6 WHERE number = 9999",
)


@pytest.mark.parametrize(
    ("statements", "kind"),
    [
        (("UPDATE log_entry SET actor = 'mallory' WHERE number = 7",), "edit"),
        (("DELETE FROM log_entry WHERE number > 400",), "deletion"),
        (SWAP, "reorder"),
    ],
)
def test_what_is_done_to_the_rows_is_named(
    logged: Path, tmp_path: Path, statements: tuple[str, ...], kind: str
) -> None:
    home = shutil.copytree(logged / "home", tmp_path / "home")
    _rows(home, *statements)
    done = run(home, "check", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["ok"]) == (1, False)
    assert kind in {fault["kind"] for fault in report["faults"]}


def test_rows_and_files_cut_alike_are_given_away_by_the_checkpoint(logged: Path, tmp_path: Path) -> None:
    home = shutil.copytree(logged / "home", tmp_path / "home")
    _rows(home, "DELETE FROM log_entry WHERE number > 550")
    for path in home.glob("ledger/growing-*"):
        path.unlink()
    report = json.loads(run(home, "check", "--json").stdout)
    assert "truncation" in {fault["kind"] for fault in report["faults"]}
    assert run(home, "checkpoint").returncode == 2
