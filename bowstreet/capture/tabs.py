"""Visits side by side, each in a tab with a browser of its own; what they ask is answered by the one thread that waits.

    tabs = Tabs(lanes, give_up)
    tabs.start("a", lambda lane: lane.visit(permit, url, gate=tabs.here(gate), …))
    for key, later in tabs.over(1.0):       # the gate is asked here, in this thread, where its database is
        kept = later.result()

A tab is free again once its page was visited; what follows, such as sealing, may still go on.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Any, Generic, TypeVar

from bowstreet.capture.errors import CaptureError

Lane = TypeVar("Lane")
Result = TypeVar("Result")
T = TypeVar("T")


class Tabs(Generic[Lane, Result]):
    """So many lanes. All methods are called from one thread, but what `here` gives."""

    def __init__(self, lanes: Sequence[Lane], give_up: Callable[[Lane], None]) -> None:
        self._lanes, self._give_up = list(lanes), give_up
        self._free = list(lanes)
        self._threads = ThreadPoolExecutor(len(lanes), "tab")
        self._mail: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._over: list[tuple[Any, Future[Result]]] = []
        self._closed = False
        self.under_way = 0  # begun, and not yet given by `over`

    @property
    def free(self) -> int:
        """How many visits may be begun now."""
        return len(self._free)

    def here(self, call: Callable[..., T]) -> Callable[..., T]:
        """The same call, made in the thread that waits for the visits. Raises CaptureError when none waits any more."""

        def asked(*given: Any) -> T:
            answer: Future[T] = Future()
            self._mail.put(lambda: self._answer(answer, call, given))
            return answer.result()

        return asked

    def start(self, key: object, visit: Callable[[Lane], Future[Result]]) -> None:
        """Begin a visit in a free tab. What it raises is raised by the result that `over` gives."""
        lane = self._free.pop()
        self.under_way += 1

        def run() -> None:
            try:
                later = visit(lane)
            except BaseException as error:  # noqa: BLE001 - handed to whoever takes the result
                later = Future()
                later.set_exception(error)
            self._mail.put(lambda: self._free.append(lane))
            later.add_done_callback(lambda one: self._mail.put(lambda: self._over.append((key, one))))

        self._threads.submit(run)

    def over(self, seconds: float) -> list[tuple[Any, Future[Result]]]:
        """What is over by now, by its key, after at most so many seconds in which something may happen."""
        with suppress(queue.Empty):
            self._mail.get(timeout=max(0.0, seconds))()
            while True:
                self._mail.get_nowait()()
        over, self._over = self._over, []
        self.under_way -= len(over)
        return over

    def __enter__(self) -> Tabs[Lane, Result]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Whatever still asks is refused; the lanes are waited for. After an error their visits are given up."""
        self._closed = True
        for lane in self._lanes if kind else ():
            if lane not in self._free:
                self._give_up(lane)
        while len(self._free) < len(self._lanes):
            self._mail.get()()
        self._threads.shutdown()

    def _answer(self, answer: Future[T], call: Callable[..., T], given: tuple[Any, ...]) -> None:
        try:
            if self._closed:
                raise CaptureError("the visit was given up")
            answer.set_result(call(*given))
        except CaptureError as error:
            answer.set_exception(error)
        except BaseException as error:
            answer.set_exception(CaptureError("the visit was given up"))
            raise error from None
