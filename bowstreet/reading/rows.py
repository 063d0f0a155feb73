"""The title, seller and price of each record of a result page: candidates in each record, and a vote among all of them.

A field that stands in one slot in most records is surer there; where a record's own best is another, the reader is less sure.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from bowstreet.reading.candidates import around, handle
from bowstreet.reading.countries import place as country
from bowstreet.reading.labels import Pair
from bowstreet.reading.memory import Memory
from bowstreet.reading.money import CRYPTO, Mention
from bowstreet.reading.ranker import Candidate, Choice, Features, Ranker
from bowstreet.reading.records import Record, acts, pattern, seller_address
from bowstreet.reading.view import View
from bowstreet.reading.words import FURNITURE, label, plain

FIELDS = ("title", "seller", "price")
VOTE = 3.0  # log-odds that all records together may add to a slot
FLOOR = -2.5  # a record has these fields: its best candidate is taken unless it is most unlikely
_LETTER = re.compile(r"[^\W\d_]")


class Rows:
    """Candidates of every record of a page, by field."""

    def __init__(self, view: View, memory: Memory, rows: Sequence[Record]) -> None:
        self.rows = rows
        self._view, self._memory = view, memory
        money: dict[int, list[Mention]] = defaultdict(list)
        for unit, one in view.money:
            money[unit].append(one)
        pairs: dict[int, list[Pair]] = defaultdict(list)
        for pair in view.pairs:
            pairs[pair.unit].append(pair)
        self.candidates: dict[str, list[list[Candidate]]] = {
            "title": [self._titles(row) for row in rows],
            "seller": [self._sellers(row, pairs) for row in rows],
            "price": [self._prices(row, money, pairs) for row in rows],
        }
        for found in self.candidates.values():
            _share(found)
        self.candidates["seller"] = [list(filter(_differs, found)) for found in self.candidates["seller"]]

    def choose(
        self, ranker: Ranker, extra: dict[str, list[list[float]]] | None = None
    ) -> list[dict[str, Choice]]:
        """The best candidate for each field of each record, its certainty lowered where record and page disagree."""
        chosen: list[dict[str, Choice]] = [{} for _ in self.rows]
        for name in FIELDS:
            found = self.candidates[name]
            given = extra[name] if extra else None
            alone = [
                ranker.choose(f"record.{name}", one, given[i] if given else None, floor=FLOOR)
                for i, one in enumerate(found)
            ]
            votes = defaultdict[int, float](float)
            for choice in alone:
                if choice is not None:
                    votes[choice.candidate.slot] += choice.sure
            for i, one in enumerate(found):
                backing = [VOTE * votes[c.slot] / len(found) for c in one]
                if given:
                    backing = [a + b for a, b in zip(backing, given[i], strict=True)]
                choice, before = ranker.choose(f"record.{name}", one, backing, floor=FLOOR), alone[i]
                if choice is None or (choice.score < 0 and choice.candidate.features.get("plain")):
                    continue  # a word with neither label nor link must be likelier than none
                differ = before is not None and before.candidate.value != choice.candidate.value
                chosen[i][name] = Choice(
                    choice.candidate, choice.sure * (0.6 if differ else 1.0), choice.score
                )
        return chosen

    def _titles(self, row: Record) -> list[Candidate]:
        page, view, found = self._view.page, self._view, list[Candidate]()
        longest = max((len(page.units[i].text) for i in row.units), default=1)
        for rank, index in enumerate(row.units):
            unit = page.units[index]
            text, bare = unit.text.strip(), view.texts[index]
            if (
                not 2 <= len(text) <= 300
                or not _LETTER.search(text)
                or bare in FURNITURE
                or label(text)
                or acts(text)
            ):
                continue
            place = view.place(unit.element)
            if place.control:
                continue
            href = view.href(index)
            f: Features = {"bias": 1.0}
            f["target"] = 1.0 if href and href.partition("#")[0] == row.url else 0.0
            f["title_link"] = 1.0 if place.link == row.title.element and place.link >= 0 else 0.0
            f["other_link"] = 1.0 if href and not f["target"] else 0.0
            f["heading"] = 1.0 if place.heading else 0.0
            f["bold"] = 1.0 if place.bold else 0.0
            for group in ("title", "seller", "price", "desc", "ship", "review"):
                f[f"near_{group}"] = 1.0 if group in place.near else 0.0
            f["length"] = min(len(text), 80) / 80
            f["longest"] = 1.0 if len(text) == longest else 0.0
            f["prose"] = 1.0 if len(text) > 140 else 0.0
            f["words"] = min(len(text.split()), 6) / 6
            f["first"] = 1.0 if not found else 0.0
            f["rank"] = rank / max(1, len(row.units))
            f["same"] = min(math.log(view.counts[bare]), 3.0)
            f["shared"] = self._memory.share(bare)
            f["colon"] = 1.0 if text.endswith((":", "：")) else 0.0
            found.append(
                Candidate(text, unit.start, unit.start + len(text), index, "records", f, slot=place.slot)
            )
        return found

    def _sellers(self, row: Record, pairs: dict[int, list[Pair]]) -> list[Candidate]:
        page, view, found = self._view.page, self._view, list[Candidate]()
        for index in row.units:
            unit = page.units[index]
            place, href = view.place(unit.element), view.href(index)
            named = [p for p in pairs.get(index, ()) if p.name == "seller"]
            to_seller = bool(href and href != row.url and seller_address(href))
            other = href and href != row.url
            short = (
                len(unit.text) <= 40
                and index not in view.paid
                and index != row.title.unit
                and not place.heading
            )
            if place.control or not (named or to_seller or "seller" in place.near or other or short):
                continue
            said = named[0].value if named else unit.text
            name = handle(said)
            if not name or not _LETTER.search(name) or plain(name) in FURNITURE or label(name) or acts(name):
                continue
            if not (named or to_seller or other) and (
                len(name.split()) > 2 or country(name) or len(name) < 2
            ):
                continue
            at = page.text.find(name, named[0].start if named else unit.start)
            f: Features = {
                "bias": 1.0,
                "labelled": max((p.sure for p in named), default=0.0),
                "link_seller": 1.0 if to_seller else 0.0,
            }
            f["plain"] = 0.0 if named or to_seller or other or "seller" in place.near else 1.0
            f["place"] = 1.0 if country(name) else 0.0
            f["letters"] = sum(c.isalpha() for c in name) / len(name)
            f["counted"] = (
                1.0
                if re.match(r"\s*[(\[~★]?\s*[\d.,]+%?", page.text[at + len(name) : at + len(name) + 8])
                else 0.0
            )
            f["link"] = 1.0 if href else 0.0
            f["target"] = 1.0 if href == row.url else 0.0
            f["in_address"] = 1.0 if href and to_seller and name.lower() in href.lower() else 0.0
            f["near_seller"] = 1.0 if "seller" in place.near else 0.0
            f["near_title"] = 1.0 if "title" in place.near else 0.0
            f["one_word"] = 1.0 if len(name.split()) == 1 else 0.0
            f["after_title"] = 1.0 if index > (row.title.unit or 0) else 0.0
            f["heading"] = 1.0 if place.heading else 0.0
            f["shared"] = self._memory.share(plain(name))
            found.append(
                Candidate(
                    name, at, at + len(name), index, "label" if named else "records", f, slot=place.slot
                )
            )
        return found

    def _prices(
        self, row: Record, money: dict[int, list[Mention]], pairs: dict[int, list[Pair]]
    ) -> list[Candidate]:
        page, view, found = self._view.page, self._view, list[Candidate]()
        own = [
            (index, one)
            for index in row.units
            if not view.place(page.units[index].element).choice
            for one in money.get(index, ())
        ]
        own = [(i, one) for i, one in own if not self._of_another(row, i)] or own
        fiat = any(one.price.currency.upper() not in CRYPTO for _, one in own)
        for rank, (index, one) in enumerate(own):
            unit, place = page.units[index], view.place(page.units[index].element)
            f = around(page.text, one.start, one.end)
            named = [p for p in pairs.get(index, ()) if p.start <= one.start < p.end or p.name == "price"]
            f["bias"] = 1.0
            f["labelled"] = max((p.sure for p in named if p.name == "price"), default=0.0)
            f["label_other"] = (
                1.0 if any(p.name not in ("price", "quantity", "title") for p in named) else 0.0
            )
            own_line = (
                index == row.title.unit or index not in view.paid
            )  # a card that is one link holds its price too
            f["in_title"] = 1.0 if place.link == row.title.element and place.link >= 0 and own_line else 0.0
            f["after_title"] = 1.0 if index > (row.title.unit or 0) else 0.0
            for group in ("price", "old", "now", "save", "ship", "title", "desc"):
                f[f"near_{group}"] = 1.0 if group in place.near else 0.0
            f["struck"] = 1.0 if place.struck else 0.0
            f["control"] = 1.0 if place.control else 0.0
            f[f"rank_{min(rank, 3)}"] = 1.0
            f["alone"] = min(1.0, (one.end - one.start) / max(1, len(unit.text)))
            f["prose"] = 1.0 if len(unit.text) > 80 else 0.0
            f["more_words"] = (
                min(1.0, len(unit.text[: one.start - unit.start].split()) / 4)
                if one.start > unit.start
                else 0.0
            )
            f["crypto"] = 1.0 if one.price.currency.upper() in CRYPTO else 0.0
            f["beside_fiat"] = f["crypto"] if fiat else 0.0
            f["bracket"] = 1.0 if one.start and page.text[one.start - 1] in "([" else 0.0
            f["zero"] = 1.0 if float(one.price.amount) == 0 else 0.0
            found.append(
                Candidate(
                    one.price.amount, one.start, one.end, index, "records", f, one.price.currency, place.slot
                )
            )
        return found

    def _of_another(self, row: Record, unit: int) -> bool:
        """Does an amount stand behind a link to another thing of the same sort, "also available"?"""
        before = self._view.href(unit - 1) if unit - 1 in row.units else None
        return bool(before) and before != row.url and pattern(before or "") == pattern(row.url)


def _differs(one: Candidate) -> bool:
    """Not a word without label or link that every record has alike."""
    return not one.features.get("plain") or one.features["slot_distinct"] > 0.0


def _share(found: list[list[Candidate]]) -> None:
    """Tell each candidate how many records have one in its slot, and how different they are."""
    slots, values = Counter[int](), defaultdict[int, set[str]](set)
    for record in found:
        for slot in {one.slot for one in record}:
            slots[slot] += 1
        for one in record:
            values[one.slot].add(one.value)
    for record in found:
        for one in record:
            one.features["slot_share"] = slots[one.slot] / len(found)
            alike = len(values[one.slot]) == 1 and slots[one.slot] > 2
            one.features["slot_distinct"] = (
                0.0 if alike else min(1.0, len(values[one.slot]) / max(1, slots[one.slot]))
            )
