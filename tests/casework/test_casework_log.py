"""Rules 11 and 12: every act writes its entry in its own transaction; the log cannot be altered unseen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from bowstreet.casework.findings import queries as findings
from bowstreet.casework.log import append_only, inspect, record
from bowstreet.casework.log.models import Act, Entry
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer
from bowstreet.casework.review import acts as review


@pytest.fixture(autouse=True)
def triggers(transactional_db: None) -> Iterator[None]:
    """The log's triggers stand during each test, and step aside for the emptying of the test database after it."""
    append_only.install(connection)
    yield
    append_only.remove(connection)


def test_the_entry_and_the_act_stand_or_fall_together(
    alice: Officer, operation: Operation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(Entry, "save", full)
    with pytest.raises(DatabaseError):
        review.decide(officer=alice, operation=operation, left="a", right="b", verdict="same", at=now)
    assert not operation.decisions.exists()


def test_an_entry_outside_a_transaction_is_refused(alice: Officer, now: datetime) -> None:
    with pytest.raises(record.NotInTransaction):
        record.write(Act.COLLECTION, by="alice", at=now, record="x")


def test_a_disclosure_names_its_recipient(alice: Officer, now: datetime) -> None:
    with (
        pytest.raises((IntegrityError, Exception), match="disclosure_names_its_recipient"),
        transaction.atomic(),
    ):
        record.write(Act.DISCLOSURE, by="alice", at=now, record="x")


def test_a_look_is_logged_with_who_and_what(alice: Officer, operation: Operation, now: datetime) -> None:
    findings.search(alice, "tobacco", at=now, reference=operation.reference)
    entry = Entry.objects.order_by("-number")[0]
    assert (entry.act, entry.actor, entry.detail) == (
        "consultation",
        "alice",
        {"text": "tobacco", "captures": []},
    )


def test_rows_and_ledger_agree_and_the_database_refuses_to_lose_a_row(
    alice: Officer, operation: Operation
) -> None:
    assert record.check().ok
    with pytest.raises(DatabaseError, match="append-only"):
        Entry.objects.all().delete()
    with pytest.raises(DatabaseError, match="append-only"):
        Entry.objects.update(act="erasure")


def test_a_row_altered_behind_the_database_is_named(alice: Officer, operation: Operation) -> None:
    record.follow()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE log_entry SET reason = 'something else' WHERE number = 1")
    report = record.check()
    assert not report.ok
    assert "1" in str(report.faults[0])


def test_the_ledger_follows_in_groups_and_whoever_reads_it_sees_every_row(
    alice: Officer, operation: Operation, now: datetime
) -> None:
    with transaction.atomic():
        numbers = [record.write(Act.CONSULTATION, by="alice", at=now, record=f"page:{n}") for n in range(300)]
    assert record.check().size == numbers[-1] + 1


def test_the_log_is_read_for_one_of_four_purposes_and_that_is_logged(alice: Officer, now: datetime) -> None:
    everything = inspect.wanted({})
    with pytest.raises(inspect.BadPurpose):
        inspect.entries(by="alice", purpose="performance", at=now, wanted=everything)
    inspect.entries(by="alice", purpose="integrity", at=now, wanted=everything)
    assert Entry.objects.order_by("-number")[0].record == "log"


def test_the_log_is_narrowed_and_its_pages_stay_where_they_are_while_it_grows(
    alice: Officer, now: datetime
) -> None:
    def read(**query: str) -> list[int]:
        found = inspect.entries(by="auditor", purpose="integrity", at=now, wanted=inspect.wanted(query))
        return [one.number for one in found]

    with transaction.atomic():
        mine = [
            record.write(act, by="alice", at=now, record=f"page:{n}", operation="OP-0001")
            for n, act in enumerate((Act.COLLECTION, Act.CONSULTATION, Act.CONSULTATION))
        ]
    assert read(actor="alice", words="PAGE:", operation="OP-0001") == mine[::-1]
    assert read(act="collection", words="page:") == mine[:1]
    before = read(upto=str(mine[-1]))
    assert before[0] == mine[-1]
    assert read(upto=str(mine[-1])) == before
    assert read(act="no such act") == []
    assert len(read(upto="x" * 500)) > len(before)
