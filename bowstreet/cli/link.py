"""`bowstreet link`: accounts to pairs that may share a seller. Needs no database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bowstreet.cli import say

if TYPE_CHECKING:
    from bowstreet.linking.sellers import Pair

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: bowstreet link accounts.jsonl --top 5")
def link(
    paths: Annotated[list[Path], typer.Argument(help="Accounts: JSON lines or Parquet.", metavar="PATH…")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write to this file: Parquet if it ends so, else JSON lines.")
    ] = None,
    top: Annotated[
        int, typer.Option("--top", min=0, help="For each account, its K best candidates on other sites, in order.", metavar="K")
    ] = 0,
    every: Annotated[
        bool, typer.Option("--all", help="Every proposal, also those too weak or too one-sided for a link.")
    ] = False,
    known: Annotated[
        list[Path] | None, typer.Option("--known", help="Accounts of earlier captures: only pairs with a new or changed account are scored and told, as a full run would tell them.")
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option("--decisions", help="What people decided: CSV or JSON lines with left, right, decision.")
    ] = None,
    groups: Annotated[
        Path | None, typer.Option("--sellers", help="Write which accounts the decisions make one seller to this file, every account once.")
    ] = None,
    retrain: Annotated[
        Path | None, typer.Option("--retrain", help="Tune the weights by the decisions, and keep the tuning in this file.")
    ] = None,
    tuning: Annotated[Path | None, typer.Option("--tuning", help="Use a tuning kept before.")] = None,
    engine: Annotated[str, typer.Option("--engine", help="local (DuckDB) or spark: equal results.")] = "local",
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines (the default).")] = False,
) -> None:  # fmt: skip
    """Link accounts that may share a seller, the weightiest pair first, each with its reasons.

    One account per line: account, site, and what is known of handle, titles, description, identifiers, images, avatar,
    ships_from, ships_to, goods, prices, first_seen, last_seen, claims. A link is told where its probability is 0.9 or more and two kinds of reason speak for it; --all and --top tell
    more. A weight is log2 of the odds. Nothing is merged by itself.
    """
    from bowstreet.linking import accounts, sellers
    from bowstreet.linking import decisions as deciding
    from bowstreet.linking import output as out
    from bowstreet.linking import tuning as tunes
    from bowstreet.linking.errors import LinkingError
    from bowstreet.linking.fellegi import ENGINES

    if engine not in ENGINES:
        raise say.Fail(f"there is no engine {engine!r}: choose local or spark")
    if retrain and not decisions:
        raise say.Fail("--retrain needs decisions: name their file with --decisions")
    try:
        with _progress() as progress:
            progress("reading")
            fresh = accounts.read(paths)
            given = accounts.joined(accounts.read(known), fresh) if known else fresh
            decided = deciding.read(decisions) if decisions else {}
            chosen = tunes.load(tuning) if tuning else None
            if retrain:
                links = sellers.link(
                    given, floor=-30, only=set().union(*decided) if decided else set(), progress=progress
                )
                chosen, report = tunes.tune(links.pairs, decided)
                tunes.save(chosen, retrain)
            new = {account.account for account in fresh} if known else None
            asked: dict[str, Any] = {
                "decisions": decided,
                "engine": engine,
                "tuning": chosen,
                "only": new,
                "progress": progress,
            }
            pairs: Iterable[Pair] = (
                sellers.ranked(given, top, **asked)
                if top
                else sellers.link(given, likely=not every, **asked).pairs
            )
            told = out.write(pairs, output) if output else _print(pairs)
            if groups:
                names = [account.account for account in given]
                joined = out.write_sellers(sellers.clusters(names, decided), names, groups)
    except LinkingError as error:
        raise say.Fail(str(error)) from None
    if retrain:
        kept = (
            "kept"
            if report.kept
            else "not kept, as it did no better on decisions left out: weights stay as they were"
        )
        say.messages.print(f"{report.same} same and {report.different} different: log loss {report.before} → {report.after} bits; {kept}")  # fmt: skip
    for pair in deciding.conflicts((a.account for a in given), decided):
        say.messages.print(f"{pair[0]} and {pair[1]} were decided the same, and by way of others different: settle one", markup=False)  # fmt: skip
    if output:
        say.messages.print(f"{told} pairs in {output}")
    if groups:
        say.messages.print(f"{joined} sellers in {groups}")


def _print(pairs: Iterable[Pair]) -> int:
    """Print lines as they come; how many."""
    from bowstreet.linking import output as out

    count = 0
    for count, line in enumerate(out.lines(pairs), 1):  # noqa: B007
        say.result(line)
    return count


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A bar on stderr that says which step is under way; nothing where stderr is no terminal."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=say.messages, transient=True, disable=not say.messages.is_terminal
    ) as bar:
        task = bar.add_task("reading", total=20)
        yield lambda step: bar.update(task, description=step, advance=1)
