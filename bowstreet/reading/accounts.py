"""Sellers' accounts: from their own pages, and from listings that name them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from bowstreet.reading.addresses import split
from bowstreet.reading.candidates import handle
from bowstreet.reading.facts import Account, Feedback, Listing, Proof
from bowstreet.reading.kinds import RATED
from bowstreet.reading.offers import prose
from bowstreet.reading.records import Link, seller_address
from bowstreet.reading.view import View
from bowstreet.reading.words import DATE, FURNITURE, label, plain

TEXT_LIMIT = 4 << 20
_CLAIMS = (
    re.compile(r"(?P<sales>\d[\d,.]{0,8})\+?\s+(?:sales|deals|orders|transactions|trades)\s+(?:on|at)\s+(?P<site>[A-Z]\w*(?:\s[A-Z]\w*){0,2})"),
    re.compile(r"\b(?P<site>[A-Z]\w*(?:\s[A-Z]\w*){0,2})\s*:\s*(?P<sales>\d[\d,.]{0,8})\+?\s+(?:sales|deals|orders|transactions|trades)\b"),
    re.compile(r"\b(?P<site>(?:Dream|Alpha ?[Bb]ay|Hansa|Wall ?[Ss]treet|Empire|Agora|Nightmare|Berlusconi|Silk ?Road|Evolution|Apollon|Valhalla|TradeRoute|Outlaw|Cryptonia|Tochka|White ?House|Monopoly|Nucleus|Abraxas|Versus|Archetyp)(?: Market)?)"
               r"\s*[:(]\s*(?P<sales>\d[\d,.]{0,8})\b"),
)  # fmt: skip
_TRIM = re.compile(
    r"^(?:vendor|seller|user|member|profile(?: of)?|about|store|shop|viewing(?: profile)?|profil (?:von|de)|perfil de|profilo di|profiel van|profil|профиль|магазин)\s*[-–:]?\s+"
    r"|(?:'s|’s)\s+(?:profile|store|shop|page).*$|\s+(?:profile|store)$",
    re.I,
)


def name_of(view: View, all_links: Sequence[Link]) -> tuple[str, int, int, float] | None:
    """Whose page it is: handle, span and how sure. Said in headings, the page's title and its address at once."""
    page = view.page
    parts = split(page.url)
    own = unquote(parts.query.rpartition("=")[2] or parts.path.rstrip("/").rpartition("/")[2]).lower()
    linked = Counter(handle_ for link in all_links for handle_ in _named(link))
    words = set(re.findall(r"[\w.$-]+", page.title.lower()))
    best: tuple[float, str, int, int] | None = None
    for index, unit in enumerate(page.units[:400]):
        place = view.place(unit.element)
        if (
            place.control
            or len(unit.text) > 90
            or not (place.heading or place.bold or "seller" in place.near or "title" in place.near)
        ):
            continue
        name = handle(_TRIM.sub("", unit.text.strip()))
        if not name or plain(name) in FURNITURE or label(name) or len(name) < 2:
            continue
        low = name.lower()
        score = (1.5 if place.heading else 0.3) + (1.0 if "seller" in place.near else 0.0)
        score += (
            2.0 * (low == own)
            + 1.2 * (len(low) > 2 and bool(set(low.split()) & words))
            + min(1.5, 0.5 * linked[low])
        )
        score -= (
            2.0 * bool(place.far & {"nav", "account", "brand"})
            + 0.3 * (len(name.split()) - 1)
            + 0.002 * index
        )
        href = view.href(index)
        score -= 1.5 if href and split(href).path.strip("/") in ("", "home", "index.php") else 0.0
        if score > 1.3 and (best is None or score > best[0]):
            begin = unit.start + unit.text.find(name)
            best = (score, name, begin, begin + len(name))
    return (best[1], best[2], best[3], min(0.97, 0.4 + best[0] / 7)) if best else None


def _named(link: Link) -> Iterator[str]:
    """The name in the address of a link that has to do with a seller: "/messages/new/anna" → anna."""
    parts = split(link.url)
    for step in {parts.path.rstrip("/").rpartition("/")[2], parts.query.rpartition("=")[2]}:
        if 2 < len(step) < 40 and not step.isdigit():
            yield unquote(step).lower()


