"""The database itself keeps the log append-only: triggers, in the words of SQLite and of PostgreSQL.

The event and its salt may one day be erased by law; the number, the act, its time and the leaf never change, and no
row goes.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

_SQLITE = (
    """CREATE TRIGGER IF NOT EXISTS log_entry_stays BEFORE DELETE ON log_entry
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    """CREATE TRIGGER IF NOT EXISTS log_entry_is_fixed BEFORE UPDATE ON log_entry
WHEN NEW.number <> OLD.number OR NEW.leaf <> OLD.leaf OR NEW.act <> OLD.act OR NEW.at <> OLD.at
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
)
_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$""",
    """CREATE OR REPLACE TRIGGER log_entry_stays BEFORE DELETE ON log_entry
FOR EACH ROW EXECUTE FUNCTION log_is_append_only()""",
    """CREATE OR REPLACE TRIGGER log_entry_is_fixed BEFORE UPDATE ON log_entry FOR EACH ROW
WHEN (NEW.number <> OLD.number OR NEW.leaf <> OLD.leaf OR NEW.act <> OLD.act OR NEW.at <> OLD.at)
EXECUTE FUNCTION log_is_append_only()""",
    """CREATE OR REPLACE TRIGGER log_entry_is_not_emptied BEFORE TRUNCATE ON log_entry
FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only()""",
)
_NAMES = {
    "sqlite": ("log_entry_stays", "log_entry_is_fixed"),
    "postgresql": ("log_entry_stays", "log_entry_is_fixed", "log_entry_is_not_emptied"),
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers there."""
    with connection.cursor() as cursor:
        for statement in {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}[connection.vendor]:
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: for undoing the migration, and for tests that empty their database."""
    table = " ON log_entry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in _NAMES[connection.vendor]:
            cursor.execute(f"DROP TRIGGER {name}{table}")


def migrate(_: Any, editor: Any) -> None:
    """As a migration runs it."""
    install(editor.connection)


def unmigrate(_: Any, editor: Any) -> None:
    """As a migration undoes it."""
    remove(editor.connection)
