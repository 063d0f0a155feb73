"""`bowstreet crawl`: capture many pages from a few seeds; pause, go on, and see how far it is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from bowstreet.cli import say, state
from bowstreet.cli.options import As, Json, Operation, Tabs

if TYPE_CHECKING:
    from bowstreet.casework.crawls.models import Crawl


class Starting(TyperGroup):
    """`bowstreet crawl SEED…` means `bowstreet crawl start SEED…`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the word in where none stands."""
        bare = args and args[0] not in self.commands and args[0] != "--help"
        return super().parse_args(ctx, ["start", *args] if bare else args)


app = typer.Typer(
    cls=Starting,
    add_completion=False,
    no_args_is_help=True,
    help="Capture many pages from a few seeds, politely, and go on after a pause or a kill.",
)
Lines = Annotated[bool, typer.Option("--json", help="JSON lines: one for each page, then one for the crawl.")]


@app.command()
def start(
    seeds: Annotated[list[str], typer.Argument(metavar="SEED…", help="Addresses to begin with.")],
    operation: Operation,
    scope: Annotated[
        str, typer.Option(help="How far to go: page, prefix (the seed's folder), host, or site.")
    ] = "prefix",
    depth: Annotated[int, typer.Option(help="How many links from a seed, at most.")] = 3,
    rate: Annotated[float, typer.Option(help="Seconds between two visits to one site, at least.")] = 10.0,
    robots: Annotated[str, typer.Option(help="obey or ignore robots.txt; else as the operation chose.")] = "",
    drop: Annotated[
        list[str] | None, typer.Option(help="A query parameter that does not count, such as 'utm_*'.")
    ] = None,
    egress: Annotated[
        str, typer.Option(help="The way out: direct, or a name set up as BOWSTREET_EGRESS_NAME.")
    ] = "direct",
    max_pages: Annotated[int, typer.Option(help="Stop after so many pages.")] = 1000,
    max_minutes: Annotated[int, typer.Option(help="Stop after so many minutes of work.")] = 1440,
    max_bytes: Annotated[int, typer.Option(help="Stop when the archives have reached so many bytes.")] = 50
    << 30,
    later: Annotated[
        bool, typer.Option("--later", help="Leave it to 'bowstreet work' instead of working on it here.")
    ] = False,
    tabs: Tabs = 1,
    as_: As = None,
    as_json: Lines = False,
) -> None:
    """Crawl from some seeds: every page within the scope is captured once, sealed and read, and its links followed.

    The gate is asked before every page. Exit status 1 where the crawl stopped before it was done.
    """
    state.begin()
    by = state.officer(as_)
    found = state.operation(by, operation)
    from bowstreet.capture.crawl import Ceilings
    from bowstreet.capture.errors import CaptureError
    from bowstreet.casework.crawls import acts
    from bowstreet.casework.operations.errors import OperationError

    plan = acts.Plan(
        tuple(seeds), scope=scope, depth=depth, rate=rate, robots=robots, drop=tuple(drop or ()), egress=egress,
        ceilings=Ceilings(max_pages, max_minutes, max_bytes),
    )  # fmt: skip
    try:
        crawl = acts.start(officer=by, operation=found, plan=plan, at=state.now())
    except (CaptureError, OperationError) as error:
        raise say.Fail(str(error)) from None
    if later:
        say.document({"crawl": crawl.pk}) if as_json else say.result(f"crawl {crawl.pk} waits for a worker")
    else:
        _work(crawl, tabs, as_json=as_json)


@app.command()
def pause(
    number: Annotated[int, typer.Argument(help="The crawl's number.")], operation: Operation, as_: As = None
) -> None:
    """Visit nothing more after the page under way, until the crawl is resumed."""
    crawl = _found(number, operation, as_)
    from bowstreet.casework.crawls import acts
    from bowstreet.casework.operations.errors import OperationError

    try:
        acts.pause(crawl, officer=state.officer(as_), at=state.now())
    except OperationError as error:
        raise say.Fail(str(error)) from None
    say.result(f"crawl {number} is paused")


@app.command()
def resume(
    number: Annotated[int, typer.Argument(help="The crawl's number.")],
    operation: Operation,
    tabs: Tabs = 1,
    as_: As = None,
    as_json: Lines = False,
) -> None:
    """Go on with a crawl that was paused, stopped or killed, exactly where it was."""
    crawl = _found(number, operation, as_)
    from bowstreet.casework.crawls import acts
    from bowstreet.casework.operations.errors import OperationError

    try:
        acts.resume(crawl, officer=state.officer(as_), at=state.now())
    except OperationError as error:
        raise say.Fail(str(error)) from None
    _work(crawl, tabs, as_json=as_json)


@app.command()
def status(
    operation: Operation,
    number: Annotated[int | None, typer.Argument(help="The crawl's number; else all are listed.")] = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Show how far crawls are, what they handed to a person, and what they did not visit and why."""
    state.begin()
    by = state.officer(as_)
    state.operation(by, operation)
    from bowstreet.casework.crawls import queries
    from bowstreet.casework.operations.errors import OperationError

    try:
        if number is None:
            rows = queries.of(by, operation, at=state.now())
        else:
            rows = [queries.status(by, operation, number, at=state.now())]
    except OperationError as error:
        raise say.Fail(str(error)) from None
    if as_json:
        say.document(rows if number is None else rows[0])
        return
    for row in rows:
        say.result(_words(row))
        for one in row.get("hand_over", ()):
            say.result(f"  hand-over: {one['url']} ({one['label']}, capture {one['capture']})")
        for one in row.get("not_visited", ()):
            say.result(f"  {one['standing']}: {one['url']} ({one['why']})")
    if not rows:
        say.messages.print("no crawls yet: 'bowstreet crawl start' starts one")


