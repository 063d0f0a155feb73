"""Accounts of the practice market, as linking takes them."""

from __future__ import annotations

import pytest

from bowstreet.linking.accounts import Account
from market import wares


@pytest.fixture(scope="session")
def practice() -> list[Account]:
    found = []
    for site in ("harbour", "lantern"):
        for one in wares.sellers(site).values():
            told = {
                ("phone", one.phone[-6:]),
                ("telegram", one.telegram),
                ("bitcoin", one.bitcoin),
                ("pgp", one.key),
            }
            found.append(
                Account(f"{site}/{one.handle}", site, one.handle, tuple(w.title for w in one.listings), one.about,
                        frozenset(pair for pair in told if pair[1]), ships_from=frozenset((one.ships_from.lower(),)))
            )  # fmt: skip
    return found
