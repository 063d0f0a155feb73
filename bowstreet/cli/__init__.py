"""The command line: one program, one file per command.

    bowstreet verify capture.wacz --trust keys.pem

A command's file is imported only when that command runs, so `verify` never loads what it does not need.
"""

from __future__ import annotations

import importlib
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

#: command → (module under bowstreet.cli, one line of help). The order is the order of the work.
COMMANDS = {
    "demo": "Run the main job on the practice market, from web address to verified exhibit.",
    "serve": "Serve the web face, the worker and the inert view, on loopback.",
    "officer": "Add and list officers, and give them passwords.",
    "operation": "Open, show and change operations: members, authorities, review.",
    "capture": "Capture pages through a real browser, and seal them.",
    "crawl": "Capture many pages from a few seeds; pause, go on, see how far it is.",
    "watch": "Capture a page again by schedule, and report what changed.",
    "import": "Take in evidence from elsewhere: WARC, ARC, WACZ or saved HTML.",
    "work": "Carry out what was asked for, watches that are due, and crawls, until stopped.",
    "authorities": "List the time-stamping authorities that are set up.",
    "verify": "Verify a WACZ or an exhibit, offline.",
    "read": "Read archives into listings, accounts, identifiers and images.",
    "teach": "Show the reader where things stand on a site's page.",
    "goods": "Tell from titles what is offered: drugs, weapons, documents and so on.",
    "link": "Link accounts that may share a seller, with reasons.",
    "search": "Search the text of an operation's captures.",
    "review": "Show links with their reasons, decide about them, learn from decisions.",
    "exhibit": "Produce an exhibit: a bag that anyone can verify.",
    "export": "Give sellers and links to somebody, in the formats of other tools.",
    "ledger": "Check the log, prove an entry, print a checkpoint, or witness another log.",
}


class Lazy(TyperGroup):
    """A group that lists every command but imports only the one that is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """What help shows of a command: its line, without importing it."""
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name]) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, _, rest = super().resolve_command(ctx, args)
        module = importlib.import_module(f"bowstreet.cli.{name}{'_' if name == 'import' else ''}")
        command = typer.main.get_command(module.app)
        command.name = name
        return name, command, rest


app = typer.Typer(
    cls=Lazy,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def root() -> None:
    """Research and evidence for online investigations. State is kept under BOWSTREET_HOME (./var).

    Start with 'bowstreet demo', or with 'bowstreet operation open' and 'bowstreet capture'. Each command has its own --help,
    with an example. Exit status: 0 done and true; 1 done, and the answer is no; 2 bad usage or bad input.
    """


def main() -> None:
    """Run the command line."""
    app()
