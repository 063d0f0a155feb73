"""Reasons: they add up, show how common a value is, what speaks against, and what would change the answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bowstreet.linking import fellegi, model
from bowstreet.linking.accounts import Account
from bowstreet.linking.handles import bare, close
from bowstreet.linking.sellers import Pair, link, top

KEY = ("pgp", "A" * 40)


def one_pair(left: Account, right: Account, *more: Account) -> Pair:
    pairs = link([left, right, *more], floor=-99).pairs
    return next(p for p in pairs if {p.left, p.right} == {left.account, right.account})


def test_the_starting_point_and_the_reasons_add_up_to_the_weight(practice: list[Account]) -> None:
    for pair in link(practice, floor=-99).pairs:
        assert pair.weight == pytest.approx(
            pair.prior + sum(reason.weight for reason in pair.reasons), abs=0.05
        )


def test_splink_gives_the_weights_that_the_table_says(practice: list[Account]) -> None:
    from bowstreet.linking.book import Book
    from bowstreet.linking.sellers import weigh

    book = Book.of(practice)
    weighed = weigh(book, None)
    told = fellegi.weigh(weighed.bands, book.others)
    assert told["total"] == pytest.approx(fellegi.quick(weighed.bands, book.others), abs=1e-6)


def test_a_shared_key_weighs_more_than_a_contact_and_a_contact_more_than_a_domain() -> None:
    weights = [model.weight(model.field_of(type_), "shared", 1000) for type_ in ("pgp", "email", "domain")]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) == 3


def test_a_weight_means_the_same_among_few_and_many() -> None:
    for others in (1_000, 1_000_000):
        assert model.prior(others) + model.weight("key", "shared", others) == pytest.approx(4.9, abs=0.1)


def test_a_shared_value_says_how_many_hold_it_and_a_common_one_that_it_is_capped() -> None:
    many = [
        Account(f"{s}/{n}", s, identifiers=frozenset({("email", "help@a.example")}))
        for n in range(4)
        for s in "ab"
    ]
    many += [Account(f"{s}/k", s, identifiers=frozenset({KEY})) for s in "ab"]
    many += [Account(f"a/rest{n}", "a") for n in range(20)]
    pairs = {(p.left, p.right): p for p in link(many, floor=-99).pairs}
    capped, full = pairs["a/0", "b/0"].reasons[0], pairs["a/k", "b/k"].reasons[0]
    assert (capped.common, capped.weight) == (8, 1.0)
    assert capped.cap is not None
    assert "8 accounts" in capped.words
    assert (full.common, full.cap) == (2, None)


def test_keys_of_their_own_speak_against_and_the_record_says_what_would_change_it() -> None:
    shared = frozenset({("phone", "1"), ("email", "e")})
    pair = one_pair(
        Account("a/x", "a", "samename", identifiers=shared | {("pgp", "AA")}),
        Account("b/y", "b", "samename", identifiers=shared | {("pgp", "BB")}),
    )
    assert [reason.field for reason in pair.against] == ["key"]
    assert not pair.likely
    assert any("message signed with each" in words for words in pair.change)


def test_no_pair_is_certain() -> None:
    assert Pair("a", "b", 400.0, ()).probability < 1


def test_a_pair_without_a_second_kind_of_reason_says_that_one_is_needed() -> None:
    title = ("A very particular blue widget with brass fittings", "Green widget, brass, second hand")
    pair = one_pair(Account("a/x", "a", "xavier", title), Account("b/y", "b", "yolanda", title))
    assert not pair.likely
    assert any("second kind of reason" in words for words in pair.change)
    assert next(r for r in pair.reasons if r.field == "writing").left in title


def test_a_title_that_many_use_is_told_as_such() -> None:
    accounts = [
        Account(f"{s}/{n}", s, "", ("Complete guide to fishing 2017",)) for n in range(4) for s in "ab"
    ]
    reason = next(r for p in link(accounts, floor=-99).pairs for r in p.reasons if r.field == "writing")
    assert reason.common == 8
    assert reason.cap is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The_K3strel_2", "kestrel"),
        ("Real-Salty", "salty"),
        ("north.bank", "NorthBank"),
        ("p1xieshop", "pixie_official"),
    ],
)
def test_handles_are_the_same_but_for_dressing(one: str, other: str) -> None:
    assert bare(one) == bare(other)


@pytest.mark.parametrize(("one", "other", "expected"), [("kestrel", "kestral", True), ("kestrel", "kestrels", True), ("ketsrel", "kestrel", True),
                         ("abc", "abd", False), ("kestrel", "merlin", False), ("quillwork", "quillworkslondon", True)])  # fmt: skip
def test_close_handles_are_one_letter_apart_or_begin_alike(one: str, other: str, expected: bool) -> None:
    assert close(one, other) is expected


def test_a_handle_that_many_have_counts_for_little() -> None:
    accounts = [Account(f"{s}/{n}", s, "goodguy") for n in range(4) for s in "ab"] + [
        Account(f"a/{n}x", "a", f"other{n}") for n in range(20)
    ]
    reason = next(
        r
        for p in link(accounts, floor=-99).pairs
        for r in p.reasons
        if r.field == "handle" and r.left == r.right
    )
    assert reason.common == 8
    assert reason.weight < model.needed("handle", model.prior(1000))


def test_seen_from_the_other_account_the_values_change_sides(practice: list[Account]) -> None:
    pair = next(p for p in link(practice).pairs if p.likely)
    turned = pair.turned()
    assert (turned.left, turned.right) == (pair.right, pair.left)
    assert [r.left for r in turned.reasons] == [r.right for r in pair.reasons]
    assert turned.turned() == pair


def test_a_profile_in_prose_is_held_against_titles(practice: list[Account]) -> None:
    profiles = [
        replace(a, titles=(), description=". ".join(a.titles)) if a.site == "harbour" else a for a in practice
    ]
    bare_ones = [replace(a, handle="", identifiers=frozenset()) for a in profiles]
    best = top(link(bare_ones, count=1), bare_ones, 1)
    assert next(p.right for p in best if p.left == "harbour/kestrel_co") == "lantern/calm_and_co"


def test_a_close_handle_is_no_second_kind_of_reason() -> None:
    needed = model.needed("handle", model.prior(50_000))
    assert model.weight("handle", "close", 50_000) < needed < model.weight("handle", "same", 50_000)
