"""The full text of pages: FTS5 on SQLite, PostgreSQL's own text search there. Accents and letter case do not matter."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

TSVECTOR_LIMIT = 500_000  # characters: PostgreSQL indexes less than a megabyte of words a row

_SQLITE = ("CREATE VIRTUAL TABLE findings_text USING fts5(text, tokenize='unicode61 remove_diacritics 2')",)
_POSTGRESQL = (
    "CREATE TABLE findings_text (rowid bigint PRIMARY KEY, text text NOT NULL, words tsvector NOT NULL)",
    "CREATE INDEX findings_text_words ON findings_text USING gin (words)",
)
_FIND_SQLITE = (
    "SELECT rowid, snippet(findings_text, 0, '', '', '…', 16) FROM findings_text WHERE findings_text MATCH %s "
    "ORDER BY rank LIMIT 1000"
)
_FIND_POSTGRESQL = (
    "SELECT rowid, ts_headline('simple', left(text, 100000), query, 'StartSel=\"\", StopSel=\"\", MinWords=8, MaxWords=16') "
    "FROM findings_text, plainto_tsquery('simple', %s) AS query WHERE words @@ query "
    "ORDER BY ts_rank(words, query) DESC, rowid LIMIT 1000"
)


def create(_: Any, editor: Any) -> None:
    """Make the table, as a migration runs it."""
    _run(editor.connection, {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}[editor.connection.vendor])


def drop(_: Any, editor: Any) -> None:
    """Take it away again."""
    _run(editor.connection, ("DROP TABLE findings_text",))


def _run(base: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    with base.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def put(page: int, text: str) -> None:
    """Add the text of a page."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO findings_text (rowid, text) VALUES (%s, %s)", [page, text])
        else:
            cursor.execute(
                "INSERT INTO findings_text (rowid, text, words) VALUES (%s, %s, to_tsvector('simple', %s))",
                [page, text, _plain(text[:TSVECTOR_LIMIT])],
            )


def forget(pages: Iterable[int]) -> None:
    """Take the texts of pages away."""
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM findings_text WHERE rowid = %s", [(n,) for n in pages])


def matching(text: str) -> dict[int, str]:
    """The pages that hold all the words, the best first, each with the place."""
    words = text.replace('"', " ").split()
    if not words:
        return {}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FIND_POSTGRESQL, [_plain(" ".join(words))])
            return dict(cursor.fetchall())
        try:
            cursor.execute(_FIND_SQLITE, [" ".join(f'"{word}"' for word in words)])
        except OperationalError:
            return {}
        return dict(cursor.fetchall())


def _plain(text: str) -> str:
    """Without accents."""
    spread = unicodedata.normalize("NFKD", text)
    return "".join(c for c in spread if not unicodedata.combining(c))
