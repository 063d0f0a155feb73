"""Identifiers: the valid are found with their exact place, the invalid are never values, prose never becomes an identity."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bowstreet.reading.identifiers import KINDS, find


@pytest.mark.parametrize(
    ("text", "type", "value"),
    [
        ("write to Anna.B@Post.example today", "email", "anna.b@post.example"),
        ("anna [at] post [dot] example", "email", "anna@post.example"),
        ("anna(at)post.example", "email", "anna@post.example"),
        ("anna at post dot example", "email", "anna@post.example"),
        ("anna＠post.example", "email", "anna@post.example"),
        ("contact anna [at] post dot example", "email", "anna@post.example"),
        ("call 07700 900123 now", "phone", "+447700900123"),
        ("+44 (0)20 7946 0123", "phone", "+442079460123"),
        ("1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "bitcoin", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"),
        ("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
        ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "bitcoin", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "ethereum", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
        ("Telegram: @quarry_bank", "telegram", "quarry_bank"),
        ("see https://t.me/quarry_bank", "telegram", "quarry_bank"),
        ("GB82 WEST 1234 5698 7654 32", "iban", "GB82WEST12345698765432"),
        ("key 8D99 89FB 9403 F5E9 A033  6BBA C82F 7F15 C4C3 35C4", "pgp", "8D9989FB9403F5E9A0336BBAC82F7F15C4C335C4"),
    ],
)  # fmt: skip
def test_a_valid_identifier_is_found_and_normalised(text: str, type: str, value: str) -> None:
    assert (type, value) in [(one.type, one.value) for one in find(text)]


@pytest.mark.parametrize(
    "text",
    ["1BoatSLRHtKNngkdXEeobR76b53LETtpyU", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
     "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", "GB83 WEST 1234 5698 7654 32", f"{'a' * 56}.onion"],
)  # fmt: skip
def test_what_fails_its_checksum_is_told_as_invalid_and_is_no_value(text: str) -> None:
    assert [(one.valid, one.value) for one in find(text)] == [(False, None)]


@pytest.mark.parametrize(
    "text",
    ["meet at the dot at noon", "logo@2x.png", "price 1200 2026-11-24", "10,000 pieces", "we are at home"],
)
def test_prose_and_numbers_are_no_identifiers(text: str) -> None:
    assert find(text) == []


@given(st.text(alphabet="ab1@.[]() atdo\n+0x", max_size=400))
def test_spans_are_exact_and_a_kind_alone_finds_the_same(text: str) -> None:
    together = find(text)
    assert all(text[one.start : one.end] == one.text for one in together)
    alone = {(one.type, one.start, one.end) for kind in KINDS for one in kind.find(text)}
    assert {(one.type, one.start, one.end) for one in together} == alone


@pytest.mark.parametrize("piece", ["A", "a@", "1 ", "a.", "at dot ", "-----BEGIN PGP PUBLIC KEY BLOCK-----"])
def test_no_text_makes_it_slow(piece: str) -> None:
    begun = time.process_time()
    find(piece * (400_000 // len(piece)))
    assert time.process_time() - begun < 5
