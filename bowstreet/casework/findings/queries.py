"""What an officer may ask of findings: listings, sellers, identifiers, and the text of pages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from typing import Any

from django.db import transaction

from bowstreet.casework.captures import queries as captures
from bowstreet.casework.captures.models import Capture
from bowstreet.casework.findings import fulltext
from bowstreet.casework.findings.held import Held, held
from bowstreet.casework.findings.held import picture as held_picture
from bowstreet.casework.findings.models import Account, Identifier, Image, Listing, Page
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.operations.errors import NotFound
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer
from bowstreet.linking.accounts import Account as Linked
from bowstreet.reading.images import perceptual
from bowstreet.reading.reader import site_of

MOST_HITS = 100


@dataclass
class Seller:
    """An account on a site, with all that captures say of it."""

    site: str
    handle: str
    accounts: list[Account] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    identifiers: list[Identifier] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)  # on pages that are its own alone; no quarantined one

    @property
    def id(self) -> str:
        """How linking names it."""
        return f"{self.site}/{self.handle}"

    def _said(self) -> list[dict[str, Any]]:
        """What each page says of the account and of its listings."""
        return [account.fields for account in self.accounts] + [listing.fields for listing in self.listings]

    @property
    def description(self) -> str:
        """What it says of itself."""
        said = (str(fields["description"]) for fields in self._said() if fields.get("description"))
        return next(said, "")

    def linked(self) -> Linked:
        """As linking takes it."""
        said, offers = self._said(), {one.url or one.title: one for one in self.listings}.values()
        places = {str(fields["ships_from"]) for fields in said if fields.get("ships_from")}
        markets = {str(place) for fields in said for place in fields.get("ships_to") or ()}
        claims = {str(c["site"]) for fields in said for c in fields.get("claims") or () if c.get("site")}
        goods = [told["label"] for one in offers if (told := one.fields.get("goods") or {}).get("sure")]
        own = [i for i in self.identifiers if i.valid]
        return Linked(
            self.id, self.site, self.handle, tuple(dict.fromkeys(one.title for one in self.listings)), self.description,
            frozenset((i.type, i.value) for i in own), ships_from=frozenset(p.lower() for p in places),
            images=frozenset(i.pdq for i in self.images if i.pdq and i.quality >= perceptual.GOOD),
            claims=frozenset(c.lower() for c in claims), ships_to=frozenset(m.lower() for m in markets), goods=tuple(goods),
            prices=tuple((one.currency, float(one.amount)) for one in offers if _sum(one.amount)),
        )  # fmt: skip


def _sum(amount: str) -> bool:
    """Is it a sum that prices can be compared by?"""
    try:
        return 0 < float(amount) < inf
    except ValueError:
        return False


def listings(officer: Officer, reference: str, *, at: datetime) -> list[Listing]:
    """Every listing of an operation, each address once, the page of its own before a row of results."""
    operation = _asked(officer, reference, "listings", at)
    found: dict[str, Listing] = {}
    for one in (
        Listing.objects.filter(page__capture__operation=operation)
        .select_related("page")
        .defer("page__text")
        .order_by("id")
    ):
        key = one.url or f"{one.site}:{one.title}"
        if key not in found or one.page.kind == "listing":
            found[key] = one
    return list(found.values())


def sellers(operation: Operation, site: str = "") -> list[Seller]:
    """Every seller that the operation's captures name; on one site, where that is given."""
    found: dict[tuple[str, str], Seller] = {}
    on = {"site": site} if site else {}

    def of(site: str, handle: str) -> Seller:
        return found.setdefault((site, handle.lower()), Seller(site, handle))

    pages = {"page__capture__operation": operation}
    for account in (
        Account.objects.filter(**pages, **on)
        .select_related("page__capture")
        .defer("page__text")
        .order_by("id")
    ):
        of(account.site, account.handle).accounts.append(account)
    for listing in (
        Listing.objects.filter(**pages, **on)
        .exclude(seller="")
        .select_related("page__capture")
        .defer("page__text")
        .order_by("id")
    ):
        of(listing.site, listing.seller).listings.append(listing)
    common = _everywhere(operation)
    for one in (
        Identifier.objects.filter(**pages)
        .exclude(account="")
        .select_related("page__capture")
        .defer("page__text")
        .order_by("id")
    ):
        where = site_of(one.page.url)
        if (one.type, one.value) not in common and site in ("", where):
            of(where, one.account).identifiers.append(one)
    for image, owner in _owned(operation, list(found.values())):
        owner.images.append(image)
    return sorted(found.values(), key=lambda seller: (seller.site, seller.handle.lower()))


