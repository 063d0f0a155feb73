"""What kind of page this is, by rules in order; and its language."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from bowstreet.reading.addresses import split
from bowstreet.reading.document import Document
from bowstreet.reading.ranker import Candidate, Ranker
from bowstreet.reading.records import Record, seller_address
from bowstreet.reading.view import View
from bowstreet.reading.words import DATE, FURNITURE

LISTING, RESULTS, SELLER, FEEDBACK = "listing", "results", "seller", "feedback"
LOGIN, CHALLENGE, MISSING, OTHER = "login", "challenge", "missing", "other"

_CHALLENGE = re.compile(
    r"captcha|are you (?:a )?human|not a robot|checking your (?:browser|connection)|ddos|denial of service|prove (?:that )?you|anti-?bot|anti-?ddos|bot check|in (?:a |the )?queue|security check"
    r"|just a moment|verify (?:that )?you|please wait|hold on|access queue|waiting time|(?:enter|type) the (?:missing )?(?:characters|text|code|letters|digits|numbers)|click (?:on )?the"
    r"|select the|solve the|under attack|redirected (?:shortly|in|soon)|human verification|enable javascript|too many requests|security of your connection|attention required|you have been blocked"
    r"|sicherheitsabfrage|zeichen (?:aus dem|im) bild|sicherheitsprüfung|bitte warten|vérification|recopiez|saisissez le code|êtes pas un robot|verificación|introduzca el código|no eres un robot"
    r"|controllo di sicurezza|inserisci il codice|kod z obrazka|przepisz|код с картинки|введите (?:код|символы)|проверка браузера|вы не робот|подождите",
    re.I,
)
_MISSING = re.compile(
    r"\b(?:error|http|code|status)\W{0,3}(?:404|410|50[0-4])\b|\b(?:404|410)\W{1,3}(?:error|page|not)\b|not found|can(?:no|['’])t be found|(?:does|do)(?: not|n['’]t) exist|no longer (?:available|exists)|(?:has|have) been (?:removed|deleted)|page (?:is )?gone|is gone\b"
    r"|nothing (?:was found|here|at this)|could ?n['’o]t be found|could not find|invalid (?:listing|product|page|item|url)|unknown (?:listing|product|page)|was (?:removed|deleted)|no such (?:\w+ )?\w+\."
    r"|(?:listing|item|product|page|offer) (?:is )?(?:un|not )available|(?:listing|offer|ad) (?:has )?(?:expired|ended)|nicht gefunden|existiert nicht|nicht mehr verfügbar|introuvable|n['’]existe (?:plus|pas)"
    r"|no encontrad|no existe|non trovat|non esiste|niet gevonden|bestaat niet|nie znalezion|nie istnieje|hittades inte|не найден|не существует|была удалена|ошибка 404|internal server error"
    r"|server error|bad gateway|gateway time|service unavailable",
    re.I | re.M,
)
_STATUS = re.compile(r"^\s*(?:404|410|50[0-4])\s*$", re.M)
_LOGIN = re.compile(
    r"\b(?:log ?in|sign ?in|register|create (?:an |your )?account|password|passphrase|two.factor|2fa|anmelden|anmeldung|einloggen|registrier|connexion|se connecter|iniciar sesi|accedi|inloggen"
    r"|zaloguj|logowanie|вход|войти|регистрация|username)\b",
    re.I,
)
_FEEDBACK = re.compile(
    r"\b(?:feedbacks?|reviews?|ratings?) (?:for|of|from|left|about)\b|^(?:customer |buyer |vendor |seller |all |view )?(?:feedbacks?|reviews|ratings)\b|\bfeedback$",
    re.I,
)
_MASKED = re.compile(r"^\W*\w{0,3}\*{2,}\w{0,3}(?:\W*$|\W+(?:on\b|\d))|^\w[*.]{3,}\w?(?:$|\W+(?:on\b|\d))")
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
        r"\b(?:faq|frequently asked|help|rules|wiki|support|tickets?|messages?|inbox|orders|settings|pgp|wallet|deposit|withdraw|terms|canary|news|about us|home|become a (?:vendor|seller)|mirrors?)\b",
        re.I,
    ),
}
_EMPTY = re.compile(
    r"^\W*(?:there (?:is|are) (?:currently )?(?:nothing|no \w+)|nothing (?:found|to show|matched)|no (?:\w+ )?(?:listings|products|items|results|offers|matches|entries)|0 (?:results|items|products|listings)"
    r"|keine (?:\w+ )?(?:angebote|produkte|treffer|ergebnisse)|aucun (?:résultat|produit)|aucune annonce|no hay (?:productos|resultados)|ничего не найдено|nessun risultato|geen resultaten|brak wyników)",
    re.I,
)
_SEARCHED = re.compile(r"\bsearch results?\b|\bresults? for\b", re.I)
OWNED = 0.7  # certainty that a page is somebody's own
_PAGED = re.compile(r"[?&/](?:page|p|pg|start|offset)[=/]\d", re.I)
#: what the steps of an address say
_LEADS = {
    "listing": re.compile(r"/(?:p|product|item|listing|offer|view|annonce|angebot|producto|oferta|itm|viewtopic)[/.?_-]|(?:product|item|listing|offer)(?:_?id)?=", re.I),
    "results": re.compile(r"search|categor|catalog|browse|collections?/|/c/|/cat/|/list(?:ings?|s)?/?(?:$|\?)|[?&](?:page|sort|q|cat)=", re.I),
    "feedback": re.compile(r"feedback|reviews?\b|fdbk|bewertung|/ratings?\b", re.I),
    "help": re.compile(r"faq|help|rules|wiki|support|ticket|message|inbox|orders|settings|pgp|wallet|deposit|/cart|news|about|terms|canary|mirrors", re.I),
}  # fmt: skip
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
    owner: float = 0.0  # how sure it is whose page it is
    near: float = 0.0  # how soon after the title the price stands
    aside: bool = False  # does the price stand beside the page's own part, or in a link elsewhere?
    headed: bool = False  # is the title a heading?
    loose: bool = False  # do the records lead nowhere?
    dated: float = 0.0  # share of records with a date
    own: int = 0  # characters of the page's own text
    among: bool = False  # does the price stand in one of the records?
    after: bool = False  # does it stand after records began?
    rated: int = 0  # ratings that buyers left, in slots that repeat
    masked: int = 0  # buyers' names, masked

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
        f["no_money"] = 0.0 if view.money else 1.0
        f["owner"] = self.owner
        f["owner_no_price"] = self.owner if self.price < 0.5 else 0.0
        f["owner_one_seller"] = self.owner if self.sellers < 2 else 0.0
        f["near"] = self.near
        f["complete_near"] = self.near if self.price > 0.5 and self.title > 0.5 else 0.0
        f["aside"] = 1.0 if self.aside else 0.0
        f["rated"] = math.log(1 + self.rated) / 2
        f["masked"] = math.log(1 + self.masked) / 2
        f["unrated_feedback"] = f["feedback"] if not (self.rated or self.masked) else 0.0
        f["among"] = 1.0 if self.among else 0.0
        f["after"] = 1.0 if self.after else 0.0
        f["among_many"] = f["among"] if self.records > 2 else 0.0
        f["labelled_alone"] = f["offer"] if not self.among else 0.0
        f["headed"] = 1.0 if self.headed else 0.0
        f["loose"] = 1.0 if self.loose else 0.0
        f["dated"] = self.dated
        f["own"] = math.log(1 + self.own) / 8
        f["leads"] = 1.0 if self.leads else 0.0
        f["inside"] = 1.0 if self.inside else 0.0
        f["few_records"] = 1.0 if 0 < self.records < 6 else 0.0
        address = split(page.url)
        path = f"{address.path}?{address.query}" if address.query else address.path
        f["url_seller"] = 1.0 if seller_address(page.url) else 0.0
        f |= {f"url_{name}": 1.0 for name, words in _LEADS.items() if words.search(path)}
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
    top = f"{page.title}\n{heading(view)}"
    own = own_text(view)
    money = len(view.money) > 2 and own > 400
    inputs = [e.attributes for e in page.elements if e.tag == "input"]
    password = sum(a.get("type", "").lower() == "password" for a in inputs)
    logged_in = _LEAVE.search(page.text[:6000])
    asks = _LOGIN.search(top)
    if status == 401 or (
        password
        and not logged_in
        and (
            length < 1000
            or (asks and length < 8000)
            or (own < 500 and len(view.money) < 3)
            or (length < 3500 and not money)
        )
    ):
        return LOGIN
    if "-----BEGIN PGP MESSAGE" in page.text and inputs and not logged_in and length < 3500:
        return LOGIN  # prove that you hold the key
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
    if (_MISSING.search(top) or _STATUS.search(top)) and len(view.money) < 12:
        return MISSING
    if (length < 1200 or own < 300) and not money and any(_MISSING.search(text) for text in _spoken(view)):
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


_LEAVE = re.compile(
    r"\blog ?out\b|\bsign ?out\b|\blog off\b|abmelden|déconnexion|cerrar sesi|uitloggen|wyloguj|выход\b|выйти",
    re.I,
)
_ASIDE = frozenset(("nav", "account", "rates", "related", "crumb"))


def own_text(view: View) -> int:
    """Characters of a page's own text: without what is linked, without form controls, and without what stands at its edges."""
    total = 0
    for unit in view.page.units:
        place = view.place(unit.element)
        if place.link < 0 and not place.control and not place.far & _ASIDE:
            total += len(unit.text)
    return total


