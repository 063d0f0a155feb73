"""The practice market is worth practising on: complete, valid and invented."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from stdnum import bitcoin

import market
from market import Practice, wares
from market.traps import TRAPS


@pytest.fixture(scope="module")
def practice() -> Iterator[Practice]:
    with market.serve() as running:
        yield running


def get(base: str, path: str) -> tuple[int, str, list[tuple[str, str]]]:
    connection = HTTPConnection(urlsplit(base).netloc, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode("utf-8", "replace"), answer.getheaders()


def test_every_link_leads_to_a_page(practice: Practice) -> None:
    for base in (practice.url, practice.second_url):
        seen, waiting = set(), ["/"]
        while waiting:
            path = waiting.pop()
            if path in seen:
                continue
            seen.add(path)
            status, text, _ = get(base, path)
            assert status in (200, 302), path
            if "png" not in path:
                waiting += [p for p in re.findall(r'(?:href|src)="(/[^"]*)"', text) if p not in seen]
        assert len(seen) > 30


def test_blocked_gone_and_missing_pages_answer_as_such(practice: Practice) -> None:
    assert [get(practice.url, p)[0] for p in ("/challenge", "/listing/99999", "/nowhere", "/busy")] == [
        403,
        410,
        404,
        503,
    ]


def test_members_need_to_log_in(practice: Practice) -> None:
    status, _, headers = get(practice.url, "/members")
    assert status == 302
    assert ("Location", "/login") in headers


def test_two_cookies_are_set_on_a_first_visit(practice: Practice) -> None:
    assert len([v for k, v in get(practice.url, "/")[2] if k == "Set-Cookie"]) == 2


def test_what_has_a_checksum_has_a_right_one() -> None:
    for site in ("harbour", "lantern"):
        for seller in wares.sellers(site).values():
            assert not seller.bitcoin or bitcoin.is_valid(seller.bitcoin)


def test_the_truth_names_accounts_that_exist() -> None:
    truth = json.loads((Path(wares.FOLDER) / "truth.json").read_text())
    for first, second in truth["same"] + truth["not"]:
        assert first in wares.sellers("harbour")
        assert second in wares.sellers("lantern")


def test_it_is_as_full_as_a_small_market() -> None:
    assert [len(wares.sellers(site)) for site in ("harbour", "lantern")] == [25, 15]
    assert sum(len(wares.listings(site)) for site in ("harbour", "lantern")) >= 150
    currencies = {ware.currency for _, ware in wares.listings("harbour").values()}
    assert {"GBP", "EUR", "USD", "BTC", "XMR"} <= currencies


def test_the_traps_are_what_they_say(practice: Practice) -> None:
    assert get(practice.url, "/trap/")[1].count("<li>") == len(TRAPS)
    assert get(practice.url, "/trap/redirects?step=2")[2].count(("Location", "/trap/redirects?step=3")) == 1
    assert "Arrived" in get(practice.url, "/trap/redirects?step=8")[1]
    assert ("Location", "/trap/circle") in get(practice.url, "/trap/circle")[2]
    assert "\ufffd" in get(practice.url, "/trap/charset")[1]
    assert "<script>" in get(practice.url, "/trap/hostile")[1]
    assert len(get(practice.url, "/trap/huge")[1]) > 3_000_000
    assert get(practice.url, "/trap/nowhere")[0] == 404
    connection = HTTPConnection(urlsplit(practice.url).netloc, timeout=10)
    connection.request("GET", "/trap/endless")
    answer = connection.getresponse()
    assert answer.getheader("Content-Length") is None
    assert len(answer.read(2000)) == 2000  # and more to come
    connection.close()
