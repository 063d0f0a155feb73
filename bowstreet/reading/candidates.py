"""What may be the title, the seller or the price of a page's one offer, each with the features that speak for it."""

from __future__ import annotations

import bisect
import itertools
import math
import re
from urllib.parse import unquote

from bowstreet.reading.addresses import split
from bowstreet.reading.countries import place as country
from bowstreet.reading.facts import Price
from bowstreet.reading.labels import Pair
from bowstreet.reading.memory import Memory
from bowstreet.reading.money import CRYPTO, Mention, numbers
from bowstreet.reading.ranker import Candidate, Features
from bowstreet.reading.records import Link, acts, seller_address
from bowstreet.reading.structured import Structured
from bowstreet.reading.view import View
from bowstreet.reading.words import DATE, FURNITURE, label, plain

BAR = 15  # units from a market's own name to the end of its member's bar
#: what speaks for a title, but not for the market's own name, which stands as first heading and title on every page
_OF_THE_SITE = ("in_title", "in_title_long", "in_title_words", "title_whole", "first_heading")
MOST = 160  # candidates looked at for one field
_WORD = re.compile(r"\w+")
_LETTER = re.compile(r"[^\W\d_]")
_CODE = re.compile(r"[\[(#][^\s\])]{1,14}[\])]?")  # "[M33204]": a number of the shop's
_GREETING = re.compile(
    r"\b(?:logged in|signed in|welcome|hello|hi|user|account|username|hallo|bienvenue)\b[\s:,]*(?:as)?[\s:,]*$",
    re.I,
)
_LOGOUT = re.compile(r"log ?out|sign ?out|abmelden|déconnexion|cerrar sesi", re.I)
_BEFORE = re.compile(
    r"(?P<old>was|rrp|msrp|list|instead|uvp|old|regular|before|statt|antes|avant|pvp|conseill|consigliato)|(?P<bulk>bulk|discount(?:ed)? from|starts? at|qty|at least|\d ?\+|\bpcs|stück|шт)|(?P<save>sav|off|discount|rabatt|spar|credit|coupon|points)"
    r"|(?P<ship>shipping|delivery|postage|versand|livraison|over|above|minimum|orders?|spend|free)|(?P<fee>fee|deposit|bond|rate|balance|paid|escrow|"
    r"turnover|limit|bonus|buys?|finance|month|/mo)|(?P<now>now|price|pay|only|total|cost|buy|current|our|preis|prix|prezzo|precio|cena)|(?P<range>from|ab|von|starting|to|-|–)",
    re.I,
)
_AFTER = re.compile(
    r"\s*(?:(?P<save>off|saved|discount|rabatt)|(?P<month>/ ?mo|per month|monthly|/month|mens|pro monat|monat)|(?P<ship>shipping|delivery|postage|versand)|(?P<range>[-–~] ?\D{0,2}\d)"
    r"|(?P<equals>=)|(?P<each>each|/|per|pro|je))",
    re.I,
)


def handle(text: str) -> str | None:
    """A handle as written, without what sites put round it: "@", "(4.8)", "[250]", "'s profile"."""
    bare = re.sub(r"\s*[\[({★✓✔⭐].*", "", text.strip(), flags=re.S).strip(" @·:|,>»«<")
    bare = re.sub(r"(?:'s|’s)\s+(?:profile|store|shop|page|listings).*$", "", bare, flags=re.I)
    short = 0 < len(bare) <= 60 and len(bare.split()) <= 4 and "\n" not in bare
    return bare if short and not re.search(r"[$€£₽]|:\s", bare) else None


# --- title ---------------------------------------------------------------------------------------------------


