"""Many accounts: candidates by words find planted twins, and the links are those of the full comparison."""

from __future__ import annotations

import numpy as np
import pytest

from bowstreet.linking import fields, sellers
from bowstreet.linking.accounts import Account
from bowstreet.linking.book import Book
from bowstreet.linking.bulk import cap, neighbours
from bowstreet.linking.likeness import compare


def crowd(count: int) -> list[Account]:
    """Sellers on two sites; the first tenth are on both, with titles written anew from their own words."""
    rng = np.random.default_rng(3)
    words = np.array([f"{a}{b}{c}" for a in "bdfgk" for b in "aeiou" for c in "lmnrst"] * 4) + np.repeat(
        list("aeio"), 150
    )
    found = []
    for n in range(count):
        own = rng.choice(words, 8)
        for site in ("north", "south") if n < count // 10 else (("north",) if n % 2 else ("south",)):
            titles = tuple(f"{rng.integers(1, 99)}g {' '.join(rng.choice(own, 4))}" for _ in range(4))
            keys = frozenset({("pgp", f"{n:040X}")}) if n % 3 == 0 else frozenset[tuple[str, str]]()
            found.append(Account(f"{site}/{n}", site, titles=titles, identifiers=keys))
    return found


def test_planted_twins_are_among_the_candidates() -> None:
    book = Book.of(crowd(1500))
    near = neighbours(book.texts, book.sites)
    place = {a.account: n for n, a in enumerate(book.accounts)}
    hits = [place[f"south/{n}"] in near.index[place[f"north/{n}"]] for n in range(150)]
    assert np.mean(hits) >= 0.95
    assert all(
        book.sites[n] != book.sites[other] for n, row in enumerate(near.index) for other in row if other >= 0
    )


def test_links_in_bulk_are_those_of_the_full_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = crowd(150)
    full = {(p.left, p.right) for p in sellers.link(accounts).pairs if p.likely}
    monkeypatch.setattr(sellers, "EACH_WITH_EACH", 0)
    bulk = sellers.link(accounts, likely=True).pairs
    assert (
        {(p.left, p.right) for p in bulk} == full == {(f"north/{n}", f"south/{n}") for n in range(0, 15, 3)}
    )
    assert all(pair.likely for pair in bulk)


@pytest.mark.parametrize("each_with_each", [0, 10**9])
def test_only_what_touches_a_new_account_is_scored_and_as_in_a_full_run(
    monkeypatch: pytest.MonkeyPatch, each_with_each: int
) -> None:
    monkeypatch.setattr(sellers, "EACH_WITH_EACH", each_with_each)
    book = Book.of(accounts := crowd(300))
    new = {account.account for account in accounts[::100]}
    full, part = (sellers.link(accounts, floor=-99, only=only).pairs for only in (None, new))
    assert set(part) == {pair for pair in full if {pair.left, pair.right} & new}
    mine = np.array([account.account in new for account in accounts])
    every, some = (compare(book.texts, book.sites, pool=5, only=only) for only in (None, mine))
    assert len(some.left) < len(every.left) / 2


def test_a_long_title_that_few_have_proposes_a_pair_however_many_others_each_has() -> None:
    accounts = [
        Account(f"{site}/many", site, titles=(*(f"{site} thing {n} of {n * 7}" for n in range(300)), title))
        for site, title in (("north", "Hand-turned  briar pipe, the last"), ("south", "hand-turned briar PIPE, the last"))
    ]  # fmt: skip
    several = [
        Account(f"{s}/{n}", s, titles=("the very same old title",))
        for n in range(3)
        for s in ("north", "south")
    ]
    left, right = fields.proposed(
        Book.of([*accounts, *several, Account("south/x", "south", titles=("short",))])
    )
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == [(0, 1)]


def test_candidates_in_bulk_are_ranked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sellers, "EACH_WITH_EACH", 0)
    best = {p.left: p.right for p in sellers.ranked(crowd(300), 1)}
    assert sum(best[f"north/{n}"] == f"south/{n}" for n in range(30)) >= 27


def test_the_cap_on_common_words_grows_slower_than_the_accounts() -> None:
    assert cap(10) == cap(100_000) < cap(1_000_000) < 10 * cap(100_000)
