"""The reference of the command line, made of what the commands say of themselves.

script/commands      # writes docs/reference/commands.md
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from bowstreet.cli import COMMANDS

PAGE = Path(__file__).parents[2] / "docs/reference/commands.md"
HEAD = """# Commands

One program, `bowstreet`. State is kept under `BOWSTREET_HOME` (default `./var`). Results go to standard output, messages to standard error. Exit status 0: done and true. 1: done, and the answer is no. 2: bad usage or bad input, with one line that says what to do."""

#: What the page says besides, of whole commands.
NOTES = {
    "capture": """The ceilings of a visit are settings: `BOWSTREET_VISIT_LOAD_SECONDS` (30), `_BEHAVE_SECONDS` (10), `_QUIET_SECONDS` (5), `_VISIT_SECONDS` (120), `_BYTES` (512 million), `_REQUESTS` (3,000), `_DOM_CHARACTERS` (32 million), `_TEXT_CHARACTERS` (4 million), `_PIXELS` of height in a screenshot (16,000), `_EXPAND` (10 presses of buttons that show more; 0 leaves everything folded), and `_PDF` (1; 0 makes no print). What was cut off at one stands in the capture. How to: [capture under a registration](../how-to/capture-under-a-registration.md).""",
    "crawl": "`bowstreet crawl SEED…` means `bowstreet crawl start SEED…`. How to: [crawl a site](../how-to/crawl-a-site.md).",
    "watch": "`bowstreet work` looks when a watch is due. The gate, and the rule on repeated visits, are asked each time. How to: [watch a page](../how-to/watch-a-page.md).",
    "read": "How to: [screen pictures](../how-to/screen-pictures.md), [teach a site by example](../how-to/teach-a-site-by-example.md).",
    "teach": "[The format of an example](../formats/examples.md).",
    "goods": "[The model card](goods-model-card.md) lists the labels and says how often the answers are right.",
    "link": "Each line: `left`, `right`, `weight` (log2 of the odds), `probability`, `likely` (a link), `prior` (where the weight starts), `reasons` (`field`, `kind`, `weight`, `left`, `right`, `words`, `common`: how many accounts hold the value, `cap`: why it counts for less), `change` (what would change the answer).",
    "review": "How to: [review links](../how-to/review-links.md).",
    "ledger": "Each fault has its kind: `edit`, `deletion`, `reorder`, `truncation`, `fork`, `signature` or `damage`; see [the ledger](../formats/ledger.md).",
}  # fmt: skip


def reference() -> str:
    """The whole page."""
    parts = [HEAD]
    for name, line in COMMANDS.items():
        module = importlib.import_module(f"bowstreet.cli.{name}{'_' if name == 'import' else ''}")
        command = typer.main.get_command(module.app)
        parts += [f"## `{name}`", line, *([NOTES[name]] if name in NOTES else [])]
        if hasattr(command, "commands"):
            for part, one in command.commands.items():
                parts += [f"### `{name} {part}`", *_said(one)]
        else:
            parts += _said(command, line)
    return "\n\n".join(parts) + "\n"


def _said(command: Any, line: str = "") -> Iterator[str]:
    """What a command says: its paragraphs, its examples as code, its arguments as a table."""
    for paragraph in re.split(r"\n\s*\n", inspect.cleandoc(command.help or "")):
        bare = paragraph.removeprefix("\b").strip("\n")
        if bare.lstrip().startswith("bowstreet ") or "\n    bowstreet " in f"\n{bare}":
            yield "```\n" + inspect.cleandoc(bare) + "\n```"
        elif (text := " ".join(bare.split())) and text != line:
            yield text
    if command.epilog:
        yield "```\n" + command.epilog.removeprefix("Example: ") + "\n```"
    rows = [row for one in command.params if (row := _row(one))]
    if rows:
        yield "\n".join(["| argument | meaning |", "|---|---|", *rows])


def _row(one: Any) -> str:
    if getattr(one, "hidden", False) or "--help" in one.opts:
        return ""
    flags = [*one.opts, *one.secondary_opts]
    names = [str(one.metavar or one.name).upper()] if one.param_type_name == "argument" else flags
    meaning = " ".join((getattr(one, "help", "") or "").split()).replace("|", "\\|")
    return f"| {', '.join(f'`{name}`' for name in names)} | {meaning} |"


if __name__ == "__main__":
    PAGE.write_text(reference())