def titles(view: View, memory: Memory, structured: Structured) -> list[Candidate]:
    """Candidates for the title of a page's one offer."""
    page = view.page
    said = page.title.lower()
    words = set(_WORD.findall(said))
    slug = (
        set(_WORD.findall(unquote(split(page.url).path.rpartition("/")[2]).lower()))
        if page.url.startswith("http")
        else set()
    )
    money = [unit for unit, _ in view.money]
    sellers = sorted({p.unit for p in view.pairs if p.name == "seller"} | set(_seller_units(view)))
    named = {p.unit for p in view.pairs if p.name == "title" and p.sure > 0.7}
    valued = {p.unit for p in view.pairs if p.name not in ("title", "category")}
    names = {plain(name) for name in structured.names}
    logouts = [i for i, text in enumerate(view.texts[:200]) if _LOGOUT.search(text)]
    alts = {
        plain(e.attributes["alt"])
        for e in page.elements
        if e.tag == "img" and len(e.attributes.get("alt", "")) > 5
    }
    paid = {i for i, one in view.money if 2 * (one.end - one.start) > len(page.units[i].text)}
    first_heading, found, total = True, list[Candidate](), max(1, len(page.units))
    for index, unit in enumerate(page.units):
        text = unit.text.strip()
        if not 3 <= len(text) <= 260 or not _LETTER.search(text):
            continue
        place, bare = view.place(unit.element), view.texts[index]
        if (
            place.control
            or bare in FURNITURE
            or label(text)
            or len(bare) < 3
            or index in paid
            or _CODE.fullmatch(text)
        ):
            continue
        own = _WORD.findall(bare)
        shared = sum(1 for w in own if w in words) / len(own) if own else 0.0
        inside = len(bare) > 4 and bare in said
        if not (
            place.heading
            or inside
            or shared > 0.6
            or "title" in place.near
            or place.bold
            or index in named
            or bare in alts
            or bare in names
            or len(found) < 60
        ):
            continue
        href = view.href(index)
        f: Features = {"bias": 1.0}
        if place.heading:
            f[f"h{min(place.heading, 4)}"] = 1.0
            if first_heading and not place.far & {"nav", "brand"}:
                f["first_heading"], first_heading = 1.0, False
        if inside:
            f["in_title"] = len(bare) / max(1, len(said))
            f["in_title_long"] = 1.0 if len(own) >= 3 else 0.0
            f["title_whole"] = 1.0 if bare == said.strip() else 0.0
        f["in_title_words"] = shared if len(own) > 1 else 0.3 * shared
        if slug:
            f["in_url"] = sum(1 for w in own if w in slug) / max(1, len(own))
        for group in ("title", "item", "brand", "desc", "price", "seller"):
            if group in place.near:
                f[f"near_{group}"] = 1.0
        for group in ("nav", "account", "rates", "related", "review"):
            if group in place.far:
                f[f"far_{group}"] = 1.0
        f["labelled"] = 1.0 if index in named else 0.0
        f["valued"] = 1.0 if index in valued else 0.0
        f["structured"] = 1.0 if bare in names else 0.0
        f["alt"] = 1.0 if bare in alts else 0.0
        f["bold"] = 1.0 if place.bold else 0.0
        if href is not None:
            f["link"] = 1.0
            f["link_home"] = (
                1.0
                if split(href).path.rstrip("/") in ("", "/index.php", "/home", "/index.html")
                and not split(href).query
                else 0.0
            )
            f["link_same"] = 1.0 if href == page.url else 0.0
            f["link_seller"] = 1.0 if seller_address(href) else 0.0
        count = len(own)
        f["words_1" if count < 2 else "words_2" if count < 3 else "words_3" if count < 6 else "words_6"] = 1.0
        f["letters"] = sum(c.isalpha() for c in text) / len(text)
        f["bracketed"] = 1.0 if text[0] in "[(#" else 0.0
        f["pair"] = 1.0 if index in valued and ":" in text[:30] else 0.0
        f["dated"] = 1.0 if DATE.search(text) else 0.0
        f["long"] = 1.0 if len(text) > 130 else 0.0
        f["prose"] = 1.0 if text[-1:] in ".:!?" and count > 8 else 0.0
        f["colon"] = 1.0 if text.endswith((":", "：")) else 0.0
        f["slot_many"] = math.log(view.slot_counts[place.slot]) * (1.0 - f.get("labelled", 0.0))
        f["repeats"] = min(math.log(view.counts[bare]), 2.0)
        f["shared"] = memory.share(bare)
        f["template"] = 1.0 if memory.share(bare) > 0.5 else 0.0
        f["varies"] = memory.varies(place.slot)
        beside_logout = bare == said.strip() and any(0 < at - index <= BAR for at in logouts)
        if beside_logout or (memory.pages > 2 and f["shared"] > 0.8):
            for name in _OF_THE_SITE:
                f.pop(name, None)
        f["to_money"] = _closeness(money, index)
        f["to_seller"] = _closeness(sellers, index)
        f["position"] = index / total
        found.append(Candidate(text, unit.start, unit.start + len(text), index, "model", f, slot=place.slot))
    return _cut(found)


def _seller_units(view: View) -> list[int]:
    return [i for i in range(len(view.page.units)) if (href := view.href(i)) and seller_address(href)]


def _closeness(places: list[int], index: int) -> float:
    """1 just before the next of some units, falling to 0 at 40 units' distance."""
    at = bisect.bisect_right(places, index)
    return max(0.0, 1 - (places[at] - index) / 40) if at < len(places) else 0.0


