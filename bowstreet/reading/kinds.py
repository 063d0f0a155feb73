"""What kind of page this is, by rules in order; and its language."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from bowstreet.reading.document import Document
from bowstreet.reading.ranker import Candidate, Ranker
from bowstreet.reading.records import Record
from bowstreet.reading.view import View
from bowstreet.reading.words import FURNITURE

LISTING, RESULTS, SELLER, FEEDBACK = "listing", "results", "seller", "feedback"
LOGIN, CHALLENGE, MISSING, OTHER = "login", "challenge", "missing", "other"

_CHALLENGE = re.compile(
    r"captcha|are you (?:a )?human|not a robot|checking your browser|ddos|prove (?:that )?you|anti-?bot|anti-?ddos|in (?:a |the )?queue|security check|"
    r"just a moment|verify (?:that )?you|please wait|access queue|enter the (?:characters|text|code|letters)|click (?:on )?the|solve the|under attack|"
    r"redirected (?:shortly|in|soon)|human verification|enable javascript",
    re.I,
)
_MISSING = re.compile(
    r"\b(?:404|410)\b|not found|(?:does|do)(?: not|n't) exist|no longer (?:available|exists)|(?:has|have) been (?:removed|deleted)|page (?:is )?gone|nothing (?:here|at this)|"
    r"could ?n[o']t be found|could not find|invalid (?:listing|product|page|item|url)|unknown (?:listing|product|page)|was removed|nicht gefunden|introuvable|no encontrad|"
    r"internal server error|50[0234] |bad gateway|gateway time",
    re.I,
)
_LOGIN = re.compile(
    r"\b(?:log ?in|sign ?in|register|create (?:an )?account|password|passphrase|anmelden|connexion|iniciar sesi|username)\b",
    re.I,
)
_FEEDBACK = re.compile(
    r"\b(?:feedbacks?|reviews?|ratings?) (?:for|of|from|left|about)\b|^(?:customer |buyer |vendor |seller |all |view )?(?:feedbacks?|reviews|ratings)\b|\bfeedback$",
    re.I,
)
_MASKED = re.compile(r"^\W*\w{0,3}\*{2,}\w{0,3}\W*$|^\w[*.]{3,}\w?$")
DATE = re.compile(
    r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,2}\b|\d+ (?:days?|hours?|weeks?|months?|years?) ago",
    re.I,
)
PERSON = frozenset(("joined", "sales", "level", "last_seen", "rating"))
OFFER = frozenset(
    (
        "price",
        "seller",
        "ships_from",
        "ships_to",
        "quantity",
        "stock",
        "payment",
        "class",
        "category",
        "views",
        "ends",
    )
)


#: what a page's title, first heading or address says of its kind
_SAYS = {
    "feedback": _FEEDBACK,
    "seller": re.compile(
        r"\b(?:profile|vendor page|about me|member|seller info)\b|'s (?:shop|store|page|profile)|\b(?:vendor|seller|user)\s*:",
        re.I,
    ),
    "results": re.compile(
        r"\b(?:no (?:listings|products|items|results)|search|results?|categor(?:y|ies)|browse|listings|products|all items|catalogue|catalog|page \d)\b",
        re.I,
    ),
    "listing": re.compile(
        r"\b(?:view listing|listing details|product details|item details|view product|offer details)\b", re.I
    ),
    "help": re.compile(
        r"\b(?:faq|help|rules|wiki|support|tickets?|messages?|orders|settings|pgp|wallet|deposit|withdraw|terms|canary|news|about us|home)\b",
        re.I,
    ),
}
_PAGED = re.compile(r"[?&/](?:page|p|pg|start|offset)[=/]\d", re.I)
#: kinds among which the model chooses; "none of them" is OTHER
CHOICES = (LISTING, RESULTS, SELLER, FEEDBACK)


@dataclass(frozen=True, slots=True)
class Signs:
    """What a page shows that its kind can be told from."""

    labels: frozenset[str]  # fields that are labelled, outside records and forms
    records: int
    score: float  # of the records
    sellers: int  # different sellers among the records
    price: float  # how sure the one price, title and seller are
    title: float
    seller: float
    buys: bool  # is there a way to order?
    feedback: int  # entries of feedback
    product: bool  # do the page's data speak of one product?
    leads: bool  # is the title a link to another page?
    inside: bool  # does its title stand in one of the records?
    person: bool  # is its title the name of a seller?

    def features(self, view: View) -> dict[str, float]:
        """As the model reads them."""
        page = view.page
        paged = any(
            e.tag == "a" and _PAGED.search(e.attributes.get("href", "")) for e in page.elements
        ) or any("pagination" in e.attributes.get("class", "") for e in page.elements)
        f = {
            "paged": 1.0 if paged else 0.0,
            "bias": 1.0,
            "price": self.price,
            "title": self.title,
            "seller": self.seller,
        }
        f |= {f"label_{name}": 1.0 for name in self.labels & (OFFER | PERSON)}
        f["offer"] = len(self.labels & OFFER) / 5
        f["personal"] = len(self.labels & PERSON) / 3
        f["records"] = math.log(1 + self.records) / 2
        f["any_records"] = 1.0 if self.records else 0.0
        f["score"] = math.log(1 + self.score) / 3
        f["sellers"] = min(1.0, self.sellers / 3)
        f["one_seller"] = 1.0 if self.sellers == 1 and self.records > 2 else 0.0
        f["buys"] = 1.0 if self.buys else 0.0
        f["buys_alone"] = 1.0 if self.buys and not self.records else 0.0
        f["feedback"] = math.log(1 + self.feedback) / 2
        f["product"] = 1.0 if self.product else 0.0
        f["person"] = 1.0 if self.person else 0.0
        f["feedback_paged"] = 1.0 if self.feedback >= 10 and f["paged"] else 0.0
        f["feedback_many"] = 1.0 if self.feedback >= 10 else 0.0
        f["key"] = 1.0 if "-----BEGIN PGP PUBLIC" in page.text else 0.0
        f["complete"] = 1.0 if self.price > 0.5 and self.title > 0.5 and self.seller > 0.5 else 0.0
        f["complete_alone"] = f["complete"] if self.records < 4 else 0.0
        f["money"] = math.log(1 + len(view.money)) / 3
        said = heading(view)
        for kind_, words in _SAYS.items():
            if words.search(said) and len(said) < 60:
                f[f"heading_{kind_}"] = 1.0
            if words.search(page.title) and len(page.title) < 70:
                f[f"title_{kind_}"] = 1.0
        return f


def blocked(view: View, status: int) -> str | None:
    """login, challenge or missing; None for a page with something to read."""
    page = view.page
    said, length = f"{page.title}\n{page.text[:4000]}", len(page.text)
    money = len(view.money) > 2
    inputs = [e.attributes for e in page.elements if e.tag == "input"]
    password = sum(a.get("type", "").lower() == "password" for a in inputs)
    logged_in = re.search(r"\blog ?out\b|\bsign ?out\b", page.text[:6000], re.I)
    asks = _LOGIN.search(f"{page.title}\n{heading(view)}")
    if status == 401 or (
        password
        and not logged_in
        and (length < 1000 or (asks and length < 8000) or (length < 3500 and not money))
    ):
        return LOGIN
    refresh = any(
        e.tag == "meta" and e.attributes.get("http-equiv", "").lower() == "refresh" for e in page.elements
    )
    if (
        not logged_in
        and length < 2500
        and not money
        and (_CHALLENGE.search(said) or (refresh and 0 < length < 600))
    ):
        return CHALLENGE
    if status in (404, 410) or status >= 500:
        return MISSING
    if _MISSING.search(f"{page.title}\n{heading(view)}") and len(view.money) < 12:
        return MISSING
    if length < 1200 and _MISSING.search(said) and not money:
        return MISSING
    if status in (403, 429, 503) and length < 3000:
        return CHALLENGE
    if (
        not logged_in
        and not money
        and length < 1500
        and re.search(r"\b(?:log ?in|sign ?in)\b", page.title, re.I)
        and inputs
    ):
        return LOGIN
    return None


def heading(view: View) -> str:
    """What the first heading says that is no furniture."""
    for unit, bare in zip(view.page.units, view.texts, strict=True):
        place = view.place(unit.element)
        if (
            place.heading
            and not place.far & {"nav", "brand"}
            and (bare not in FURNITURE or bare == "feedback")
        ):
            return unit.text.strip()
    return ""


def feedback_entries(view: View) -> int:
    """How many entries look like feedback: a buyer's masked name or a date, in a slot that repeats."""
    many = view.slot_counts
    masked = sum(1 for unit in view.page.units if len(unit.text) < 24 and _MASKED.match(unit.text))
    dated = sum(
        1
        for unit, slot in zip(view.page.units, view.slots, strict=True)
        if many[slot] >= 4 and len(unit.text) < 60 and DATE.search(unit.text)
    )
    return max(masked, dated)


