"""One setting moves casework to PostgreSQL: the same acts, constraints and append-only log, its own text search."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from bowstreet.web.database import database

sys.path.insert(0, str(Path(__file__).parent))

import postgres

HERE = Path(__file__).parent
WRITER = """
from bowstreet.cli import state
state.begin()
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer
from bowstreet.casework.review import acts
officer, operation = Officer.objects.get(username="alice"), Operation.objects.latest("id")
for n in range(40):
    acts.decide(officer=officer, operation=operation, left="a", right=f"{n}-{state.now()}", verdict="same", at=state.now())
"""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    found = postgres.programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed (script/setup installs it)")
    with postgres.server(found) as address:
        yield address


def run(url: str, home: Path, *words: object) -> subprocess.CompletedProcess[str]:
    settings = {"BOWSTREET_DATABASE": url, "BOWSTREET_HOME": str(home)}
    command = [sys.executable, *map(str, words)]
    return subprocess.run(
        command, env=os.environ | settings, capture_output=True, text=True, check=False, timeout=800
    )


@pytest.mark.timeout(900)
def test_the_casework_tests_pass_on_postgresql(url: str, tmp_path: Path) -> None:
    names = ("test_casework_log.py", "test_casework_captures.py", "test_casework_gate.py", "test_casework_crawls.py",
             "test_casework_watches.py", "test_casework_operations.py", "test_casework_exhibits.py", "test_casework_review.py")  # fmt: skip
    done = run(
        url, tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not browser",
        "-k", "not large_archive",  # which runs commands, and they keep their state where the next test looks
        *(HERE / name for name in names),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert "skipped" not in done.stdout


@pytest.mark.timeout(900)
def test_commands_keep_their_state_there_and_writers_never_take_one_number(url: str, tmp_path: Path) -> None:
    words = [
        "-m",
        "bowstreet",
        "operation",
        "open",
        "--name",
        "K",
        "--purpose",
        "detection",
        "--rationale",
        "R",
    ]
    opened = run(url, tmp_path, *words, "--site", "a.example", "--as", "alice", "--json")
    assert opened.returncode == 0, opened.stderr
    operation = json.loads(opened.stdout)["reference"]
    settings = os.environ | {"BOWSTREET_DATABASE": url, "BOWSTREET_HOME": str(tmp_path)}
    writers = [subprocess.Popen([sys.executable, "-c", WRITER], env=settings) for _ in range(2)]
    assert [writer.wait(200) for writer in writers] == [0, 0]
    (tmp_path / "a.html").write_text(
        "<title>Widgets</title><p>Crème brûlée. Ten thousand widgets, first quality</p>"
    )
    taken = run(
        url,
        tmp_path,
        "-m",
        "bowstreet",
        "import",
        tmp_path / "a.html",
        "--operation",
        operation,
        "--as",
        "alice",
    )
    assert taken.returncode == 0, taken.stderr
    for words in ("WIDGETS creme", "brûlée"):
        asked = run(url, tmp_path, "-m", "bowstreet", "search", words, "--as", "alice", "--json")
        found = json.loads(asked.stdout)
        assert found["total"] == 1, words
    checked = run(url, tmp_path, "-m", "bowstreet", "ledger", "check", "--json")
    assert json.loads(checked.stdout)["ok"], checked.stdout
    assert not list(tmp_path.glob("*.sqlite3"))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mysql://host/name", "does not begin with postgresql://"),
        ("postgresql://host", "has to name one database"),
        ("postgresql://host/a/b", "has to name one database"),
        ("postgresql://host:port/name", "cannot be read as an address"),
        ("postgresql://[::1/name", "cannot be read as an address"),
        ("postgresql://host/name?sslmod=require", "'sslmod' is no parameter"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(address: str, said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=said):
        database(address, Path())


def test_the_command_line_says_so_in_one_line(tmp_path: Path) -> None:
    done = run("postgresql://alice:secret@/", tmp_path, "-m", "bowstreet", "operation", "list")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "secret" not in done.stderr
    away = run("postgresql:///none?host=/nowhere", tmp_path, "-m", "bowstreet", "operation", "list")
    assert (away.returncode, away.stderr.count("\n")) == (2, 1)
    assert "is the server up" in away.stderr
