"""`bowstreet capture`: capture pages through a real browser, and seal them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bowstreet.cli import say, state

if TYPE_CHECKING:
    from bowstreet.casework.captures.models import Capture

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: bowstreet capture https://shop.example/ --operation OP-0001")
def capture(
    urls: Annotated[list[str], typer.Argument(metavar="URL…", help="Addresses of pages.")],
    operation: Annotated[str, typer.Option(help="The operation's reference.")],
    egress: Annotated[
        str, typer.Option(help="The way out: direct, or a name set up as BOWSTREET_EGRESS_NAME.")
    ] = "direct",
    mode: Annotated[str, typer.Option(help="wire: the exact bytes, by the wire tap.")] = "wire",
    as_: Annotated[str | None, typer.Option("--as", help="The officer who acts, as asserted.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line per page.")] = False,
) -> None:
    """Capture pages under an operation's authority, seal each, and read it.

    Exit status 1 where any page could not be captured: the line says why.
    """
    if mode != "wire":
        raise say.Fail(f"the mode '{mode}' is not there: captures are made in 'wire' mode")
    state.begin()
    by = state.officer(as_)
    found = state.operation(by, operation)
    from rich.progress import Progress

    from bowstreet.capture.errors import CaptureError
    from bowstreet.casework.captures import acts, queries
    from bowstreet.casework.findings import acts as findings

    failed = False
    with Progress(console=say.messages, transient=True) as bar:
        task = bar.add_task("Capturing", total=len(urls))
        for url in urls:
            try:
                made = acts.collect(
                    officer=by, operation=found, url=url, now=state.now, egress=egress,
                    progress=lambda text: bar.update(task, description=text[:60]),
                )  # fmt: skip
                findings.read_capture(made, officer=by, at=state.now())
            except CaptureError as error:
                failed = True
                say.messages.print(f"bowstreet: {error}", markup=False, soft_wrap=True)
                if as_json:
                    say.document({"url": url, "wacz": None, "problem": str(error)})
                continue
            finally:
                bar.advance(task)
            line = line_of(made, str(queries.archive(made)))
            say.document(line) if as_json else say.result(
                f"{made.status} {made.label:9} {made.matched} of {made.seen} matched  {made.final_url}  sha256:{made.sha256[:16]}…"
            )
    raise typer.Exit(say.NO if failed else say.YES)


def line_of(capture: Capture, path: str) -> dict[str, object]:
    """The JSON line of one capture."""
    return {
        "url": capture.url,
        "wacz": path,
        "sha256": capture.sha256,
        "status": capture.status,
        "label": capture.label,
        "exchanges": capture.exchanges,
        "matched": capture.matched,
        "seen": capture.seen,
        "mode": capture.mode,
        "timestamps": capture.timestamps,
        "pending": capture.pending,
        "cut_off": capture.cut_off,
        "id": capture.pk,
    }
