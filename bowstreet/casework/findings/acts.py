"""Reading captures into findings. Reading again replaces what was read before."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import transaction

from bowstreet.casework.captures import queries as captures
from bowstreet.casework.captures.models import Capture
from bowstreet.casework.findings import fulltext, goods
from bowstreet.casework.findings.models import Account, Identifier, Image, Listing, Page
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.people.models import Officer
from bowstreet.flow import read
from bowstreet.reading.facts import VERSION, PageFacts
from bowstreet.reading.images import HashList, ImageFacts
from bowstreet.reading.images.pages import Pictures
from bowstreet.reading.reader import site_of

TEXT_LIMIT = 1 << 20
PAGES_AT_ONCE = 200


def read_capture(capture: Capture, *, officer: Officer, at: datetime) -> int:
    """Read one capture; how many pages it had. Reading happens between transactions, storing in them: a great
    archive is stored so many pages at a time, each time with its entry."""
    told = goods.corrections(capture.operation)
    pages = (
        goods.corrected(_named(page, capture), told)
        for _, page in read([captures.archive(capture)], pictures=_pictures())
    )
    count, matched = 0, set[str]()
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
            _quarantine(capture, facts, matched, officer, at)
        count += len(facts)
        if len(facts) < PAGES_AT_ONCE:
            break
    return count


def _named(facts: PageFacts, capture: Capture) -> PageFacts:
    """A saved page that does not say where it was saved from has the address that whoever brought it gave."""
    return replace(facts, url=capture.url) if facts.url.startswith("file:") else facts


def _pictures() -> Pictures:
    """Reads pictures by the installation's hash lists as they are now. Raises BadList: nothing is read unscreened."""
    paths = tuple(settings.HASH_LISTS)
    return _reader(paths, tuple(Path(one).stat().st_mtime_ns for one in paths if Path(one).exists()))


@lru_cache(maxsize=1)
def _reader(paths: tuple[str, ...], changed: tuple[int, ...]) -> Pictures:
    return Pictures(HashList.load(Path(one) for one in paths))


def _quarantine(
    capture: Capture, facts: list[PageFacts], known: set[str], officer: Officer, at: datetime
) -> None:
    """Each picture that matches a hash list is logged, once; the capture is not shown or exported whole from then on."""
    matched = {one.sha256: one.match for page in facts for one in page.images if one.match}
    for digest in matched.keys() - known:
        match = matched[digest]
        record.write(
            Act.ALTERATION, by=officer.username, at=at, record=f"picture:sha256:{digest}", operation=capture.operation.reference,
            detail={"quarantined": match.category, "list": match.source, "version": match.version, "hash": match.type, "bits": match.bits},
        )  # fmt: skip
    known.update(matched)
    if capture.quarantined != len(known):
        capture.quarantined = len(known)
        capture.save(update_fields=["quarantined"])


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
    Image.objects.bulk_create(_image(page, one) for one in facts.images)


def _image(page: Page, one: ImageFacts) -> Image:
    known = Image(page=page, url=one.url, record=one.record, sha256=one.sha256)
    if one.match:
        known.quarantined = f"{one.match.category}, {one.match.source} {one.match.version}".strip()[:300]
        return known
    known.pdq, known.quality, known.width, known.height = (
        one.pdq or "",
        one.quality or 0,
        one.width or 0,
        one.height or 0,
    )
    known.qr, known.text, known.views = (
        json.loads(_clean(json.dumps(list(one.qr)))),
        _clean(one.text[:TEXT_LIMIT]),
        list(one.views),
    )
    known.camera = json.loads(_clean(json.dumps(one.camera.fields if one.camera else {})))
    return known


def _clean(text: str) -> str:
    """PostgreSQL keeps no NUL, whether as it is or as JSON writes it."""
    return text.replace("\0", "\ufffd").replace("\\u0000", "\\ufffd")
