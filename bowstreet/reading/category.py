"""The category of a listing: its path from the widest to the narrowest.

Ways, in order: a breadcrumb in the page's data, an element that calls itself one, a labelled value, links in a line with ">"
between them, links like those of the menu that stand outside it, the menu's entry that is marked as open.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from bowstreet.reading.ranker import Candidate
from bowstreet.reading.records import Link, pattern, seller_address
from bowstreet.reading.structured import Structured
from bowstreet.reading.view import View
from bowstreet.reading.words import FURNITURE, plain

_PARTS = re.compile(r"\s*(?:[>›»→/\\|]|->|::)\s*|\n")
_SEPARATOR = re.compile(r"^\s*(?:[>›»→/\\|•·]|->|::|&raquo;)+\s*$")
_COUNT = re.compile(r"\s*[\[(]?\d[\d,. ]*[\])]?\s*$")
_CRUMB = re.compile(r"crumb|bread|\bpath\b|\btrail\b", re.I)
_MENU = re.compile(
    r"cat(?:egor(?:y|ies))?\b|categor|/c/|browse|section|department|subcat|[?&]c=|cid=|rubrik", re.I
)
_OPEN = re.compile(
    r"(?:^|[\s_-])(?:active|selected|current|open|expanded|on|here|highlight)(?:$|[\s_-])", re.I
)
_DEPTH = re.compile(r"(?:depth|level|lvl|indent)[-_]?(\d)\b", re.I)
_MENU_LEAST = 6  # links that make a menu


@dataclass(frozen=True, slots=True)
class Path:
    """A category's steps, where they stand, which way found them, and how sure that way is."""

    steps: tuple[str, ...]
    start: int
    end: int
    way: str
    sure: float


def category(view: View, all_links: list[Link], said: Structured, title: Candidate | None) -> Path | None:
    """The category of the page's one offer, or None."""
    skip = {
        "home",
        "market",
        "all",
        "all categories",
        "categories",
        "index",
        "start",
        "accueil",
        "inicio",
        "listings",
        "products",
        "shop",
        "marketplace",
        "browse",
        "",
    }
    skip |= {plain(title.value)} if title else set()
    skip |= {plain(part) for part in re.split(r"\s+[-–|:»·]+\s+", view.page.title)} - {
        plain(step) for step in said.category
    }
    first: Path | None = None
    for way in (_labelled, _crumbs, _line, _outside, _opened):
        if not (found := way(view, all_links, title)) or not (steps := _clean(found.steps, skip)):
            continue
        made = Path(steps, found.start, found.end, found.way, found.sure)
        if first is None:
            first = made
        elif (
            way in (_crumbs, _line)
            and len(steps) > len(first.steps)
            and {plain(s) for s in first.steps} <= {plain(s) for s in steps}
        ):
            return made  # a trail that goes through the labelled category says more
        if first.way != "label" or len(first.steps) > 1:
            break
    if first:
        return first
    if steps := _clean(said.category, skip):
        return Path(steps, -1, -1, "json-ld", 0.8)
    return None


def _clean(steps: tuple[str, ...], skip: set[str]) -> tuple[str, ...]:
    kept = list[str]()
    for step in steps:
        bare = _COUNT.sub("", re.sub(r"\s+", " ", step)).strip(" >»›/|-–:•·\u00a0")
        if not {plain(bare), plain(step)} & skip and (not kept or kept[-1] != bare) and 1 < len(bare) < 60:
            kept.append(bare)
    return tuple(kept[:6])


def _labelled(view: View, all_links: list[Link], title: Candidate | None) -> Path | None:
    """ "Category: Drugs > Weed"."""
    at = title.unit if title else 0
    found = [
        p for p in view.pairs
        if p.name == "category" and p.sure >= 0.75 and len(p.value) < 140
        and not view.place(view.page.units[p.unit].element).control and (p.unit >= at - 12 or p.sure > 0.9)
    ]  # fmt: skip
    if not found:
        return None
    one = min(found, key=lambda p: (abs(p.unit - at), -p.sure))
    if view.place(view.page.units[one.unit].element).slot and _in_menu(view, all_links, one.unit):
        return None
    return Path(tuple(_PARTS.split(one.value)), one.start, one.end, "label", min(one.sure, 0.9))


