"""Many addresses, with one browser to a tab: while pages are sealed, the next are visited; one that fails stops no other."""

from __future__ import annotations

from collections import deque
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
    tabs: int = 1,
    **options: Any,
) -> Iterator[tuple[str, Result]]:
    """Capture each address; what became of it, in order. `mode` and `options` as `acts.collect` takes them.

    Raises CaptureError where no browser can be started at all.
    """
    given = {"officer": officer, "operation": operation, "now": now, **options}
    with acts.session(now=now, tabs=tabs) as pages:
        each = _Each(pages, urls, given, mode)
        for number, url in enumerate(urls):
            yield url, each.result(number)


class _Each:
    """Some addresses, and what became of those that are over, by their place in the list."""

    def __init__(self, pages: Capturing, urls: Sequence[str], given: dict[str, Any], mode: str) -> None:
        self._pages, self._urls, self._given, self._either = pages, urls, given, mode == "either"
        self._waiting = deque((number, "wire" if self._either else mode) for number in range(len(urls)))
        self._results: dict[int, Result] = {}

    def result(self, number: int) -> Result:
        """What became of one, once that is known; others are visited meanwhile."""
        tabs = self._pages.tabs
        while number not in self._results:
            while self._waiting and tabs.free and number not in self._results:
                self._begin(*self._waiting.popleft())
            for (which, mode), later in tabs.over(1.0) if tabs.under_way else ():
                self._end(which, mode, later)
        return self._results.pop(number)

    def _begin(self, number: int, mode: str) -> None:
        try:
            acts.start(
                key=(number, mode), url=self._urls[number], mode=mode, pages=self._pages, **self._given
            )
        except CaptureError as error:
            self._results[number] = error

    def _end(self, number: int, mode: str, later: Future[Kept]) -> None:
        given = self._given
        try:
            made = acts.keep(later.result(), given["officer"], given["operation"], given["now"]())
        except CaptureError as error:
            self._results[number] = error
            return
        if self._either and mode == "wire" and made.unopened:
            self._waiting.appendleft((number, "native"))
        else:
            self._results[number] = made
