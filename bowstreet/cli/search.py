"""`bowstreet search`: the text of captures."""

from __future__ import annotations

from typing import Annotated

import typer

from bowstreet.cli import say, state
from bowstreet.cli.options import As, Json

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: bowstreet search 'rolling tobacco' --operation OP-0001")
def search(
    text: Annotated[str, typer.Argument(help="Words that must all be there.")],
    operation: Annotated[str | None, typer.Option(help="Only in this operation.")] = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Search the full text of every captured page that the officer may see. The search is logged."""
    state.begin()
    by = state.officer(as_)
    if operation:
        state.operation(by, operation)
    from bowstreet.casework.findings import queries

    found = queries.search(by, text, at=state.now(), reference=operation)
    if as_json:
        say.document(found)
        return
    say.result(f"{found['total']} pages")
    for hit in found["hits"]:
        say.result(
            f"{hit['operation']}  {hit['kind']:9} {hit['url']}\n    {' '.join(str(hit['snippet']).split())}"
        )
