"""Sellers of our own on two sites, written straight into findings: for what comes after reading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bowstreet.casework.captures import acts as captures
from bowstreet.casework.findings.models import Account, Identifier, Listing, Page
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer


def open_stalls(
    wares: Sequence[str], *, officer: Officer, operation: Operation, at: datetime, folder: Path
) -> None:
    """A seller of each ware on either site; the two of one ware share a telephone number and what they write."""
    path = folder / "page.html"
    path.write_text("<!-- saved from url=(0022)http://north.example/x --><p>Nothing</p>")
    capture, _ = captures.take_in(
        officer=officer, operation=operation, path=path, at=at, source="a colleague"
    )
    for site in ("north.example", "south.example"):
        for n, ware in enumerate(wares):
            handle = f"{ware.replace(' ', '_')}_{'house' if site[0] == 'n' else 'works'}"
            page = Page.objects.create(
                capture=capture, url=f"http://{site}/{n}", record=f"r{n}", kind="seller"
            )
            proof = {"record": f"r{n}", "span": [0, 4]}
            Account.objects.create(page=page, site=site, handle=handle, proof={"handle": proof})
            for title in (f"Hand made {ware}, small", f"Hand made {ware}, large, boxed"):
                Listing.objects.create(page=page, site=site, seller=handle, title=title, proof={"title": proof})  # fmt: skip
            Identifier.objects.create(
                page=page, type="phone", text="", value=f"+4477009001{n:02}", valid=True, account=handle, proof=proof
            )  # fmt: skip
