"""The same listing is known again; texts that are nearly the same are grouped, whoever posted them."""

from __future__ import annotations

import pyarrow as pa

from bowstreet.reading.same import groups, keys, near
from bowstreet.tables import LISTINGS

TEXT = "Rolling tobacco by the sleeve posted same day before noon in plain wrapping no refunds on lost post and tracking on request"


def listings(*rows: dict[str, str]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=LISTINGS)


def test_a_listing_keeps_its_key_on_another_day_and_mirror_and_another_sellers_copy_has_its_own() -> None:
    made = keys(
        listings(
            {"seller": "quarrybank", "title": "3.5g  HAZE – fresh", "url": "http://a.onion/l/1", "ts": None},
            {
                "seller": "QuarryBank",
                "title": "3.5g Haze - fresh!",
                "url": "http://b.onion/l/1",
                "stock": "4",
            },
            {"seller": "northbank", "title": "3.5g Haze - fresh!"},
            {"title": "3.5g Haze - fresh!"},
        )
    ).to_pylist()
    assert made[0] == made[1] != made[2]
    assert made[3] is None


def test_near_duplicates_are_paired_with_their_exact_similarity_and_grouped() -> None:
    texts = pa.array(
        [TEXT, "something else altogether that nobody would take for it", TEXT + " today", None, TEXT]
    )
    pairs = {(p["left"], p["right"]): p["similarity"] for p in near(texts).to_pylist()}
    assert set(pairs) == {(0, 2), (0, 4), (2, 4)}
    assert pairs[0, 4] == 1.0
    assert 0.9 < pairs[0, 2] < 1.0
    assert groups(texts).to_pylist() == [0, 1, 0, 3, 0]


def test_a_text_that_thousands_share_is_one_group_in_good_time() -> None:
    assert set(groups(pa.array([TEXT] * 3000)).to_pylist()) == {0}
