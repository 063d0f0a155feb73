"""What kind of page this is, by rules in order; and its language, where the page or its words say so."""

from __future__ import annotations

import re

from bowstreet.reading.document import Document
from bowstreet.reading.labels import Pair

LISTING, RESULTS, SELLER, FEEDBACK = "listing", "results", "seller", "feedback"
LOGIN, CHALLENGE, MISSING, OTHER = "login", "challenge", "missing", "other"

_CHALLENGE = re.compile(
    r"captcha|are you (?:a )?human|not a robot|checking your browser|ddos|prove (?:that )?you|anti-?bot|you are in (?:a )?queue",
    re.I,
)
_MISSING = re.compile(
    r"\b(?:404|410|not found|does(?: not|n't) exist|no longer available|has been removed|page (?:is )?gone|nothing (?:here|at this))\b",
    re.I,
)
_LOGIN = re.compile(r"\b(?:log ?in|sign ?in|register|create (?:an )?account)\b", re.I)
_FEEDBACK = re.compile(r"\b(?:feedbacks?|reviews?) (?:for|of|from|left)\b|^(?:feedback|reviews)\b", re.I)


def blocked(page: Document, status: int, has_money: bool) -> str | None:
    """login, challenge or missing; None for a page with something to read."""
    said, short = f"{page.title}\n{page.text[:4000]}", len(page.text) < 1500
    if _CHALLENGE.search(said) and len(page.text) < 2500 and not has_money:
        return CHALLENGE
    password = any(
        e.tag == "input" and e.attributes.get("type", "").lower() == "password" for e in page.elements
    )
    if status == 401 or (password and short and _LOGIN.search(said)):
        return LOGIN
    if status in (404, 410) or (
        _MISSING.search(f"{page.title}\n{heading(page)}") and (short or not has_money)
    ):
        return MISSING
    return None


def heading(page: Document) -> str:
    """What the first heading says."""
    for tag in ("h1", "h2"):
        for unit in page.units:
            if any(page.elements[e].tag == tag for e in page.ancestors(unit.element)[:4]):
                return unit.text.strip()
    return ""


def kind(page: Document, labels: list[Pair], records: int, sellers: int) -> str:
    """listing, results, seller, feedback or other, for a page that is none of the blocked kinds.

    `sellers` counts the different sellers among the `records`: one seller's own page repeats one.
    """
    names = {pair.name for pair in labels if pair.sure >= 0.75}
    said = heading(page) or page.title
    if _FEEDBACK.search(said):
        return FEEDBACK
    if (
        "price" in names
        and names & {"seller", "ships_from", "quantity", "stock"}
        and (records < 4 or sellers < 2)
    ):
        return LISTING
    if records >= 4 and sellers >= 2:
        return RESULTS
    person = len(names & {"joined", "sales", "level", "last_seen", "rating"})
    if "joined" in names or person >= 2:
        return SELLER
    if records >= 2:
        return RESULTS
    if "seller" in names and names & {"ships_from", "ships_to", "category", "payment"}:
        return LISTING
    return OTHER


def language(page: Document) -> str | None:
    """ISO 639-1: what the page declares, else None."""
    declared = next((e.attributes.get("lang", "") for e in page.elements if e.tag == "html"), "")
    code = declared.strip().lower().replace("_", "-").partition("-")[0]
    return code if re.fullmatch(r"[a-z]{2}", code) else None
