"""What an officer may ask of crawls."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from bowstreet.casework.crawls import acts, queue
from bowstreet.casework.crawls.models import Crawl, Standing
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.people.models import Officer

SHOWN = 200


@transaction.atomic
def status(officer: Officer, reference: str, number: int, *, at: datetime) -> dict[str, Any]:
    """How far a crawl is, what it handed to a person, and what it did not visit and why; the look is logged."""
    crawl = acts.find(operations.get(officer, reference), number)
    record.write(
        Act.CONSULTATION, by=officer.username, at=at, record=f"crawl:{crawl.pk}", operation=reference
    )
    return _line(crawl) | {
        "hand_over": [
            {"url": a.url, "label": a.capture.label if a.capture else "", "capture": a.capture_id}
            for a in crawl.addresses.filter(standing=Standing.BLOCKED).select_related("capture")[:SHOWN]
        ],
        "not_visited": [
            {"url": a.url, "standing": a.standing, "why": a.problem}
            for a in crawl.addresses.filter(
                standing__in=(Standing.ROBOTS, Standing.REFUSED, Standing.FAILED)
            )[:SHOWN]
        ],
    }


@transaction.atomic
def of(officer: Officer, reference: str, *, at: datetime) -> list[dict[str, Any]]:
    """The crawls of an operation; the look is logged."""
    operation = operations.get(officer, reference)
    record.write(Act.CONSULTATION, by=officer.username, at=at, record="crawls", operation=reference)
    return [_line(crawl) for crawl in operation.crawls.order_by("id")]


def _line(crawl: Crawl) -> dict[str, Any]:
    count = queue.totals(crawl)
    return {
        "crawl": crawl.pk,
        "operation": crawl.operation.reference,
        "state": crawl.state,
        "reason": crawl.reason,
        "seeds": crawl.seeds,
        "scope": crawl.scope,
        "pages": count.pages,
        "bytes": count.size,
        "outside": count.outside,
        "addresses": count.standings,
        "minutes": round(crawl.worked / 60, 1),
    }
