"""What the commands that keep state begin with: Django, the database (made the first time), and the officer."""

from __future__ import annotations

import getpass
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bowstreet.cli import say

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    from bowstreet.casework.operations.models import Operation
    from bowstreet.casework.people.models import Officer


def now() -> datetime:
    """The clock of the command line."""
    return datetime.now(UTC)


def _check_lists() -> None:
    """A hash list that cannot be used is told before anything is captured."""
    if given := os.environ.get("BOWSTREET_HASH_LISTS"):
        from bowstreet.reading.images.screening import BadList, HashList

        try:
            HashList.load(Path(one) for one in given.split(os.pathsep) if one)
        except BadList as error:
            raise say.Fail(f"BOWSTREET_HASH_LISTS: {error}") from None


def begin() -> None:
    """Set Django up, and make or bring up to date the state folder, its database and its ledger."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bowstreet.web.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import call_command
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    from bowstreet.capture.authorities import configured
    from bowstreet.capture.errors import BadAuthority
    from bowstreet.evidence.errors import EvidenceError

    try:
        configured()
    except BadAuthority as error:
        raise say.Fail(str(error)) from None
    _check_lists()
    try:
        django.setup()
        for _ in range(40):
            try:
                executor = MigrationExecutor(connection)
                if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                    with _alone(connection):
                        call_command("migrate", verbosity=0, interactive=False)
                break
            except OperationalError as error:  # another first command is at it
                if "locked" not in str(error) and "already exists" not in str(error):
                    raise
                time.sleep(0.25)
        from bowstreet.casework.log import record

        try:
            record.follow()  # whatever a kill left behind
        except EvidenceError as error:
            say.messages.print(f"bowstreet: {error}: run 'bowstreet ledger check'", markup=False)
    except OSError as error:
        home = os.environ.get("BOWSTREET_HOME", "./var")
        raise say.Fail(
            f"the state folder {home} cannot be used ({error.strerror or error}): name another in BOWSTREET_HOME"
        ) from None
    except ImproperlyConfigured as error:
        raise say.Fail(str(error)) from None
    except OperationalError as error:
        where = (
            "is the server up, and BOWSTREET_DATABASE right?"
            if connection.vendor == "postgresql"
            else ("is the disk full, or the folder read-only?")
        )
        raise say.Fail(f"the database cannot be opened ({error}): {where}") from None


@contextmanager
def _alone(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Two first commands must not make one database: on PostgreSQL the second waits (SQLite's says it is locked)."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('bowstreet migrations'))")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('bowstreet migrations'))")


def officer(name: str | None) -> Officer:
    """The officer named by --as, as asserted; else the one named as the system's user."""
    from bowstreet.casework.people import acts

    return acts.ensure(name or getpass.getuser(), at=now())


def operation(by: Officer, reference: str) -> Operation:
    """An operation that the officer is on."""
    from bowstreet.casework.operations import queries
    from bowstreet.casework.operations.errors import OperationError

    try:
        return queries.get(by, reference)
    except OperationError as error:
        raise say.Fail(str(error)) from None
