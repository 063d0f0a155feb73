"""`bowstreet exhibit`: produce an exhibit."""

from __future__ import annotations

from typing import Annotated

import typer

from bowstreet.cli import say, state
from bowstreet.cli.options import As, Json, Operation

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: bowstreet exhibit 5 12 --operation OP-0001 --description 'Two sellers' pages'")
def exhibit(
    captures: Annotated[
        list[int], typer.Argument(metavar="CAPTURE…", help="Numbers of captures ('id' of capture --json).")
    ],
    operation: Operation,
    description: Annotated[str, typer.Option(help="What it is, so that it can be told without opening it.")],
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Put captures into a bag (BagIt) with the proof of their place in the ledger, and verify it.

    The reference is the officer's initials and the next number; it is never used again.
    """
    state.begin()
    by = state.officer(as_)
    found = state.operation(by, operation)
    from bowstreet.casework.exhibits import acts, queries

    try:
        with say.messages.status("Making the bag, and verifying it"):
            made = acts.produce(
                officer=by, operation=found, numbers=captures, description=description, at=state.now()
            )
            verdict = queries.verdict(made)
    except acts.BadExhibit as error:
        raise say.Fail(str(error)) from None
    path = acts.path(made)
    if as_json:
        say.document({"reference": made.reference, "path": str(path), "verified": verdict.ok})
    else:
        say.result(
            f"{made.reference}  {path}  {'verified' if verdict.ok else f'NOT verified: {verdict.reason}'}"
        )
    raise typer.Exit(say.YES if verdict.ok else say.NO)
