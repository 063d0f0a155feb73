"""Long lists a page at a time, sorted by a column, without scripts: all of it stands in the address.

shown = listed(request.GET, rows, {"title": lambda row: row.title})
shown.rows, shown.total, shown.page, shown.pages
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import QuerySet

Row = TypeVar("Row")
PER_PAGE = 50
SHOWN_AROUND = 1  # pages beside the present one that the pagination names


@dataclass(frozen=True)
class Listed(Generic[Row]):
    """One page of a list. `kept` is what else stands in the address: words looked for, and the like."""

    rows: Sequence[Row]
    total: int
    page: int
    pages: int
    sort: str
    down: bool
    kept: tuple[tuple[str, str], ...]
    per: int = PER_PAGE
    name: str = "page"

    @property
    def first(self) -> int:
        """The number of the first row shown."""
        return (self.page - 1) * self.per + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.total, self.page * self.per)

    def at(self, page: int) -> str:
        """The address of another page of it."""
        return self._address(self.sort, down=self.down, page=page)

    def by(self, column: str) -> str:
        """The address of it sorted by a column; by the same one again, the other way round."""
        return self._address(column, down=self.sort == column and not self.down, page=1)

    def order(self, column: str) -> str:
        """What `aria-sort` says of a column."""
        if column != self.sort:
            return "none"
        return "descending" if self.down else "ascending"

    def steps(self) -> list[int | None]:
        """The pages that the pagination names, with None for a gap."""
        near = range(self.page - SHOWN_AROUND, self.page + SHOWN_AROUND + 1)
        named = sorted({1, self.pages, *(n for n in near if 1 <= n <= self.pages)})
        found: list[int | None] = []
        for number in named:
            if found and found[-1] is not None and number > found[-1] + 1:
                found.append(None)
            found.append(number)
        return found

    def _address(self, sort: str, *, down: bool, page: int) -> str:
        parts = [*self.kept, *([("sort", sort)] if sort else []), *([("order", "down")] if down else [])]
        return "?" + urlencode([*parts, *([(self.name, str(page))] if page > 1 else [])])


def listed(
    query: Mapping[str, str],
    rows: Sequence[Row] | QuerySet[Any],
    columns: Mapping[str, Callable[[Row], Any]] | None = None,
    *,
    keep: Sequence[str] = (),
    per: int = PER_PAGE,
    name: str = "page",
) -> Listed[Row]:
    """The page of `rows` that an address asks for, no more of a query than that. What it asks for and is not there is passed over.

    Where a page has several lists, each has a `name` of its own in the address."""
    sort, down = query.get("sort", ""), query.get("order") == "down"
    if columns and sort in columns and not isinstance(rows, QuerySet):
        rows = sorted(rows, key=columns[sort], reverse=down)
    else:
        sort, down = "", False
    total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    pages = max(1, -(-total // per))
    asked = query.get(name, "1")
    page = min(max(1, int(asked)), pages) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    kept = tuple((one, query[one]) for one in keep if query.get(one))
    return Listed(list(rows[(page - 1) * per : page * per]), total, page, pages, sort, down, kept, per, name)