def _spoken(view: View) -> list[str]:
    """Short sentences of a page's own text."""
    return [
        unit.text
        for unit in view.page.units
        if len(unit.text) < 140
        and view.place(unit.element).link < 0
        and not view.place(unit.element).far & _ASIDE
    ]


def heading(view: View) -> str:
    """What the first heading says that is no furniture."""
    for unit, bare in zip(view.page.units, view.texts, strict=True):
        place = view.place(unit.element)
        if (
            place.heading
            and not place.far & {"nav", "brand"}
            and (bare not in FURNITURE or bare in ("feedback", "search results"))
        ):
            return unit.text.strip()
    return ""


RATED = re.compile(
    r"^\W*(?:(?:positive|neutral|negative|good|bad|excellent)\b|[★☆⭐]{1,5}|[0-5](?:\.\d+)?\s?(?:/|of|out of)\s?5|\d{1,3}(?:\.\d+)?\s?%)",
    re.I,
)


def rated(view: View) -> tuple[int, int]:
    """How many short texts are ratings, in slots that hold several; and how many are masked names."""
    many, units = view.slot_counts, view.page.units
    short = [(unit.text, slot) for unit, slot in zip(units, view.slots, strict=True) if len(unit.text) < 32]
    ratings = sum(1 for text, slot in short if many[slot] >= 4 and RATED.match(text))
    elements = view.page.elements
    ratings += sum(1 for number in view.pictures if RATED.match(elements[number].attributes.get("alt", "")))
    return ratings, sum(1 for text, _ in short if _MASKED.match(text))


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
    said = heading(view)
    if signs.product and signs.title and signs.price:
        return LISTING  # the page's own data speak of one product
    if _named_for(view, said) and min(signs.title, signs.price) > SURELY and not signs.inside:
        return LISTING  # the page bears the name of what is offered
    match found:
        case "listing":
            answer = _listing(signs, said)
        case "feedback":
            answer = _feedback(view, signs, said)
        case "seller":
            answer = (
                RESULTS if signs.records > 3 and signs.sellers > 4 and signs.owner < OWNED else SELLER
            )  # a seller's own page names no others
        case _:
            answer = _rest(view, signs, said, found)
    return RESULTS if answer == OTHER and _found_nothing(view, said) else answer


