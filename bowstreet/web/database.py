"""Which database: SQLite in the state folder, or the PostgreSQL that BOWSTREET_DATABASE names.

database("", home)                                             # SQLite: WAL, every commit on disk
database("postgresql://bowstreet@db.example/casework", home)
database("postgresql:///casework?host=/run/postgresql", home)  # a socket of this machine
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

#: libpq's parameters that may stand after the `?`.
PARAMETERS = {"sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "target_session_attrs"}


def database(url: str, home: Path) -> dict[str, Any]:
    """Django's settings of the database. Raises ImproperlyConfigured with what to mend."""
    return _postgresql(url) if url else _sqlite(home)


def _sqlite(home: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": home / "bowstreet.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON",
        },
        # The live server of the tests runs in another thread, which cannot see a database in memory.
        "TEST": {"NAME": home / f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}.sqlite3"},
    }


def _postgresql(url: str) -> dict[str, Any]:
    try:
        parts = urlsplit(url)
        port = parts.port
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError:
        raise _malformed("it cannot be read as an address") from None
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in ("postgresql", "postgres"):
        raise _malformed("it does not begin with postgresql://")
    if not name or "/" in name:
        raise _malformed("it has to name one database after the host: postgresql://host/name")
    host = options.pop("host", parts.hostname or "")
    if unknown := set(options) - PARAMETERS:
        raise _malformed(f"{sorted(unknown)[0]!r} is no parameter that it may have")
    try:
        import psycopg  # noqa: F401
    except ImportError:
        raise ImproperlyConfigured(
            "BOWSTREET_DATABASE names a PostgreSQL, but its driver is not installed: install bowstreet[postgresql]"
        ) from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": f"test_{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"},
    }


def _malformed(why: str) -> ImproperlyConfigured:
    """Never with the address itself: it may hold a password."""
    return ImproperlyConfigured(
        f"BOWSTREET_DATABASE cannot be used: {why}. Write postgresql://user@host/name, or leave it out for SQLite"
    )
