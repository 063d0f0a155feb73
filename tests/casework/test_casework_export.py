"""What is exported is read back by the tool that it is for, and is logged as a disclosure."""

from __future__ import annotations

import csv
import json
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from bowstreet.casework.captures import acts as captures
from bowstreet.casework.findings import acts as findings
from bowstreet.casework.log.models import Entry
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer
from bowstreet.casework.review import acts as review
from bowstreet.casework.review import export
from bowstreet.casework.review.exports import tables

PEERS = Path(__file__).parents[2] / ".venv-peers/bin/python"
PAGE = """<html lang="en"><title>{title}</title><body><h1>{title}</h1><dl><dt>Price</dt><dd>&pound;12.00</dd>
<dt>Seller</dt><dd>{seller}</dd><dt>Ships from</dt><dd>Wales</dd></dl><p>Write to quarrybank@post.example or pay to
1BoatSLRHtKNngkdXEeobR76b53LETtpyT</p></body></html>"""


@pytest.fixture
def work(alice: Officer, operation: Operation, now: datetime, tmp_path: Path) -> Operation:
    for seller, title in (
        ("quarrybank", "Blue widgets, hand made"),
        ("quarry_bank", "Blue widgets, hand made, two"),
    ):
        path = tmp_path / f"{seller}.html"
        saved = f"<!-- saved from url=(0030)http://{seller}.example/item -->" + PAGE.format(
            seller=seller, title=title
        )
        path.write_text(saved)
        capture, _ = captures.take_in(
            officer=alice, operation=operation, path=path, at=now, source="a colleague"
        )
        findings.read_capture(capture, officer=alice, at=now)
    pairs = review.link(officer=alice, operation=operation, at=now)
    for pair in pairs[:1]:
        review.decide(
            officer=alice, operation=operation, left=pair.left, right=pair.right, verdict="same", at=now
        )
    return operation


def _export(form: str, officer: Officer, work: Operation, now: datetime, folder: Path) -> Path:
    export.export(
        officer=officer, operation=work, form=form, recipient="North Unit", reason="joint work", folder=folder, at=now
    )  # fmt: skip
    return folder


def _read_back(code: str, path: Path) -> dict[str, object]:
    if not PEERS.exists():
        pytest.skip("the peers' programs are not installed: script/setup peers")
    done = subprocess.run([PEERS, "-c", code, path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_followthemoney_reads_its_entities(
    alice: Officer, work: Operation, now: datetime, tmp_path: Path
) -> None:
    folder = _export("ftm", alice, work, now, tmp_path / "out")
    code = """
import json, sys
from followthemoney import model
found = [model.get_proxy(json.loads(line), cleaned=False) for line in open(sys.argv[1])]
for one in found: one.schema.validate(one.to_dict())
print(json.dumps({"schemata": sorted({one.schema.name for one in found}),
                  "emails": sorted({v for one in found for v in one.get("email", quiet=True)}),
                  "alike": [one.get("confidenceScore") for one in found if one.schema.name == "Similar"]}))
"""
    seen = _read_back(code, folder / "entities.ftm.json")
    assert seen["schemata"] == ["CryptoWallet", "Similar", "UnknownLink", "UserAccount"]
    assert seen["emails"] == ["quarrybank@post.example"]
    assert seen["alike"]


def test_stix2_parses_its_bundle(alice: Officer, work: Operation, now: datetime, tmp_path: Path) -> None:
    folder = _export("stix", alice, work, now, tmp_path / "out")
    code = """
import json, sys, stix2
bundle = stix2.parse(open(sys.argv[1]).read(), allow_custom=False)
kinds = {}
for one in bundle.objects: kinds[one["type"]] = kinds.get(one["type"], 0) + 1
print(json.dumps(kinds))
"""
    seen = _read_back(code, folder / "bundle.stix.json")
    assert seen["user-account"] == 2
    assert seen["email-addr"] == 1
    assert seen["note"] == 1
    assert {"relationship", "identity", "marking-definition"} <= set(seen)


def test_duckdb_reads_its_tables(alice: Officer, work: Operation, now: datetime, tmp_path: Path) -> None:
    folder = _export("parquet", alice, work, now, tmp_path / "out")
    rows = duckdb.sql(
        f"select type, count(*) from '{folder}/identifiers.parquet' group by 1 order by 1"
    ).fetchall()
    assert dict(rows)["email"] == 2
    decided = duckdb.sql(f"select decision from '{folder}/links.parquet'").fetchall()
    assert ("same",) in decided


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(
    alice: Officer, work: Operation, now: datetime, tmp_path: Path
) -> None:
    folder = _export("csv", alice, work, now, tmp_path / "out")
    with (folder / "sellers.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["handle"] for row in csv.DictReader(file)} == {"quarrybank", "quarry_bank"}
    whole = export.dossier(work, marking="OFFICIAL", at=now)
    hostile = replace(
        whole, sellers=(replace(whole.sellers[0], description='=HYPERLINK("http://x.example")'),)
    )
    assert b"'=HYPERLINK" in tables.csv_files(hostile)["sellers.csv"]


def test_an_export_is_a_logged_disclosure(
    alice: Officer, work: Operation, now: datetime, tmp_path: Path
) -> None:
    _export("csv", alice, work, now, tmp_path / "out")
    entry = Entry.objects.filter(act="disclosure").get()
    assert (entry.recipient, entry.reason, entry.detail["format"]) == ("North Unit", "joint work", "csv")
    assert all(digest.startswith("sha256:") for digest in entry.detail["files"].values())


def test_what_is_asked_wrongly_writes_nothing(
    alice: Officer, charlie: Officer, work: Operation, now: datetime, tmp_path: Path
) -> None:
    ask = {
        "operation": work,
        "form": "csv",
        "recipient": "North Unit",
        "reason": "why",
        "folder": tmp_path / "out",
        "at": now,
    }
    for officer, wrong in (
        (alice, {"form": "xlsx"}),
        (alice, {"recipient": " "}),
        (charlie, {}),
        (alice, {"folder": tmp_path}),
    ):
        with pytest.raises(export.BadExport):
            export.export(officer=officer, **{**ask, **wrong})  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()
    assert not Entry.objects.filter(act="disclosure").exists()
