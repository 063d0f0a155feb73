"""`bowstreet capture`: capture pages through a real browser, and seal them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bowstreet.cli import say, state
from bowstreet.cli.options import As, Operation

if TYPE_CHECKING:
    from bowstreet.capture.login import Login
    from bowstreet.casework.captures.models import Capture

app = typer.Typer(add_completion=False)
MODES = ("wire", "native", "either")


@app.command(epilog="Example: bowstreet capture https://shop.example/ --operation OP-0001")
def capture(
    operation: Operation,
    urls: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[URL…]", help="Addresses of pages; - reads them from standard input, one on each line."
        ),
    ] = None,
    listed: Annotated[
        Path | None, typer.Option("--list", metavar="FILE", help="A file of addresses, one on each line.")
    ] = None,
    egress: Annotated[
        str, typer.Option(help="The way out: direct, or a name set up as BOWSTREET_EGRESS_NAME.")
    ] = "direct",
    mode: Annotated[
        str,
        typer.Option(
            help="wire: the exact bytes, by the wire tap. native: what DevTools gives. either: natively again where the tap could not open all."
        ),
    ] = "wire",
    login: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A login of an account of open registration that the authority names."
        ),
    ] = None,
    tabs: Annotated[
        int, typer.Option(min=1, max=8, help="Pages to visit side by side, each in a browser of its own.")
    ] = 1,
    as_: As = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line per page.")] = False,
) -> None:
    """Capture pages under an operation's authority, seal each, and read it.

    One address that cannot be captured does not stop the others. Exit status 1 where any could not: its line says why.
    """
    if mode not in MODES:
        raise say.Fail(f"the mode '{mode}' is not there: use one of {', '.join(MODES)}")
    wanted = _wanted(urls or [], listed)
    state.begin()
    by = state.officer(as_)
    found = state.operation(by, operation)
    from rich.progress import Progress

    from bowstreet.capture.errors import BadLogin, CaptureError
    from bowstreet.casework.captures import acts, lists, queries
    from bowstreet.casework.findings import acts as findings

    given: Login | None = None
    if login:
        try:
            given = acts.login_from(login, officer=by, operation=found, at=state.now())
        except BadLogin as error:
            raise say.Fail(str(error)) from None
    failed = False
    with Progress(console=say.messages, transient=True) as bar:
        task = bar.add_task("Capturing", total=len(wanted))
        results = lists.collect_each(
            officer=by, operation=found, urls=wanted, now=state.now, egress=egress, mode=mode, login=given,
            tabs=min(tabs, len(wanted)),
            progress=lambda text: bar.update(task, description=text[:60]),
        )  # fmt: skip
        try:
            for url, made in results:
                bar.advance(task)
                if isinstance(made, CaptureError):
                    failed = True
                    _problem(url, made, as_json=as_json)
                    continue
                findings.read_capture(made, officer=by, at=state.now())
                line = line_of(made, str(queries.archive(made)))
                say.document(line) if as_json else say.result(
                    f"{made.status} {made.label:9} {made.matched} of {made.seen} matched  {made.final_url}  sha256:{made.sha256[:16]}…"
                )
        except CaptureError as error:  # no browser could be started
            failed = True
            _problem(wanted[0], error, as_json=as_json)
    raise typer.Exit(say.NO if failed else say.YES)


def _problem(url: str, error: Exception, *, as_json: bool) -> None:
    say.messages.print(f"bowstreet: {error}", markup=False, soft_wrap=True)
    if as_json:
        say.document({"url": url, "wacz": None, "problem": str(error)})


def _wanted(urls: list[str], listed: Path | None) -> list[str]:
    """Every address that was given, once each, in order."""
    lines = [url for url in urls if url != "-"]
    if "-" in urls:
        lines += sys.stdin.read().splitlines()
    if listed:
        try:
            lines += listed.read_text().splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise say.Fail(f"{listed} cannot be read: {error}") from None
    wanted = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    if not wanted:
        raise say.Fail("no address was given: name pages, a --list FILE, or - for standard input")
    return list(dict.fromkeys(wanted))


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
        "unopened": capture.unopened,
        "redacted": capture.redacted,
        "cannot_keep": capture.cannot_keep,
        "timestamps": capture.timestamps,
        "pending": capture.pending,
        "cut_off": capture.cut_off,
        "id": capture.pk,
    }
