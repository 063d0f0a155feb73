"""`bowstreet goods`: titles to labels of the taxonomy. Needs no database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bowstreet.cli import say

if TYPE_CHECKING:
    from bowstreet.reading.goods import Goods

BATCH = 1000
app = typer.Typer(add_completion=False)


@app.command(
    epilog="Example: printf '5g cocaine\\nGlock 19\\n' | bowstreet goods - --json",
)
def goods(
    path: Annotated[
        str,
        typer.Argument(
            help='A file of titles: one per line, or JSON lines with "title"; - reads them from the input.'
        ),
    ],
    corrections: Annotated[
        Path | None, typer.Option(help='Labels that analysts gave: JSON lines of {"title", "label"}.')
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line per title.")] = False,
) -> None:
    """Tell from titles what is offered: a label, how sure, the words that decided, and the controlled drug if one is named.

    Where the answer is not sure, "sure" is false and the label is a guess. docs/reference/goods-model-card.md lists the
    labels and says how often the answers are right.
    """
    from bowstreet.reading.goods import BadCorrections, Corrections, classify

    try:
        told = Corrections.read(corrections) if corrections else None
    except BadCorrections as error:
        raise say.Fail(str(error)) from None
    titles = _titles(path)
    while batch := list(islice(titles, BATCH)):
        for title, answer in zip(batch, classify(batch, corrections=told), strict=True):
            if as_json:
                say.document(line_of(title, answer))
            else:
                say.result(
                    f"{answer.label:28} {answer.score:.2f} {'sure' if answer.sure else 'not sure':8} {title}"
                )


def line_of(title: str, answer: Goods) -> dict[str, object]:
    """The JSON line of one title."""
    return {"title": title, **answer.line()}


def _titles(path: str) -> Iterator[str]:
    try:
        lines = (sys.stdin.read() if path == "-" else Path(path).read_text("utf-8")).splitlines()
    except OSError as error:
        raise say.Fail(f"{path} cannot be read ({error.strerror}): name a file of titles") from None
    except UnicodeDecodeError:
        raise say.Fail(f"{path} is not UTF-8 text: save it as UTF-8") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if not line.lstrip().startswith("{"):
            yield line.strip()
            continue
        try:
            title = json.loads(line)["title"]
        except (ValueError, KeyError, TypeError):
            raise say.Fail(f'{path}, line {number}: a JSON line needs a "title"') from None
        if not isinstance(title, str):
            raise say.Fail(f'{path}, line {number}: "title" must be a text')
        yield title
