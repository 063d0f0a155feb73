"""`bowstreet teach`: make an example from a saved page and texts that stand on it. Needs no database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bowstreet.cli import say

if TYPE_CHECKING:
    from bowstreet.reading.view import View

app = typer.Typer(add_completion=False)


@app.command(epilog='Example: bowstreet teach page.html --title "3.5g Haze" --price "$35.00" -o shop.json')
def teach(
    page: Annotated[Path, typer.Argument(help="A saved page of the site.", metavar="PAGE")],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The file of examples to write, or to add to.")
    ],
    title: Annotated[str | None, typer.Option(help="The title, as the page shows it.")] = None,
    price: Annotated[str | None, typer.Option(help="The price.")] = None,
    seller: Annotated[str | None, typer.Option(help="The seller's handle.")] = None,
    category: Annotated[str | None, typer.Option(help="The first step of the category.")] = None,
    ships_from: Annotated[str | None, typer.Option(help="Where goods are sent from.")] = None,
    ships_to: Annotated[str | None, typer.Option(help="Where goods are sent to.")] = None,
    also: Annotated[
        list[Path] | None,
        typer.Option("--also", help="Another page of the site, to try the example on.", metavar="PAGE"),
    ] = None,
) -> None:
    """Show the reader where things stand on a page, so that it reads that site's other pages better.

    The example is kept as a file that people can read. It is tried on the pages given with --also: where it would change what
    the reader is sure of, nothing is written (exit 1), and a second page is asked for.
    """
    from bowstreet.reading.examples import BadExamples, load, save, show
    from bowstreet.reading.objections import objections

    wanted = {
        "title": title,
        "price": price,
        "seller": seller,
        "category": category,
        "ships_from": ships_from,
        "ships_to": ships_to,
    }
    given = {name: text for name, text in wanted.items() if text}
    if not given:
        raise say.Fail("say at least one thing that the page shows, such as --title TEXT")
    try:
        example = show(_view(page), given)
        known = load(output) if output.exists() else []
        against = objections([*known, example], [_view(one) for one in also or ()])
    except BadExamples as error:
        raise say.Fail(str(error)) from None
    for line in against:
        say.messages.print(f"bowstreet: {line}", markup=False)
    if against:
        say.messages.print(
            "Nothing was written: teach a second, different page of the site together with this one."
        )
        raise typer.Exit(1)
    save(output, [*known, example])
    say.messages.print(f"{len(example.places)} places on {example.site} written to {output}", markup=False)


def _view(path: Path) -> View:
    from bowstreet.reading.document import Document
    from bowstreet.reading.view import View

    row = next(_rows(path))
    return View(Document.parse(row["body"] or b"", charset=row["charset"], url=row["url"] or ""))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    from bowstreet.evidence.errors import EvidenceError
    from bowstreet.evidence.pages import pages

    if not path.is_file():
        raise say.Fail(f"{path} is not there: name a saved page")
    try:
        for batch in pages(path):
            yield from batch.to_pylist()
    except EvidenceError as error:
        raise say.Fail(f"{path}: {error}") from None
    raise say.Fail(f"{path} holds no page")
