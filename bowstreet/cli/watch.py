"""`bowstreet watch`: capture a page again by schedule, and report what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bowstreet.cli import say, state
from bowstreet.cli.options import As, Json, Operation

if TYPE_CHECKING:
    from bowstreet.casework.watches.models import Watch

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Capture a page again by schedule ('bowstreet work' does it), and report what changed.",
)
Number = Annotated[int, typer.Argument(help="The watch's number.")]


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="The page's address.")],
    every: Annotated[str, typer.Option(help="How often: 30m, 6h, 2d.")],
    operation: Operation,
    egress: Annotated[
        str, typer.Option(help="The way out: direct, or a name set up as BOWSTREET_EGRESS_NAME.")
    ] = "direct",
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Have a page captured again and again, first as soon as a worker is free."""
    state.begin()
    by = state.officer(as_)
    found = state.operation(by, operation)
    from bowstreet.capture.errors import CaptureError
    from bowstreet.casework.operations.errors import OperationError
    from bowstreet.casework.watches import acts

    try:
        made = acts.add(
            officer=by, operation=found, url=url, every=acts.interval(every), at=state.now(), egress=egress
        )
    except (CaptureError, OperationError) as error:
        raise say.Fail(str(error)) from None
    say.document({"watch": made.pk}) if as_json else say.result(f"watch {made.pk}: {url} every {every}")


@app.command("list")
def list_(operation: Operation, as_: As = None, as_json: Json = False) -> None:
    """List the watches of an operation."""
    state.begin()
    by = state.officer(as_)
    state.operation(by, operation)
    from bowstreet.casework.watches import queries

    rows = [
        {"watch": w.pk, "url": w.url, "every": w.every, "next": w.next_at.isoformat() if w.next_at else None,
         "looks": w.looks.count()}
        for w in queries.of(by, operation, at=state.now())
    ]  # fmt: skip
    if as_json:
        say.document(rows)
        return
    for row in rows:
        say.result(f"watch {row['watch']}: {row['url']}, {row['looks']} looks, next {row['next'] or 'never'}")
    if not rows:
        say.messages.print("no watches yet: 'bowstreet watch add' adds one")


@app.command()
def run(number: Number, operation: Operation, as_: As = None, as_json: Json = False) -> None:
    """Look now, whatever the schedule. Exit status 1 where the page could not be captured."""
    watch = _found(number, operation, as_)
    from bowstreet.casework.watches import acts

    made = acts.look(watch, now=state.now)
    if as_json:
        say.document({"watch": number, "capture": made.capture_id, "problem": made.problem or None})
    else:
        say.result(f"capture {made.capture_id}" if made.capture_id else made.problem)
    raise typer.Exit(say.YES if made.capture_id else say.NO)


@app.command()
def report(
    number: Number,
    operation: Operation,
    before: Annotated[int | None, typer.Option(help="The earlier capture; else the one before.")] = None,
    after: Annotated[int | None, typer.Option(help="The later capture; else the last.")] = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Report what changed between two captures: text, listing fields, screenshot. Exit status 1 where nothing did."""
    state.begin()
    by = state.officer(as_)
    state.operation(by, operation)
    from bowstreet.capture.errors import CaptureError
    from bowstreet.casework.operations.errors import OperationError
    from bowstreet.casework.watches import queries

    try:
        found = queries.report(by, operation, number, at=state.now(), before=before, after=after)
    except (CaptureError, OperationError) as error:
        raise say.Fail(str(error)) from None
    if as_json:
        say.document(found.line())
    elif found.change is None:
        say.result("there are not yet two captures to compare")
    else:
        for line in found.change.text.lines:
            say.result(f"{line.sign} {line.text}")
        for fact in found.change.facts:
            fields = "; ".join(f"{f.name}: {f.before} → {f.after}" for f in fact.fields)
            say.result(f"{fact.kind} {fact.what}: {fact.name} {fields}".rstrip())
        if found.change.picture:
            say.result(f"{found.change.picture.share:.2%} of the screenshot differs")
    raise typer.Exit(say.YES if found.change and found.change.anything else say.NO)


@app.command()
def end(number: Number, operation: Operation, as_: As = None) -> None:
    """Look no more. What was captured is kept."""
    watch = _found(number, operation, as_)
    from bowstreet.casework.watches import acts

    acts.end(watch, officer=state.officer(as_), at=state.now())
    say.result(f"watch {number} is ended")


@app.command()
def allow(
    url: Annotated[str, typer.Argument(help="The page's address.")],
    further: Annotated[int, typer.Option(help="How many further visits.")],
    reason: Annotated[str, typer.Option(help="Why, in writing.")],
    operation: Operation,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Decide, as a supervisor, that a page may be visited so many times more. Nobody's own decision counts for them."""
    state.begin()
    by = state.officer(as_)
    found = state.operation(by, operation)
    from bowstreet.capture.errors import CaptureError
    from bowstreet.casework.conduct import acts
    from bowstreet.casework.operations.errors import OperationError

    try:
        made = acts.allow(
            operation=found, supervisor=by, url=url, visits=further, reason=reason, at=state.now()
        )
    except (CaptureError, OperationError) as error:
        raise say.Fail(str(error)) from None
    shown = {"url": made.url, "further": made.visits}
    say.document(shown) if as_json else say.result(f"{made.url} may be visited {made.visits} times more")


def _found(number: int, reference: str, as_: str | None) -> Watch:
    state.begin()
    found = state.operation(state.officer(as_), reference)
    from bowstreet.casework.operations.errors import OperationError
    from bowstreet.casework.watches import acts

    try:
        return acts.find(found, number)
    except OperationError as error:
        raise say.Fail(str(error)) from None