def _named_for(view: View, said: str) -> bool:
    """Does the page's title begin with its heading, where that is longer than a category's name?"""
    name = " ".join(said.split())
    return len(name) > LONG_NAME and " ".join(view.page.title.split()).startswith(name)


def _found_nothing(view: View, said: str) -> bool:
    """Is it the page of a search that found nothing?"""
    searched = _SAYS["results"].search(f"{said}\n{view.page.title}")
    return bool(searched) and any(map(_EMPTY.match, _spoken(view)))


def _listing(signs: Signs, said: str) -> str:
    """What a page is that seems to be a listing."""
    labels = len(signs.labels & OFFER)
    if labels < 2 and signs.seller < 0.5 and len(said) < 40 and _SAYS["help"].search(said):
        return OTHER  # about the site, with an amount on it
    if signs.records >= 8 and (labels < 2 or (labels < 3 and signs.sellers >= 3)):
        return RESULTS  # many records of several sellers, and hardly a label of one offer
    if signs.records >= 8 and signs.sellers > 3 and signs.after:
        return RESULTS  # and what seems the price comes after them
    if not (signs.title and (signs.price or signs.seller)):
        return OTHER
    if signs.inside and labels < 2:
        return RESULTS  # what seems the one offer is one of the records
    if signs.among and signs.records > 2 and not signs.inside and labels < 3:
        return RESULTS  # its price is one of the records'
    if not signs.buys and ((signs.leads and labels < 2) or (labels < 3 and _SEARCHED.search(said))):
        return RESULTS  # what was found is one thing
    if not (signs.price or signs.buys or signs.product or labels > 1):
        return OTHER  # a name alone offers nothing
    return LISTING


def _feedback(view: View, signs: Signs, said: str) -> str:
    """What a page is that seems to be feedback."""
    if _FEEDBACK.search(said):
        return FEEDBACK
    if "-----BEGIN PGP PUBLIC" in view.page.text:
        return SELLER  # a seller's own page gives the key, and shows feedback too
    if signs.records > 2 and signs.owner < 0.5 and not (signs.rated or signs.masked):
        return RESULTS  # its dates are those of offers
    return FEEDBACK


def _rest(view: View, signs: Signs, said: str, found: str) -> str:
    """What a page is that seems to be results, or nothing of these."""
    named = seller_address(view.page.url) or len(signs.labels & PERSON) > 1
    if signs.owner >= OWNED and signs.sellers < 2 and named:
        return SELLER
    if found == RESULTS:
        return RESULTS
    if signs.feedback > 1 and len(said) < 60 and _FEEDBACK.search(said):
        return FEEDBACK  # a few entries under a heading that says so
    whole = min(signs.title, signs.price, signs.seller) > 0.5
    if whole and signs.leads and not signs.buys and len(signs.labels & OFFER) < 2:
        return RESULTS  # what was found is one thing
    return OTHER


LONG_NAME = 14  # characters: names of categories are shorter
SURELY = 0.9
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
