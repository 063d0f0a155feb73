"""`bowstreet officer`: who may sign in on the web face."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer

from bowstreet.cli import say, state
from bowstreet.cli.options import Json

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Add and list officers, and give them passwords."
)
Name = Annotated[str, typer.Argument(metavar="USERNAME", help="How the officer signs in.")]


@app.command(epilog="Example: bowstreet officer add jones --name 'Ada Jones' --role supervisor")
def add(
    username: Name,
    name: Annotated[str, typer.Option(help="The officer's full name; exhibits carry its initials.")],
    role: Annotated[
        str, typer.Option(help="officer, analyst, supervisor, disclosure, dpo or auditor.")
    ] = "officer",
) -> None:
    """Add an officer, and print a password for their first sign-in. A dpo or an auditor may read the log."""
    state.begin()
    from bowstreet.casework.people import acts, queries
    from bowstreet.casework.people.models import Role

    if role not in Role.values:
        raise say.Fail(f"'{role}' is no role: choose one of {', '.join(Role.values)}")
    if any(one.username == username for one in queries.everyone()):
        raise say.Fail(
            f"there is an officer '{username}' already: 'bowstreet officer password' gives them a new password"
        )
    fresh = secrets.token_urlsafe(12)
    acts.ensure(username, at=state.now(), name=name, role=role, password=fresh)
    say.result(f"{username} may sign in with the password '{fresh}'")


@app.command()
def password(username: Name) -> None:
    """Give an officer a new password, and print it."""
    state.begin()
    from bowstreet.casework.people import acts, queries

    try:
        queries.named(username)
    except queries.NoOfficer as error:
        raise say.Fail(f"{error}: 'bowstreet officer list' shows them") from None
    fresh = secrets.token_urlsafe(12)
    acts.ensure(username, at=state.now(), password=fresh)
    say.result(f"{username} may sign in with the password '{fresh}'")


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the officers, with their roles."""
    state.begin()
    from bowstreet.casework.people import queries

    rows = [
        {"username": one.username, "name": one.name, "role": one.role, "signs_in": one.has_usable_password()}
        for one in queries.everyone()
    ]
    if as_json:
        say.document(rows)
        return
    for row in rows:
        say.result(
            f"{row['username']}  {row['name']} ({row['role']}{'' if row['signs_in'] else ', no password yet'})"
        )