def account(view: View, all_links: Sequence[Link]) -> Account | None:
    """The account that a seller's page is about."""
    found = name_of(view, all_links)
    if found is None:
        return None
    name, begin, end, sure = found
    proof = {"handle": view.page.proof(begin, end, "heading", score=sure)}
    values: dict[str, str] = {}
    for pair in sorted(view.pairs, key=lambda p: -p.sure):
        if (
            pair.name not in values
            and pair.sure > 0.6
            and not view.place(view.page.units[pair.unit].element).control
        ):
            values[pair.name] = re.sub(r"\s+", " ", pair.value)
            if pair.name in ("joined", "level", "rating", "sales", "last_seen", "ships_from"):
                proof[pair.name] = view.page.proof(pair.start, pair.end, "label", score=pair.sure)
    _level(view, values, proof, view.page.element_at(begin))
    sold = re.search(r"\d[\d,]*", values.get("sales", ""))
    at = next((i for i, unit in enumerate(view.page.units) if unit.start <= begin < unit.end), 0)
    return Account(
        name, site_of(view.page.url), view.page.url, values.get("joined"), values.get("level"), values.get("rating"),
        int(sold[0].replace(",", "")) if sold else None, values.get("last_seen"), values.get("ships_from"),
        prose(view, at, proof), tuple(claims(view.page.text)), proof,
    )  # fmt: skip


_LEVEL = re.compile(
    r"^(?:(?:vendor|trust|seller|user)\s+)?(?:level|lvl|rank)\s*[:#]?\s*(\d+|[A-Z]\w*)$", re.I
)


def _level(view: View, values: dict[str, str], proof: dict[str, Proof], near: int | None) -> None:
    """A badge like "LEVEL 3"."""
    if "level" in values:
        return
    for unit in view.page.units:
        if len(unit.text) < 30 and (found := _LEVEL.match(unit.text.strip())):
            values["level"] = found[1]
            proof["level"] = view.page.proof(
                unit.start + found.start(1), unit.start + found.end(1), "badge", score=0.7
            )
            return


def of_listing(listing: Listing, all_links: Sequence[Link], url: str) -> Account | None:
    """The account of the seller that a listing's page names."""
    if listing.seller is None or "seller" not in listing.proof:
        return None
    to = next(
        (link.url for link in all_links if seller_address(link.url) and handle(link.text) == listing.seller),
        None,
    )
    return Account(listing.seller, site_of(url), to, proof={"handle": listing.proof["seller"]})


def claims(text: str) -> Iterator[tuple[str, int | None, str]]:
    """What an account says of its sales on other markets: site, sales, as written."""
    seen = set[str]()
    for pattern in _CLAIMS:
        for found in pattern.finditer(text[:TEXT_LIMIT]):
            site = found["site"].strip()
            if site.lower() not in seen and len(seen) < 30:
                seen.add(site.lower())
                number = re.sub(r"[,.]", "", found["sales"])
                yield site, int(number) if number else None, found[0]


def feedback(view: View) -> Iterator[Feedback]:
    """Entries of feedback: a date in a slot that repeats, with the words and the rating in the same row."""
    page, many = view.page, view.slot_counts
    rows: dict[int, list[int]] = {}
    for index, unit in enumerate(page.units):
        rows.setdefault(_row(view, unit.element), []).append(index)
    for row, inside in rows.items():
        if row < 0 or len(inside) > 12:
            continue
        dated = [
            i
            for i in inside
            if len(page.units[i].text) < 60 and DATE.search(page.units[i].text) and many[view.slots[i]] >= 2
        ]
        if len(dated) != 1:
            continue
        rest = [page.units[i] for i in inside if i != dated[0]]
        spoken = max(
            (u for u in rest if RATED.match(u.text) is None), key=lambda u: len(u.text), default=None
        )
        rated = next((u for u in rest if len(u.text) < 30 and RATED.match(u.text)), None)
        if spoken is None and rated is None:
            continue
        when = page.units[dated[0]]
        proof = {"date": page.proof(when.start, when.end, "feedback", score=0.8)}
        if spoken:
            proof["text"] = page.proof(spoken.start, spoken.end, "feedback", score=0.7)
        yield Feedback(
            when.text, spoken.text[:2000] if spoken else None, rated.text if rated else None, proof
        )


def _row(view: View, element: int) -> int:
    return view.place(element).row


def site_of(url: str) -> str:
    """Host, with the port where one is named."""
    return split(url).netloc.lower().rpartition("@")[2]
