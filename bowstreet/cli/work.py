"""`bowstreet work`: carry out capture requests, one at a time."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Annotated

import typer

from bowstreet.cli import say, state

if TYPE_CHECKING:
    from bowstreet.casework.captures.models import Request
    from bowstreet.flow import Capturing

app = typer.Typer(add_completion=False)
REST_SECONDS = 1.0
BATCH = 50  # pages by one browser, before late time-stamps and watches are looked after


@app.command(epilog="Example: bowstreet work --once")
def work(
    once: Annotated[bool, typer.Option("--once", help="Stop when nothing is waiting.")] = False,
) -> None:
    """Carry out what was asked for, watches that are due, and crawls, one page at a time, until stopped.

    Several workers may run: each request, watch and crawl is claimed by one. What a worker that died was at is taken up
    again; what it had sealed and not recorded is recorded first.
    """
    state.begin()
    from bowstreet.casework.captures import acts, housekeeping, stamps
    from bowstreet.casework.log import record

    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    for stray in housekeeping.tidy(at=state.now()).strays:
        say.messages.print(
            f"the store holds {stray}, which no capture names and which does not say whose it is"
        )
    while not stopped:
        came = stamps.stamp_waiting(now=state.now)
        if came:
            say.messages.print(f"{came} late time-stamps came")
        acts.release_dead(at=state.now())
        request = acts.claim(worker=acts.worker_name(), at=state.now())
        if request is None:
            if _roam():
                continue
            record.follow()
            if once:
                return
            time.sleep(REST_SECONDS)
            continue
        _carry_out_waiting(request, stopped)


def _carry_out_waiting(request: Request | None, stopped: list[int]) -> None:
    """Carry out a request and, with the same browser, some of those that wait behind it."""
    from bowstreet.capture.errors import CaptureError
    from bowstreet.casework.captures import acts

    try:
        with acts.session(now=state.now) as pages:
            for _ in range(BATCH):
                if request is None:
                    return
                _carry_out(request, pages)
                request = None if stopped else acts.claim(worker=acts.worker_name(), at=state.now())
    except CaptureError:
        pass  # no browser could be started: that comes to stand on the request
    if request is not None:
        _carry_out(request, None)


def _carry_out(request: Request, pages: Capturing | None) -> None:
    from bowstreet.capture.errors import CaptureError
    from bowstreet.casework.captures import acts
    from bowstreet.casework.findings import acts as findings
    from bowstreet.evidence.errors import EvidenceError

    say.messages.print(f"working on {request.url}", markup=False)
    try:
        made = acts.carry_out(request, now=state.now, pages=pages)
        findings.read_capture(made, officer=request.officer, at=state.now())
    except (CaptureError, EvidenceError) as error:
        say.messages.print(f"bowstreet: {error}", markup=False, soft_wrap=True)


def _roam() -> bool:
    """Look at a page that is due to be looked at, or take a crawl one page further. Was there anything to do?"""
    from bowstreet.casework.captures.acts import worker_name
    from bowstreet.casework.crawls import acts as crawls
    from bowstreet.casework.crawls import work as crawling
    from bowstreet.casework.watches import acts as watches

    if look := watches.look_due(now=state.now):
        say.messages.print(f"looked at {look.watch.url} {look.problem}", markup=False, soft_wrap=True)
        return True
    for crawl in crawls.running():
        took = crawling.step(crawl, worker=worker_name(), now=state.now)
        if isinstance(took, crawling.Went):
            say.messages.print(f"crawl {crawl.pk}: {took.url} {took.problem}", markup=False, soft_wrap=True)
            return True
    return False
