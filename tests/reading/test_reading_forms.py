"""Forms in which people write identifiers, and what only looks like one. All values are invented or reserved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bowstreet.reading.identifiers import KINDS, find
from tests.reading import making
from tests.reading.making import stuff

FORMS = json.loads((Path(__file__).parent / "forms.json").read_text())
BLOCK, PRINT = making.key_block()
GROUPS = " ".join(PRINT[at : at + 4] for at in range(0, 40, 4))
ONION, SUBADDRESS = making.onion(stuff(32)), making.monero(42, stuff(64))


def _told(text: str) -> set[tuple[str, str | None]]:
    return {(one.type, one.value) for one in find(text) if one.valid}


@pytest.mark.parametrize(("text", "wanted"), FORMS["written"], ids=[text for text, _ in FORMS["written"]])
def test_what_is_written_in_any_form_is_told_and_nothing_else(text: str, wanted: list[list[str]]) -> None:
    assert _told(text) == {(type, value) for type, value in wanted}


@pytest.mark.parametrize("text", FORMS["none"])
def test_what_only_looks_like_an_identifier_is_none(text: str) -> None:
    assert _told(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        f"PGP: {GROUPS}", f"fingerprint 0x{PRINT.lower()}", f"Key fingerprint = {GROUPS[:24]}  {GROUPS[25:]}", f"PGP\n{GROUPS[:24]}\n{GROUPS[25:]}",
        "PGP fpr: " + ":".join(PRINT[at : at + 2] for at in range(0, 40, 2)), "PGP " + GROUPS.replace(" ", "-"), f"openpgp4fpr:{PRINT}",
        f"Fingerprint: {GROUPS.lower()}", " ".join(PRINT[at : at + 8] for at in range(0, 40, 8)), " ".join(PRINT[at : at + 10] for at in range(0, 40, 10)),
        "> " + BLOCK.replace("\n", "\n> "), f"GPG: {PRINT}",
    ],
)  # fmt: skip
def test_a_fingerprint_is_told_in_any_grouping(text: str) -> None:
    assert _told(text) == {("pgp", PRINT)}


@pytest.mark.parametrize("before", ["sha1 ", "sha1: ", "infohash: ", "magnet:?xt=urn:btih:", "commit "])
def test_a_hash_of_something_else_is_no_fingerprint(before: str) -> None:
    assert _told(before + PRINT) == _told(before + PRINT.lower()) == set()


@pytest.mark.parametrize(
    "text",
    [
        ONION.upper(), f"http:// {ONION}", ONION.replace(".", "[.]"), ONION.replace(".", " (dot) "), ONION.replace(".", " dot "), ONION.replace(".", " ."),
        f"www.{ONION}:8080/x", ONION[:20] + "\u200b" + ONION[20:], ONION[:20] + "\u00ad" + ONION[20:],
    ],
)  # fmt: skip
def test_an_onion_name_is_told_in_any_form(text: str) -> None:
    assert _told(text) == {("onion", ONION)}


def test_a_users_name_and_password_in_a_web_address_are_no_mail_address() -> None:
    assert {type for type, _ in _told(f"http://user:word@{ONION}/ and ftp://user@example.com/")} == {
        "onion",
        "url",
    }


def test_what_nobody_sees_is_left_out_of_the_value_and_kept_in_the_text() -> None:
    text = (
        "to n\u200bame@exam\u00adple.com, or \u202e"
        + SUBADDRESS[:40]
        + "\u2060\u200b"
        + SUBADDRESS[40:]
        + "."
    )
    found = [one for one in find(text) if one.valid]
    assert [one.value for one in found] == ["name@example.com", SUBADDRESS]
    assert [one.text for one in found] == [text[3:21], text[text.index("8") : -1]]
    assert all(text[one.start : one.end] == one.text for one in found)


def test_a_type_alone_finds_the_same_in_a_long_text_as_all_together() -> None:
    texts = [*(text for text, _ in FORMS["written"]), *FORMS["none"]][::5]
    between = ["\n", " and more of it. " * 200, " " * 3000, "\nlorem ipsum, 12 of 20\n" * 120]
    text = "".join(one + between[at % 4] for at, one in enumerate(texts))
    together = find(text)
    for type in {kind.name for kind in KINDS}:
        alone = find(text, kinds=[kind for kind in KINDS if kind.name == type])
        assert alone == [one for one in together if one.type == type]
        by_itself = [one for kind in KINDS if kind.name == type for one in kind.find(text)]
        assert set(alone) <= set(by_itself)
