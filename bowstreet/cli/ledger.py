"""`bowstreet ledger`: check the log, prove an entry, print a checkpoint."""

from __future__ import annotations

from typing import Annotated

import typer

from bowstreet.cli import say, state

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Check the log, prove an entry, or print a checkpoint."
)
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


@app.command()
def check(as_json: Json = False) -> None:
    """Hash the whole log again and compare it with its rows and its checkpoints. Exit status 1 where it does not hold."""
    state.begin()
    from bowstreet.casework.log import record

    report = record.check()
    faults = [str(fault) for fault in report.faults]
    if as_json:
        say.document({"ok": report.ok, "size": report.size, "root": report.root.hex(), "faults": faults})
    else:
        say.result(
            f"{'whole' if report.ok else 'NOT WHOLE'}: {report.size} entries, root {report.root.hex()}"
        )
        for fault in faults:
            say.result(f"  {fault}")
    raise typer.Exit(say.YES if report.ok else say.NO)


@app.command()
def checkpoint(as_json: Json = False) -> None:
    """Sign the log as it stands, and print the note (C2SP tlog-checkpoint)."""
    state.begin()
    from bowstreet.casework.captures import acts
    from bowstreet.casework.log import record

    note = record.checkpoint(acts.home().key(), at=state.now())
    own = record.ledger()
    shown = {"ok": True, "size": own.size, "root": own.root.hex(), "checkpoint": note}
    say.document(shown) if as_json else say.result(note.rstrip("\n"))


@app.command()
def proof(number: Annotated[int, typer.Argument(help="The entry's number.")], as_json: Json = False) -> None:
    """Print the proof that an entry is in the log (C2SP tlog-proof)."""
    state.begin()
    from bowstreet.casework.captures import acts
    from bowstreet.casework.log import record
    from bowstreet.evidence.errors import EvidenceError

    own = record.ledger()
    try:
        note = record.checkpoint(acts.home().key(), at=state.now())
        text = own.tlog_proof(number, note)
    except EvidenceError as error:
        raise say.Fail(str(error)) from None
    shown = {"ok": True, "size": own.size, "root": own.root.hex(), "proof": text}
    say.document(shown) if as_json else say.result(text.rstrip("\n"))
