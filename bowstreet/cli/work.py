"""`bowstreet work`: carry out capture requests, one at a time."""

from __future__ import annotations

import signal
import time
from typing import Annotated

import typer

from bowstreet.cli import say, state

app = typer.Typer(add_completion=False)
REST_SECONDS = 1.0


@app.command(epilog="Example: bowstreet work --once")
def work(
    once: Annotated[bool, typer.Option("--once", help="Stop when nothing is waiting.")] = False,
) -> None:
    """Carry out what was asked for, watches that are due, and crawls, one page at a time, until stopped.

    Several workers may run: each request, watch and crawl is claimed by one. What a worker that died was at is taken up
    again; what it had sealed and not recorded is recorded first.
    """
    state.begin()
    from bowstreet.capture.errors import CaptureError
    from bowstreet.casework.captures import acts, housekeeping, stamps
    from bowstreet.casework.findings import acts as findings
    from bowstreet.casework.log import record
    from bowstreet.evidence.errors import EvidenceError

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
        say.messages.print(f"working on {request.url}", markup=False)
        try:
            made = acts.carry_out(request, now=state.now)
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
