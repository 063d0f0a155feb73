"""`bowstreet export`: an operation's sellers and links, for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bowstreet.cli import say, state
from bowstreet.cli.options import As, Json, Operation

app = typer.Typer(add_completion=False)


@app.command(
    epilog="Example: bowstreet export --operation OP-0001 --format stix -o out --to 'Analyst, North Unit' --reason 'Joint work'"
)
def export(
    operation: Operation,
    output: Annotated[Path, typer.Option("-o", "--output", help="A new folder for the files.")],
    to: Annotated[str, typer.Option("--to", help="Who receives it.")],
    reason: Annotated[str, typer.Option(help="Why it is given to them.")],
    form: Annotated[
        str, typer.Option("--format", help="ftm (FollowTheMoney), stix (STIX 2.1), csv or parquet.")
    ] = "csv",
    marking: Annotated[str, typer.Option(help="The protective marking on it.")] = "OFFICIAL-SENSITIVE",
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Give an operation's sellers, identifiers, listings and links to somebody, in a format of their tools.

    It is a disclosure: it is logged with who receives it and why, with the digest of every file.
    """
    state.begin()
    by = state.officer(as_)
    found = state.operation(by, operation)
    from bowstreet.casework.review import export as exports

    try:
        files = exports.export(
            officer=by, operation=found, form=form, recipient=to, reason=reason, folder=output, at=state.now(),
            marking=marking,
        )  # fmt: skip
    except exports.BadExport as error:
        raise say.Fail(str(error)) from None
    if as_json:
        say.document({"operation": found.reference, "format": form, "files": [str(path) for path in files]})
        return
    for path in files:
        say.result(str(path))
