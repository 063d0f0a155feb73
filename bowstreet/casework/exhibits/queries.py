"""What an officer may ask of exhibits."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

from django.db import transaction

from bowstreet.casework.captures.acts import home
from bowstreet.casework.exhibits import acts
from bowstreet.casework.exhibits.models import Exhibit
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.operations.errors import NotFound
from bowstreet.casework.people.models import Officer
from bowstreet.evidence.verify import Verdict, verify


@transaction.atomic
def of(officer: Officer, reference: str, *, at: datetime) -> list[Exhibit]:
    """The exhibits of an operation; the look is logged."""
    found = (
        operations.get(officer, reference).exhibits.select_related("officer").order_by("initials", "number")
    )
    record.write(Act.CONSULTATION, by=officer.username, at=at, record="exhibits", operation=reference)
    return list(found)


@transaction.atomic
def look(officer: Officer, reference: str, name: str, *, at: datetime) -> Exhibit:
    """One exhibit, by the name of its folder; the look is logged. Raises NotFound."""
    initials, _, number = name.rpartition("-")
    found = (
        operations.get(officer, reference)
        .exhibits.filter(initials=initials, number=number if number.isdigit() else -1)
        .first()
    )
    if found is None:
        raise NotFound(f"there is no exhibit {name} in {reference}")
    record.write(
        Act.CONSULTATION, by=officer.username, at=at, record=f"exhibit:{found.reference}", operation=reference
    )
    return found


def verdict(exhibit: Exhibit) -> Verdict:
    """Verify its bag against this installation's own key."""
    return verify(acts.path(exhibit), trust=home().trust())


@transaction.atomic
def packed(officer: Officer, exhibit: Exhibit, *, at: datetime) -> bytes:
    """The bag as one ZIP file, for download; a disclosure, and logged as one."""
    record.write(
        Act.DISCLOSURE, by=officer.username, at=at, record=f"exhibit:{exhibit.reference}",
        operation=exhibit.operation.reference, recipient=officer.username, reason="downloaded",
    )  # fmt: skip
    folder, out = acts.path(exhibit), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, f"{exhibit.name}/{file.relative_to(folder)}")
    return out.getvalue()
