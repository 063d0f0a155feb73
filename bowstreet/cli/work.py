"""`bowstreet work`: carry out what was asked for, watches that are due, and crawls."""

from __future__ import annotations

import signal
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING, Annotated

import typer

from bowstreet.cli import say, state
from bowstreet.cli.options import Tabs

if TYPE_CHECKING:
    from bowstreet.casework.captures.models import Request
    from bowstreet.flow import Capturing, Kept

app = typer.Typer(add_completion=False)
REST_SECONDS = 1.0
IDLE_SECONDS = 60.0  # without work, after which the browsers are closed


@app.command(epilog="Example: bowstreet work --once")
def work(
    once: Annotated[bool, typer.Option("--once", help="Stop when nothing is waiting.")] = False,
    tabs: Tabs = 1,
) -> None:
    """Carry out what was asked for, watches that are due, and crawls, until stopped. The browsers stay up from page to page.

    Several workers may run: each request, watch and crawl is claimed by one. What a worker that died was at is taken up
    again; what it had sealed and not recorded is recorded first.
    """
    state.begin()
    from bowstreet.capture.errors import CaptureError
    from bowstreet.casework.captures import acts, housekeeping
    from bowstreet.evidence.errors import EvidenceError

    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    try:
        tidied = housekeeping.tidy(at=state.now())
    except EvidenceError as error:
        raise say.Fail(str(error)) from None
    for stray in tidied.strays:
        say.messages.print(
            f"the store holds {stray}, which no capture names and which does not say whose it is"
        )
    while not stopped:
        try:
            with acts.session(now=state.now, tabs=tabs) as pages:
                if _Worker(pages, stopped).run(once=once):
                    return
        except CaptureError as error:
            if not _refused(error) and once:
                return
            time.sleep(REST_SECONDS)


class _Worker:
    """One worker, with its browsers. What waits is begun as tabs come free."""

    def __init__(self, pages: Capturing, stopped: list[int]) -> None:
        from bowstreet.casework.captures.acts import worker_name
        from bowstreet.casework.crawls.work import Work

        self._pages, self._stopped, self._name = pages, stopped, worker_name()
        self._crawls = Work(worker=self._name, now=state.now, pages=pages)

    def run(self, *, once: bool) -> bool:
        """Work until stopped, or for `once` until nothing waits; True then. False after some time without work."""
        from bowstreet.casework.log import record

        worked = time.monotonic()
        while not self._stopped:
            if self._begin() or self._pages.tabs.under_way:
                worked = time.monotonic()
                self._take()
                continue
            record.follow()
            if once:
                return True
            if time.monotonic() - worked > IDLE_SECONDS:
                return False
            time.sleep(REST_SECONDS)
        while self._pages.tabs.under_way:
            self._take()
        return True

    def _begin(self) -> bool:
        """Begin what waits, as far as tabs are free. Was there anything? A watch waits until no page is under way."""
        from bowstreet.casework.captures import acts, stamps
        from bowstreet.casework.watches import acts as watches

        if came := stamps.stamp_waiting(now=state.now):
            say.messages.print(f"{came} late time-stamps came")
        acts.release_dead(at=state.now())
        if watches.due(at=state.now()):
            if self._pages.tabs.under_way:
                return True
            if look := watches.look_due(now=state.now, pages=self._pages):
                say.messages.print(f"looked at {look.watch.url} {look.problem}", markup=False, soft_wrap=True)
                return True
        begun = False
        while self._pages.tabs.free and (self._request() or self._crawl()):
            begun = True
        return begun

    def _request(self) -> bool:
        """Begin a page that was asked for."""
        from bowstreet.capture.errors import CaptureError
        from bowstreet.casework.captures import acts

        if (request := acts.claim(worker=self._name, at=state.now())) is None:
            return False
        say.messages.print(f"working on {request.url}", markup=False)
        try:
            acts.set_out(request, now=state.now, pages=self._pages)
        except CaptureError as error:
            _problem(error)
        return True

    def _crawl(self) -> bool:
        """Begin a page of a crawl."""
        from bowstreet.casework.crawls import acts as crawls
        from bowstreet.casework.crawls.work import Begun, Went

        for crawl in crawls.running():
            took = self._crawls.begin(crawl)
            if isinstance(took, Went):
                _went(crawl.pk, took.url, took.problem)
            if isinstance(took, Begun | Went):
                return True
        return False

    def _take(self) -> None:
        """Take in the pages that are over, after at most a second."""
        from bowstreet.casework.captures.models import Request

        for key, later in self._pages.tabs.over(REST_SECONDS) if self._pages.tabs.under_way else ():
            if isinstance(key, Request):
                _bring_in(key, later)
            elif went := self._crawls.settle(key, later):
                _went(key.crawl_id, went.url, went.problem)


def _bring_in(request: Request, later: Future[Kept]) -> None:
    from bowstreet.capture.errors import CaptureError
    from bowstreet.casework.captures import acts
    from bowstreet.casework.findings import acts as findings
    from bowstreet.evidence.errors import EvidenceError

    try:
        made = acts.bring_in(request, later, now=state.now)
        findings.read_capture(made, officer=request.officer, at=state.now())
    except (CaptureError, EvidenceError) as error:
        _problem(error)


def _refused(error: Exception) -> bool:
    """No browser can be had: that comes to stand on a request, and pauses crawls. Was there anything to say it of?"""
    from bowstreet.capture.errors import CaptureError
    from bowstreet.casework.captures import acts
    from bowstreet.casework.crawls import acts as crawls
    from bowstreet.casework.crawls.models import State

    _problem(error)
    me = acts.worker_name()
    waiting = [crawl for crawl in crawls.running() if crawls.claim(crawl, worker=me, at=state.now())]
    for crawl in waiting:
        crawls.finish(crawl, State.PAUSED, str(error), at=state.now())
        crawls.release(crawl, worker=me)
    request = acts.claim(worker=me, at=state.now())
    if request is None:
        return bool(waiting)
    try:
        acts.carry_out(request, now=state.now)
    except CaptureError as told:
        _problem(told)
    return True


def _problem(error: Exception) -> None:
    say.messages.print(f"bowstreet: {error}", markup=False, soft_wrap=True)


def _went(crawl: int, url: str, problem: str) -> None:
    say.messages.print(f"crawl {crawl}: {url} {problem}", markup=False, soft_wrap=True)
