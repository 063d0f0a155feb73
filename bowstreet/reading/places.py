"""Where the text of a page's tree stands in its source.

    Places(source, ["Tom & Ann"]).at(0, 4, last=False)      # of "&amp;", its first character

A parser that repairs a page moves and joins text; so runs of text of the source are matched with the tree's, in order, and
where the order was changed (text put before a table), by what they say.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from dataclasses import dataclass

#: possessive and closed by the end of the source, so that every character is looked at once
_TAG = re.compile(
    r"<!--.*?(?:--!?>|\Z)"
    r"|<(script|style|title|textarea|xmp|noembed|noframes|iframe)\b[^>]*+>.*?(?:</\1\s*>|\Z)"
    r"|</?[a-zA-Z](?:[^>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?+)*+(?:>|\Z)"
    r"|<[!?/][^>]*+(?:>|\Z)",
    re.S | re.I,
)
#: what a parser turns into other characters: references, line ends, NUL
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?|\r\n?|\0")
_AHEAD = 60  # runs to look ahead for one that is out of order
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of text of the source, white space at its ends left out, and what it says after `lead` characters of space."""

    start: int
    end: int
    said: str
    lead: int


class Places:
    """Source positions of a page's units. Made in one pass over the source."""

    def __init__(self, source: str, texts: list[str]) -> None:
        self._source = source
        self._runs = list(_runs(source))
        self._found: list[list[tuple[int, int]]] = []  # unit → (offset in its text, run)
        self._match(texts)

    def at(self, unit: int, offset: int, *, last: bool) -> int | None:
        """The source position of a character of a unit: of its first source character, or past its last."""
        parts = self._found[unit]
        if not parts:
            return None
        begun, run = [part for part in parts if part[0] <= max(offset, parts[0][0])][-1]
        return self._inside(self._runs[run], max(0, offset - begun), last=last)

    def _inside(self, run: _Run, offset: int, *, last: bool) -> int:
        at, said, offset = run.start, 0, offset + run.lead
        for entity in _ENTITY.finditer(self._source, run.start, run.end):
            plain = entity.start() - at
            if offset < said + plain:
                break
            said += plain
            at = entity.end()
            means = len(_said(entity[0]))
            if offset < said + means:
                return entity.end() if last else entity.start()
            said += means
        return min(at + offset - said + (1 if last else 0), run.end)

    def _match(self, texts: list[str]) -> None:
        runs, cursor = self._runs, 0
        passed: dict[str, list[int]] = defaultdict(list)
        for text in texts:
            if cursor < len(runs) and runs[cursor].said == text:
                self._found.append([(0, cursor)])
                cursor += 1
                continue
            ahead = next(
                (i for i in range(cursor, min(len(runs), cursor + _AHEAD)) if runs[i].said == text), None
            )
            if ahead is not None and len(text) > 1:
                for skipped in range(cursor, ahead):
                    passed[runs[skipped].said].append(skipped)
                self._found.append([(0, ahead)])
                cursor = ahead + 1
            elif passed.get(text):
                self._found.append([(0, passed[text].pop(0))])
            else:
                parts, used = self._joined(text, cursor)
                self._found.append(parts)
                cursor = used

    def _joined(self, text: str, cursor: int) -> tuple[list[tuple[int, int]], int]:
        """A unit that the parser put together from several runs near the cursor."""
        parts, at, first = list[tuple[int, int]](), 0, None
        for index in range(cursor, min(len(self._runs), cursor + _AHEAD)):
            said = self._runs[index].said
            begin = text.find(said, at) if said else -1
            if begin < 0 or text[at:begin].strip():
                continue
            parts.append((begin, index))
            first = index if first is None else first
            at = begin + len(said)
            if not text[at:].strip():
                break
        if not parts or text[at:].strip():
            return [], cursor
        return parts, parts[-1][1] + 1


def _runs(source: str) -> list[_Run]:
    found, at = list[_Run](), 0
    for tag in _TAG.finditer(source):
        _add(found, source, at, tag.start())
        at = tag.end()
        if (tag[1] or "").lower() in ("textarea", "xmp"):
            inner = source.find(">", tag.start()) + 1
            _add(found, source, inner, source.rfind("<", inner, at))
    _add(found, source, at, len(source))
    return found


def _add(found: list[_Run], source: str, start: int, end: int) -> None:
    raw = source[start:end]
    if not (text := raw.strip()):
        return
    begin = start + raw.find(text)
    said = _said(text)
    if bare := said.strip():  # a reference may stand for space
        found.append(_Run(begin, begin + len(text), bare, len(said) - len(said.lstrip())))


def _said(text: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    said = html.unescape(text) if "&" in text else text
    said = said.replace("\0", "") if "\0" in said else said
    return _SURROGATE.sub("\ufffd", said) if not said.isascii() else said