def labelled(view: View, rows: Sequence[Record]) -> frozenset[str]:
    """The fields that the page labels outside its records and form controls."""
    inside = {index for row in rows for index in row.units}
    return frozenset(
        pair.name
        for pair in view.pairs
        if pair.sure >= 0.7
        and pair.unit not in inside
        and not view.place(view.page.units[pair.unit].element).control
    )


def candidates(view: View, signs: Signs) -> list[Candidate]:
    """The kinds that a page may be, for the model to choose from."""
    features = signs.features(view)
    return [
        Candidate(kind_, 0, 0, 0, "model", {f"{kind_}:{name}": value for name, value in features.items()})
        for kind_ in CHOICES
    ]


def kind(view: View, signs: Signs, ranker: Ranker) -> str:
    """listing, results, seller, feedback or other, for a page that is none of the blocked kinds."""
    chosen = ranker.choose("kind", candidates(view, signs))
    found = chosen.candidate.value if chosen else OTHER
    if (
        found == FEEDBACK
        and "-----BEGIN PGP PUBLIC" in view.page.text
        and not _FEEDBACK.search(heading(view))
    ):
        return SELLER  # a seller's own page gives the key, and shows feedback too
    labels = len(signs.labels & OFFER)
    if found == LISTING and signs.records >= 8 and (labels < 2 or (labels < 3 and signs.sellers >= 3)):
        return RESULTS  # many records of several sellers, and hardly a label of one offer
    if found == LISTING and not (signs.title and (signs.price or signs.seller)):
        return OTHER
    if found == LISTING and signs.inside and labels < 2:
        return RESULTS  # what seems the one offer is one of the records
    if found == LISTING and signs.leads and labels < 2 and not signs.buys:
        return RESULTS  # what was found is one thing
    if found == LISTING and not (signs.price or signs.buys or signs.product or labels > 1):
        return OTHER  # a name alone offers nothing
    return found


