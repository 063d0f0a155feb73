"""`bowstreet verify`: is it intact, and was it sealed by somebody whom the verifier trusts? Offline."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bowstreet.cli.say import NO, YES, Fail, document, messages, result

if TYPE_CHECKING:
    from bowstreet.evidence.trust import Trust
    from bowstreet.evidence.verify import Verdict

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: bowstreet verify PO-1/ --trust keys.json")
def command(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="WACZ files and exhibit bags.")],
    trust: Annotated[
        Path | None, typer.Option(help="Whom to trust: keys and authorities, as JSON or PEM.")
    ] = None,
    integrity_only: Annotated[
        bool, typer.Option("--integrity-only", help="Ask only whether the bytes are as sealed, not by whom.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document per path.")] = False,
) -> None:
    """Verify captures and exhibits, offline: exit status 0 yes, 1 no, 2 bad usage.

    Without --trust, the installation's own keys are trusted, if there are any.
    """
    from bowstreet.evidence.verify import verify

    for path in paths:
        if not path.exists():
            raise Fail(f"there is nothing at {path}: name a WACZ file or an exhibit bag")
    named = _trust(trust)
    if named is None and not integrity_only:
        messages.print("bowstreet: nobody was named as trusted (--trust): only integrity can be judged")
    verdicts = []
    for path in paths:
        verdict = verify(path, trust=named, integrity_only=integrity_only)
        verdicts.append(verdict)
        document(verdict.line()) if json else _print(verdict, integrity_only=integrity_only)
    raise typer.Exit(YES if all(verdict.ok for verdict in verdicts) else NO)


def _trust(path: Path | None) -> Trust | None:
    """The file named; else the installation's own keys; else None."""
    from bowstreet.evidence.errors import BadKey
    from bowstreet.evidence.trust import Trust

    keys = Path(os.environ.get("BOWSTREET_HOME", "var")) / "keys"
    own = next((keys / name for name in ("trust.json", "public-key.pem") if (keys / name).is_file()), None)
    try:
        named = path or own
        return Trust.read(named) if named else None
    except BadKey as error:
        raise Fail(str(error)) from None


def _print(verdict: Verdict, *, integrity_only: bool) -> None:
    for check in verdict.checks:
        result(f"  {check.number:>2}  {'yes' if check.ok else 'NO '}  {check.name}: {check.detail}")
    result(f"{verdict.path}: {_words(verdict, integrity_only=integrity_only)}")


def _words(verdict: Verdict, *, integrity_only: bool) -> str:
    if not verdict.intact:
        return f"no: not intact ({verdict.reason})"
    if integrity_only:
        return "yes: intact (whether to trust the signer was not asked)"
    if verdict.trusted:
        return "yes: intact and trusted"
    return f"no: intact, but not trusted ({verdict.reason or 'nobody was named as trusted'})"
