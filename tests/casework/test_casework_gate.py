"""Rules 1, 2 and 4: no visit without purpose and authority; none after its end; none outside it, and that is logged."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bowstreet.capture.errors import BadAddress, PermitRefused
from bowstreet.casework.log.models import Entry
from bowstreet.casework.operations import acts, gate, queries
from bowstreet.casework.operations.errors import BadOperation, NotFound
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer

URL = "https://shop.example/listing/7"


def test_a_permit_says_who_may_go_where_and_until_when(
    alice: Officer, operation: Operation, now: datetime
) -> None:
    permit = gate.issue(officer=alice, operation=operation, url=URL, at=now)
    assert (permit.operation, permit.officer, permit.purpose) == (operation.reference, "alice", "detection")
    assert permit.ends == now + timedelta(days=acts.RESEARCH_DAYS)


def test_one_second_after_its_end_an_authority_gives_no_permit(
    alice: Officer, operation: Operation, now: datetime, later: timedelta
) -> None:
    gate.issue(officer=alice, operation=operation, url=URL, at=now + later - timedelta(seconds=1))
    with pytest.raises(PermitRefused, match="ended at"):
        gate.issue(officer=alice, operation=operation, url=URL, at=now + later)


def test_a_cancelled_authority_gives_no_permit(alice: Officer, operation: Operation, now: datetime) -> None:
    operation.authorities.update(cancelled_at=now)
    with pytest.raises(PermitRefused, match="cancelled"):
        gate.issue(officer=alice, operation=operation, url=URL, at=now)


@pytest.mark.parametrize(
    "url", ["https://other.example/", "https://evil-shop.example/", "https://shop.example:8443/"]
)
def test_an_address_outside_the_sites_is_refused_and_the_refusal_logged(
    alice: Officer, operation: Operation, now: datetime, url: str
) -> None:
    with pytest.raises(PermitRefused, match="outside the sites"):
        gate.issue(officer=alice, operation=operation, url=url, at=now)
    assert "outside" in Entry.objects.order_by("-number")[0].detail["refused"]


@pytest.mark.parametrize("technique", ["message", "buy", "join", "bypass"])
def test_there_is_no_technique_but_to_visit(
    alice: Officer, operation: Operation, now: datetime, technique: str
) -> None:
    with pytest.raises(PermitRefused):
        gate.issue(officer=alice, operation=operation, url=URL, at=now, technique=technique)


def test_an_officer_outside_the_operation_gets_no_permit(
    charlie: Officer, operation: Operation, now: datetime
) -> None:
    with pytest.raises(PermitRefused, match="not on the operation"):
        gate.issue(officer=charlie, operation=operation, url=URL, at=now)
    with pytest.raises(NotFound):
        queries.get(charlie, operation.reference)


@pytest.mark.parametrize(
    "url", ["shop.example", "ftp://shop.example/", "https://a b/", "https://user:pw@shop.example/", ""]
)
def test_what_is_no_web_address_is_refused_in_one_line(
    alice: Officer, operation: Operation, now: datetime, url: str
) -> None:
    with pytest.raises(BadAddress) as caught:
        gate.issue(officer=alice, operation=operation, url=url, at=now)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [("name", " ", "needs a name"), ("rationale", "", "rationale"), ("purpose", "fun", "s.31"), ("sites", [], "at least one site"),
     ("sites", ["http://x y"], "site pattern"), ("test_ranges", ["loopback"], "CIDR")],
)  # fmt: skip
def test_an_operation_filled_in_by_half_is_not_opened(
    alice: Officer, now: datetime, field: str, value: object, says: str
) -> None:
    given = {
        "name": "N",
        "purpose": "detection",
        "rationale": "R",
        "sites": ["a.example"],
        "test_ranges": [],
    } | {field: value}
    with pytest.raises(BadOperation, match=says):
        acts.open_operation(officer=alice, at=now, **given)  # type: ignore[arg-type]
    assert not Operation.objects.exists()
