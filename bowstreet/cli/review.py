"""`bowstreet review`: an operation's links, decisions about them, and what the weights learn from those."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bowstreet.cli import say, state
from bowstreet.cli.options import As, Operation

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Show an operation's links with their reasons, decide about them, and have the weights learn from decisions.",
)
Json = Annotated[bool, typer.Option("--json", help="JSON: one document, or one per line for many pairs.")]
Number = Annotated[int, typer.Argument(help="The pair's number, as 'review show' tells it.")]


@app.command(epilog="Example: bowstreet review show --operation OP-0001 --json")
def show(
    operation: Operation,
    number: Annotated[int | None, typer.Argument(help="One pair's number; without it, every pair.")] = None,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Show pairs: weight, reasons for and against, what would change the answer, and what was decided."""
    state.begin()
    by = state.officer(as_)
    state.operation(by, operation)
    from bowstreet.casework.operations.errors import NotFound
    from bowstreet.casework.review import queries

    try:
        rows = (
            queries.links(by, operation, at=state.now())
            if number is None
            else [queries.link(by, operation, number, at=state.now())]
        )
    except NotFound as error:
        raise say.Fail(str(error)) from None
    for row in rows:
        pair = row.proposal
        decisions = queries.history(by, operation, pair.left, pair.right)
        _json(pair, decisions) if as_json else _words(row, full=number is not None)


@app.command("next", epilog="Example: bowstreet review next --operation OP-0001")
def next_(operation: Operation, as_: As = None, as_json: Json = False) -> None:
    """Show the most useful pair that nobody has decided. Exit 1 where there is none."""
    state.begin()
    by = state.officer(as_)
    state.operation(by, operation)
    from bowstreet.casework.review import queries

    progress = queries.progress(by, operation)
    say.messages.print(f"{progress.decided} of {progress.total} decided")
    if progress.next is None:
        raise typer.Exit(say.NO)
    show(operation, progress.next.pk, as_, as_json)


@app.command(epilog="Example: bowstreet review decide 4 same --operation OP-0001 --note 'Same key'")
def decide(
    number: Number,
    verdict: Annotated[str, typer.Argument(help="same, different or unsure.")],
    operation: Operation,
    note: Annotated[str, typer.Option(help="Why. It is kept with the decision.")] = "",
    as_: As = None,
) -> None:
    """Decide about a pair. A decision before it is withdrawn, and kept."""
    state.begin()
    by = state.officer(as_)
    found = state.operation(by, operation)
    from bowstreet.casework.operations.errors import NotFound
    from bowstreet.casework.review import acts, queries

    try:
        pair = queries.link(by, operation, number, at=state.now()).proposal
        made = acts.decide(
            officer=by, operation=found, left=pair.left, right=pair.right, verdict=verdict, note=note, at=state.now()
        )  # fmt: skip
    except (acts.BadDecision, NotFound) as error:
        raise say.Fail(str(error)) from None
    say.result(f"{pair.left} and {pair.right}: {made.get_verdict_display().lower()}")


@app.command(epilog="Example: bowstreet review learn --operation OP-0001")
def learn(
    operation: Operation,
    back: Annotated[bool, typer.Option("--back", help="Go back to the shipped weights instead.")] = False,
    as_: As = None,
    as_json: Json = False,
) -> None:
    """Tune the weights by the operation's decisions (20 at least, 5 of each), and weigh its pairs again.

    Tuned weights are used only where they do better on decisions left out in turn. Exit 1 where they do not.
    """
    state.begin()
    by = state.officer(as_)
    found = state.operation(by, operation)
    from bowstreet.casework.review import acts

    try:
        if back:
            acts.unlearn(officer=by, operation=found, at=state.now())
            say.result("the shipped weights are in use again")
            return
        made = acts.learn(officer=by, operation=found, at=state.now())
    except acts.BadDecision as error:
        raise say.Fail(str(error)) from None
    told = {
        "same": made.same, "different": made.different, "before": made.before, "after": made.after, "kept": made.kept,
        "shift": made.shift, "factors": made.factors,
    }  # fmt: skip
    kept = "the tuned weights are in use" if made.kept else "they did no better, and the shipped weights stay"
    if as_json:
        say.document(told)
    else:
        say.result(f"{made.same} same and {made.different} different: log loss {made.before} → {made.after} bits; {kept}")  # fmt: skip
    raise typer.Exit(say.YES if made.kept else say.NO)


def _json(pair: Any, decisions: Any) -> None:
    from bowstreet.casework.review.records import record_of

    say.document({"number": pair.pk} | record_of(pair, decisions))


def _words(row: Any, *, full: bool) -> None:
    from bowstreet.casework.review.records import pair_of
    from bowstreet.casework.review.summary import in_short

    pair = row.proposal
    decided = row.decision.get_verdict_display().lower() if row.decision else "undecided"
    say.result(f"{pair.pk}\t{pair.weight:+.2f}\t{pair.left} and {pair.right}\t{decided}")
    if full:
        for line in (*in_short(pair_of(pair)), *pair.change):
            say.result(f"  {line}")
        for reason in pair.reasons:
            say.result(f"  {reason['weight']:+.2f} {reason['words']}: {reason['left']} | {reason['right']}")
