"""`bowstreet work`: carry out capture requests, one at a time."""

from __future__ import annotations

import signal
import time
from typing import Annotated

import typer

from bowstreet.cli import say, state

app = typer.Typer(add_completion=False)
REST_SECONDS = 1.0


@app.command()
def work(
    once: Annotated[bool, typer.Option("--once", help="Stop when nothing is waiting.")] = False,
) -> None:
    """Carry out what was asked for on the web face, the oldest first, until stopped.

    Several workers may run: each request is claimed by one. A request whose worker died is taken up again.
    """
    state.begin()
    from bowstreet.capture.errors import CaptureError
    from bowstreet.capture.session import sweep
    from bowstreet.casework.captures import acts, stamps
    from bowstreet.casework.findings import acts as findings
    from bowstreet.casework.log import record
    from bowstreet.evidence.errors import EvidenceError

    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    sweep(acts.home().work)
    while not stopped:
        came = stamps.stamp_waiting(now=state.now)
        if came:
            say.messages.print(f"{came} late time-stamps came")
        request = acts.claim(worker=acts.worker_name(), at=state.now())
        if request is None:
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