def _cut(found: list[Candidate]) -> list[Candidate]:
    return found if len(found) <= MOST else found[:MOST]


# --- seller --------------------------------------------------------------------------------------------------


def sellers(view: View, memory: Memory, all_links: list[Link], title: Candidate | None) -> list[Candidate]:
    """Candidates for the seller of a page's one offer."""
    page, spans = view.page, dict[tuple[int, int], tuple[str, int, Features]]()
    for pair in view.pairs:
        if pair.name == "seller" and (name := handle(pair.value)):
            begin = pair.start + max(0, page.text[pair.start : pair.end].find(name))
            f = spans.setdefault((begin, begin + len(name)), (name, pair.unit, {}))[2]
            f["labelled"] = max(f.get("labelled", 0.0), pair.sure)
    for link in all_links:
        if link.unit is None or not link.text or len(link.text) > 80:
            continue
        place = view.place(page.units[link.unit].element)
        to_seller = seller_address(link.url)
        named_so = len(link.text) > 2 and _last(link.url).lstrip("@~") == link.text.strip(" @").lower()
        if not (to_seller or place.near & {"seller"} or (named_so and not place.far & {"crumb", "nav"})):
            continue
        unit = page.units[link.unit]
        if (name := handle(link.text)) and (at := unit.text.find(name)) >= 0 and plain(name) not in FURNITURE:
            f = spans.setdefault((unit.start + at, unit.start + at + len(name)), (name, link.unit, {}))[2]
            f["link_seller"] = 1.0 if to_seller else 0.0
            f["link"] = 1.0
            f["url_last"] = 1.0 if _last(link.url).lstrip("@~") == name.lower() else 0.0
    for index, unit in enumerate(page.units):
        place = view.place(unit.element)
        if (
            len(unit.text) <= 40
            and place.link < 0
            and "seller" in place.near
            and index not in view.paid
            and (name := handle(unit.text))
        ):
            at = unit.text.find(name)
            spans.setdefault((unit.start + at, unit.start + at + len(name)), (name, index, {}))
    hrefs = " ".join({unquote(link.url).lower() for link in all_links})
    at_title = title.unit if title else -1
    logouts = [i for i, text in enumerate(view.texts[:200]) if _LOGOUT.search(text)]
    found = list[Candidate]()
    for (start, end), (name, unit_index, f) in itertools.islice(sorted(spans.items()), MOST):
        unit, bare = page.units[unit_index], plain(name)
        place = view.place(unit.element)
        f["bias"] = 1.0
        f["furniture"] = 1.0 if bare in FURNITURE or label(name) or acts(name) else 0.0
        f["place"] = 1.0 if country(name) else 0.0
        f["near_seller"] = 1.0 if "seller" in place.near else 0.0
        for group in ("account", "nav", "related", "review", "rates"):
            f[f"far_{group}"] = 1.0 if group in place.far else 0.0
        before = page.text[max(0, start - 40) : start]
        f["greeting"] = 1.0 if _GREETING.search(before) and at_title > unit_index else 0.0
        reach = 10 if unit_index < at_title else 3
        f["logout"] = 1.0 if any(abs(unit_index - at) < reach for at in logouts) else 0.0
        f["before_title"] = 1.0 if unit_index < at_title else 0.0
        f["to_title"] = max(0.0, 1 - abs(unit_index - at_title) / 40) if title else 0.0
        f["one_word"] = 1.0 if len(name.split()) == 1 else 0.0
        f["number"] = 1.0 if not _LETTER.search(name) else 0.0
        f["repeats"] = min(math.log(max(1, view.counts[bare])), 2.0)
        f["in_links"] = min(2.0, math.log(1 + hrefs.count(name.lower()))) if len(name) > 3 else 0.0
        f["slot_many"] = math.log(view.slot_counts[place.slot]) * (1.0 - f.get("labelled", 0.0))
        f["shared"] = memory.share(bare)
        f["template"] = 1.0 if memory.share(bare) > 0.5 else 0.0
        f["varies"] = memory.varies(place.slot)
        f["is_title"] = 1.0 if unit_index == at_title else 0.0
        f["heading"] = 1.0 if place.heading else 0.0
        f["control"] = 1.0 if place.control else 0.0
        f["order"] = 1 / (1 + sum(c.unit > at_title for c in found)) if unit_index > at_title else 0.0
        f["first_after"] = (
            1.0
            if unit_index > at_title and not f["furniture"] and not any(c.unit > at_title for c in found)
            else 0.0
        )
        way = "label" if f.get("labelled", 0.0) > 0.6 else "link" if f.get("link") else "model"
        found.append(Candidate(name, start, end, unit_index, way, f, slot=place.slot))
    return _cut(found)


