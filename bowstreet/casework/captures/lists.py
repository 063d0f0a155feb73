"""Many addresses with one browser: while one page is sealed, the next is visited; one that fails stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any

from bowstreet.capture.errors import CaptureError
from bowstreet.casework.captures import acts
from bowstreet.casework.captures.models import Capture
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer
from bowstreet.flow import Capturing, Kept

Result = Capture | CaptureError


def collect_each(
    *,
    officer: Officer,
    operation: Operation,
    urls: Sequence[str],
    now: Callable[[], datetime],
    mode: str = "wire",
    **options: Any,
) -> Iterator[tuple[str, Result]]:
    """Capture each address; what became of it, in order. `mode` and `options` as `acts.collect` takes them.

    Raises CaptureError where no browser can be started at all.
    """
    given = {"officer": officer, "operation": operation, "now": now, **options}
    with acts.session(now=now) as pages:
        before: tuple[str, Future[Kept] | CaptureError] | None = None
        for url in urls:
            begun = _begin(pages, given | {"url": url, "mode": "wire" if mode == "either" else mode})
            if before:
                yield before[0], _end(pages, *before, given, mode)
            before = url, begun
        if before:
            yield before[0], _end(pages, *before, given, mode)


def _begin(pages: Capturing, given: dict[str, Any]) -> Future[Kept] | CaptureError:
    try:
        return acts.begin(pages=pages, **given)
    except CaptureError as error:
        return error


def _end(
    pages: Capturing, url: str, begun: Future[Kept] | CaptureError, given: dict[str, Any], mode: str
) -> Result:
    if isinstance(begun, CaptureError):
        return begun
    try:
        made = acts.keep(begun.result(), given["officer"], given["operation"], given["now"]())
        if mode == "either" and made.unopened:
            return acts.collect(url=url, mode="native", pages=pages, **given)
        return made
    except CaptureError as error:
        return error
