"""`bowstreet authorities`: the time-stamping authorities that are set up."""

from __future__ import annotations

import hashlib
from typing import Annotated

import typer

from bowstreet.cli import say

app = typer.Typer(add_completion=False)


@app.command()
def authorities(
    test: Annotated[
        bool, typer.Option("--test", help="Have each stamp a digest, and check its answer.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line per authority.")] = False,
) -> None:
    """List the time-stamping authorities that are set up: BOWSTREET_TSA_NAME is where one answers,
    BOWSTREET_TSA_NAME_CA the file of its roots (PEM), BOWSTREET_TSA_NAME_POLICY the policy to ask for, if any.

    Every capture is stamped by all of them. Exit status 1 where --test finds one that gives no good stamp.
    """
    from bowstreet.capture.authorities import ask, configured
    from bowstreet.capture.errors import BadAuthority
    from bowstreet.evidence.errors import BadStamp
    from bowstreet.evidence.timestamps import request

    try:
        found = configured()
    except BadAuthority as error:
        raise say.Fail(str(error)) from None
    if not found:
        say.messages.print(
            "bowstreet: no time-stamping authority is set up: see 'bowstreet authorities --help'"
        )
    failed = False
    for one in found:
        line: dict[str, object] = {
            "name": one.name,
            "url": one.url,
            "policy": one.policy,
            "roots": one.subjects,
        }
        if test:
            try:
                stamp = request(one, hashlib.sha256(b"bowstreet authorities --test").digest(), ask=ask)
                line["answer"] = f"good, {stamp.at:%Y-%m-%d %H:%M:%S} UTC"
            except BadStamp as error:
                failed, line["answer"] = True, str(error)
        if as_json:
            say.document(line)
        else:
            said = f": {line['answer']}" if test else ""
            say.result(f"{one.name}  {one.url}  trusted by {'; '.join(one.subjects)}{said}")
    raise typer.Exit(say.NO if failed else say.YES)
