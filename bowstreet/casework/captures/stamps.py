"""Time-stamps that come late: an authority that did not answer when a capture was sealed is asked again.

Its token then stands beside the archive, and the delay is shown with it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from bowstreet.capture.authorities import ask
from bowstreet.casework.captures.models import Capture
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.evidence.errors import BadStamp
from bowstreet.evidence.seal import Stamped, stamp_late
from bowstreet.flow import Home

#: How long an authority that did not answer is left alone, and how many captures one round takes.
RETRY = timedelta(minutes=5)
ROUND = 50


def fields(stamp: Stamped) -> dict[str, Any]:
    """A time-stamp as a capture's row keeps it."""
    delay = int(stamp.delay.total_seconds())
    return {
        "authority": stamp.authority,
        "at": stamp.at.isoformat(),
        "delay": delay,
        "inside": stamp.path is None,
    }


def stamp_waiting(*, now: Callable[[], datetime]) -> int:
    """Ask again for every capture that is due; how many time-stamps came. Raises BadAuthority.

    A capture is claimed by one conditional update, so that two workers never ask for the same one.
    """
    due = Capture.objects.filter(stamp_due__lte=now())
    silent: set[str] = set()
    came = 0
    for number in list(due.order_by("stamp_due").values_list("id", flat=True)[:ROUND]):
        if due.filter(id=number).update(stamp_due=now() + RETRY):
            came += _again(Capture.objects.select_related("operation").get(id=number), silent, now)
    return came


def _again(capture: Capture, silent: set[str], now: Callable[[], datetime]) -> int:
    """Ask each authority that is awaited, unless it was silent in this round already."""
    home, came = Home(Path(settings.HOME)), 0
    for authority in home.authorities():
        if authority.name not in capture.pending or authority.name in silent:
            continue
        try:
            stamped = stamp_late(home.objects.path(capture.sha256), authority, ask=ask)
        except BadStamp:
            silent.add(authority.name)
            continue
        _keep(capture, stamped, now())
        came += 1
    return came


@transaction.atomic
def _keep(capture: Capture, stamped: Stamped, at: datetime) -> None:
    capture.timestamps = [*capture.timestamps, fields(stamped)]
    capture.pending = [name for name in capture.pending if name != stamped.authority]
    capture.stamp_due = capture.stamp_due if capture.pending else None
    capture.save(update_fields=["timestamps", "pending", "stamp_due"])
    record.write(
        Act.ALTERATION, by="bowstreet", at=at, record=f"capture:sha256:{capture.sha256}",
        operation=capture.operation.reference, detail={"time-stamp": fields(stamped)},
    )  # fmt: skip