def _found(number: int, reference: str, as_: str | None) -> Crawl:
    state.begin()
    found = state.operation(state.officer(as_), reference)
    from bowstreet.casework.crawls import acts
    from bowstreet.casework.operations.errors import OperationError

    try:
        return acts.find(found, number)
    except OperationError as error:
        raise say.Fail(str(error)) from None


def _work(crawl: Crawl, tabs: int, *, as_json: bool) -> None:
    """Work on it here, and say what comes of every page. Ctrl-C leaves it to be resumed."""
    from bowstreet.casework.captures import acts as captures
    from bowstreet.casework.crawls import queries, work

    def told(took: work.Went) -> None:
        if as_json:
            say.document({"url": took.url, "label": took.label or None, "problem": took.problem or None})
        else:
            kept = "kept" if took.label == "ok" else f"kept: {took.label}"
            say.result(f"{took.url}  {took.problem or kept}")

    try:
        work.run(crawl, worker=captures.worker_name(), now=state.now, sleep=time.sleep, told=told, tabs=tabs)
    except KeyboardInterrupt:
        say.messages.print(
            f"crawl {crawl.pk} is left where it is: 'bowstreet crawl resume {crawl.pk}' goes on"
        )
    crawl.refresh_from_db()
    if crawl.state == "running" and crawl.claimed_by:
        say.messages.print(
            f"another worker is at crawl {crawl.pk}: 'bowstreet crawl pause {crawl.pk}' stops it"
        )
    row = queries.status(crawl.officer, crawl.operation.reference, crawl.pk, at=state.now())
    say.document(row) if as_json else say.result(_words(row))
    raise typer.Exit(say.YES if crawl.state == "done" else say.NO)


def _words(row: dict[str, Any]) -> str:
    waiting = row["addresses"].get("waiting", 0)
    text = f"crawl {row['crawl']} is {row['state']}: {row['pages']} pages, {waiting} waiting, {row['outside']} links outside"
    return f"{text} ({row['reason']})" if row["reason"] else text
