"""An analyst's correction of what a listing offers is kept, logged, and used at the next reading."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from bowstreet.casework.captures import acts as captures
from bowstreet.casework.captures.models import Capture
from bowstreet.casework.findings import acts as findings
from bowstreet.casework.findings import goods
from bowstreet.casework.findings.models import Listing
from bowstreet.casework.log.models import Entry
from bowstreet.casework.operations.errors import OperationError
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer

PAGE = """<!-- saved from url=(0030)http://quarrybank.example/item --><html lang="en"><title>10x blue ghosts</title><body>
<h1>10x blue ghosts</h1><dl><dt>Price</dt><dd>&pound;12.00</dd><dt>Seller</dt><dd>quarrybank</dd></dl>"""


@pytest.fixture
def capture(alice: Officer, operation: Operation, now: datetime, tmp_path: Path) -> Capture:
    path = tmp_path / "page.html"
    path.write_text(PAGE)
    made, _ = captures.take_in(officer=alice, operation=operation, path=path, at=now, source="a colleague")
    findings.read_capture(made, officer=alice, at=now)
    return made


def test_a_correction_is_used_at_the_next_reading_and_not_after_it_is_taken_back(
    alice: Officer, operation: Operation, capture: Capture, now: datetime
) -> None:
    before = Listing.objects.get()
    read = before.fields["goods"]["label"]
    assert read != "drugs/ecstasy"
    goods.correct(officer=alice, operation=operation, number=before.pk, label="drugs/ecstasy", at=now)
    assert goods.offered(before, goods.standing(operation)).corrected
    findings.read_capture(capture, officer=alice, at=now)
    after = Listing.objects.get()
    assert after.fields["goods"]["label"] == "drugs/ecstasy"
    assert after.fields["goods"]["corrected"]
    goods.correct(officer=alice, operation=operation, number=after.pk, label=goods.AS_READ, at=now)
    findings.read_capture(capture, officer=alice, at=now)
    assert Listing.objects.get().fields["goods"]["label"] == read
    assert operation.corrections.get().withdrawn_at == now
    entries = Entry.objects.filter(record="goods:10x blue ghosts")
    assert [entry.detail["label"] for entry in entries] == ["drugs/ecstasy", "as-read"]


def test_a_correction_needs_a_label_of_the_taxonomy_and_somebody_who_works_on_it(
    alice: Officer, charlie: Officer, operation: Operation, capture: Capture, now: datetime
) -> None:
    number = Listing.objects.get().pk
    with pytest.raises(goods.BadCorrection, match="no label of the taxonomy"):
        goods.correct(officer=alice, operation=operation, number=number, label="spaceships", at=now)
    with pytest.raises((goods.BadCorrection, OperationError)):
        goods.correct(officer=charlie, operation=operation, number=number, label="tobacco", at=now)
    assert not operation.corrections.exists()
