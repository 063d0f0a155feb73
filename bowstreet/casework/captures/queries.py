"""What an officer may ask of captures."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from bowstreet.casework.captures.models import Capture, Request
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.operations.errors import NotFound
from bowstreet.casework.people.models import Officer
from bowstreet.evidence.trust import Trust
from bowstreet.evidence.verify import Verdict, verify
from bowstreet.flow import Home

MEMBER_LIMIT = 64 << 20


@dataclass(frozen=True)
class Look:
    """One capture, with what its archive says of it."""

    capture: Capture
    exchanges: list[dict[str, Any]]
    connections: list[dict[str, Any]]
    provenance: dict[str, Any]
    has_screenshot: bool


def of(officer: Officer, reference: str) -> list[Capture]:
    """The captures of an operation, the latest first."""
    return list(operations.get(officer, reference).captures.order_by("-at", "-id"))


def requests(officer: Officer, reference: str) -> list[Request]:
    """What was asked for, the latest first."""
    return list(operations.get(officer, reference).requests.select_related("capture").order_by("-id")[:200])


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
    return Look(
        capture,
        _json(path, "files/exchanges.json", []),
        _json(path, "files/connections.json", []),
        _json(path, "files/provenance.json", {}),
        member(path, "files/screenshot.png") is not None,
    )


def archive(capture: Capture) -> Path:
    """Where the sealed bytes are."""
    return Home(Path(settings.HOME)).objects.path(capture.sha256)


@transaction.atomic
def screenshot(officer: Officer, reference: str, number: int, *, at: datetime) -> bytes | None:
    """The screenshot, as PNG; the look is logged."""
    capture = get(officer, reference, number)
    record.write(
        Act.CONSULTATION, by=officer.username, at=at, record=f"screenshot:sha256:{capture.sha256}", operation=reference
    )  # fmt: skip
    return member(archive(capture), "files/screenshot.png")


def verdict(capture: Capture) -> Verdict:
    """Verify an archive against this installation's own key."""
    return verify(archive(capture), trust=Trust.of(Home(Path(settings.HOME)).key()))


def member(path: Path, name: str) -> bytes | None:
    """A small file of a WACZ, or None where it has no such file or is none."""
    try:
        with zipfile.ZipFile(path) as pack:
            info = pack.getinfo(name)
            return pack.read(info) if info.file_size <= MEMBER_LIMIT else None
    except (KeyError, zipfile.BadZipFile, OSError):
        return None


def _json(path: Path, name: str, otherwise: Any) -> Any:
    data = member(path, name)
    return json.loads(data) if data else otherwise