def _last(url: str) -> str:
    """What the address of a seller's page ends with."""
    parts = split(url)
    said = parts.query.rpartition("=")[2] if parts.query else parts.path.rstrip("/").rpartition("/")[2]
    return unquote(said).lower()


# --- price ---------------------------------------------------------------------------------------------------


def prices(view: View, memory: Memory, structured: Structured, title: Candidate | None) -> list[Candidate]:
    """Candidates for the price of a page's one offer: every amount on it, and what its data say."""
    page = view.page
    labels = [p for p in view.pairs if p.name == "price"]
    others = {p.unit: p for p in view.pairs if p.name not in ("price", "quantity")}
    at_title = title.unit if title else 0
    money = _with_bare_numbers(view, labels)[:400]
    amounts = [m.price.amount for _, m in money]
    rows: dict[int, int] = {}
    for at, _ in money:
        row = view.place(page.units[at].element).row
        rows[row] = rows.get(row, 0) + 1
    found, after = list[Candidate](), 0
    for number, (unit_index, one) in enumerate(money):
        unit = page.units[unit_index]
        place = view.place(unit.element)
        if place.choice or float(one.price.amount) == 0:
            continue  # what shipping costs; a basket that is empty
        f = around(page.text, one.start, one.end)
        f["bias"] = 1.0
        if unit_index > at_title and not place.control:
            after += 1
            f["after_title"] = 1.0
            f[f"rank_{after}" if after < 4 else "rank_more"] = 1.0
        f["to_title"] = max(0.0, 1 - abs(unit_index - at_title) / 60) if title else 0.0
        f["labelled"] = max((p.sure for p in labels if p.start <= one.start < p.end), default=0.0)
        f["label_other"] = 1.0 if unit_index in others else 0.0
        for group in ("price", "old", "now", "save", "unit", "buy", "ship", "title"):
            f[f"near_{group}"] = 1.0 if group in place.near else 0.0
        for group in ("nav", "account", "rates", "related", "review", "buy", "price", "item", "desc"):
            f[f"far_{group}"] = 1.0 if group in place.far else 0.0
        f["struck"] = 1.0 if place.struck else 0.0
        f["control"] = 1.0 if place.control else 0.0
        f["heading"] = 1.0 if place.heading else 0.0
        f["bold"] = 1.0 if place.bold else 0.0
        f["in_link"] = 1.0 if place.link >= 0 else 0.0
        f["slot_many"] = math.log(view.slot_counts[place.slot]) * (1.0 - f.get("labelled", 0.0))
        f["row_many"] = math.log(rows[place.row]) if place.row >= 0 else 0.0
        f["alone"] = min(1.0, (one.end - one.start) / max(1, len(unit.text)))
        f["prose"] = 1.0 if len(unit.text) > 80 else 0.0
        f["crypto"] = 1.0 if one.price.currency.upper() in CRYPTO else 0.0
        f["no_currency"] = 1.0 if not one.price.currency else 0.0
        f["bracket"] = 1.0 if page.text[max(0, one.start - 1) : one.start] in "([" and one.start else 0.0
        f["beside_fiat"] = f["crypto"] if _fiat_beside(money, number) else 0.0
        _beside_lower(view, f, money, number)
        f["said_again"] = min(math.log(amounts.count(one.price.amount)), 1.5)
        f["shared"] = memory.share(view.texts[unit_index])
        f["varies"] = memory.varies(place.slot)
        _agree(f, one.price.amount, structured)
        currency = one.price.currency or _currency_of(structured, one.price.amount)
        found.append(
            Candidate(one.price.amount, one.start, one.end, unit_index, "model", f, currency, place.slot)
        )
    return found + _unseen(structured, amounts)


def around(text: str, start: int, end: int) -> Features:
    """What the words just before and after an amount say of it."""
    f: Features = {}
    for before in _BEFORE.finditer(text, _line(text, max(0, start - 26), start), start):
        f[f"before_{before.lastgroup}"] = 1.0
    if after := _AFTER.match(text, end, end + 14):
        f[f"followed_{after.lastgroup}"] = 1.0
    if "=" in text[max(0, start - 3) : start]:
        f["followed_equals"] = 1.0
    return f


def _line(text: str, first: int, start: int) -> int:
    """Where the words before an amount begin: on its own line, or on the one before where it stands first on its own."""
    end = text.rfind("\n", first, start)
    if end >= 0 and not text[end:start].strip():
        end = text.rfind("\n", first, end)
    return max(first, end + 1)


