"""`bowstreet operation`: open, list and show operations."""

from __future__ import annotations

from typing import Annotated

import typer

from bowstreet.cli import changes, say, state
from bowstreet.cli.options import As, Json, Reference

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Open, show and change operations: members, authorities, review.",
)
app.add_typer(changes.app)


@app.command(
    "open",
    epilog="Example: bowstreet operation open --name Kestrel --purpose detection --site shop.example "
    "--rationale 'Public listings of counterfeit goods; nothing less shows who sells them'",
)
def open_(
    name: Annotated[str, typer.Option(help="What the operation is called.")],
    purpose: Annotated[
        str,
        typer.Option(help="prevention, investigation, detection, prosecution, execution or safeguarding."),
    ],
    rationale: Annotated[
        str, typer.Option(help="Why the sites are to be visited, and why less would not do.")
    ],
    site: Annotated[
        list[str], typer.Option(help="A site that may be visited: host, *.host, host:port, host/path/.")
    ],
    test_range: Annotated[
        list[str] | None, typer.Option(help="A CIDR block of test addresses that may be visited.")
    ] = None,
    bad_tls: Annotated[
        str, typer.Option(help="What to do about bad certificates: refuse or record.")
    ] = "refuse",
    account: Annotated[
        list[str] | None, typer.Option(help="An account of open registration that visits may be made under.")
    ] = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Open an operation under open-source research, with a purpose of DPA 2018 s.31 and a written rationale."""
    state.begin()
    from bowstreet.casework.operations import acts
    from bowstreet.casework.operations.errors import OperationError

    try:
        made = acts.open_operation(
            officer=state.officer(as_), name=name, purpose=purpose, rationale=rationale, sites=site, at=state.now(),
            test_ranges=test_range or (), bad_tls=bad_tls, accounts=account or (),
        )  # fmt: skip
    except OperationError as error:
        raise say.Fail(str(error)) from None
    say.document({"reference": made.reference}) if as_json else say.result(
        f"{made.reference} is open: {made.name}"
    )


@app.command("list")
def list_(as_: As = None, as_json: Json = False) -> None:
    """List the operations that the officer is on."""
    state.begin()
    from bowstreet.casework.operations import queries

    rows = [
        {"reference": o.reference, "name": o.name, "purpose": o.purpose}
        for o in queries.of(state.officer(as_))
    ]
    if as_json:
        say.document(rows)
        return
    for row in rows:
        say.result(f"{row['reference']}  {row['name']} ({row['purpose']})")
    if not rows:
        say.messages.print("no operations yet: 'bowstreet operation open' opens one")


@app.command()
def show(reference: Reference, as_: As = None, as_json: Json = False) -> None:
    """Show an operation, its authorities and what it holds."""
    state.begin()
    by = state.officer(as_)
    found = state.operation(by, reference)
    from bowstreet.casework.operations import queries

    _, authorities = queries.look(by, reference, at=state.now())
    shown = {
        "reference": found.reference,
        "name": found.name,
        "purpose": found.purpose,
        "captures": found.captures.count(),
        "exhibits": [e.reference for e in found.exhibits.all()],
        "authorities": [
            {"reference": a.reference, "kind": a.kind, "sites": a.sites, "ends": a.ends.isoformat()}
            for a in authorities
        ],
    }
    if as_json:
        say.document(shown)
        return
    say.result(f"{found.reference} {found.name}, for {found.purpose}: {shown['captures']} captures")
    for authority in authorities:
        say.result(f"  {authority.reference} until {authority.ends:%d %B %Y}: {', '.join(authority.sites)}")


@app.command()
def conduct(
    reference: Reference,
    reason: Annotated[str, typer.Option(help="Why this choice, in writing.")],
    robots: Annotated[str, typer.Option(help="What crawls do about robots.txt: obey or ignore.")] = "obey",
    repeat_visits: Annotated[
        int | None, typer.Option(help="How often one seller's page is visited before a supervisor decides.")
    ] = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Write down how visits are conducted: whether crawls obey robots.txt, and how often one page may be visited."""
    state.begin()
    by = state.officer(as_)
    found = state.operation(by, reference)
    from bowstreet.casework.conduct import acts
    from bowstreet.casework.operations.errors import OperationError

    try:
        made = acts.choose(
            operation=found, officer=by, robots=robots, reason=reason, at=state.now(),
            repeat_visits=repeat_visits if repeat_visits is not None else acts.of(found).repeat_visits,
        )  # fmt: skip
    except OperationError as error:
        raise say.Fail(str(error)) from None
    shown = {"operation": reference, "robots": made.robots, "repeat_visits": made.repeat_visits}
    say.document(shown) if as_json else say.result(
        f"{reference}: crawls {made.robots} robots.txt; a seller's page is visited {made.repeat_visits} times"
    )
