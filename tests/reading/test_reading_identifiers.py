"""Identifiers: the valid are found with their exact place, the invalid are never values, prose never becomes an identity."""

from __future__ import annotations

import json
import random
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bowstreet.reading.identifiers import KINDS, check, find, kinds, mask
from bowstreet.reading.reader import read
from tests.reading import making
from tests.reading.making import base58check, stuff

BLOCK, FINGERPRINT = making.key_block()
QUOTED = " ".join(FINGERPRINT[at : at + 4] for at in range(0, 40, 4))
HASH = stuff(20)

VALID = [
    ("write to Anna.B@Post.example today", "email", "anna.b@post.example"),
    ("anna [at] post [dot] example", "email", "anna@post.example"),
    ("anna(at)post.example", "email", "anna@post.example"),
    ("anna at post dot example", "email", "anna@post.example"),
    ("anna＠post．example", "email", "anna@post.example"),
    ("anna&#64;post.example", "email", "anna@post.example"),
    ("contact anna [at] post dot example", "email", "anna@post.example"),
    ("E-mail: anna at post.example", "email", "anna@post.example"),
    ("?to=1&email=anna@post.example", "email", "anna@post.example"),
    ("mail anna@post.example.Thanks", "email", "anna@post.example"),
    ("anna@bücher.example", "email", "anna@xn--bcher-kva.example"),
    ("call 07700 900123 now", "phone", "+447700900123"),
    ("Tel:07700-900-123.", "phone", "+447700900123"),
    ("(020) 7946 0123", "phone", "+442079460123"),
    ("+44 (0)20 7946 0123", "phone", "+442079460123"),
    ("0044 20 7946 0123", "phone", "+442079460123"),
    ("whatsapp me on 447700900123", "phone", "+447700900123"),
    ("٠٧٧٠٠ ٩٠٠١٢٣", "phone", "+447700900123"),
    ("1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "bitcoin", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"),
    ("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "bitcoin", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"),
    (base58check(b"\x05", HASH), "bitcoin", base58check(b"\x05", HASH)),
    (base58check(b"\x30", HASH), "litecoin", base58check(b"\x30", HASH)),
    (base58check(b"\x32", HASH), "litecoin", base58check(b"\x32", HASH)),
    ("LTC: " + base58check(b"\x05", HASH), "litecoin", base58check(b"\x05", HASH)),
    ("ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9", "litecoin", "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9"),
    (making.monero(18, stuff(64)), "monero", making.monero(18, stuff(64))),
    (making.monero(42, stuff(64)), "monero", making.monero(42, stuff(64))),
    (making.monero(19, stuff(72)), "monero", making.monero(19, stuff(72))),
    ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "ethereum", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
    ("0xde709f2102306220921060314715629080e2fb77", "ethereum", "0xde709f2102306220921060314715629080e2fb77"),
    (f"key {QUOTED[:24]} {QUOTED[24:]}", "pgp", FINGERPRINT),
    (f"PGP fingerprint: {FINGERPRINT.lower()}", "pgp", FINGERPRINT),
    (BLOCK, "pgp", FINGERPRINT),
    (BLOCK.replace("\n", " "), "pgp", FINGERPRINT),
    ("PGP key ID 0x8D9989FB9403F5E9", "pgp_key_id", "8D9989FB9403F5E9"),
    (f"http://www.{making.onion(stuff(32))}/login", "onion", making.onion(stuff(32))),
    ("expyuzz4wqqyqhjn.onion", "onion", "expyuzz4wqqyqhjn.onion"),
    ("see hxxp://Shop[.]example/a?b=1.", "url", "http://shop.example/a?b=1"),
    ("(https://shop.example/a_(b))", "url", "https://shop.example/a_(b)"),
    ("visit quarrybank.com for more", "domain", "quarrybank.com"),
    ("visit quarrybank[.]shop", "domain", "quarrybank.shop"),
    ("Telegram: @quarry_bank", "telegram", "quarry_bank"),
    ("see https://t.me/quarry_bank", "telegram", "quarry_bank"),
    ("message @quarry_bank on Telegram", "telegram", "quarry_bank"),
    ("https://wa.me/447700900123", "whatsapp", "+447700900123"),
    ("WhatsApp: +44 7700 900123", "whatsapp", "+447700900123"),
    ("wickr: quarrybank1", "wickr", "quarrybank1"),
    (making.session(), "session", making.session()),
    ("AlphaBay: quarrybank (4.9)", "market_handle", "alphabay/quarrybank"),
    ("known as QuarryBank on Dream Market", "market_handle", "dream/quarrybank"),
    ("GB82 WEST 1234 5698 7654 32", "iban", "GB82WEST12345698765432"),
    ("IBAN GB82WEST12345698765432 BIC", "iban", "GB82WEST12345698765432"),
    (making.cashaddr(), "bitcoin_cash", making.cashaddr()),
    (base58check(b"\x1e", HASH), "dogecoin", base58check(b"\x1e", HASH)),
    (base58check(b"\x4c", HASH), "dash", base58check(b"\x4c", HASH)),
    (base58check(b"\x1c\xb8", HASH), "zcash", base58check(b"\x1c\xb8", HASH)),
    (base58check(b"\x41", HASH), "tron", base58check(b"\x41", HASH)),
    (base58check(b"\x00", HASH, making.RIPPLE), "ripple", base58check(b"\x00", HASH, making.RIPPLE)),
    (making.i2p_encrypted(), "i2p", making.i2p_encrypted()),
    ("quarry.i2p", "i2p", "quarry.i2p"),
    ("Threema ID: ABCD1234", "threema", "ABCD1234"),
    ("https://signal.me/#p/+447700900123", "signal", "+447700900123"),
    ("Signal: quarry.42", "signal", "quarry.42"),
    (making.tox(), "tox", making.tox()),
    ("Jabber: quarry@jabber.example", "jabber", "quarry@jabber.example"),
    ("OTR 12AB34CD 12AB34CE 12AB34CF 12AB34C0 12AB34C1", "otr", "12AB34CD12AB34CE12AB34CF12AB34C012AB34C1"),
    ("https://discord.gg/quarry", "discord", "discord.gg/quarry"),
    ("https://instagram.com/quarry.bank/", "instagram", "quarry.bank"),
    ("https://www.tiktok.com/@quarry.bank", "tiktok", "quarry.bank"),
    ("snapchat: quarry_bank", "snapchat", "quarry_bank"),
    ("ICQ: 123-456-789", "icq", "123456789"),
    ("BIC: DEUTDEFF500", "bic", "DEUTDEFF500"),
    ("sort code 20-00-00, account number 12345678", "uk_account", "200000 12345678"),
    ("London SW1A 1AA", "uk_postcode", "SW1A 1AA"),
    ("reg: AB12 CDE", "uk_vehicle", "AB12CDE"),
    ("gtag('config', 'UA-1234567-1')", "analytics", "UA-1234567-1"),
    ("fbq('init', '1234567890123456')", "analytics", "facebook:1234567890123456"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "type", "value"), VALID)
