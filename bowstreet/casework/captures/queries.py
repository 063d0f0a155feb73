"""What an officer may ask of captures."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Count

from bowstreet.casework.captures import pictures
from bowstreet.casework.captures.acts import home
from bowstreet.casework.captures.models import Capture, HandOver, Request, State
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.operations.errors import NotFound
from bowstreet.casework.people.models import Officer
from bowstreet.evidence.verify import Verdict, verify

MEMBER_LIMIT = 64 << 20
MOST_REQUESTS = 500
SCREENSHOT = "files/screenshot.png"


@dataclass(frozen=True)
class Look:
    """One capture, with what its archive says of it."""

    capture: Capture
    exchanges: list[dict[str, Any]]
    connections: list[dict[str, Any]]
    has_screenshot: bool


@dataclass(frozen=True)
class Progress:
    """What was asked for and is not yet captured; and how far all of it is."""

    open: list[Request]
    done: int
    failed: int
    waiting: int

    @property
    def total(self) -> int:
        """How many addresses were asked for."""
        return self.done + self.failed + self.waiting


@transaction.atomic
def of(officer: Officer, reference: str, *, at: datetime) -> list[Capture]:
    """The captures of an operation, the latest first; the look is logged."""
    found = operations.get(officer, reference).captures.order_by("-at", "-id")
    record.write(Act.CONSULTATION, by=officer.username, at=at, record="captures", operation=reference)
    return list(found)


def progress(officer: Officer, reference: str) -> Progress:
    """What was asked for, the latest first; what failed and was asked again is passed over."""
    asked = operations.get(officer, reference).requests
    counts = dict(asked.filter(again=None).values_list("state").annotate(Count("id")))
    waiting = counts.get(State.ASKED, 0) + counts.get(State.RUNNING, 0)
    rows = asked.filter(again=None).exclude(state=State.DONE).order_by("-id")[:MOST_REQUESTS]
    return Progress(list(rows), counts.get(State.DONE, 0), counts.get(State.FAILED, 0), waiting)


@transaction.atomic
def handed_over(officer: Officer, reference: str, *, at: datetime) -> list[HandOver]:
    """Blocked pages, those that wait for a person first; the look is logged."""
    operation = operations.get(officer, reference)
    found = HandOver.objects.filter(capture__operation=operation).select_related("capture", "handled_by")
    record.write(Act.CONSULTATION, by=officer.username, at=at, record="handed over", operation=reference)
    return sorted(found, key=lambda one: (one.handled_at is not None, -one.capture.pk))


def waiting(officer: Officer, reference: str) -> int:
    """How many blocked pages wait for a person."""
    operation = operations.get(officer, reference)
    return HandOver.objects.filter(capture__operation=operation, handled_at=None).count()


def get(officer: Officer, reference: str, number: int) -> Capture:
    """One capture. Raises NotFound."""
    found = operations.get(officer, reference).captures.filter(id=number).first()
    if found is None:
        raise NotFound(f"there is no capture {number} in {reference}")
    return found


@transaction.atomic
def look(officer: Officer, reference: str, number: int, *, at: datetime) -> Look:
    """One capture in full; the look is logged."""
    capture = get(officer, reference, number)
    record.write(
        Act.CONSULTATION,
        by=officer.username,
        at=at,
        record=f"capture:sha256:{capture.sha256}",
        operation=reference,
    )
    path = archive(capture)
    exchanges, connections = _rows(path, "files/exchanges.json"), _rows(path, "files/connections.json")
    return Look(capture, exchanges, connections, not capture.quarantined and _holds(path, SCREENSHOT))


def archive(capture: Capture) -> Path:
    """Where the sealed bytes are."""
    return home().objects.path(capture.sha256)


@transaction.atomic
def screenshot(officer: Officer, reference: str, number: int, *, at: datetime) -> bytes | None:
    """The screenshot, as PNG; the look is logged."""
    capture = get(officer, reference, number)
    record.write(
        Act.CONSULTATION, by=officer.username, at=at, record=f"screenshot:sha256:{capture.sha256}", operation=reference
    )  # fmt: skip
    return None if capture.quarantined else member(archive(capture), SCREENSHOT)


def blurred_screenshot(officer: Officer, reference: str, number: int) -> bytes | None:
    """The screenshot with what it shows taken out, as PNG. Part of looking at the capture, which is logged."""
    capture = get(officer, reference, number)
    data = None if capture.quarantined else member(archive(capture), SCREENSHOT)
    shown = pictures.blurred(data) if data else None
    return shown.data if shown else None


def verdict(capture: Capture) -> Verdict:
    """Verify an archive against this installation's own key."""
    return verify(archive(capture), trust=home().trust())


def member(path: Path, name: str) -> bytes | None:
    """A small file of a WACZ, or None where it has no such file or is none."""
    try:
        with zipfile.ZipFile(path) as pack:
            info = pack.getinfo(name)
            return pack.read(info) if info.file_size <= MEMBER_LIMIT else None
    except (KeyError, zipfile.BadZipFile, OSError):
        return None


def _holds(path: Path, name: str) -> bool:
    """Is there such a file in the WACZ? Told by its directory alone."""
    try:
        with zipfile.ZipFile(path) as pack:
            return name in pack.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def _rows(path: Path, name: str) -> list[dict[str, Any]]:
    data = member(path, name)
    return json.loads(data) if data else []
