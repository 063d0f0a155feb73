"""`bowstreet read`: archives and saved pages to facts. Needs no database."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bowstreet.cli import say

if TYPE_CHECKING:
    from bowstreet.reading.facts import PageFacts
    from bowstreet.reading.images.pages import Pictures

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: bowstreet read capture.wacz | jq '.identifiers[]'")
def read(
    paths: Annotated[
        list[Path], typer.Argument(help="WACZ, WARC, ARC, HTML or text files.", metavar="PATH…")
    ],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write Parquet tables into this folder.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line per page (the default).")] = False,
    images: Annotated[
        bool, typer.Option("--images/--no-images", help="Read the pictures of archives too.")
    ] = True,
    hash_list: Annotated[
        list[Path] | None,
        typer.Option(help="Quarantine pictures that match this list (JSON).", metavar="FILE"),
    ] = None,
    examples: Annotated[
        list[Path] | None,
        typer.Option(help="Go by examples that bowstreet teach made.", metavar="FILE"),
    ] = None,
    region: Annotated[
        str, typer.Option(help="Whose national telephone numbers are read.", metavar="COUNTRY")
    ] = "GB",
) -> None:
    """Read archives and saved pages into listings, accounts and identifiers.

    Prints one JSON line per page. Each value has its proof: the place in the captured bytes where it stands.
    With -o, writes listings, accounts, identifiers and images as Parquet instead.
    """
    _set_region(region)
    for path in paths:
        if not path.is_file():
            raise say.Fail(f"{path} is not there: name a WACZ, WARC, ARC, HTML or text file")
    facts = _facts(paths, _pictures(hash_list or []) if images or hash_list else None, examples or [])
    if output is None:
        for page in facts:
            say.result(json.dumps(page.line(), ensure_ascii=False))
        return
    from bowstreet.reading.tabular import write

    say.messages.print(f"{write(facts, output)} pages read into {output}")


def _set_region(region: str) -> None:
    import phonenumbers

    if region.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise say.Fail(f"{region} is no country of two letters: give one such as GB, IE or US")
    os.environ["BOWSTREET_PHONE_REGION"] = region.upper()


def _pictures(lists: list[Path]) -> Callable[[], Pictures]:
    from bowstreet.reading.images import BadList, HashList
    from bowstreet.reading.images.pages import Pictures

    try:
        return Pictures(HashList.load(lists)).for_archive
    except BadList as error:
        raise say.Fail(str(error)) from None


def _facts(
    paths: list[Path], fresh: Callable[[], Pictures] | None, examples: list[Path]
) -> Iterator[PageFacts]:
    from bowstreet.reading.examples import BadExamples, Lessons
    from bowstreet.reading.ranker import Ranker
    from bowstreet.reading.reader import Way, read_pairs

    try:
        way = Way(Ranker.shipped(), lessons=Lessons.load(examples))
    except BadExamples as error:
        raise say.Fail(str(error)) from None

    columns = (
        TextColumn("{task.description}"),
        SpinnerColumn(),
        TextColumn("{task.completed} pages"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=say.messages, transient=True) as bar:
        task = bar.add_task("Reading", total=None)
        for row, page in read_pairs(_rows(paths, fresh), way):
            yield row["pictures"].given(page, row) if row["pictures"] else page
            bar.advance(task)


def _rows(paths: list[Path], fresh: Callable[[], Pictures] | None) -> Iterator[Mapping[str, Any]]:
    """The pages of all archives one after another, so that pages of one site in several files teach each other."""
    from bowstreet.evidence.errors import EvidenceError
    from bowstreet.evidence.pages import pages
    from bowstreet.reading.reader import worth_reading

    for path in paths:
        faults: list[str] = []
        try:
            rows = (row for batch in pages(path, faults=faults) for row in batch.to_pylist())
            pictures = fresh() if fresh else None
            for row in worth_reading(pictures.watched(rows) if pictures else rows):
                yield {**row, "pictures": pictures}
        except EvidenceError as error:
            raise say.Fail(f"{path}: {error}") from None
        for fault in faults:
            say.messages.print(f"bowstreet: {path}: {fault}", markup=False)