def _owned(operation: Operation, found: list[Seller]) -> Iterator[tuple[Image, Seller]]:
    """Pictures with the one seller whose page they stand on; not what stands on most pages of the site, such as its logo."""
    owners: dict[int, list[Seller]] = defaultdict(list)
    for facts in ("accounts", "listings"):
        here: dict[int, list[Seller]] = defaultdict(list)
        for one in found:
            for number in {fact.page_id for fact in getattr(one, facts)}:
                here[number].append(one)
        owners = defaultdict(list, here | owners)  # a page of accounts is theirs, whatever listings it shows
    common = logos(operation)
    hidden = Image.objects.exclude(quarantined="").values("sha256")
    shown = (
        Image.objects.filter(page__capture__operation=operation)
        .exclude(sha256__in=hidden)
        .select_related("page__capture")
    )
    for image in shown.defer("page__text").order_by("id"):
        here_too = owners.get(image.page_id, [])
        if len(here_too) == 1 and (here_too[0].site, image.sha256) not in common:
            yield image, here_too[0]


def logos(operation: Operation) -> set[tuple[str, str]]:
    """Pictures that stand on most pages of a site."""
    pages: dict[str, set[int]] = defaultdict(set)
    holds: dict[tuple[str, str], set[int]] = defaultdict(set)
    shown = Page.objects.filter(capture__operation=operation)
    for number, url, digest in shown.values_list("id", "url", "images__sha256"):
        pages[site := site_of(url)].add(number)
        if digest:
            holds[site, digest].add(number)
    return {key for key, on in holds.items() if _most(on, pages[key[0]])}


def _most(some: set[int], pages: set[int]) -> bool:
    """Do they stand on so many pages of a site that they are the site's own?"""
    return len(pages) >= 4 and len(some) > 0.6 * len(pages)


def _everywhere(operation: Operation) -> set[tuple[str, str]]:
    """Identifiers that stand on most pages of a site: the site's own, not a seller's."""
    pages: dict[str, set[int]] = defaultdict(set)
    holds: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    sites = dict[int, str]()
    for number, url in Page.objects.filter(capture__operation=operation).values_list("id", "url"):
        sites[number] = site_of(url)
        pages[sites[number]].add(number)
    shown = Identifier.objects.filter(page__capture__operation=operation)
    for number, kind, value in shown.values_list("page_id", "type", "value"):
        holds[sites[number], kind, value].add(number)
    return {(kind, value) for (site, kind, value), found in holds.items() if _most(found, pages[site])}


def look_at_sellers(officer: Officer, reference: str, *, at: datetime) -> list[Seller]:
    """Every seller; the look is logged."""
    return sellers(_asked(officer, reference, "sellers", at))


def seller(officer: Officer, reference: str, id: str, *, at: datetime) -> Seller:
    """One seller. Raises NotFound."""
    operation = _asked(officer, reference, f"seller:{id}", at)
    if found := named(operation, id):
        return found
    raise NotFound(f"there is no seller {id} in {reference}")


def named(operation: Operation, id: str) -> Seller | None:
    """One seller, by how linking names it; None where there is none."""
    site = id.partition("/")[0]
    return next((one for one in sellers(operation, site) if one.id == id), None) if site else None


@transaction.atomic
def picture(officer: Officer, reference: str, number: int, *, clear: bool, at: datetime) -> bytes | None:
    """A picture's bytes as captured; a clear look is logged. Raises NotFound, also for what is quarantined anywhere."""
    operation = operations.get(officer, reference)
    found = (
        Image.objects.filter(page__capture__operation=operation, id=number)
        .select_related("page__capture")
        .first()
    )
    if found is None or Image.objects.filter(sha256=found.sha256).exclude(quarantined="").exists():
        raise NotFound(f"there is no picture {number} in {reference} that may be shown")
    if clear:
        record.write(
            Act.CONSULTATION, by=officer.username, at=at, record=f"picture:sha256:{found.sha256}", operation=reference,
            detail={"pictures": "clear"},
        )  # fmt: skip
    return held_picture(captures.archive(found.page.capture), found.sha256)