def _in_menu(view: View, all_links: list[Link], unit: int) -> bool:
    """Is the value an entry of a list of more than a few links in the same slot?"""
    return view.slot_counts[view.slots[unit]] > 8


def _crumbs(view: View, all_links: list[Link], title: Candidate | None) -> Path | None:
    """An element whose class, id or label says breadcrumb."""
    page = view.page
    for number, element in enumerate(page.elements):
        a = element.attributes
        names = f"{a.get('class', '')} {a.get('id', '')} {a.get('aria-label', '')} {a.get('itemtype', '')}"
        if element.tag in ("a", "li", "html", "body", "meta", "link", "svg", "path") or not _CRUMB.search(
            names
        ):
            continue
        inside = _units_in(view, number)
        if not inside or len(inside) > 24:
            continue
        steps = tuple(step for i in inside for step in _PARTS.split(page.units[i].text) if step.strip())
        if any(plain(step) for step in steps):
            return Path(steps, page.units[inside[0]].start, page.units[inside[-1]].end, "breadcrumb", 0.9)
    return None


def _units_in(view: View, number: int) -> list[int]:
    """The units in an element; elements are numbered in the order of the page, so what is inside follows."""
    page, found = view.page, list[int]()
    for index, unit in enumerate(page.units):
        if unit.element < number:
            continue
        if number in page.ancestors(unit.element):
            found.append(index)
        elif found:
            break
    return found


def _line(view: View, all_links: list[Link], title: Candidate | None) -> Path | None:
    """Links in one line, with signs like ">" between them."""
    page = view.page
    anchors = {link.unit: link for link in all_links if link.unit is not None and link.text}
    at = title.unit if title else len(page.units)
    index, total = 0, min(len(page.units), at + 40)
    while index < total:
        run, end = list[str](), index
        if index in anchors and not seller_address(anchors[index].url):
            run.append(page.units[index].text)
            marks = set[str]()
            while end + 1 < total:
                follow = page.units[end + 1]
                sign = _SEPARATOR.match(follow.text)
                if (
                    sign
                    and end + 2 < total
                    and (end + 2 in anchors or (title and end + 2 == at))
                    and len(page.units[end + 2].text) < 60
                ):
                    marks.add(follow.text.strip())
                    run.append(page.units[end + 2].text)
                    end += 2
                elif (m := re.match(r"^\s*([>›»→/])\s*(\S.*)$", follow.text)) and len(follow.text) < 60:
                    marks.add(m[1])
                    run.append(m[2])
                    end += 1
                else:
                    break
            words = [step for step in run if plain(step) not in FURNITURE and re.search(r"[^\W\d_]{3}", step)]
            account = view.place(page.units[index].element).far & {"account", "rates"}
            if (
                len(run) >= 2
                and 2 * len(words) >= len(run)
                and not marks <= {"|", "•", "·"}
                and not account
                and _alike(view, anchors, index, end)
            ):
                return Path(tuple(run), page.units[index].start, page.units[end].end, "breadcrumb", 0.8)
        index = end + 1
    return None


def _alike(view: View, anchors: dict[int, Link], first: int, last: int) -> bool:
    """Do the links of a run, home left out, lead to like addresses, and to none that tells of money?"""
    run = [
        anchors[i] for i in range(first, last + 1) if i in anchors and plain(anchors[i].text) not in FURNITURE
    ]
    return (
        bool(run)
        and not any(re.search(r"balance|wallet|log(?:in|out)|register|message", link.url) for link in run)
        and len({pattern(link.url)[2:] for link in run}) <= 2
    )