def test_a_valid_identifier_is_found_and_normalised(text: str, type: str, value: str) -> None:
    assert (type, value) in [(one.type, one.value) for one in find(text)]


def _turned(text: str) -> str:
    return text[:-3] + ("2" if text[-3] != "2" else "3") + text[-2:]


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("1BoatSLRHtKNngkdXEeobR76b53LETtpyU", "bitcoin"), ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", "bitcoin"),
        (_turned(base58check(b"\x30", HASH)), "litecoin"), (_turned(making.monero(18, stuff(64))), "monero"),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", "ethereum"), ("GB83 WEST 1234 5698 7654 32", "iban"),
        (f"{'a' * 56}.onion", "onion"), (_turned(making.tox()), "tox"), (_turned(base58check(b"\x41", HASH)), "tron"),
        (_turned(base58check(b"\x1e", HASH)), "dogecoin"), (_turned(base58check(b"\x4c", HASH)), "dash"),
        (_turned(base58check(b"\x1c\xb8", HASH)), "zcash"), (BLOCK[: len(BLOCK) // 2], "pgp"),
        (BLOCK.replace("\n-----END", "A\n-----END"), "pgp"), (f"{making.i2p_encrypted()[:-12]}aaaa.b32.i2p", "i2p"),
    ],
)  # fmt: skip
def test_what_fails_its_checksum_is_told_as_invalid_and_is_no_value(text: str, type: str) -> None:
    assert [(one.valid, one.value) for one in find(text) if one.type == type] == [(False, None)]
    assert not any(one.valid for one in find(text))


