"""The command line, as a person meets it: the demo's exhibit, bad input in one line, exit statuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser


def run(served: Any, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = os.environ | {"BOWSTREET_HOME": str(served.home)} | environment
    return subprocess.run(
        [sys.executable, "-m", "bowstreet", *words], env=given, capture_output=True, text=True, check=False
    )


def exhibit(served: Any) -> str:
    return str(next((served.home / "exhibits").glob("*/PO-1")))


def test_the_demos_exhibit_verifies_and_a_changed_byte_is_found(served: Any, tmp_path: Path) -> None:
    assert "Verified: yes" in served.said
    good = run(served, "verify", exhibit(served), "--json")
    assert (good.returncode, json.loads(good.stdout)["ok"]) == (0, True)
    copy = tmp_path / "copy.wacz"
    data = bytearray(next(Path(exhibit(served)).glob("data/*.wacz")).read_bytes())
    data[len(data) // 2] ^= 1
    copy.write_bytes(data)
    bad = run(served, "verify", str(copy), "--json")
    assert (bad.returncode, json.loads(bad.stdout)["intact"]) == (1, False)


def test_an_unknown_key_is_a_no_in_those_words(served: Any, tmp_path: Path) -> None:
    done = run(served, "verify", exhibit(served), BOWSTREET_HOME=str(tmp_path))
    assert done.returncode == 1
    assert "intact, but not trusted" in done.stdout


def test_the_ledger_is_whole_and_an_entry_can_be_proven(served: Any) -> None:
    checked = json.loads(run(served, "ledger", "check", "--json").stdout)
    assert checked["ok"]
    assert "c2sp.org/tlog-proof@v1" in run(served, "ledger", "proof", "3").stdout
    assert run(served, "ledger", "checkpoint").stdout.startswith("bowstreet.invalid/")


def test_search_answers_as_the_contract_says(served: Any) -> None:
    found = json.loads(run(served, "search", "riverside", "--as", "officer", "--json").stdout)
    assert found["total"] > 0
    assert {"total", "hits", "facets"} == set(found)


def test_a_received_archive_is_taken_in_and_counted(served: Any) -> None:
    wacz = next(Path(exhibit(served)).glob("data/*.wacz"))
    opened = run(
        served,
        "operation",
        "open",
        "--name",
        "Received",
        "--purpose",
        "detection",
        "--rationale",
        "From a colleague",
        "--site",
        "shop.example",
        "--json",
    )
    reference = json.loads(opened.stdout)["reference"]
    line = json.loads(run(served, "import", str(wacz), "--operation", reference, "--json").stdout)
    assert line["records"] > 3
    assert line["errors"] == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("verify", "nowhere.wacz"), "there is nothing at nowhere.wacz"), (("read", "nowhere.warc"), "is not there"),
        (("link", "nowhere.jsonl"), "cannot be read"), (("capture", "https://shop.example/", "--operation", "OP-9999"), "operation list"),
        (("import", "nowhere.warc", "--operation", "OP-0001", "--as", "officer"), "is not there"),
        (("exhibit", "9999", "--operation", "OP-0001", "--description", "x", "--as", "officer"), "at least one capture"),
        (("operation", "open", "--name", "N", "--purpose", "fun", "--rationale", "R", "--site", "a.example"), "s.31"),
        (("crawl", "nonsense", "--operation", "OP-0001", "--as", "officer"), "no web address"),
        (("watch", "add", "http://a.example/", "--every", "often", "--operation", "OP-0001", "--as", "officer"), "'30m', '6h' or '2d'"),
        (("ledger", "proof", "999999"), "no entry|not in a log"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_in_one_line_that_says_what_to_do(
    served: Any, words: tuple[str, ...], says: str
) -> None:
    import re

    done = run(served, *words)
    assert done.returncode == 2, done.stderr
    assert re.search(says, done.stderr)
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_address_outside_the_operation_is_refused_with_status_one(served: Any) -> None:
    done = run(
        served, "capture", "https://other.example/", "--operation", "OP-0001", "--as", "officer", "--json"
    )
    assert done.returncode == 1
    assert "outside the sites" in json.loads(done.stdout)["problem"]


def test_captures_do_not_run_as_root_in_production(served: Any) -> None:
    if os.geteuid():
        pytest.skip("only root can be refused")
    done = run(
        served,
        "capture",
        "http://127.0.0.1:9/",
        "--operation",
        "OP-0001",
        "--as",
        "officer",
        BOWSTREET_DEVELOPMENT="",
    )
    assert done.returncode == 1