def pictures(officer: Officer, reference: str, *, at: datetime) -> list[Image]:
    """Every picture of an operation's captures. Of a quarantined one its digest and why, and nothing else, is kept."""
    operation = _asked(officer, reference, "pictures", at)
    found = (
        Image.objects.filter(page__capture__operation=operation).select_related("page").defer("page__text")
    )
    return list(found.order_by("id"))


def facts(officer: Officer, reference: str, capture: int) -> list[Page]:
    """The pages of one capture, with what was read from them."""
    operation = operations.get(officer, reference)
    pages = Page.objects.filter(capture__operation=operation, capture_id=capture)
    return list(pages.prefetch_related("listings", "accounts", "identifiers").order_by("id"))


@dataclass(frozen=True)
class Inert:
    """A captured page to be shown without its scripts, and the span of the fact that was asked for."""

    page: Held
    span: tuple[int, int] | None


@transaction.atomic
def inert(who: int, number: int, fact: str, *, clear: bool, styled: bool, at: datetime) -> Inert:
    """A captured page, for an officer who is on its operation; the look is logged, and whether pictures were revealed.

    Raises NotFound.
    """
    capture = Capture.objects.select_related("operation").filter(id=number).first()
    by = Officer.objects.filter(pk=who, is_active=True).first()
    if capture is None or by is None or not capture.operation.members.filter(pk=who).exists():
        raise NotFound("there is no such capture")
    proof = _proof(capture, fact) if fact else {}
    record.write(
        Act.CONSULTATION, by=by.username, at=at, record=f"capture:sha256:{capture.sha256}",
        operation=capture.operation.reference, detail={"fact": fact, "pictures": "clear" if clear else "blurred"},
    )  # fmt: skip
    page = held(
        captures.archive(capture), proof.get("record") or "", styled=styled, without=_quarantined(capture)
    )
    start, end = proof.get("span") or (None, None)
    return Inert(page, None if start is None or end is None else (int(start), int(end)))


def _quarantined(capture: Capture) -> frozenset[str]:
    """The digests of a capture's quarantined pictures, which are never shown."""
    pictures = Image.objects.filter(page__capture=capture).exclude(quarantined="")
    return frozenset(pictures.values_list("sha256", flat=True))


def _proof(capture: Capture, fact: str) -> dict[str, Any]:
    """The proof that a fact's name stands for: `i77` an identifier's, `l12-price` a listing's price, `a3-handle` …"""
    kinds: dict[str, type[Listing | Account | Identifier]] = {"i": Identifier, "l": Listing, "a": Account}
    number, _, name = fact[1:].partition("-")
    model = kinds.get(fact[:1])
    found = (
        model._default_manager.filter(page__capture=capture, id=int(number)).first()
        if model and number.isdigit()
        else None
    )
    if found is None:
        raise NotFound("there is no such fact: the capture was read again since")
    proof = found.proof.get(name, {}) if name else found.proof
    return dict(proof)


@transaction.atomic
def search(officer: Officer, text: str, *, at: datetime, reference: str | None = None) -> dict[str, Any]:
    """Full text of every page that the officer may see: total, the best hits, and facets. What is shown is logged."""
    allowed = [operations.get(officer, reference)] if reference else operations.of(officer)
    hits = fulltext.matching(text)
    pages = (
        Page.objects.filter(capture__operation__in=allowed, id__in=hits)
        .select_related("capture__operation")
        .defer("text")
    )
    rank = {number: place for place, number in enumerate(hits)}
    rows = sorted(pages, key=lambda page: rank[page.id])
    shown = [
        {
            "operation": p.capture.operation.reference,
            "capture": p.capture_id,
            "url": p.url,
            "kind": p.kind,
            "snippet": hits[p.id],
        }
        for p in rows
    ]
    facets = {
        "kind": dict(Counter(p.kind for p in rows)),
        "operation": dict(Counter(h["operation"] for h in shown)),
    }
    seen = sorted({page.capture_id for page in rows[:MOST_HITS]})  # what is shown of them is consulted
    record.write(
        Act.CONSULTATION, by=officer.username, at=at, record="search", operation=reference or "",
        detail={"text": text, "captures": seen},
    )  # fmt: skip
    return {"total": len(rows), "hits": shown[:MOST_HITS], "facets": facets}


@transaction.atomic
def _asked(officer: Officer, reference: str, what: str, at: datetime) -> Operation:
    operation = operations.get(officer, reference)
    record.write(
        Act.CONSULTATION, by=officer.username, at=at, record=what[:300], operation=operation.reference
    )
    return operation
