"""The public market pairs that linking is trained and measured on, from the folder named by BOWSTREET_DATA.

Truth is *same handle on both markets*: silver, for impostors exist and renamed sellers are missed. A seller's own handle is
taken out of its titles, however it is separated, with its parts of six letters or more.
"""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bowstreet.linking.accounts import Account

Rows = dict[str, list[dict[str, str]]]
csv.field_size_limit(1 << 30)


@dataclass(frozen=True)
class MarketPair:
    """Accounts of two markets, handles hidden, and which of the first are which of the second."""

    name: str
    accounts: tuple[Account, ...]
    first: int  # how many of them are on the first market
    truths: frozenset[tuple[int, int]]


def folder() -> Path:
    """Where the data are. Exits where they are not."""
    named = os.environ.get("BOWSTREET_DATA", "")
    if not named or not (Path(named) / "seller-linking").is_dir():
        raise SystemExit(
            "name the folder of public data with BOWSTREET_DATA: it must hold seller-linking, agora-2014 and alphabay-2017"
        )
    return Path(named)


def _csv(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        yield from csv.DictReader(file)


def alphabay(data: Path) -> Rows:
    rows: Rows = {}
    for path in sorted((data / "alphabay-2017/data").glob("*.csv")):
        for row in _csv(path):
            told = re.match(r"Sold by (.+?) -\s", row.get("detail_qty_sold") or "")
            seller = (told.group(1) if told else row.get("listing_vendor") or "").strip().lower()
            if seller and seller != "null":
                rows.setdefault(seller, []).append(
                    {"title": row["listing_title"] or "", "part": row["subcategory2_id"]}
                )
    return rows


def agora(data: Path) -> Rows:
    rows: Rows = {}

    def add(seller: str, title: str, date: str, place: str, text: str = "") -> None:
        seller = seller.strip().lower()
        if seller and seller != "na":
            place = re.sub(r"^From: ?", "", " ".join((place or "").split())).split(" To:")[0]
            rows.setdefault(seller, []).append(
                {"title": title or "", "part": date[:7], "place": place, "text": text}
            )

    for path in sorted((data / "agora-2014").glob("products-*.csv")):
        for row in _csv(path):
            add(row["vendor"], row["product"], row["date"], row["from"])
    for row in _csv(data / "agora-2014/repeat_observations.csv"):
        add(row["vendor"], row["title"], row["date"], row["ships_from"])
    for row in _csv(data / "agora-2014/vendorall_0114.csv"):
        add(row["vendor"], row["product"], row["date"], row["from"], row["description"])
    return rows


def cypher(data: Path) -> Rows:
    rows: Rows = {}
    for row in _csv(data / "ht-weng-markets/data/cypher-market/page-scrapes/2020-09-17.csv"):
        rows.setdefault(row["Vendor"].lower(), []).append({"title": row["Product"], "part": row["Category"]})
    return rows


def hidden(texts: Iterable[str], handle: str) -> list[str]:
    """Texts without the handle."""
    bare = re.sub(r"[\W_]+", "", handle)
    without = re.sub(r"\d+$", "", bare)
    forms = {bare, without, re.sub(r"^(the|real|mr)|(the|real|mr)$", "", without)}
    forms |= {part for part in re.split(r"[\W_\d]+", handle) if len(part) >= 6}
    patterns = [
        r"[\W_]*".join(map(re.escape, form))
        for form in sorted(forms, key=len, reverse=True)
        if len(form) >= 3
    ]
    if not patterns:
        return list(texts)
    pattern = re.compile("|".join(patterns), re.I)
    return [pattern.sub(" ", text) for text in texts]


def account(seller: str, site: str, rows: Sequence[dict[str, str]], *, shown: bool = False) -> Account:
    """One account; its handle is hidden unless `shown`."""
    titles = list(dict.fromkeys(row["title"] for row in rows))
    places = frozenset(row["place"].lower() for row in rows if row.get("place"))
    return Account(f"{site}/{seller}", site, seller if shown else "",
                   tuple(t for t in (titles if shown else hidden(titles, seller)) if t.strip()), ships_from=places)  # fmt: skip


def pair(name: str, one: Rows, other: Rows, same: Iterable[str], *, shown: bool = False) -> MarketPair:
    """Two markets' rows as accounts."""
    a, b = name.split("→")
    here, there = (
        {seller: n for n, seller in enumerate(one)},
        {seller: len(one) + n for n, seller in enumerate(other)},
    )
    accounts = (
        *(account(s, a, rows, shown=shown) for s, rows in one.items()),
        *(account(s, b, rows, shown=shown) for s, rows in other.items()),
    )
    truths = frozenset((here[s], there[s]) for s in same if s in here and s in there)
    return MarketPair(name, accounts, len(one), truths)


def same_handles(data: Path) -> dict[str, list[str]]:
    """Handles that stand on both markets, by the names of the markets."""
    found: dict[str, list[str]] = {}
    for row in _csv(data / "seller-linking/same_handle_pairs_dev.csv"):
        found.setdefault(f"{row['market_a']}→{row['market_b']}", []).append(row["handle_lower"])
    return found


def real_pairs(data: Path, *, shown: bool = False) -> list[MarketPair]:
    """The market pairs held: Agora (2014) to AlphaBay (2017), and AlphaBay to Cypher (2020)."""
    same, bay = same_handles(data), alphabay(data)
    return [
        pair("Agora→AlphaBay", agora(data), bay, same["Agora2014→AlphaBay2017"], shown=shown),
        pair("AlphaBay→Cypher", bay, cypher(data), same["AlphaBay2017→Cypher2020"], shown=shown),
    ]


def halves(data: Path) -> list[MarketPair]:
    """One market in two halves, as further lessons: AlphaBay by sub-category, Agora by month without titles in both.

    The sellers of the real pairs are in neither."""
    taken = {seller for sellers in same_handles(data).values() for seller in sellers}
    one: Rows = {}
    other: Rows = {}
    for seller, rows in alphabay(data).items():
        parts = Counter(row["part"] for row in rows)
        if seller in taken:
            continue
        if len(parts) < 2 or len(rows) < 4:
            (one if len(seller) % 2 else other)[seller] = rows
            continue
        most = parts.most_common(1)[0][0]
        one[seller] = [row for row in rows if row["part"] == most]
        other[seller] = [row for row in rows if row["part"] != most]
    early: Rows = {}
    late: Rows = {}
    for seller, rows in agora(data).items():
        if seller in taken:
            continue
        before = [row for row in rows if row["part"] < "2014-02"]
        seen = {row["title"] for row in before}
        after = [row for row in rows if row["part"] >= "2014-02" and row["title"] not in seen]
        early |= {seller: before} if before else {}
        late |= {seller: after} if after else {}
    both = sorted(set(one) & set(other))
    chosen = [both[n] for n in np.random.default_rng(0).permutation(len(both))[:600]]
    return [
        pair("AlphaBay by part→rest", one, other, chosen),
        pair("Agora January→February", early, late, sorted(set(early) & set(late))),
    ]


def prose_pair(data: Path) -> MarketPair:
    """Descriptions of Agora listings, as prose without titles, against titles of AlphaBay: a stand-in for profile texts."""
    same, bay = same_handles(data)["Agora2014→AlphaBay2017"], alphabay(data)
    told: list[Account] = []
    for seller, rows in agora(data).items():
        texts = dict.fromkeys(
            re.sub(r"\s*\.\.\.\s*$", "", row["text"].removeprefix(row["title"]))
            for row in rows
            if row["text"]
        )
        text = " ".join(hidden(texts, seller)).strip()[:1500]
        if text:
            told.append(Account(f"Agora/{seller}", "Agora", description=text))
    here = {a.account.partition("/")[2]: n for n, a in enumerate(told)}
    there = {seller: len(told) + n for n, seller in enumerate(bay)}
    accounts = (*told, *(account(seller, "AlphaBay", rows) for seller, rows in bay.items()))
    return MarketPair(
        "prose→titles",
        accounts,
        len(told),
        frozenset((here[s], there[s]) for s in same if s in here and s in there),
    )