_LANGUAGES = "ENGLISH GERMAN FRENCH SPANISH ITALIAN DUTCH PORTUGUESE POLISH RUSSIAN UKRAINIAN SWEDISH DANISH FINNISH CZECH HUNGARIAN ROMANIAN TURKISH ARABIC HEBREW CHINESE JAPANESE KOREAN".split()
_SAMPLE = 700  # characters of prose that a language is told from
_SURE = 0.5


@cache
def _detector() -> Any:
    from lingua import Language, LanguageDetectorBuilder

    chosen = [getattr(Language, name) for name in _LANGUAGES]
    return LanguageDetectorBuilder.from_languages(*chosen).with_low_accuracy_mode().build()


def language(page: Document, prose: str = "") -> str | None:
    """ISO 639-1: of the page's own prose, else what it declares, else None."""
    text = (
        prose[:_SAMPLE]
        if len(prose) >= 40
        else " ".join(u.text for u in page.units if len(u.text) > 40)[:_SAMPLE]
    )
    if (
        len(text) >= 40
        and (best := _detector().compute_language_confidence_values(text)[:1])
        and best[0].value >= _SURE
    ):
        return str(best[0].language.iso_code_639_1.name).lower()
    declared = next((e.attributes.get("lang", "") for e in page.elements if e.tag == "html"), "")
    code = declared.strip().lower().replace("_", "-").partition("-")[0]
    return code if re.fullmatch(r"[a-z]{2}", code) else None
