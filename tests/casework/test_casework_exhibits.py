"""An exhibit is there with its bag, or not at all."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from bowstreet.casework.captures import acts as captures
from bowstreet.casework.captures.models import Capture
from bowstreet.casework.exhibits import acts, queries
from bowstreet.casework.exhibits.models import Exhibit
from bowstreet.casework.log import record
from bowstreet.casework.log.models import Entry
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer

LARGE = 3 << 20


@pytest.fixture
def received(alice: Officer, operation: Operation, now: datetime, tmp_path: Path) -> Capture:
    path = tmp_path / "large.html"
    path.write_bytes(b"<html><body>" + b"<p>goods</p>" * (LARGE // 12))
    return captures.take_in(officer=alice, operation=operation, path=path, at=now)[0]


@contextmanager
def no_room() -> Iterator[None]:
    """No file may grow past two megabytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 << 20, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def left(home: Path) -> list[str]:
    return [str(path.relative_to(home)) for path in (home / "exhibits").rglob("*") if path.is_file()]


def test_on_a_full_disk_there_is_neither_row_nor_bag_and_the_next_try_has_the_number(
    alice: Officer, operation: Operation, received: Capture, now: datetime, home: Path
) -> None:
    entries = Entry.objects.count()
    with no_room(), pytest.raises(acts.BadExhibit, match="nothing was kept"):
        acts.produce(officer=alice, operation=operation, numbers=[received.pk], description="A page", at=now)
    assert not Exhibit.objects.exists()
    assert Entry.objects.count() == entries
    assert left(home) == []
    made = acts.produce(
        officer=alice, operation=operation, numbers=[received.pk], description="A page", at=now
    )
    assert made.reference == "AB/1"
    assert queries.verdict(made).intact


def test_where_the_log_entry_fails_there_is_no_bag(
    alice: Officer,
    operation: Operation,
    received: Capture,
    now: datetime,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(record, "write", full)
    with pytest.raises(acts.BadExhibit, match="No space left"):
        acts.produce(officer=alice, operation=operation, numbers=[received.pk], description="A page", at=now)
    assert left(home) == []
    assert not Exhibit.objects.exists()


def test_a_bag_whose_row_was_never_kept_gives_way(
    alice: Officer, operation: Operation, received: Capture, now: datetime, home: Path
) -> None:
    folder = home / "exhibits" / operation.reference / "AB-1"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "stray").write_text("of a process that was killed between the two")
    made = acts.produce(
        officer=alice, operation=operation, numbers=[received.pk], description="A page", at=now
    )
    assert acts.path(made) == folder
    assert queries.verdict(made).intact
    assert not (folder / "data" / "stray").exists()


def test_each_fault_names_its_field(
    alice: Officer, operation: Operation, received: Capture, now: datetime
) -> None:
    for numbers, description, field in (([], "A page", "captures"), ([received.pk], " ", "description")):
        with pytest.raises(acts.BadExhibit) as refused:
            acts.produce(officer=alice, operation=operation, numbers=numbers, description=description, at=now)
        assert refused.value.field == field
