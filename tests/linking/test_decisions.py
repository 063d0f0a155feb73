"""Decisions as data: read strictly, binding, reversible, useful first, and a teacher when asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from bowstreet.linking import decisions as deciding
from bowstreet.linking import tuning as tunes
from bowstreet.linking.accounts import Account
from bowstreet.linking.errors import BadDecisions
from bowstreet.linking.reasons import Pair, Reason
from bowstreet.linking.sellers import link


def test_decisions_are_read_from_csv_and_from_lines_and_the_last_stands(tmp_path: Path) -> None:
    table, lines = tmp_path / "d.csv", tmp_path / "d.jsonl"
    table.write_text("left,right,decision,note\nb,a,same,\na,b,different,changed my mind\n")
    lines.write_text('{"left": "a", "right": "c", "decision": "unsure"}\n\n')
    assert deciding.read(table) == {("a", "b"): "different"}
    assert deciding.read(lines) == {("a", "c"): "unsure"}


@pytest.mark.parametrize(
    ("text", "says"),
    [("left,right\na,b\n", "line 1: the columns must be"), ("left,right,decision\na,b,maybe\n", "line 2: 'decision' must be"),
     ("left,right,decision\na,a,same\n", "line 2: 'left' and 'right'"), ('{"left":\n', "line 1: not JSON"), ('{"a":1}\n', "line 1: 'left'")],
)  # fmt: skip
def test_a_bad_file_of_decisions_is_refused_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "d"
    path.write_text(text)
    with pytest.raises(BadDecisions, match=says):
        deciding.read(path)


def test_two_that_were_told_apart_are_never_merged_and_the_conflict_is_named() -> None:
    chain = {("a", "b"): "same", ("c", "b"): "same", ("c", "a"): "different"}
    assert deciding.clusters("abc", chain) == (("a", "b"),)
    assert deciding.conflicts("abc", chain) == (("b", "c"),)


def test_decisions_survive_a_new_run_and_taking_one_back_restores_the_pair(practice: list[Account]) -> None:
    apart = {("lantern/NB_Baccy", "harbour/northbank"): "different"}

    def told(given: dict[tuple[str, str], str]) -> bool:
        return ("harbour/northbank", "lantern/NB_Baccy") in {
            (p.left, p.right) for p in link(practice, decisions=given).pairs
        }

    assert [told(apart), told(apart), told({})] == [False, False, True]


def pair(left: str, right: str, weight: float, *reasons: Reason) -> Pair:
    return Pair(left, right, weight, reasons, prior=-10.0)


def test_the_queue_puts_the_most_useful_pair_first_and_the_answered_ones_last() -> None:
    pairs = [pair("a", "b", 9), pair("c", "d", 0.1), pair("e", "f", 0.0), pair("a", "g", 5)]
    decided = {("e", "x"): "same", ("a", "b"): "same", ("b", "g"): "different"}
    assert [(p.left, p.right) for p in deciding.queue(pairs, decided)] == [("e", "f"), ("c", "d"), ("a", "g")]


def lesson(count: int, handle: float) -> tuple[list[Pair], dict[tuple[str, str], str]]:
    """Pairs whose handle says nothing and whose contact says all."""
    pairs, decided = [], {}
    for n in range(count):
        same = n % 2 == 0
        told = [Reason("handle", handle, "h", "h", "", "handle")]
        told += [Reason("email:shared", 6.0, "e", "e", "", "contact")] if same else []
        pairs.append(pair(f"a{n}", f"b{n}", -10 + sum(r.weight for r in told), *told))
        decided[f"a{n}", f"b{n}"] = "same" if same else "different"
    return pairs, decided


def test_decisions_teach_the_weights_and_the_report_says_how_much_better(tmp_path: Path) -> None:
    tuning, report = tunes.tune(*lesson(40, handle=13.0))
    assert report.kept
    assert report.after < report.before
    assert tuning.factor("handle") < 1 < tuning.factor("contact")
    tunes.save(tuning, tmp_path / "t.json")
    assert tunes.load(tmp_path / "t.json") == tuning


def test_too_few_decisions_teach_nothing() -> None:
    with pytest.raises(BadDecisions, match="needs 20 decisions"):
        tunes.tune(*lesson(12, handle=13.0))


def test_a_tuned_weight_is_told_as_it_counts(practice: list[Account]) -> None:
    plain = {r.field: r.weight for r in link(practice).pairs[0].reasons}
    tuned = link(practice, tuning=tunes.Tuning(1.0, {"key": 0.5})).pairs[0]
    assert next(r.weight for r in tuned.reasons if r.kind == "key") == pytest.approx(
        plain["pgp:shared"] / 2, abs=0.02
    )
    assert tuned.weight == pytest.approx(tuned.prior + sum(r.weight for r in tuned.reasons), abs=0.05)
