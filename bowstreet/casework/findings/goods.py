"""What listings offer: the label read, and an analyst's correction of it, used from the next reading on.

correct(officer=…, operation=…, number=7, label="drugs/cannabis", at=now)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from bowstreet.casework.findings.models import Correction, Listing
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.operations.errors import NotFound
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer
from bowstreet.reading.facts import PageFacts
from bowstreet.reading.goods import classify
from bowstreet.reading.goods.corrections import Corrections
from bowstreet.reading.goods.taxonomy import by_label

AS_READ = "as-read"


class BadCorrection(Exception):
    """A correction that cannot be made as asked. The message says what to mend."""


@dataclass(frozen=True)
class Offered:
    """What a listing offers, in words. `drug_class` is A, B or C where it names a controlled drug."""

    label: str
    name: str
    sure: bool
    drug_class: str
    corrected: bool


def offered(listing: Listing, told: dict[str, str]) -> Offered:
    """What it offers; `told` are the corrections that stand, by title."""
    goods = listing.fields.get("goods") or {}
    label = told.get(listing.title) or goods.get("label") or ""
    corrected = listing.title in told or bool(goods.get("corrected"))
    control = goods.get("control") or {}
    name = by_label()[label].name if label in by_label() else label.capitalize()
    return Offered(label, name, corrected or bool(goods.get("sure")), control.get("class") or "", corrected)


def standing(operation: Operation) -> dict[str, str]:
    """The corrections that stand: label by title."""
    return dict(operation.corrections.filter(withdrawn_at=None).order_by("id").values_list("title", "label"))


def listing(officer: Officer, reference: str, number: int) -> Listing:
    """One listing. Raises NotFound."""
    operation = operations.get(officer, reference)
    found = Listing.objects.filter(page__capture__operation=operation, id=number).first()
    if found is None:
        raise NotFound(f"there is no listing {number} in {reference}")
    return found


@transaction.atomic
def correct(*, officer: Officer, operation: Operation, number: int, label: str, at: datetime) -> None:
    """Say what listings of one's title offer; with AS_READ take that back. Raises BadCorrection and NotFound."""
    if not operations.works_on(officer, operation):
        raise BadCorrection(f"You may look at {operation.reference}, and not act on it")
    if label != AS_READ and label not in by_label():
        raise BadCorrection(f"{label!r} is no label of the taxonomy")
    one = listing(officer, operation.reference, number)
    operation.corrections.filter(title=one.title, withdrawn_at=None).update(withdrawn_at=at)
    if label != AS_READ:
        Correction.objects.create(operation=operation, title=one.title, label=label, officer=officer, at=at)
    record.write(
        Act.ALTERATION, by=officer.username, at=at, record=f"goods:{one.title}"[:300], operation=operation.reference,
        detail={"label": label},
    )  # fmt: skip


def corrected(facts: PageFacts, told: Corrections) -> PageFacts:
    """A page's listings with what corrections make of their goods."""
    if not told.pairs or not facts.listings:
        return facts
    goods = classify([one.title for one in facts.listings], corrections=told)
    return replace(
        facts, listings=tuple(replace(one, goods=g) for one, g in zip(facts.listings, goods, strict=True))
    )


def corrections(operation: Operation) -> Corrections:
    """The corrections that stand, as reading takes them."""
    return Corrections.of(standing(operation).items())
