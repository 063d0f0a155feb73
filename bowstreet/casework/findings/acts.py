"""Reading captures into findings. Reading again replaces what was read before."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from itertools import islice

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
PAGES_AT_ONCE = 200


def read_capture(capture: Capture, *, officer: Officer, at: datetime) -> int:
    """Read one capture; how many pages it had. Reading happens between transactions, storing in them: a great
    archive is stored so many pages at a time, each time with its entry."""
    pages = (_named(page, capture) for _, page in read([captures.archive(capture)]))
    count = 0
    while (facts := list(islice(pages, PAGES_AT_ONCE))) or not count:
        with transaction.atomic():
            if not count:
                _forget(capture)
            for page in facts:
                _keep(capture, page)
            counts = {"pages": len(facts), "listings": sum(len(p.listings) for p in facts), "reader": VERSION}
            record.write(
                Act.ALTERATION, by=officer.username, at=at, record=f"findings:sha256:{capture.sha256}",
                operation=capture.operation.reference, detail=counts,
            )  # fmt: skip
        count += len(facts)
        if len(facts) < PAGES_AT_ONCE:
            break
    return count


def _named(facts: PageFacts, capture: Capture) -> PageFacts:
    """A saved page that does not say where it was saved from has the address that whoever brought it gave."""
    return replace(facts, url=capture.url) if facts.url.startswith("file:") else facts


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
