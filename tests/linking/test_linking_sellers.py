"""Links: found across the practice sites, with reasons; decisions are kept; bad input is answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bowstreet.linking.accounts import Account, read
from bowstreet.linking.errors import BadAccounts
from bowstreet.linking.sellers import clusters, link, top
from market import wares


def test_the_likely_links_are_the_true_ones(practice: list[Account]) -> None:
    truth = json.loads((wares.FOLDER / "truth.json").read_text())["same"]
    likely = {(pair.left, pair.right) for pair in link(practice).pairs if pair.likely}
    assert likely == {(f"harbour/{a}", f"lantern/{b}") for a, b in truth}


def test_a_pair_says_what_speaks_for_and_against_it(practice: list[Account]) -> None:
    pair = next(p for p in link(practice).pairs if p.left == "harbour/northbank")
    weights = {reason.field: reason.weight for reason in pair.reasons}
    assert weights["pgp:shared"] > 10
    assert weights["handle"] < 0
    assert pair.probability < 1


def test_writing_alone_never_makes_a_likely_link() -> None:
    title = ("A very particular blue widget with brass fittings", "Green widget, brass, second hand")
    pairs = link([Account("a/x", "a", "xavier", title), Account("b/y", "b", "yolanda", title)]).pairs
    assert [pair.likely for pair in pairs] == [False]


def test_accounts_with_keys_of_their_own_are_never_likely() -> None:
    shared = {("phone", "1"), ("email", "e")}
    pairs = link([
        Account("a/x", "a", "same", identifiers=frozenset(shared | {("pgp", "AA")})),
        Account("b/y", "b", "same", identifiers=frozenset(shared | {("pgp", "BB")})),
    ]).pairs  # fmt: skip
    assert [pair.likely for pair in pairs] == [False]


def test_a_value_that_many_share_is_capped_and_says_so() -> None:
    many = [
        Account(f"{site}/{n}", site, f"h{n}{site}", identifiers=frozenset({("email", "help@a.example")}))
        for n in range(4)
        for site in "ab"
    ]
    reasons = [r for pair in link(many).pairs for r in pair.reasons if r.field == "email:shared"]
    assert all("8 accounts" in reason.words and reason.weight == 1 for reason in reasons)


def test_what_was_told_apart_is_never_proposed_or_joined_again(practice: list[Account]) -> None:
    decisions = {("harbour/northbank", "lantern/NB_Baccy"): "different"}
    assert ("harbour/northbank", "lantern/NB_Baccy") not in {
        (p.left, p.right) for p in link(practice, decisions=decisions).pairs
    }
    chain = {("a", "b"): "same", ("b", "c"): "same", ("a", "c"): "different"}
    assert clusters("abc", chain) == (("a", "b"),)


def test_top_gives_each_account_its_best_candidates_in_order(practice: list[Account]) -> None:
    best = top(link(practice, floor=-99), practice, 1)
    assert next(p.right for p in best if p.left == "lantern/calm_and_co") == "harbour/kestrel_co"


@pytest.mark.parametrize(
    ("lines", "says"),
    [("{", "not JSON"), ('{"site": "a"}', "'account' is missing"), ('{"account": "a", "site": "s", "titles": 3}', "'titles' must be"),
     ('{"account":"a","site":"s"}\n{"account":"a","site":"s"}', "line 2: the account 'a' is there twice"), ("[]", "an account is a JSON object")],
)  # fmt: skip
def test_a_bad_file_is_refused_with_its_line(tmp_path: Path, lines: str, says: str) -> None:
    path = tmp_path / "accounts.jsonl"
    path.write_text(lines)
    with pytest.raises(BadAccounts, match=says):
        read([path])


def test_empty_alike_and_foreign_accounts_are_answered() -> None:
    assert link([]).pairs == ()
    assert link([Account("a", "a"), Account("b", "b")]).pairs is not None
    alike = [Account(f"{s}{n}", s, "same", ("same title",) * 3) for n in range(30) for s in "ab"]
    assert {pair.likely for pair in link(alike, count=1).pairs} == {False}
    assert link(
        [Account("a", "a", "продавец", ("товар " * 5,)), Account("b", "b", "продавец", ("товар " * 5,))]
    ).pairs
