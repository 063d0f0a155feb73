"""The same picture on the pages of several sellers: a reason to look whether they are one, or who takes from whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects

from bowstreet.casework.findings import queries
from bowstreet.casework.findings.models import Image, Page
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.people.models import Officer
from bowstreet.reading.images import perceptual
from bowstreet.reading.reader import site_of


@dataclass(frozen=True)
class Showing:
    """A picture on a page of one seller. `fact` is what of the page is shown as proof; the title is its listing's."""

    image: Image
    seller: str
    title: str
    fact: str


@dataclass(frozen=True)
class SharedPicture:
    """One picture, or near copies of it, and the sellers on whose pages it stands."""

    images: tuple[Image, ...]
    showings: tuple[Showing, ...]

    @property
    def sellers(self) -> tuple[str, ...]:
        """As linking names them."""
        return tuple(sorted({one.seller for one in self.showings}))

    @property
    def forms(self) -> tuple[Image, ...]:
        """Each different file once."""
        return tuple({one.sha256: one for one in self.images}.values())


def pictures(officer: Officer, reference: str, *, at: datetime) -> list[SharedPicture]:
    """Pictures on the pages of two sellers or more, as they are or as near copies, those of most sellers first.

    What is quarantined anywhere, and what stands on most pages of a site, is left out. The look is logged.
    """
    seen = {str(one.pk): one for one in _clear(officer, reference, at)}
    prefetch_related_objects([one.page for one in seen.values()], "listings", "accounts", "capture")
    groups = perceptual.groups({key: one.views or [one.pdq] for key, one in seen.items()})
    shared = [_shared(seen[key] for key in sorted(group, key=int)) for group in groups]
    return sorted(
        (one for one in shared if len(one.sellers) > 1), key=lambda one: (-len(one.sellers), one.images[0].pk)
    )


def _clear(officer: Officer, reference: str, at: datetime) -> Iterator[Image]:
    """Pictures clear enough to be compared, that may be shown and are not the site's own."""
    common = queries.logos(operations.get(officer, reference))
    hidden = set(Image.objects.exclude(quarantined="").values_list("sha256", flat=True))
    for one in queries.pictures(officer, reference, at=at):
        own = (site_of(one.page.url), one.sha256) in common
        if one.pdq and one.quality >= perceptual.GOOD and one.sha256 not in hidden and not own:
            yield one


def _shared(images: Iterable[Image]) -> SharedPicture:
    kept = tuple(images)
    shown = {(one.seller, one.title): one for image in kept if (one := _showing(image))}
    return SharedPicture(kept, tuple(sorted(shown.values(), key=lambda one: (one.seller, one.title))))


def _showing(image: Image) -> Showing | None:
    """Whose page it stands on: its account's, or that of the one seller whose listing it shows; None for anybody's."""
    page: Page = image.page
    accounts, listings = list(page.accounts.all()), [one for one in page.listings.all() if one.seller]
    handles = {one.handle for one in accounts} or {one.seller for one in listings}
    if len(handles) != 1:
        return None
    seller = f"{site_of(page.url)}/{handles.pop()}"
    if len(listings) == 1:
        (one,) = listings
        return Showing(image, seller, one.title, f"l{one.pk}-title" if "title" in one.proof else "")
    fact = next((f"a{one.pk}-handle" for one in accounts if "handle" in one.proof), "")
    return Showing(image, seller, "", fact)
