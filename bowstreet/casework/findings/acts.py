"""Reading captures into findings. Reading again replaces what was read before."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import transaction

from bowstreet.casework.captures import queries as captures
from bowstreet.casework.captures.models import Capture
from bowstreet.casework.findings import fulltext
from bowstreet.casework.findings.models import Account, Identifier, Listing, Page
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.people.models import Officer
from bowstreet.flow import read
from bowstreet.reading.facts import VERSION, PageFacts
from bowstreet.reading.reader import site_of

TEXT_LIMIT = 1 << 20


def read_capture(capture: Capture, *, officer: Officer, at: datetime) -> int:
    """Read one capture; how many pages it had. Reading happens before the transaction, storing in it."""
    facts = [page for _, page in read([captures.archive(capture)])]
    with transaction.atomic():
        _forget(capture)
        for page in facts:
            _keep(capture, page)
        counts = {"pages": len(facts), "listings": sum(len(p.listings) for p in facts), "reader": VERSION}
        record.write(
            Act.ALTERATION, by=officer.username, at=at, record=f"findings:sha256:{capture.sha256}",
            operation=capture.operation.reference, detail=counts,
        )  # fmt: skip
    return len(facts)


def _forget(capture: Capture) -> None:
    numbers = list(capture.pages.values_list("id", flat=True))
    fulltext.forget(numbers)
    capture.pages.all().delete()


def _keep(capture: Capture, facts: PageFacts) -> None:
    text = _clean(facts.text[:TEXT_LIMIT])
    page = Page.objects.create(
        capture=capture,
        url=facts.url,
        record=facts.record,
        kind=facts.kind,
        language=facts.language or "",
        text=text,
    )
    fulltext.put(page.id, text)
    line, site = json.loads(_clean(json.dumps(facts.line()))), site_of(facts.url)
    for shown, listing in zip(line["listings"], facts.listings, strict=True):
        proof = shown.pop("proof")
        price = listing.price
        Listing.objects.create(
            page=page, url=listing.url or "", title=_clean(listing.title[:2000]), seller=listing.seller or "", site=site,
            amount=price.amount if price else "", currency=price.currency if price else "", fields=shown, proof=proof,
        )  # fmt: skip
    for shown, account in zip(line["accounts"], facts.accounts, strict=True):
        proof = shown.pop("proof")
        Account.objects.create(page=page, site=account.site, handle=account.handle, fields=shown, proof=proof)
    Identifier.objects.bulk_create(
        Identifier(
            page=page, type=one.type, text=_clean(one.text[:4000]), value=one.value or "", valid=one.valid,
            account=one.account or "", proof=shown["proof"],
        )
        for shown, one in zip(line["identifiers"], facts.identifiers, strict=True)
    )  # fmt: skip


def _clean(text: str) -> str:
    """PostgreSQL keeps no NUL, whether as it is or as JSON writes it."""
    return text.replace("\0", "\ufffd").replace("\\u0000", "\\ufffd")
