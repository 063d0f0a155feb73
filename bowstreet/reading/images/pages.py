"""The pictures of the pages of an archive: each read once, and given to the pages that show it.

pictures = Pictures().for_archive()
for row in worth_reading(pictures.watched(rows)):
    facts = pictures.given(read_row(row), row)
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bowstreet.reading.facts import PageFacts
from bowstreet.reading.images import NO_LISTS, HashList, ImageFacts, read

KNOWN = 20_000  # pictures whose facts are kept in memory
MOST = 500  # pictures of one page; what comes after is not read


@dataclass
class Pictures:
    """Reads the pictures that pass by among the rows of PAGES. The same bytes are read once, in however many archives."""

    lists: HashList = NO_LISTS
    ocr: bool = True
    _known: dict[str, ImageFacts] = field(default_factory=dict)
    _of_page: dict[str, dict[str, ImageFacts]] = field(default_factory=lambda: defaultdict(dict))
    _loose: dict[str, ImageFacts] = field(default_factory=dict)  # nobody says of which page

    def for_archive(self) -> Pictures:
        """For another archive, with what is known of pictures that were met before."""
        return Pictures(self.lists, self.ocr, self._known)

    def watched(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """The same rows, of one archive; their pictures are read as they pass."""
        for row in rows:
            if row["role"] == "image" and row["body"]:
                self._add(row)
            yield row

    def _add(self, row: Mapping[str, Any]) -> None:
        place = self._of_page[row["page"]] if row["page"] else self._loose
        url = row["url"] or ""
        if url in place or len(place) >= MOST:
            return
        digest = hashlib.sha256(row["body"]).hexdigest()
        if digest not in self._known:
            if len(self._known) >= KNOWN:
                self._known.clear()
            self._known[digest] = read(row["body"], lists=self.lists, ocr=self.ocr)
        place[url] = replace(self._known[digest], url=url, record=row["record"] or "")

    def given(self, facts: PageFacts, row: Mapping[str, Any]) -> PageFacts:
        """The page with its pictures: those captured with it, and loose ones that its source names."""
        own = list(self._of_page.get(facts.url, self._of_page.get(row["page"] or "", {})).values())
        body = row["body"] or b""
        own += [one for url, one in self._loose.items() if url.rpartition("/")[2].encode() in body]
        return replace(facts, images=tuple(own))
