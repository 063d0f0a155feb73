"""`bowstreet link` on files alone: lines and Parquet, best candidates, new captures, decisions, Spark, bad input."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from bowstreet.cli.link import app
from bowstreet.linking.accounts import Account
from bowstreet.tables import PAIRS, SELLERS


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def told(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def plain(account: Account) -> dict[str, Any]:
    found = asdict(account)
    found |= {name: sorted(found[name]) for name in ("images", "ships_from", "ships_to")}
    found["identifiers"] = [{"type": t, "value": v} for t, v in sorted(account.identifiers)]
    found["prices"] = [{"currency": c, "amount": a} for c, a in account.prices]
    found["claims"] = [{"site": site} for site in sorted(account.claims)]
    return found


def write(path: Path, accounts: list[Account]) -> Path:
    path.write_text("".join(json.dumps(plain(a)) + "\n" for a in accounts))
    return path


@pytest.fixture(scope="module")
def lines(practice: list[Account], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("link") / "accounts.jsonl", practice)


def test_only_links_are_told_unless_more_is_asked_for(lines: Path) -> None:
    links = told(run(lines, "--json"))
    assert links
    assert all(one["likely"] and one["probability"] >= 0.9 for one in links)
    assert len(told(run(lines, "--all"))) > len(links)


def test_top_gives_for_each_account_its_best_in_order(lines: Path, practice: list[Account]) -> None:
    found = told(run(lines, "--top", 3))
    by_left: dict[str, list[float]] = {}
    for one in found:
        by_left.setdefault(one["left"], []).append(one["weight"])
    assert list(by_left) == [a.account for a in practice]
    assert all(weights == sorted(weights, reverse=True) and len(weights) <= 3 for weights in by_left.values())
    sites = {a.account: a.site for a in practice}
    assert all(sites[one["left"]] != sites[one["right"]] for one in found)


def test_lines_and_parquet_hold_the_same_pairs(lines: Path, tmp_path: Path, practice: list[Account]) -> None:
    table = tmp_path / "accounts.parquet"
    pq.write_table(pa.Table.from_pylist([plain(a) for a in practice]), table)
    assert run(table, "--all", "-o", tmp_path / "out.parquet").exit_code == 0
    read = pq.read_table(tmp_path / "out.parquet")
    assert read.schema.equals(PAIRS)
    assert read.to_pylist() == told(run(lines, "--all"))


def test_a_linking_with_new_captures_equals_the_full_one(practice: list[Account], tmp_path: Path) -> None:
    known, fresh = (
        write(tmp_path / "known.jsonl", practice[:-8]),
        write(tmp_path / "fresh.jsonl", practice[-8:]),
    )
    full = told(run(write(tmp_path / "all.jsonl", practice), "--all"))
    new = {a.account for a in practice[-8:]}
    assert told(run(fresh, "--known", known, "--all")) == [
        one for one in full if {one["left"], one["right"]} & new
    ]


def test_who_is_one_seller_by_decision_is_written_every_account_once(
    lines: Path, practice: list[Account], tmp_path: Path
) -> None:
    decided, table, text = tmp_path / "d.csv", tmp_path / "sellers.parquet", tmp_path / "sellers.jsonl"
    decided.write_text("left,right,decision\nharbour/northbank,lantern/NB_Baccy,same\n")
    for path in (table, text):
        assert run(lines, "--decisions", decided, "--sellers", path).exit_code == 0
    read = pq.read_table(table)
    assert read.schema.equals(SELLERS)
    rows = read.to_pylist()
    assert [row["account"] for row in rows] == [a.account for a in practice]
    assert {row["account"] for row in rows if row["seller"] == "harbour/northbank"} == {"harbour/northbank", "lantern/NB_Baccy"}  # fmt: skip
    assert [json.loads(line) for line in text.read_text().splitlines()] == rows


def test_what_a_later_capture_shows_is_added_to_the_account(tmp_path: Path) -> None:
    key = frozenset({("pgp", "A" * 40)})
    before = [
        Account("a/x", "a", "kestrel", ("Blue widget, brass",)),
        Account("b/y", "b", "kestrel", ("Blue widget, brass",), identifiers=key),
    ]
    known, fresh = (
        write(tmp_path / "k.jsonl", before),
        write(tmp_path / "f.jsonl", [Account("a/x", "a", identifiers=key)]),
    )
    (one,) = told(run(fresh, "--known", known))
    assert {"pgp:shared", "handle"} <= {reason["field"] for reason in one["reasons"]}


def test_a_pair_decided_different_is_not_told(lines: Path, tmp_path: Path) -> None:
    first = told(run(lines))[0]
    decided = tmp_path / "d.csv"
    decided.write_text(f"left,right,decision\n{first['right']},{first['left']},different\n")
    assert (first["left"], first["right"]) not in {
        (p["left"], p["right"]) for p in told(run(lines, "--decisions", decided))
    }


@pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="script/setup spark installs Spark")
def test_spark_and_duckdb_give_equal_results(lines: Path) -> None:
    assert told(run(lines, "--all", "--engine", "spark")) == told(run(lines, "--all"))


@pytest.mark.parametrize(
    ("text", "says"),
    [("{", "line 1: not JSON"), ('{"site": "a"}', "'account' is missing"), ('{"account": "a", "site": "s", "titles": 3}', "'titles' must be"),
     ('{"account":"a","site":"s"}\n{"account":"a","site":"s"}', "line 2: the account 'a' is there twice"), ("[]", "an account is a JSON object"),
     ('{"account":"a","site":"s","identifiers":[1]}', "'identifiers' must be"), ('{"account":"a","site":"s","claims":[1]}', "'claims' must be"),
     ('{"account":"a","site":"s","claims":3}', "'claims' must be"), ('{"account":"a","site":"s","first_seen":"May"}', "'first_seen' must be a day"),
     ('{"account":"a","site":"s","prices":[3]}', "'prices' must be"), ('{"account":"a","site":"s","goods":3}', "'goods' must be"),
     ('{"account":"a","site":"s","last_seen":3}', "'last_seen' must be a day")],
)  # fmt: skip
def test_bad_accounts_are_refused_in_one_line(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(text)
    result = run(path)
    assert result.exit_code == 2
    assert says in " ".join(result.stderr.split())


def test_another_table_or_an_older_one_is_refused_with_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "old.parquet"
    pq.write_table(pa.table({"handle": ["x"], "site": ["s"]}), path)
    result = run(path)
    assert result.exit_code == 2
    assert "has no column 'account' (it has handle, site)" in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("--engine", "abacus"),
        ("--retrain", "t.json"),
        ("--tuning", "missing.json"),
        ("--decisions", "missing.csv"),
    ],
)
def test_bad_usage_is_refused(lines: Path, arguments: tuple[str, ...]) -> None:
    assert run(lines, *arguments).exit_code == 2


def test_strange_accounts_are_answered(tmp_path: Path) -> None:
    strange = [
        Account("a/nothing", "a"), Account("b/nothing", "b"),
        Account("a/many", "a", "many", tuple(f"Title number {n}" for n in range(100_000))), Account("b/many", "b", "many", ("Title number 7",)),
        Account("a/ru", "a", "продавец", ("Товар высшего качества",)), Account("b/ru", "b", "продавец", ("Товар высшего качества",)),
        Account("a/moji", "a", "Ã©tÃ©", ("ðŸ’Š Ã©",)), Account("b/moji", "b", "\ufffd\ufffd", ("ï¿½ï¿½ Ã©",)),
        *(Account(f"{s}/same{n}", s, "samehandle", ("same title",), identifiers=frozenset({("email", "e")})) for n in range(30) for s in "ab"),
    ]  # fmt: skip
    found = told(run(write(tmp_path / "s.jsonl", strange), "--top", 2))
    assert not any(one["likely"] for one in found if "same" in one["left"])
    assert next(one["right"] for one in found if one["left"] == "a/ru") == "b/ru"
