"""The fields beside writing: pictures, markets and times, and that none of them lifts strangers over the threshold."""

from __future__ import annotations

from math import log2

import pytest

from bowstreet.linking import model, pictures
from bowstreet.linking.accounts import Account
from bowstreet.linking.sellers import Pair, link

PDQ = "f0" * 32


def changed(pdq: str, bits: int) -> str:
    """A PDQ of which so many bits are turned."""
    return f"{int(pdq, 16) ^ (1 << bits) - 1:064x}"


def told(one: Account, other: Account, *more: Account) -> Pair:
    pairs = link([one, other, *more], floor=-99).pairs
    return next(p for p in pairs if {p.left, p.right} == {one.account, other.account})


def field(pair: Pair, name: str) -> str:
    """What the record says of a field."""
    return next((reason.words for reason in pair.reasons if reason.field == name), "")


@pytest.mark.parametrize(
    ("bits", "says"), [(0, "both show the same picture"), (pictures.NEAR, "both show nearly the same picture"), (pictures.NEAR + 1, "")]
)  # fmt: skip
def test_a_picture_is_found_where_it_is_the_same_or_nearly(bits: int, says: str) -> None:
    pair = told(
        Account("a/x", "a", images=frozenset({PDQ})),
        Account("b/y", "b", images=frozenset({changed(PDQ, bits)})),
    )
    assert field(pair, "picture") == says


def test_a_picture_that_many_hold_counts_for_little_and_its_like_for_nothing() -> None:
    held = [Account(f"{s}/{n}", s, images=frozenset({PDQ})) for n in range(3) for s in "ab"]
    near = Account("b/z", "b", images=frozenset({changed(PDQ, 9)}))
    same = told(held[0], held[1], near, *held[2:])
    assert "counts for little" in field(same, "picture")
    assert field(told(held[0], near, *held[1:]), "picture") == ""


def test_an_avatar_is_a_picture_and_what_is_no_pdq_is_near_nothing() -> None:
    read = Account.parse({"account": "a/x", "site": "a", "avatar": PDQ, "images": ["plain"]})
    assert read.images == {PDQ, "plain"}
    assert [len(part) for part in pictures.near(["plain", "plein", PDQ])] == [0, 0]


def test_a_market_that_few_ship_to_speaks_for_and_others_against() -> None:
    rest = [Account(f"a/{n}", "a", ships_to=frozenset({"france"})) for n in range(60)]
    isle, isle_too = (Account(f"{s}/x", s, ships_to=frozenset({"malta"})) for s in "ab")
    assert field(told(isle, isle_too, *rest), "market") == "both ship to the same places, as few do"
    other = Account("b/y", "b", ships_to=frozenset({"france"}))
    assert field(told(isle, other, *rest), "market") == "they ship to different places"
    assert field(told(rest[0], other, *rest[1:]), "market") == ""


@pytest.mark.parametrize(("begins", "many", "follows"), [("2026-03-01", False, True), ("2026-03-01", True, False), ("2026-06-01", False, False), ("2026-01-01", False, False)])  # fmt: skip
def test_one_account_follows_another_where_few_begin_then(begins: str, many: bool, follows: bool) -> None:
    early = Account("a/x", "a", first_seen="2025-01-01", last_seen="2026-02-01")
    late = Account("b/y", "b", first_seen=begins, last_seen="2026-10-01")
    rest = [Account(f"b/{n}", "b", first_seen=begins if many else f"20{n:02d}-05-05") for n in range(25)]
    assert bool(field(told(early, late, *rest), "time")) is follows


def test_goods_and_prices_are_told_beside_each_other_and_weigh_little() -> None:
    mine = Account("a/x", "a", goods=("tea", "tea", "mugs"), prices=(("EUR", 10.0), ("EUR", 12.0)))
    alike = told(mine, Account("b/y", "b", goods=("tea", "spoons"), prices=(("EUR", 20.0), ("USD", 900.0))))
    apart = told(mine, Account("b/y", "b", goods=("hats",), prices=(("EUR", 90.0),)))
    assert field(alike, "goods") == "they offer some of the same goods"
    assert field(alike, "price") == "their usual prices are near each other"
    assert {(r.left, r.right) for r in alike.reasons if r.field in ("goods", "price")} == {("tea 67%, mugs 33%", "spoons 50%, tea 50%"), ("11 EUR", "20 EUR")}  # fmt: skip
    assert [field(apart, name) for name in ("goods", "price")] == ["they offer other goods", "their usual prices are far apart"]  # fmt: skip
    assert field(told(mine, Account("b/y", "b", prices=(("USD", 11.0),))), "price") == ""
    assert all(abs(r.weight) < 1.2 for pair in (alike, apart) for r in pair.reasons if r.field in ("goods", "price"))  # fmt: skip


@pytest.mark.parametrize("others", [10, 1_000, 1_000_000])
def test_no_field_but_a_key_or_an_identifier_lifts_strangers_over_the_threshold(others: int) -> None:
    needed, start = log2(model.LIKELY / (1 - model.LIKELY)), model.prior(others)
    best = {name: max(level.weight(others) for _, level in levels) for name, levels in model.FIELDS.items()}
    apart = {name: worth for name, worth in best.items() if name not in ("key", "contact", "money", "other identifier")}  # fmt: skip
    assert all(start + worth < needed for worth in apart.values())
    minor = sum(worth for name, worth in apart.items() if name not in model.KINDS)
    assert start + minor < 0, "place, market, time and claim together"


def test_little_in_common_never_speaks_for() -> None:
    accounts = [
        Account("a/x", "a", "kestrel", ("Blue widget with brass fittings",)),
        Account("b/y", "b", "kestrel", ("Grüner Tee, lose, hundert Gramm",)),
        *(
            Account(f"{s}/{n}", s, "", (f"Item {n} of {s}", f"Thing {n * 7}"))
            for n in range(30)
            for s in "ab"
        ),
    ]
    little = [
        reason
        for pair in link(accounts, floor=-99).pairs
        for reason in pair.reasons
        if reason.words == "what they write has little in common"
    ]
    assert little
    assert all(reason.weight <= 0 for reason in little)
