"""Alice owns the operation, Bob is on it, Charlie is outside it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bowstreet.casework.operations import acts as operations
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people import acts as people
from bowstreet.casework.people.models import Officer

sys.path.insert(0, str(Path(__file__).parent))

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
PASSWORD = "a long enough password"


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(autouse=True)
def home(settings: object, tmp_path: Path) -> Iterator[Path]:
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    settings.TEST_RANGES_ALLOWED = True  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def alice(db: object, home: Path) -> Officer:
    return people.ensure("alice", at=NOW, name="Alice Brown", password=PASSWORD)


@pytest.fixture
def charlie(db: object, home: Path) -> Officer:
    return people.ensure("charlie", at=NOW, name="Charlie Green", password=PASSWORD)


@pytest.fixture
def operation(alice: Officer) -> Operation:
    return operations.open_operation(
        officer=alice, name="Kestrel", purpose="detection", rationale="Public listings, once.",
        sites=["shop.example", "127.0.0.1:8081"], at=NOW, test_ranges=["127.0.0.0/8"],
    )  # fmt: skip


@pytest.fixture
def later() -> timedelta:
    return timedelta(days=operations.RESEARCH_DAYS)
