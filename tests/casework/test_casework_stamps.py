"""A capture is stamped by every authority that is set up; one that was dead is pending, and is asked again."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import market
from bowstreet.casework.captures.models import Capture
from bowstreet.evidence.signing import SigningKey
from bowstreet.evidence.trust import Trust
from market.authority import Encoding, ExtendedKeyUsageOID, issue, issuer, make_authority, serve


def run(home: Path, *words: object, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bowstreet", *map(str, words)]
    environment = os.environ | {"BOWSTREET_HOME": str(home)} | settings
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=240)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def certify(keys: Path) -> SigningKey:
    """A certificate for the installation's domain, as an operator would put it there."""
    key, ca = SigningKey.load_or_make(keys), issuer("Example domain CA")
    leaf = issue(
        ca, "evidence.example", key.private.public_key(), domain="evidence.example", usage=ExtendedKeyUsageOID.SERVER_AUTH
    )  # fmt: skip
    (keys / "certificate.pem").write_text(leaf.public_bytes(Encoding.PEM).decode() + ca.pem)
    return SigningKey.load_or_make(keys)


@pytest.mark.browser
@pytest.mark.timeout(900)
def test_one_stamp_is_inside_and_a_dead_authority_is_pending_until_it_answers(tmp_path: Path) -> None:
    home, port = tmp_path / "home", free_port()
    key = certify(home / "keys")
    for name in ("first", "second"):
        make_authority(tmp_path / name, f"Authority {name}")
    with market.serve() as practice, serve(tmp_path / "first") as url:
        host = practice.url.split("/")[2]
        settings = {
            "BOWSTREET_TSA_FIRST": url,
            "BOWSTREET_TSA_FIRST_CA": str(tmp_path / "first" / "ca.pem"),
            "BOWSTREET_TSA_SECOND": f"http://127.0.0.1:{port}/",
            "BOWSTREET_TSA_SECOND_CA": str(tmp_path / "second" / "ca.pem"),
        }
        tested = run(home, "authorities", "--test", **settings)
        assert tested.returncode == 1
        assert "first did not" not in tested.stdout
        assert "second did not answer" in tested.stdout
        opened = run(
            home, "operation", "open", "--name", "K", "--purpose", "detection", "--rationale", "R", "--site", host,
            "--test-range", "127.0.0.0/8", "--as", "alice", "--json", **settings,
        )  # fmt: skip
        operation = json.loads(opened.stdout)["reference"]
        made = run(
            home, "capture", practice.url, "--operation", operation, "--as", "alice", "--json", **settings
        )
        line = json.loads(made.stdout)
        assert made.returncode == 0
        assert [(t["authority"], t["inside"]) for t in line["timestamps"]] == [("first", True)]
        assert line["pending"] == ["second"]

        base = sqlite3.connect(home / "bowstreet.sqlite3", isolation_level=None)
        base.execute("UPDATE captures_capture SET stamp_due = '2020-01-01 00:00:00'")
        run(home, "work", "--once", **settings)
        assert json.loads(base.execute("SELECT pending FROM captures_capture").fetchone()[0]) == ["second"]
        with serve(tmp_path / "second", port):
            base.execute("UPDATE captures_capture SET stamp_due = '2020-01-01 00:00:00'")
            run(home, "work", "--once", **settings)
        pending, stamps, due = base.execute(
            "SELECT pending, timestamps, stamp_due FROM captures_capture"
        ).fetchone()
        logged = base.execute("SELECT detail FROM log_entry WHERE actor = 'bowstreet'").fetchall()
        base.close()
    assert (json.loads(pending), due) == ([], None)
    assert [(t["authority"], t["inside"]) for t in json.loads(stamps)] == [("first", True), ("second", False)]
    assert [json.loads(row[0])["time-stamp"]["authority"] for row in logged] == ["second"]

    produced = run(
        home,
        "exhibit",
        line["id"],
        "--operation",
        operation,
        "--description",
        "A page",
        "--as",
        "alice",
        "--json",
    )
    assert json.loads(produced.stdout)["verified"]
    bag = json.loads(produced.stdout)["path"]
    assert "second.tsr" in (Path(bag) / "README.txt").read_text()
    (tmp_path / "trust.json").write_text(Trust.of(key).text())
    named = run(
        tmp_path / "elsewhere", "verify", bag, line["wacz"], "--trust", tmp_path / "trust.json", "--json"
    )
    assert named.returncode == 1
    for told in map(json.loads, named.stdout.splitlines()):
        assert (told["intact"], told["trusted"]) == (True, False)
        assert [c["ok"] for c in told["checks"] if c["name"] == "time"] == [False]
    assert run(tmp_path / "elsewhere", "verify", bag, "--trust", home / "keys" / "trust.json").returncode == 0


@pytest.mark.parametrize(
    ("stamps", "pending", "said"),
    [
        ([], [], "No time-stamping authority was configured: the time is this installation's own."),
        ([], ["one"], "Pending: one did not answer, and is asked again."),
        (
            [{"authority": "one", "at": "2026-11-24T10:15:02+00:00", "delay": 9000, "inside": False}],
            [],
            "Time-stamped by one on 2026-11-24 at 10:15:02 UTC, 2 h after sealing, beside the archive.",
        ),
    ],
)
def test_how_the_time_is_proved_is_said_plainly(stamps: list[object], pending: list[str], said: str) -> None:
    capture = Capture(url="http://shop.example/", at=datetime.now(UTC), timestamps=stamps, pending=pending)
    assert capture.times == [said]


def test_a_setting_that_cannot_be_used_stops_the_command_with_one_line(tmp_path: Path) -> None:
    done = run(tmp_path, "operation", "list", BOWSTREET_TSA_ONE="nonsense")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "BOWSTREET_TSA_ONE is not the web address" in done.stderr
