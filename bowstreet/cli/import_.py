"""`bowstreet import`: take in evidence from elsewhere, as received."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bowstreet.cli import say, state
from bowstreet.cli.options import As, Operation

app = typer.Typer(add_completion=False)


@app.command(
    epilog="Example: bowstreet import crawl.warc.gz --operation OP-0001 --from 'A colleague, by hand'"
)
def import_(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="WARC, ARC, WACZ or saved HTML.")],
    operation: Operation,
    source: Annotated[str, typer.Option("--from", help="From whom it was received.")] = "",
    url: Annotated[
        str,
        typer.Option(help="The address that a saved page was saved from, where it does not say so itself."),
    ] = "",
    as_: As = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line per file.")] = False,
) -> None:
    """Take in archives made elsewhere: kept as received, logged with who, when and from whom, and read.

    A broken archive is kept, and read as far as it goes; the line says where it broke.
    """
    state.begin()
    by = state.officer(as_)
    found = state.operation(by, operation)
    from rich.progress import Progress

    from bowstreet.capture.errors import CaptureError
    from bowstreet.casework.captures import acts
    from bowstreet.casework.findings import acts as findings
    from bowstreet.evidence.errors import EvidenceError

    for path in paths:
        if not path.is_file():
            raise say.Fail(f"{path} is not there: name a WARC, ARC, WACZ or HTML file")
        with Progress(console=say.messages, transient=True) as bar:
            task = bar.add_task(path.name, total=max(1, path.stat().st_size))
            try:
                made, seen = acts.take_in(
                    officer=by, operation=found, path=path, at=state.now(), source=source, url=url,
                    seen=lambda done: bar.update(task, completed=done),  # noqa: B023 - used at once
                )  # fmt: skip
            except (acts.BadEvidence, CaptureError) as error:
                raise say.Fail(str(error)) from None
        errors = list(seen.errors)
        try:
            findings.read_capture(made, officer=by, at=state.now())
        except EvidenceError as broken:
            errors.append(str(broken))
        if as_json:
            say.document(
                {
                    "path": str(path),
                    "sha256": seen.sha256,
                    "records": seen.records,
                    "pages": seen.pages,
                    "errors": errors,
                    "id": made.pk,
                }
            )
            continue
        say.result(f"{path}: {seen.records} records, {seen.pages} pages, sha256:{seen.sha256[:16]}…")
        for fault in errors:
            say.messages.print(f"bowstreet: {path}: {fault}", markup=False)
