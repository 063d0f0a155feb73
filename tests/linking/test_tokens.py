"""Text as arrays says the same as text as strings."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bowstreet.linking.grams import cosines, rows_of, weighted
from bowstreet.linking.tokens import Text, said
from bowstreet.linking.writing import VIEWS, openings, quantities, template, wording

TOKEN = re.compile(r"[0-9]+|[A-Za-z]+|\s+|[^0-9A-Za-z\s]+")


@given(st.lists(st.text(alphabet="abAB01 -*\n", max_size=30), max_size=5))
def test_tokens_are_runs_of_one_class_and_equal_tokens_have_equal_hashes(texts: list[str]) -> None:
    tokens = Text.of(texts).tokens()
    expected = [(n, token) for n, text in enumerate(texts) for token in TOKEN.findall(text)]
    assert tokens.owner.tolist() == [n for n, _ in expected]
    by_hash: dict[int, set[str]] = {}
    for (_, token), told in zip(expected, tokens.hashes.tolist(), strict=True):
        by_hash.setdefault(told, set()).add(token)
    assert all(len(same) == 1 for same in by_hash.values())
    assert len(by_hash) == len({token for _, token in expected})


@given(st.lists(st.text(alphabet="abc ", max_size=12), max_size=5))
def test_runs_of_characters_are_those_of_the_strings(texts: list[str]) -> None:
    owners, hashes = Text.of(texts).runs(2, 4)
    expected = [
        (n, text[at : at + size])
        for size in (2, 3, 4)
        for n, text in enumerate(texts)
        for at in range(len(text) - size + 1)
    ]
    assert sorted(owners.tolist()) == sorted(n for n, _ in expected)
    assert len(set(hashes.tolist())) == len({run for _, run in expected})


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    "texts", [[], [""], ["", "\n1g X\n"], ["\ud800 broken \x00", "\nпродавец товар\n"], ["ðŸ’Š Ã©"]]
)
def test_every_view_answers_for_nothing_and_for_broken_text(view: str, texts: list[str]) -> None:
    owners, hashes = VIEWS[view](Text.of(texts))
    assert len(owners) == len(hashes)
    assert set(owners.tolist()) <= set(range(len(texts)))


def test_the_template_forgets_rare_words_and_amounts_and_keeps_the_manner() -> None:
    texts = ["\n10g Speed - Free\n", "\n25g Cocoa - Free\n", "\n10G SPEED-free\n"]
    owners, hashes = template(Text.of(texts), common=0.9)
    sets = [set(hashes[owners == n].tolist()) for n in range(3)]
    assert sets[0] == sets[1]
    assert sets[0] != sets[2]


def test_quantities_tell_spaced_units_from_joined_ones_and_openings_the_first_words() -> None:
    for view, texts in (
        (quantities, ["\n10g x\n", "\n20g y\n", "\n10 g x\n"]),
        (openings, ["\nNew Foo a\n", "\nNew Foo b\n", "\nOld Bar c\n"]),
    ):
        owners, hashes = view(Text.of(texts))
        first, same, other = (set(hashes[owners == n].tolist()) for n in range(3))
        assert first & same
        assert len(first & other) < len(first & same)


def test_cosines_are_those_of_the_plain_formula() -> None:
    owner, hashes = wording(Text.of(["\na b\n", "\na c\n", "\nd e\n"]))
    rows = weighted(rows_of(owner, hashes, 3))
    scores = cosines(rows, rows)
    assert scores[0, 1] > scores[0, 2] >= 0
    assert np.allclose(scores, scores.T)


def test_said_reads_entities_folds_forms_and_says_each_title_once() -> None:
    assert said(["ａ &amp; b", "ａ &amp; b", "  ", "c"]) == "\na & b\nc\n"
