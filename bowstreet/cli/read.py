"""`bowstreet read`: archives and saved pages to facts. Needs no database."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from bowstreet.cli import say

if TYPE_CHECKING:
    from bowstreet.bulk.unit import Options
    from bowstreet.reading.facts import PageFacts

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
    engine: Annotated[
        str, typer.Option(help="With -o: local (processes on this machine) or spark.")
    ] = "local",
    workers: Annotated[
        int | None, typer.Option(min=1, help="With -o: how many processes; else one for each processor.")
    ] = None,
    region: Annotated[
        str, typer.Option(help="Whose national telephone numbers are read.", metavar="COUNTRY")
    ] = "GB",
) -> None:
    """Read archives and saved pages into listings, accounts and identifiers.

    Prints one JSON line per page. Each value has its proof: the place in the captured bytes where it stands.
    With -o, writes listings, accounts, identifiers and images as Parquet instead, many files at once; a run that was
    killed goes on where it was when it is asked again.
    """
    _set_region(region)
    for path in paths:
        if not path.exists():
            raise say.Fail(
                f"{path} is not there: name a WACZ, WARC, ARC, HTML or text file, or a folder of them"
            )
    options = _options(images, hash_list or [], examples or [])
    if output is not None:
        _bulk(paths, output, engine, workers, options)
        return
    for page in _pages(paths, options):
        say.result(json.dumps(page.line(), ensure_ascii=False))


def _set_region(region: str) -> None:
    import phonenumbers

    if region.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise say.Fail(f"{region} is no country of two letters: give one such as GB, IE or US")
    os.environ["BOWSTREET_PHONE_REGION"] = region.upper()


def _options(images: bool, lists: list[Path], examples: list[Path]) -> Options:
    from bowstreet.bulk.unit import Options
    from bowstreet.reading.examples import BadExamples
    from bowstreet.reading.images import BadList

    options = Options(images or bool(lists), tuple(map(str, lists)), tuple(map(str, examples)))
    try:
        options.pictures(), options.way()
    except (BadList, BadExamples) as error:
        raise say.Fail(str(error)) from None
    return options


def _pages(paths: list[Path], options: Options) -> Iterator[PageFacts]:
    """Every page; what is broken is said as it is met. Exit status 2 where nothing of a file could be read."""
    from bowstreet.bulk.facts import Fault, facts

    lost: list[Fault] = []

    def told(fault: Fault) -> None:
        say.messages.print(f"bowstreet: {fault}", markup=False, soft_wrap=True)
        if fault.whole:
            lost.append(fault)

    columns = (
        TextColumn("{task.description}"),
        SpinnerColumn(),
        TextColumn("{task.completed} pages"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=say.messages, transient=True) as bar:
        task = bar.add_task("Reading", total=None)
        for _, page in facts(paths, told, options.pictures(), options.way()):
            yield page
            bar.advance(task)
    if lost:
        raise typer.Exit(say.BAD)


def _bulk(paths: list[Path], output: Path, engine: str, workers: int | None, options: Options) -> None:
    from bowstreet.bulk import run
    from bowstreet.bulk.unit import BadRun

    columns = (
        TextColumn("Reading"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[pages]} pages"),
        TextColumn("{task.fields[speed]}"), TimeRemainingColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    begin = time.monotonic()
    with Progress(*columns, console=say.messages, transient=True) as bar:
        task = bar.add_task("Reading", total=None, pages=0, speed="")

        def progress(far: run.Progress) -> None:
            speed = f"{far.pages / max(time.monotonic() - begin, 0.1):.0f} pages/s"
            bar.update(task, completed=far.bytes, total=far.total, pages=far.pages, speed=speed)

        try:
            report = run.read(
                paths, output, engine=engine, workers=workers, options=options, progress=progress
            )
        except BadRun as error:
            raise say.Fail(str(error)) from None
    for fault in report.faults:
        say.messages.print(f"bowstreet: {fault}", markup=False, soft_wrap=True)
    again = f", {report.resumed} of {report.units} files as read before" if report.resumed else ""
    say.messages.print(f"{report.pages} pages read into {output}{again}")