def _beside_lower(view: View, f: Features, money: list[tuple[int, Mention]], number: int) -> None:
    """Is the next amount lower (this is then what it cost before), or the one before higher (this is then the price)?"""
    one, row = money[number][1], view.place(view.page.units[money[number][0]].element).row
    for other, name in ((number + 1, "lower_next"), (number - 1, "higher_before")):
        if 0 <= other < len(money):
            that = money[other][1]
            near = abs(that.start - one.start) < 90 and that.price.currency == one.price.currency
            near = (
                near and row == view.place(view.page.units[money[other][0]].element).row
            )  # prices for more stand in rows
            low, high = (that, one) if name == "lower_next" else (one, that)
            if near and 0.2 * float(high.price.amount) < float(low.price.amount) < float(high.price.amount):
                f[name] = 1.0


def _fiat_beside(money: list[tuple[int, Mention]], number: int) -> bool:
    one = money[number][1]
    near = [money[i][1] for i in (number - 1, number + 1) if 0 <= i < len(money)]
    return any(m.price.currency.upper() not in CRYPTO and abs(m.start - one.start) < 60 for m in near)


def _with_bare_numbers(view: View, labels: list[Pair]) -> list[tuple[int, Mention]]:
    """Amounts with a currency, and numbers that a label, a class name or attribute calls a price."""
    page, found = view.page, list(view.money)
    if len(found) > 400:
        return found[:400]
    taken = [(m.start, m.end) for _, m in found]
    valued = {p.unit for p in labels}
    for index, unit in enumerate(page.units):
        if len(unit.text) > 24 or not any(c.isdigit() for c in unit.text):
            continue
        place = view.place(unit.element)
        if place.control or (
            index not in valued and not ("price" in place.near and place.near.isdisjoint({"review", "rates"}))
        ):
            continue
        for amount, start, end in numbers(unit.text):
            start, end = unit.start + start, unit.start + end
            if not any(s < end and start < e for s, e in taken):
                cents = _cents(view, index, unit.text[end - unit.start :])
                value = f"{amount}.{cents}" if cents and "." not in amount else amount
                found.append((index, Mention(Price(value, ""), start, end)))
        if (cents := _cents(view, index, "")) and unit.text[-1:].isdigit():
            _add_cents(found, unit.end, cents, page.units[index + 1].end)
    return sorted(found, key=lambda one: one[1].start)


def _cents(view: View, index: int, rest: str) -> str | None:
    """Two digits in an element of their own after a whole number: "48" and, raised, "99"."""
    units = view.page.units
    if rest.strip(" .,") or index + 1 >= len(units):
        return None
    following = units[index + 1].text.strip(" .,€$£")
    near = units[index + 1].start - units[index].end <= 2
    return following if near and len(following) == 2 and following.isdigit() else None


def _add_cents(found: list[tuple[int, Mention]], end: int, cents: str, past: int) -> None:
    for at, (unit, one) in enumerate(found):
        if one.end == end and "." not in one.price.amount:
            found[at] = (
                unit,
                Mention(Price(f"{one.price.amount}.{cents}", one.price.currency), one.start, past),
            )


def _agree(f: Features, amount: str, structured: Structured) -> None:
    for offer in structured.offers:
        if offer.amount is not None and same_amount(offer.amount, amount):
            f[f"equals_{offer.way}"] = 1.0
    if any(same_amount(said, amount) for said in structured.scripted):
        f["equals_script"] = 1.0


def _unseen(structured: Structured, shown: list[str]) -> list[Candidate]:
    """Prices that only the page's data give."""
    found = []
    for offer in structured.offers:
        if (
            not offer.amount
            or float(offer.amount) == 0
            or any(same_amount(offer.amount, amount) for amount in shown)
        ):
            continue
        f: Features = {
            "bias": 1.0,
            "unseen": 1.0,
            f"unseen_{offer.way}": 1.0,
            "first_offer": 1.0 if offer.first else 0.0,
        }
        if any(same_amount(offer.amount, f"{a}00") for a in shown):
            f["minor"] = 1.0
        _agree(f, offer.amount, structured)
        found.append(Candidate(offer.amount, offer.start, offer.end, -1, offer.way, f, offer.currency or ""))
    return found


def _currency_of(structured: Structured, amount: str) -> str:
    return next(
        (o.currency for o in structured.offers if o.currency and o.amount and same_amount(o.amount, amount)),
        None,
    ) or next((o.currency for o in structured.offers if o.currency), "")


def same_amount(left: str, right: str) -> bool:
    """Do two decimal strings name one amount?"""
    try:
        return left == right or float(left) == float(right)
    except ValueError:
        return False
