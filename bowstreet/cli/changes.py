"""`bowstreet operation …`: who is on an operation, its authorities, its review, and decisions taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated

import typer

from bowstreet.cli import say, state
from bowstreet.cli.options import As, Json, Reference

app = typer.Typer(add_completion=False)
Who = Annotated[str, typer.Argument(metavar="OFFICER", help="The officer's user name.")]
Why = Annotated[str, typer.Option(help="Why, in writing. It is kept.")]


@app.command()
def members(reference: Reference, as_: As = None, as_json: Json = False) -> None:
    """List who is on an operation, and what each may do."""
    state.begin()
    by = state.officer(as_)
    state.operation(by, reference)
    from bowstreet.casework.operations import queries

    rows = [
        {"officer": one.officer.username, "name": one.officer.name, "role": one.role, "since": one.since.isoformat()}
        for one in queries.members(by, reference, at=state.now())
    ]  # fmt: skip
    if as_json:
        say.document(rows)
        return
    for row in rows:
        say.result(f"{row['officer']}  {row['name']} ({row['role']})")


@app.command("add-member", epilog="Example: bowstreet operation add-member OP-0001 jones --role reader")
def add_member(
    reference: Reference,
    officer: Who,
    role: Annotated[str, typer.Option(help="lead, member or reader.")] = "member",
    as_: As = None,
) -> None:
    """Put an officer on an operation, or change what they may do on it. Only who leads it may."""
    state.begin()
    by = state.officer(as_)
    found = state.operation(by, reference)
    from bowstreet.casework.operations import acts
    from bowstreet.casework.people import queries as people

    with _refused():
        acts.add_member(operation=found, officer=people.named(officer), by=by, at=state.now(), role=role)
    say.result(f"{officer} is on {reference} as {role}")


@app.command("remove-member")
def remove_member(reference: Reference, officer: Who, as_: As = None) -> None:
    """Take an officer off an operation. What they did on it stays."""
    state.begin()
    by = state.officer(as_)
    found = state.operation(by, reference)
    from bowstreet.casework.operations import acts
    from bowstreet.casework.people import queries as people

    with _refused():
        acts.remove_member(operation=found, officer=people.named(officer), by=by, at=state.now())
    say.result(f"{officer} is no longer on {reference}")


@app.command(
    epilog="Example: bowstreet operation authorise OP-0001 --site new.example --rationale 'Named in the first listing'"
)
def authorise(
    reference: Reference,
    rationale: Annotated[
        str, typer.Option(help="Why the sites are to be visited, and why less would not do.")
    ],
    site: Annotated[
        list[str], typer.Option(help="A site that may be visited: host, *.host, host:port, host/path/.")
    ],
    account: Annotated[
        list[str] | None, typer.Option(help="An account of open registration that visits may be made under.")
    ] = None,
    days: Annotated[int, typer.Option(help="For how many days, from now.")] = 28,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Record a further authority for open-source research, in force from now."""
    state.begin()
    by = state.officer(as_)
    found = state.operation(by, reference)
    from bowstreet.casework.operations import acts

    with _refused():
        made = acts.record_authority(
            officer=by,
            operation=found,
            rationale=rationale,
            sites=site,
            days=days,
            at=state.now(),
            accounts=account or (),
        )
    shown = {"authority": made.reference, "sites": made.sites, "ends": made.ends.isoformat()}
    say.document(shown) if as_json else say.result(
        f"{made.reference} is in force until {made.ends:%-d %B %Y %H:%M %Z}"
    )


@app.command("cancel-authority")
def cancel_authority(
    reference: Reference,
    number: Annotated[int, typer.Argument(help="Its number: 1 for A1.")],
    reason: Why,
    as_: As = None,
) -> None:
    """Cancel an authority: from this moment no page is visited under it. It cannot be undone."""
    state.begin()
    by = state.officer(as_)
    found = state.operation(by, reference)
    from bowstreet.casework.operations import acts

    with _refused():
        made = acts.cancel_authority(
            officer=by, operation=found, number=number, reason=reason, at=state.now()
        )
    say.result(f"{made.reference} is cancelled")


@app.command(
    epilog="Example: bowstreet operation review OP-0001 --due 2027-03-31 --reason 'The inquiry goes on'"
)
def review(
    reference: Reference,
    due: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day of the next review.")],
    reason: Why,
    as_: As = None,
) -> None:
    """Review what an operation holds: keep it, with the reason, until the next review (DPA 2018 s.39(2))."""
    state.begin()
    by = state.officer(as_)
    found = state.operation(by, reference)
    from bowstreet.casework.operations import acts

    day = date(due.year, due.month, due.day)
    with _refused():
        acts.review(officer=by, operation=found, due=day, reason=reason, at=state.now())
    say.result(f"{reference} is reviewed next on {day:%-d %B %Y}")


@app.command("withdraw-decision")
def withdraw_decision(
    reference: Reference,
    left: Annotated[str, typer.Argument(help="One seller: site/handle.")],
    right: Annotated[str, typer.Argument(help="The other.")],
    as_: As = None,
) -> None:
    """Take back the decision about a pair of sellers. It is kept, as withdrawn."""
    state.begin()
    by = state.officer(as_)
    found = state.operation(by, reference)
    from bowstreet.casework.review import acts

    try:
        acts.withdraw(officer=by, operation=found, left=left, right=right, at=state.now())
    except acts.BadDecision as error:
        raise say.Fail(str(error)) from None
    say.result("the decision is withdrawn")


@contextmanager
def _refused() -> Iterator[None]:
    """What an act refuses, as one line."""
    from bowstreet.casework.operations.errors import OperationError
    from bowstreet.casework.people.queries import NoOfficer

    try:
        yield
    except (OperationError, NoOfficer) as error:
        raise say.Fail(str(error)) from None