def _outside(view: View, all_links: list[Link], title: Candidate | None) -> Path | None:
    """Links like the menu's that stand outside it, near the title."""
    page = view.page
    groups: dict[tuple[str, ...], list[Link]] = defaultdict(list)
    for link in all_links:
        if link.unit is not None and 1 < len(link.text) < 60 and not seller_address(link.url):
            groups[pattern(link.url)].append(link)
    at = title.unit if title else 0
    best: tuple[float, Path] | None = None
    for group in groups.values():
        said = bool(_MENU.search(group[0].url))
        if not said and len(group) < _MENU_LEAST:
            continue
        menu = _menu(view, group)
        alone = [link for link in group if menu is None or menu not in page.ancestors(link.element)]
        inside = {link.url for link in group if link not in alone}
        near = [
            link
            for link in alone
            if link.unit is not None
            and plain(link.text) not in FURNITURE
            # a way that the menu also goes may stand above the menu, far from the title
            and (abs(link.unit - at) < 40 or (link.url in inside and link.unit < at))
        ]
        if not near or len(near) > 6 or not (said or menu is not None):
            continue
        targets = {link.url for link in group if link not in near}
        known = sum(link.url in targets for link in near) / len(near)
        score = (
            (1.0 if said else 0.3) + known + (0.3 if near[0].unit is not None and near[0].unit < at else 0.0)
        )
        run = _together(near)
        first, last = run[0].unit or 0, run[-1].unit or 0
        steps = tuple(link.text for link in run)
        if score > 0.9 and (best is None or score > best[0]):
            best = (
                score,
                Path(
                    steps, page.units[first].start, page.units[last].end, "menu", min(0.85, 0.4 + score / 4)
                ),
            )
    return best[1] if best else None


def _together(found: list[Link]) -> list[Link]:
    """The first run of links that stand close to each other."""
    run = [found[0]]
    for link in found[1:]:
        if (link.unit or 0) - (run[-1].unit or 0) > 4:
            break
        run.append(link)
    return run


def _menu(view: View, group: list[Link]) -> int | None:
    """The smallest element that holds most links of a group: the menu."""
    if len(group) < _MENU_LEAST:
        return None
    page = view.page
    held: dict[int, int] = defaultdict(int)
    for link in group:
        for element in page.ancestors(link.element):
            held[element] += 1
    most = 0.7 * len(group)
    return max((element for element, count in held.items() if count >= most), default=None)


def _opened(view: View, all_links: list[Link], title: Candidate | None) -> Path | None:
    """The menu's entries that are marked as open."""
    page = view.page
    found = [
        link for link in all_links
        if link.unit is not None and _MENU.search(link.url) and 1 < len(link.text) < 60
        and any(_OPEN.search(page.elements[e].attributes.get("class", "")) for e in page.ancestors(link.element)[:2])
    ]  # fmt: skip
    if not found or len(found) > 4:
        return None
    if len(found) == 1:
        found = _above(view, all_links, found[0]) + found
    first, last = found[0].unit or 0, found[-1].unit or 0
    return Path(
        tuple(link.text for link in found), page.units[first].start, page.units[last].end, "menu", 0.6
    )


def _above(view: View, all_links: list[Link], opened: Link) -> list[Link]:
    """The entries over an entry of a menu whose class names say how deep each is."""
    found, depth = list[Link](), _depth(view, opened)
    for link in reversed([link for link in all_links if link.element < opened.element]):
        if depth <= 0:
            break
        if link.unit is not None and 0 <= (its := _depth(view, link)) < depth:
            found.insert(0, link)
            depth = its
    return found


def _depth(view: View, link: Link) -> int:
    """How deep in its menu an entry's class names say it is, or -1."""
    page = view.page
    names = " ".join(page.elements[e].attributes.get("class", "") for e in page.ancestors(link.element)[:2])
    said = _DEPTH.search(names)
    return int(said[1]) if said else -1