@pytest.mark.parametrize(
    "text",
    [
        "meet at the dot at noon", "logo@2x.png", "price 1200 2026-11-24", "10,000 pieces", "we are at home", "look at amazon.com dot",
        "order no. 07700 900123", "ask first.It is good", "paid 0.07700900123 BTC", "e.g. this, i.e. that", "Telegram - we are fast",
        "Wickr: ask me", "index.php and style.css", "size S9 8GB", "25.12.2026 10:30", "signal is strong 10 times", "4111 1111 1111 1112",
    ],
)  # fmt: skip
def test_prose_and_numbers_are_no_identifiers(text: str) -> None:
    assert [one for one in find(text) if one.type not in ("domain", "url") or "amazon" not in one.text] == []


def test_a_hidden_name_is_exactly_the_word_beside_the_sign() -> None:
    assert [
        (one.text, one.value) for one in find("contact name [at] mail dot com") if one.type == "email"
    ] == [("name [at] mail dot com", "name@mail.com")]


def test_a_national_number_is_read_by_the_region_that_is_set() -> None:
    assert [one.value for one in find("(650) 253-0000", kinds=kinds(region="US"))] == ["+16502530000"]
    assert not any(one.type == "phone" for one in find("(650) 253-0000"))


def test_half_of_all_keys_are_on_the_twist_and_are_no_session_ids() -> None:
    made = ["05" + stuff(32, str(seed)).hex() for seed in range(40)]
    refused = [text for text in made if not any(one.valid for one in find(text))]
    assert 8 < len(refused) < 32
    assert all(check("session", making.session(str(seed))) for seed in range(20))


def test_no_address_survives_the_turning_of_one_letter() -> None:
    chance = random.Random(4)
    for text, type, value in VALID:
        if (
            type not in ("bitcoin", "litecoin", "monero", "tron", "dogecoin", "dash", "zcash", "ripple")
            or text != value
        ):
            continue
        for _ in range(60):
            at = chance.randrange(4, len(text))
            turned = (
                text[:at]
                + chance.choice([c for c in "qpzry9x8gf2tvdw3jn54khce6mua7" if c != text[at]])
                + text[at + 1 :]
            )
            assert not [one for one in find(turned) if one.valid and one.type == type], turned


def test_a_card_number_is_masked_wherever_it_would_be_shown() -> None:
    text = "pay 4111 1111 1111 1111 now, or 5555555555554444"
    found = [one for one in find(text) if one.type == "card"]
    assert [one.text for one in found] == ["**** **** **** 1111", "************4444"]
    assert all(one.valid and one.value and one.value.startswith(one.text[-4:]) for one in found)
    assert "4111" not in repr(found)
    assert mask(text) == "pay **** **** **** 1111 now, or ************4444"
    assert found[0].value == find(text)[0].value  # the same card is known again


