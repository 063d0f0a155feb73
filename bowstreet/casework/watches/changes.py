"""What changed between two captures of a page: what it says, what is offered, and how it looks.

change = between(before, after)
change.text.added, change.facts[0].fields, change.picture.share
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from bowstreet.capture.errors import CaptureError
from bowstreet.capture.seen import seen
from bowstreet.casework.captures import queries as captures
from bowstreet.casework.captures.models import Capture
from bowstreet.casework.findings.models import Account, Listing
from bowstreet.casework.watches.picture import Picture, compare

MOST_LINES = 4000  # of a page's text; more is compared no further
CONTEXT = 1
NOT_COMPARED = ("proof", "seen_on")


@dataclass(frozen=True)
class Line:
    """A line that went ('-'), came ('+'), or stands between (' ')."""

    sign: str
    text: str


@dataclass(frozen=True)
class Text:
    """Two texts compared, line by line, with a line around each change."""

    lines: tuple[Line, ...]

    @property
    def added(self) -> int:
        """How many lines came."""
        return sum(line.sign == "+" for line in self.lines)

    @property
    def removed(self) -> int:
        """How many lines went."""
        return sum(line.sign == "-" for line in self.lines)


@dataclass(frozen=True)
class Field:
    """One field that changed; None where it was absent."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Fact:
    """A listing or an account that came, went or changed."""

    what: str  # "added", "removed" or "changed"
    kind: str  # "listing" or "account"
    name: str
    url: str
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Change:
    """All that differs between two captures. `picture` is None where one has no screenshot."""

    before: Capture
    after: Capture
    text: Text
    facts: tuple[Fact, ...]
    picture: Picture | None

    @property
    def anything(self) -> bool:
        """Did anything change at all?"""
        looks = self.picture is not None and self.picture.share > 0
        return bool(self.text.lines or self.facts or looks or self.before.label != self.after.label)

    def line(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "changed": self.anything,
            "before": _named(self.before),
            "after": _named(self.after),
            "text": {
                "added": self.text.added,
                "removed": self.text.removed,
                "lines": [[line.sign, line.text] for line in self.text.lines],
            },
            "facts": [asdict(fact) for fact in self.facts],
            "screenshot": asdict(self.picture) if self.picture else None,
        }


def between(before: Capture, after: Capture) -> Change:
    """Compare two captures of one page. Raises CaptureError where an archive cannot be read."""
    pictures = [captures.member(captures.archive(one), captures.SCREENSHOT) for one in (before, after)]
    picture = compare(pictures[0], pictures[1]) if pictures[0] and pictures[1] else None
    return Change(before, after, text(_text(before), _text(after)), tuple(_facts(before, after)), picture)


def text(before: str, after: str) -> Text:
    """Compare two texts."""
    left, right = (_lines(one) for one in (before, after))
    rows = list(difflib.unified_diff(left, right, n=CONTEXT, lineterm=""))[2:]
    return Text(tuple(Line(row[0], row[1:]) for row in rows if not row.startswith("@@")))


def _lines(said: str) -> list[str]:
    return [" ".join(line.split()) for line in said.splitlines() if line.strip()][:MOST_LINES]


def _text(capture: Capture) -> str:
    try:
        return seen(captures.archive(capture), capture.final_url or capture.url).shown
    except OSError as error:
        raise CaptureError(f"capture {capture.pk} cannot be read ({error})") from None


def _facts(before: Capture, after: Capture) -> Iterator[Fact]:
    for kind, model in (("listing", Listing), ("account", Account)):
        left, right = (_by_name(kind, model, capture) for capture in (before, after))
        for name in dict.fromkeys((*left, *right)):
            one, two = left.get(name), right.get(name)
            said = two or one or {}
            title = str(said.get("title") or said.get("handle") or "")
            url = str(said.get("url") or "")
            if one is None or two is None:
                yield Fact("added" if one is None else "removed", kind, title, url)
            elif fields := tuple(_fields(one, two)):
                yield Fact("changed", kind, title, url, fields)


def _by_name(kind: str, model: type[Listing] | type[Account], capture: Capture) -> dict[str, dict[str, Any]]:
    """Each fact of a capture under what it is known by: its address, else its title or handle."""
    found: dict[str, dict[str, Any]] = {}
    for row in model._default_manager.filter(page__capture=capture).order_by("id"):
        key = row.fields.get("url") or row.fields.get("title") or row.fields.get("handle")
        found.setdefault(f"{kind}:{key}", row.fields)
    return found


def _fields(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Field]:
    for name in dict.fromkeys((*before, *after)):
        one, two = _words(before.get(name)), _words(after.get(name))
        if name not in NOT_COMPARED and one != two:
            yield Field(name, one, two)


def _words(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _named(capture: Capture) -> dict[str, Any]:
    return {
        "capture": capture.pk,
        "at": capture.at.isoformat(),
        "status": capture.status,
        "label": capture.label,
        "sha256": capture.sha256,
    }
