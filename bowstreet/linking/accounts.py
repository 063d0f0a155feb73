"""Accounts as `bowstreet link` takes them: one JSON object per line, or Parquet with the same columns.

    {"account": "harbour/kestrel_co", "site": "harbour", "handle": "kestrel_co", "titles": ["…"], "identifiers": [{"type", "value"}]}

Every field but `account` and `site` may be absent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any

from bowstreet.linking.errors import BadAccounts

TITLES_LIMIT = 2000  # titles that are compared; more of the same seller add nothing but time


@dataclass(frozen=True)
class Account:
    """One account on one site."""

    account: str
    site: str
    handle: str = ""
    titles: tuple[str, ...] = ()
    description: str = ""
    identifiers: frozenset[tuple[str, str]] = frozenset()
    images: frozenset[str] = frozenset()
    ships_from: frozenset[str] = frozenset()
    claims: frozenset[str] = frozenset()  # sites on which it claims to have sold
    ships_to: frozenset[str] = frozenset()
    goods: tuple[str, ...] = ()  # what each of its listings offers, by one taxonomy
    prices: tuple[tuple[str, float], ...] = ()  # currency and amount of each of its listings
    first_seen: str = ""  # days, as 2026-11-24
    last_seen: str = ""

    @classmethod
    def parse(cls, given: Any) -> Account:
        """Read one object. Raises BadAccounts, saying which field is wrong."""
        if not isinstance(given, Mapping):
            raise BadAccounts("an account is a JSON object")
        for name in ("account", "site"):
            if not isinstance(given.get(name), str) or not given[name].strip():
                raise BadAccounts(f"'{name}' is missing or empty: it must be a text")
        for name in ("handle", "description"):
            if not isinstance(given.get(name) or "", str):
                raise BadAccounts(f"'{name}' must be a text")
        return cls(
            given["account"],
            given["site"],
            given.get("handle") or "",
            tuple(_texts(given, "titles")[:TITLES_LIMIT]),
            given.get("description") or "",
            frozenset(_identifiers(given)),
            frozenset((*_texts(given, "images"), *_texts(given, "avatar"))),
            frozenset(text.strip().lower() for text in _texts(given, "ships_from")),
            frozenset(_claims(given)),
            frozenset(text.strip().lower() for text in _texts(given, "ships_to")),
            tuple(_texts(given, "goods")),
            tuple(_prices(given)),
            _day(given, "first_seen"),
            _day(given, "last_seen"),
        )

    def grown(self, later: Account) -> Account:
        """This account with what a later capture shows of it."""
        return replace(
            later,
            handle=later.handle or self.handle,
            titles=tuple(dict.fromkeys((*self.titles, *later.titles)))[:TITLES_LIMIT],
            description=later.description or self.description,
            identifiers=self.identifiers | later.identifiers,
            images=self.images | later.images,
            ships_from=self.ships_from | later.ships_from,
            claims=self.claims | later.claims,
            ships_to=self.ships_to | later.ships_to,
            goods=self.goods + later.goods,
            prices=self.prices + later.prices,
            first_seen=min(filter(None, (self.first_seen, later.first_seen)), default=""),
            last_seen=max(self.last_seen, later.last_seen),
        )


def read(paths: Iterable[Path]) -> list[Account]:
    """Every account of some files, each id once. Raises BadAccounts."""
    found: dict[str, Account] = {}
    for path in paths:
        for place, given in _rows(path):
            try:
                account = Account.parse(given)
            except BadAccounts as error:
                raise BadAccounts(f"{path}{place}: {error}") from None
            if account.account in found:
                raise BadAccounts(f"{path}{place}: the account {account.account!r} is there twice")
            found[account.account] = account
    return list(found.values())


def joined(known: Iterable[Account], fresh: Iterable[Account]) -> list[Account]:
    """Accounts of earlier captures and new ones: what is new of an account is added to what was known of it."""
    found = {account.account: account for account in known}
    for account in fresh:
        before = found.get(account.account)
        found[account.account] = account if before is None else before.grown(account)
    return list(found.values())


def _rows(path: Path) -> Iterator[tuple[str, Any]]:
    if path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            table = pq.ParquetFile(path)
            _expect_columns(path, table.schema_arrow.names)
            for batch in table.iter_batches():
                yield from (("", row) for row in batch.to_pylist())
        except (OSError, pa.ArrowException) as error:
            raise BadAccounts(f"{path} is not a Parquet file that can be read ({error})") from None
        return
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield f", line {number}", json.loads(line)
    except (OSError, UnicodeDecodeError) as error:
        raise BadAccounts(f"{path} cannot be read: {error}") from None
    except json.JSONDecodeError as error:
        raise BadAccounts(f"{path}, line {number}: not JSON ({error.msg})") from None


def _expect_columns(path: Path, names: list[str]) -> None:
    """Raises BadAccounts for a table that is not one of accounts, such as one that `read` wrote, or an older version's."""
    missing = [name for name in ("account", "site") if name not in names]
    if missing:
        raise BadAccounts(
            f"{path} has no column {' and no column '.join(map(repr, missing))} (it has {', '.join(names[:8])}): it is another "
            "table, or one of an older version. Accounts have account, site, handle, titles, identifiers and so on"
        )


def _texts(given: Mapping[str, Any], name: str) -> list[str]:
    values = given.get(name)
    values = [values] if isinstance(values, str) else values or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise BadAccounts(f"'{name}' must be a list of texts")
    return values


def _prices(given: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    prices = given.get("prices") or []
    try:
        for one in prices:
            amount = float(one["amount"])
            if isfinite(amount) and amount > 0:
                yield str(one["currency"]).upper(), amount
    except (TypeError, ValueError, KeyError, IndexError):
        raise BadAccounts("'prices' must be a list of objects with 'amount' and 'currency'") from None


def _day(given: Mapping[str, Any], name: str) -> str:
    said = given.get(name) or ""
    try:
        return date.fromisoformat(said[:10]).isoformat() if said else ""
    except (TypeError, ValueError):
        raise BadAccounts(f"'{name}' must be a day, such as 2026-11-24") from None


def _identifiers(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    values = given.get("identifiers") or []
    if not isinstance(values, list):
        raise BadAccounts("'identifiers' must be a list of objects with 'type' and 'value'")
    for one in values:
        if not isinstance(one, Mapping) or not isinstance(one.get("type"), str):
            raise BadAccounts("'identifiers' must be a list of objects with 'type' and 'value'")
        if one.get("value"):
            yield one["type"], str(one["value"])


def _claims(given: Mapping[str, Any]) -> Iterator[str]:
    claims = given.get("claims") or []
    if not isinstance(claims, list):
        raise BadAccounts("'claims' must be a list of objects with 'site'")
    for one in claims:
        site = one.get("site") if isinstance(one, Mapping) else one
        if not isinstance(site, str):
            raise BadAccounts("'claims' must be a list of objects with 'site'")
        yield site.strip().lower()