@given(st.text(alphabet="ab1@.[]() atdo\n+0x", max_size=400))
def test_spans_are_exact_and_a_type_alone_finds_the_same(text: str) -> None:
    together = find(text)
    assert all(text[one.start : one.end] == one.text for one in together if one.type != "card")
    for type in {kind.name for kind in KINDS}:
        alone = find(text, kinds=[kind for kind in KINDS if kind.name == type])
        assert alone == [one for one in together if one.type == type]


@given(
    st.lists(st.sampled_from([text for text, _, _ in VALID]), min_size=2, max_size=6),
    st.sampled_from([" ", "\n", ", ", " | ", " é "]),
)
def test_identifiers_in_one_text_are_all_found(texts: list[str], between: str) -> None:
    text = between.join(texts)
    values = {(one.type, one.value) for one in find(text)}
    assert {
        (type, value) for written, type, value in VALID if written in texts and type not in _CROWDED
    } <= values


@pytest.mark.parametrize("before", ["whatsapp me on 447700900123 ", "reg: AB12 CDE "])
def test_an_iban_is_found_behind_what_only_looks_like_its_beginning(before: str) -> None:
    found = [one.value for one in find(f"{before}GB82 WEST 1234 5698 7654 32") if one.type == "iban"]
    assert found == ["GB82WEST12345698765432"]


#: a word or an end of line beside these decides, and a neighbour may take it
_CROWDED = frozenset(("market_handle", "wickr", "snapchat", "phone", "whatsapp", "signal", "otr", "pgp", "pgp_key_id", "uk_account", "email", "domain", "litecoin", "jabber"))  # fmt: skip


def test_no_card_number_is_left_in_anything_that_a_page_gives() -> None:
    body = (
        b"<html><title>Card</title><h1>Fresh card 4111 1111 1111 1111</h1><table><tr><td>Price</td><td>GBP 12.00</td></tr>"
        b"<tr><td>Seller</td><td><a href='/u/quarry'>quarry</a></td></tr></table><p>Number 4111111111111111, take it.</p>"
    )
    facts = read(body, url="http://shop.example/listing/1")
    assert [one.value and one.value[:5] for one in facts.identifiers if one.type == "card"] == ["1111:"] * 2
    assert not re.search(r"4111 ?1111", json.dumps(facts.line()) + facts.text)


PIECES = ["A", "a@", "1 ", "a.", "at dot ", "-----BEGIN PGP PUBLIC KEY BLOCK-----", "0", "+0", "a@b.c@", "http://", "h", "AB12", "é", "＠",
          "telegram:", "[at]", "x [at] y dot ", "GB82", "05", "\0", "a-", "4 ", "(", "%40", "alphabay: ", '"', "bc1", "AB ", "1.", "@a on "]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_no_text_makes_it_slow(piece: str) -> None:
    begun = time.process_time()
    find(piece * (400_000 // len(piece)))
    assert time.process_time() - begun < 10


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_million_texts_without_a_hang() -> None:
    chance = random.Random(7)
    pieces = [*PIECES, *(text for text, _, _ in VALID), " ", "\n", "\u202e", "\ud800", "dot", "com"]
    for _ in range(1_000_000):
        text = "".join(chance.choices(pieces, k=chance.randint(1, 8)))
        begun = time.process_time()
        found = find(text)
        assert time.process_time() - begun < 5
        assert all(text[one.start : one.end] == one.text for one in found if one.type != "card")


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("piece", ["A", "0", "@", " ", "1 ", "a.", "é"])
def test_a_hundred_megabytes_of_one_thing_end(piece: str) -> None:
    begun = time.process_time()
    find(piece * (100_000_000 // len(piece)))
    assert time.process_time() - begun < 600


def test_the_fuzz_in_small() -> None:
    chance = random.Random(8)
    pieces = [*PIECES, *(text for text, _, _ in VALID), " ", "\n", "\u202e", "\ud800"]
    for _ in range(1500):
        text = "".join(chance.choices(pieces, k=chance.randint(1, 8)))
        assert all(text[one.start : one.end] == one.text for one in find(text) if one.type != "card")
