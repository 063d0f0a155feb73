"""Whatever is captured is read: pages put together from pieces, and practice pages with their bytes disturbed.

The small form is in every run; `BOWSTREET_FUZZ` sets how many pages the long form reads (a million by default).
"""

from __future__ import annotations

import json
import os
import random
import time

import pytest

import market
from bowstreet.reading.ranker import Ranker
from bowstreet.reading.reader import Way, read
from tests.reading.test_reading_identifiers import PIECES, VALID
from tests.reading.test_reading_pages import fetch

TAGS = ["<p>", "</p>", "<table>", "<tr>", "<td>", "</td>", "</table>", "<div class='row'>", "</div>", "<a href='/u/x'>", "</a>", "<h1>", "</h1>", "<li>",
        "<script>", "</script>", "<style>", "<!--", "-->", "<svg>", "<template>", "<select><option>", "<textarea>", "<b", "<img src='/a.png' alt=", "<br/>",
        "<title>", "</title>", "<meta charset='utf-16'>", "<base href='//[::1'>", "<dl><dt>", "<dd>", "<span itemprop='price' content='", "'>", "<input name=q>",
        "<script type='application/ld+json'>{\"@type\": \"Product\", \"name\": ", "\"}</script>", "<plaintext>", "<noscript>", "</html>", "<frameset>", "<math><mi>"]  # fmt: skip
SAID = ["Price", ": ", "£12.00", "$1,234.5", "0.1 BTC", "Seller", "Ships from", "United Kingdom", "Rating", "4.9", "2026-01-02", "99999-99-99", "&nbsp;", "&#0;", "&#x110000;",
        "&lt", "\0", "\u202e", "\ufffd", "é", "日本", "x" * 300, "1" * 60, " ", "\n", "\r", "{", "}", "[", "]", "%", "Add to basket", "captcha", "404", "not found"]  # fmt: skip
LIMIT = 20  # seconds of processor time for a page of a few thousand characters: a hang, not a measure


def _pieced(chance: random.Random) -> bytes:
    pieces = [*TAGS, *TAGS, *SAID, *PIECES, *(text for text, _, _ in VALID)]
    text = "".join(chance.choices(pieces, k=chance.randint(1, 60)))
    return text.encode(chance.choice(("utf-8", "utf-8", "utf-16", "cp1252", "latin-1")), "replace")


def _disturbed(chance: random.Random, page: bytes) -> bytes:
    body = bytearray(page)
    for _ in range(chance.randint(1, 12)):
        at, size = chance.randrange(len(body) + 1), chance.randint(1, 200)
        what = chance.randrange(5)
        if what == 0:
            body[at : at + size] = b""
        elif what == 1:
            body[at:at] = chance.randbytes(chance.randint(1, 6))
        elif what == 2:
            body[at:at] = body[at : at + size] * chance.randint(1, 4)
        elif what == 3:
            body[at:at] = chance.choice(TAGS).encode()
        elif chance.random() < 0.2:
            del body[at:]
    return bytes(body)


def _fuzz(count: int, seed: int) -> None:
    chance, way = random.Random(seed), Way(Ranker.shipped())
    with market.serve() as practice:
        own = [fetch(practice.url, path)[0] for path in ("/", "/listing/101", "/seller/northbank", "/login")]
    for number in range(count):
        body = _pieced(chance) if number % 10 else _disturbed(chance, chance.choice(own))
        begun = time.process_time()
        facts = read(body, url=chance.choice(("http://shop.example/a?b=1", "", "x:", "http://[")), way=way)
        assert time.process_time() - begun < LIMIT, body
        json.dumps(facts.line())
        for one in facts.identifiers:
            assert one.proof is not None
            assert 0 <= one.proof.byte_start <= one.proof.byte_end <= len(body), (body, one)


def test_pages_put_together_or_disturbed_at_random_are_read() -> None:
    _fuzz(300, 5)


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_a_million_pages_are_read_without_a_hang() -> None:
    _fuzz(int(os.environ.get("BOWSTREET_FUZZ", "1000000")), random.randrange(1 << 30))
