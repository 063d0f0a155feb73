"""`bowstreet link`: accounts to pairs that may share a seller. Needs no database."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bowstreet.cli import say

if TYPE_CHECKING:
    from bowstreet.linking.sellers import Pair

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: bowstreet link accounts.jsonl --top 5")
def link(
    paths: Annotated[list[Path], typer.Argument(help="Accounts: JSON lines or Parquet.", metavar="PATH…")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write the lines to this file.")
    ] = None,
    top: Annotated[
        int, typer.Option("--top", min=0, help="For each account, its K best candidates on other sites.")
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines (the default).")] = False,
) -> None:
    """Propose pairs of accounts that may share a seller, the weightiest first, each with its reasons.

    One account per line: account, site, and what is known of handle, titles, description, identifiers, images,
    ships_from. A weight is log2 of the odds; nothing is merged by itself.
    """
    from bowstreet.linking import accounts, sellers
    from bowstreet.linking.errors import LinkingError

    try:
        given = accounts.read(paths)
    except LinkingError as error:
        raise say.Fail(str(error)) from None
    links = sellers.link(given, floor=-99 if top else -4.0)
    pairs = sellers.top(links, given, top) if top else links.pairs
    lines = [json.dumps(_line(pair), ensure_ascii=False) for pair in pairs]
    if output:
        output.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        say.messages.print(f"{len(lines)} pairs in {output}")
        return
    for line in lines:
        say.result(line)


def _line(pair: Pair) -> dict[str, object]:
    reasons = [asdict(reason) for reason in pair.reasons]
    return {"left": pair.left, "right": pair.right, "weight": pair.weight, "probability": round(pair.probability, 4),
            "likely": pair.likely, "reasons": reasons}  # fmt: skip
