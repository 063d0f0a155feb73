"""Who may do what on an operation: those who lead, those who work on it, those who look, and everybody else."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from typer.testing import CliRunner

from bowstreet.capture.errors import CaptureError, PermitRefused
from bowstreet.casework.captures import acts as captures
from bowstreet.casework.captures import queries as capture_queries
from bowstreet.casework.captures.models import Request
from bowstreet.casework.exhibits import acts as exhibits
from bowstreet.casework.log.models import Entry
from bowstreet.casework.operations import acts, gate, queries
from bowstreet.casework.operations.errors import BadOperation
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer
from bowstreet.casework.review import acts as review
from bowstreet.cli import officer as officer_commands
from bowstreet.cli import operation as operation_commands

URL = "https://shop.example/"


def last() -> Entry:
    return Entry.objects.order_by("-number")[0]


def test_a_reader_looks_and_changes_nothing(
    alice: Officer, charlie: Officer, operation: Operation, now: datetime
) -> None:
    acts.add_member(operation=operation, officer=charlie, by=alice, at=now, role="reader")
    assert queries.get(charlie, operation.reference) == operation
    with pytest.raises(PermitRefused, match="not act on it"):
        gate.issue(officer=charlie, operation=operation, url=URL, at=now)
    with pytest.raises(PermitRefused, match="not act on it"):
        captures.ask(officer=charlie, operation=operation, urls=[URL], at=now)
    with pytest.raises(exhibits.BadExhibit, match="not act on it"):
        exhibits.produce(officer=charlie, operation=operation, numbers=[1], description="x", at=now)
    with pytest.raises(review.BadDecision, match="not act on it"):
        review.decide(officer=charlie, operation=operation, left="a", right="b", verdict="same", at=now)


def test_only_those_who_lead_change_an_operation(
    alice: Officer, charlie: Officer, operation: Operation, now: datetime
) -> None:
    acts.add_member(operation=operation, officer=charlie, by=alice, at=now)
    assert gate.issue(officer=charlie, operation=operation, url=URL, at=now).officer == "charlie"
    with pytest.raises(BadOperation, match="only those who lead"):
        acts.add_member(operation=operation, officer=charlie, by=charlie, at=now, role="lead")
    with pytest.raises(BadOperation, match="only those who lead"):
        acts.remove_member(operation=operation, officer=alice, by=charlie, at=now)
    with pytest.raises(BadOperation, match="only those who lead"):
        acts.cancel_authority(officer=charlie, operation=operation, number=1, reason="x", at=now)
    with pytest.raises(BadOperation, match="only those who lead"):
        acts.record_authority(
            officer=charlie, operation=operation, rationale="x", sites=["a.example"], days=1, at=now
        )
    with pytest.raises(BadOperation, match="only those who lead"):
        acts.review(officer=charlie, operation=operation, due=date(2027, 1, 1), reason="x", at=now)


def test_there_is_always_somebody_who_leads(
    alice: Officer, charlie: Officer, operation: Operation, now: datetime
) -> None:
    with pytest.raises(BadOperation, match="the only one who leads"):
        acts.remove_member(operation=operation, officer=alice, by=alice, at=now)
    with pytest.raises(BadOperation, match="the only one who leads"):
        acts.add_member(operation=operation, officer=alice, by=alice, at=now, role="reader")
    acts.add_member(operation=operation, officer=charlie, by=alice, at=now, role="lead")
    acts.remove_member(operation=operation, officer=alice, by=charlie, at=now)
    assert (last().detail, last().actor) == ({"removed": "alice"}, "charlie")
    assert not queries.of(alice)


def test_a_cancelled_authority_covers_nothing_from_that_moment_and_a_further_one_does(
    alice: Officer, operation: Operation, now: datetime
) -> None:
    acts.cancel_authority(officer=alice, operation=operation, number=1, reason="Too wide", at=now)
    assert last().detail == {
        "cancelled": "OP-0001/A1".replace("OP-0001", operation.reference),
        "reason": "Too wide",
    }
    with pytest.raises(PermitRefused, match="cancelled"):
        gate.issue(officer=alice, operation=operation, url=URL, at=now)
    made = acts.record_authority(
        officer=alice,
        operation=operation,
        rationale="Narrower",
        sites=["shop.example"],
        days=7,
        at=now,
        accounts=["quill", " "],
    )
    assert made.accounts == ["quill"]
    assert gate.issue(officer=alice, operation=operation, url=URL, at=now, account="quill").account == "quill"
    assert gate.issue(officer=alice, operation=operation, url=URL, at=now).authority == made.reference
    with pytest.raises(PermitRefused, match=r"cancelled|ended"):
        gate.issue(officer=alice, operation=operation, url=URL, at=now + timedelta(days=7))
    with pytest.raises(BadOperation, match="cancelled already"):
        acts.cancel_authority(officer=alice, operation=operation, number=1, reason="Again", at=now)
    titles = [event.title for event in queries.history(operation)]
    assert {"Authority A1 cancelled", "Authority A2 recorded", "Operation opened"} == set(titles)


@pytest.mark.parametrize("due", [date(2026, 11, 24), date(2020, 1, 1), date(2028, 1, 1)])
def test_the_next_review_is_after_today_and_within_a_year(
    alice: Officer, operation: Operation, now: datetime, due: date
) -> None:
    with pytest.raises(BadOperation, match="within a year") as refused:
        acts.review(officer=alice, operation=operation, due=due, reason="Needed", at=now)
    assert refused.value.field == "due"
    acts.review(officer=alice, operation=operation, due=date(2027, 3, 1), reason="Needed", at=now)
    operation.refresh_from_db()
    assert operation.review_due == date(2027, 3, 1)
    assert last().detail == {"review_due": "2027-03-01", "reason": "Needed"}


def test_what_failed_is_asked_again_and_kept(alice: Officer, operation: Operation, now: datetime) -> None:
    asked = captures.ask(officer=alice, operation=operation, urls=["https://other.example/"], at=now)[0]
    claimed = captures.claim(worker="one", at=now)
    assert claimed is not None
    with pytest.raises(CaptureError):
        captures.carry_out(claimed, now=lambda: now)
    assert capture_queries.progress(alice, operation.reference).failed == 1
    captures.ask_again(officer=alice, operation=operation, number=asked.pk, at=now)
    progress = capture_queries.progress(alice, operation.reference)
    assert (progress.failed, progress.waiting, progress.total) == (0, 1, 1)
    assert Request.objects.get(pk=asked.pk).problem


def test_a_request_of_a_worker_that_is_no_more_is_free_at_once_and_a_living_ones_is_not(
    alice: Officer, operation: Operation, now: datetime
) -> None:
    captures.ask(officer=alice, operation=operation, urls=[URL, URL + "2"], at=now)
    mine = captures.worker_name()
    dead = f"{mine.rpartition(':')[0]}:4194300"
    captures.claim(worker=dead, at=now)
    captures.claim(worker=mine, at=now)
    assert not captures.alive(dead)
    assert captures.release_dead(at=now) == 1
    again = captures.claim(worker="other-machine:1:2", at=now)
    assert again is not None
    assert again.url == URL
    assert captures.release_dead(at=now) == 0


@pytest.mark.parametrize(
    "path",
    ["", "members/", "members/add/", "authorities/record/", "authorities/1/cancel/", "review/", "captures/", "captures/requests/",
     "captures/ask/", "listings/", "sellers/", "links/", "exhibits/", "exhibits/produce/"],
)  # fmt: skip
def test_an_outsider_gets_404_everywhere(
    charlie: Officer, operation: Operation, client: Client, path: str
) -> None:
    client.force_login(charlie)
    assert client.get(f"/operations/{operation.reference}/{path}").status_code == 404


# --- the same by the command line ---------------------------------------------------------------------------------


def run(app: object, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(words))  # type: ignore[arg-type]
    return done.exit_code, done.output


def test_the_command_line_does_all_of_it(
    alice: Officer, charlie: Officer, operation: Operation, client: Client
) -> None:
    app, reference, by = operation_commands.app, operation.reference, ("--as", "alice")
    assert run(app, "add-member", reference, "charlie", "--role", "reader", *by)[0] == 0
    assert "charlie  Charlie Green (reader)" in run(app, "members", reference, *by)[1]
    assert run(app, "remove-member", reference, "charlie", *by)[0] == 0
    code, said = run(app, "add-member", reference, "nobody", *by)
    assert (code, "no officer" in said) == (2, True)
    assert run(app, "authorise", reference, "--rationale", "Named there", "--site", "b.example", *by)[0] == 0
    assert run(app, "cancel-authority", reference, "2", "--reason", "Over", *by) == (
        0,
        f"{reference}/A2 is cancelled\n",
    )
    assert run(app, "review", reference, "--due", "2020-01-01", "--reason", "Needed", *by)[0] == 2
    assert run(app, "withdraw-decision", reference, "a", "b", *by)[0] == 2
    code, said = run(officer_commands.app, "add", "dora", "--name", "Dora Black", "--role", "auditor")
    assert code == 0
    assert client.login(username="dora", password=said.split("'")[1])
    assert run(officer_commands.app, "add", "dora", "--name", "Dora")[0] == 2
    assert run(officer_commands.app, "password", "nobody")[0] == 2
    assert "dora  Dora Black (auditor)" in run(officer_commands.app, "list")[1]
