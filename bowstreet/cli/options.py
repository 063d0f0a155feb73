"""Options that many commands have, each defined once.

def show(reference: Reference, as_: As = None, as_json: Json = False) -> None: ...
"""

from __future__ import annotations

from typing import Annotated

import typer

As = Annotated[
    str | None, typer.Option("--as", help="The officer who acts, as asserted; else the system's user.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
#: An operation as an option, where a command is about something in it; as the argument, where it is about the operation.
Operation = Annotated[str, typer.Option("--operation", help="The operation's reference, as OP-0001.")]
Reference = Annotated[str, typer.Argument(metavar="REFERENCE", help="The operation's reference, as OP-0001.")]
#: Pages visited side by side. Each tab is a browser of some 300 MB.
Tabs = Annotated[
    int,
    typer.Option(
        "--tabs",
        min=1,
        max=8,
        help="Pages to visit side by side, each in a browser of its own; a crawl visits one page of a site at a time.",
    ),
]
