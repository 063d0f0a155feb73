"""`bowstreet ledger`: check the log, prove an entry, print a checkpoint, witness another machine's log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bowstreet.cli import say, state
from bowstreet.cli.options import Json

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Check the log, prove an entry, print a checkpoint, or witness another log.",
)


@app.command()
def check(as_json: Json = False) -> None:
    """Hash the whole log again and compare it with its rows and its checkpoints. Exit status 1 where it does not hold."""
    state.begin()
    from bowstreet.casework.captures import acts
    from bowstreet.casework.log import record

    report = record.check(acts.home().trust())
    if as_json:
        faults = [{"kind": f.kind, "what": f.what, "index": f.index} for f in report.faults]
        say.document({"ok": report.ok, "size": report.size, "root": report.root.hex(), "faults": faults})
    else:
        say.result(
            f"{'whole' if report.ok else 'NOT WHOLE'}: {report.size} entries, root {report.root.hex()}"
        )
        for fault in report.faults:
            say.result(f"  {fault}")
    raise typer.Exit(say.YES if report.ok else say.NO)


@app.command()
def checkpoint(
    since: Annotated[
        int | None,
        typer.Option(
            min=0, help="Print what a witness is asked with, which saw the log with so many entries last."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Sign the log as it stands, have it time-stamped, and print the note (C2SP tlog-checkpoint).

    With --since, print the request for a witness (C2SP tlog-witness): the note, and the proof that the log grew.
    """
    state.begin()
    from bowstreet.capture.authorities import ask
    from bowstreet.casework.captures import acts
    from bowstreet.casework.log import record
    from bowstreet.evidence.errors import BadStamp, EvidenceError
    from bowstreet.evidence.witness import request_text

    own, stamped = record.ledger(), []
    try:
        note = record.checkpoint(acts.home().key(), at=state.now())
        text = note if since is None else request_text(since, own.consistency(since), note)
    except EvidenceError as error:
        raise say.Fail(str(error)) from None
    for authority in acts.home().authorities():
        try:
            stamp = own.stamp(authority, ask=ask)
            stamped.append({"authority": stamp.authority, "at": stamp.at.isoformat()})
        except BadStamp as error:
            say.messages.print(f"bowstreet: not time-stamped: {error}", markup=False)
    shown = {"ok": True, "size": own.size, "root": own.root.hex(), "checkpoint": text, "timestamps": stamped}
    say.document(shown) if as_json else say.result(text.rstrip("\n"))


@app.command()
def witness(
    request: Annotated[
        Path, typer.Argument(metavar="REQUEST", help="What 'ledger checkpoint --since' printed.")
    ],
    log: Annotated[
        str, typer.Option(help="The log's public key (its ledger.vkey), got by a way of its own.")
    ],
    folder: Annotated[Path, typer.Option(help="Where this witness keeps its key and what it saw last.")],
    name: Annotated[
        str, typer.Option(help="What this witness is called, as a host name.")
    ] = "witness.invalid",
) -> None:
    """Witness another machine's log: print its checkpoint, cosigned (C2SP tlog-cosignature), or refuse.

    It is cosigned only if the log grew from what was seen last. Exit status 1 where it did not, saying how: a
    truncation, a fork, a bad signature. The witness's public key is in its folder, for trust files.
    """
    from bowstreet.evidence.errors import BadKey, BadLedger
    from bowstreet.evidence.note import Signer, Verifier
    from bowstreet.evidence.signing import SigningKey
    from bowstreet.evidence.witness import Witness, read_request

    try:
        text = request.read_text()
        key = Verifier.parse(log)
        signer = Signer(name, SigningKey.load_or_make(folder / "keys").log.private)
    except (OSError, UnicodeDecodeError, BadKey) as error:
        raise say.Fail(f"the log cannot be witnessed: {error}") from None
    own = Witness(folder / "seen", signer)
    (folder / "witness.vkey").write_text(f"{own.verifier.vkey}\n")
    try:
        old, proof, note = read_request(text)
        seen = own.seen(key.name)
        if seen != old and proof:
            raise BadLedger(f"this witness saw {seen} entries last: ask again with --since {seen}")
        line = own.cosign(note, proof, log=key, at=state.now())
    except BadLedger as error:
        say.messages.print(f"bowstreet: not cosigned: {error}", markup=False, soft_wrap=True)
        raise typer.Exit(say.NO) from None
    say.result(f"{note}{line}".rstrip("\n"))


@app.command()
def cosigned(
    note: Annotated[Path, typer.Argument(metavar="CHECKPOINT", help="What a witness printed.")],
) -> None:
    """Keep a checkpoint that a witness cosigned: 'ledger check' holds the log against it from then on."""
    state.begin()
    from bowstreet.casework.captures import acts
    from bowstreet.casework.log import record
    from bowstreet.evidence.errors import EvidenceError

    try:
        kept = record.ledger().keep_cosigned(note.read_text(), log=acts.home().key().log.verifier)
    except (EvidenceError, OSError, UnicodeDecodeError) as error:
        raise say.Fail(f"the checkpoint cannot be kept: {error}") from None
    say.result(f"kept: {kept.size} entries, {len(kept.note.signatures) - 1} cosignatures")


@app.command()
def proof(
    number: Annotated[int, typer.Argument(help="The entry's number.")],
    against: Annotated[
        Path | None,
        typer.Option("--checkpoint", help="A checkpoint to prove it against, such as a cosigned one."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Print the proof that an entry is in the log (C2SP tlog-proof)."""
    state.begin()
    from bowstreet.casework.captures import acts
    from bowstreet.casework.log import record
    from bowstreet.evidence.errors import EvidenceError

    own = record.ledger()
    try:
        note = against.read_text() if against else record.checkpoint(acts.home().key(), at=state.now())
        text = own.tlog_proof(number, note)
    except (EvidenceError, OSError, UnicodeDecodeError) as error:
        raise say.Fail(str(error)) from None
    shown = {"ok": True, "size": own.size, "root": own.root.hex(), "proof": text}
    say.document(shown) if as_json else say.result(text.rstrip("\n"))
