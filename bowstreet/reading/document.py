"""A page as text units that know where they stand, to the character and to the byte.

    page = Document.parse(body, charset="utf-8", url=url)
    page.units[0].text, page.span(0, 5)          # what it says; where that stands in the source

One pass over the source, in time linear in its length, whatever it holds: no parser that repairs a page can say where a
word stood before the repair.
"""

from __future__ import annotations

import bisect
import html
import re
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from bowstreet.reading.facts import Proof

BODY_LIMIT = 32 << 20  # bytes; what stands after is not read, and the page says so
DEPTH_LIMIT = 400
VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
RAW = frozenset(("script", "style", "noscript", "template", "svg"))
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
        "option",
    ]
)
#: an opening tag → the open tags it ends (HTML 13.1.2.4, optional tags)
ENDS = {
    "li": ("li",), "dt": ("dt", "dd"), "dd": ("dt", "dd"), "tr": ("td", "th", "tr"), "td": ("td", "th"),
    "th": ("td", "th"), "option": ("option",), "p": ("p",),
}  # fmt: skip
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(/?)([a-zA-Z][a-zA-Z0-9:-]*)([^<>]*(?:<(?![a-zA-Z/!])[^<>]*)*)>|<![^>]{0,2000}>|<\?[^>]{0,2000}>",
    re.S,
)
_ATTRIBUTE = re.compile(r"([^\s=/\"'>]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?")
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{2,40})", re.I)
_SPACE = re.compile(r"\s+")


@dataclass
class Element:
    """One element: its tag, its attributes, and where it hangs."""

    tag: str
    attributes: dict[str, str]
    parent: int
    start: int
    nth: int = 1


@dataclass(frozen=True)
class Unit:
    """A run of text in one element. `start` and `end` are its span in the whole text of the page."""

    text: str
    start: int
    end: int
    element: int


@dataclass
class Document:
    """A page taken apart. `text` is all visible text; spans of it are mapped back to the source."""

    url: str
    source: str
    encoding: str
    cut: bool
    elements: list[Element] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    text: str = ""
    title: str = ""
    scripts: list[str] = field(default_factory=list)  # JSON-LD
    _text_at: list[int] = field(default_factory=list)
    _source_at: list[tuple[int, int, bool]] = field(default_factory=list)

    @classmethod
    def parse(cls, body: bytes, *, charset: str | None, url: str) -> Document:
        """Decode and take apart. Never fails: what cannot be decoded is marked U+FFFD."""
        cut = len(body) > BODY_LIMIT
        source, encoding = decode(body[:BODY_LIMIT], charset)
        document = cls(url, source, encoding, cut)
        _Builder(document).run()
        return document

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source span of a span of the text."""
        return self._at(start, last=False), self._at(max(start, end - 1), last=True)

    def _at(self, position: int, *, last: bool) -> int:
        index = max(0, bisect.bisect_right(self._text_at, position) - 1)
        if not self._text_at:
            return 0
        begun, (source, length, entity) = self._text_at[index], self._source_at[index]
        if entity:
            return source + length if last else source
        return source + min(position - begun, length) + (1 if last else 0)

    def proof(
        self, start: int, end: int, reader: str, *, element: int | None = None, score: float = 1.0
    ) -> Proof:
        """The proof of a span of the text."""
        first, past = self.span(start, end)
        css = self.css(element) if element is not None else self.css(self.element_at(start))
        return Proof(first, past, reader, self.byte(first), self.byte(past), css, score)

    def element_at(self, position: int) -> int | None:
        """The element whose text stands there."""
        index = bisect.bisect_right(self._starts, position) - 1
        return self.units[index].element if 0 <= index < len(self.units) else None

    @cached_property
    def _starts(self) -> list[int]:
        return [unit.start for unit in self.units]

    @cached_property
    def _bytes(self) -> list[int] | None:
        """How many bytes stand before every 256th character; None where a character is a byte."""
        if self.source.isascii() or self.encoding in ("latin-1", "cp1252"):
            return None
        total, marks = 0, [0]
        for at in range(0, len(self.source), 256):
            total += len(self.source[at : at + 256].encode(self.encoding, "surrogateescape"))
            marks.append(total)
        return marks

    def byte(self, position: int) -> int:
        """The byte offset of a character of the source."""
        if self._bytes is None:
            return position
        block = min(position // 256, len(self._bytes) - 1)
        return self._bytes[block] + len(
            self.source[block * 256 : position].encode(self.encoding, "surrogateescape")
        )

    def css(self, element: int | None) -> str:
        """A path from html, by position among siblings of the same tag."""
        steps = []
        while element is not None and element >= 0:
            one = self.elements[element]
            steps.append(
                one.tag
                if one.nth == 1 and one.tag in ("html", "body", "main")
                else f"{one.tag}:nth-of-type({one.nth})"
            )
            element = one.parent
        return " > ".join(reversed(steps[:24]))

    def ancestors(self, element: int) -> list[int]:
        """The element and all above it."""
        found = []
        while element >= 0:
            found.append(element)
            element = self.elements[element].parent
        return found

    def link(self, element: int) -> str | None:
        """The absolute address of the link that an element stands in, where there is one."""
        for one in self.ancestors(element):
            if self.elements[one].tag == "a" and (href := self.elements[one].attributes.get("href")):
                return absolute(self.url, href)
        return None


def absolute(base: str, href: str) -> str | None:
    """The address of a link, or None for what is no web address."""
    try:
        found = urljoin(base, href.strip())
        return found if urlsplit(found).scheme in ("http", "https") else None
    except ValueError:
        return None


def decode(body: bytes, charset: str | None) -> tuple[str, str]:
    """The text and the encoding that gave it: byte order mark, UTF-8 if it is that, what was declared, Windows-1252."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace"), "utf-16-le"
    declared = [charset or "", ((m := _META.search(body[:4096])) and m[1].decode()) or ""]
    for name in ("utf-8", *declared):
        try:
            return body.decode(name.strip() or "utf-8"), name.strip() or "utf-8"
        except (UnicodeDecodeError, LookupError):
            continue
    # bytes outside the encoding survive as themselves, so that byte offsets stay exact
    return body.decode("latin-1"), "latin-1"


class _Builder:
    """Walks the source once."""

    def __init__(self, document: Document) -> None:
        self._page = document
        self._open: list[int] = []
        self._counts: dict[tuple[int, str], int] = {}
        self._pieces: list[str] = []
        self._length = 0
        self._block = True  # is a line break due before the next text?

    def run(self) -> None:
        page, at, source = self._page, 0, self._page.source
        while at < len(source):
            found = _TOKEN.search(source, at)
            self._text(at, found.start() if found else len(source))
            if not found:
                break
            at = found.end()
            if found[2]:
                at = self._tag(found, at)
        page.text = "".join(self._pieces)
        page.title = _SPACE.sub(" ", page.title).strip()

    def _tag(self, found: re.Match[str], at: int) -> int:
        tag = found[2].lower()
        if tag in BLOCKS:
            self._block = True
        if found[1]:
            self._close(tag)
            return at
        self._end_implied(tag)
        attributes = {
            m[1].lower(): html.unescape(m[2] or m[3] or m[4] or "")
            for m in _ATTRIBUTE.finditer(found[3][:20000])
        }
        parent = self._open[-1] if self._open else -1
        nth = self._counts[parent, tag] = self._counts.get((parent, tag), 0) + 1
        self._page.elements.append(Element(tag, attributes, parent, found.start(), nth))
        if tag in RAW:
            return self._raw(tag, attributes, at)
        if tag not in VOID and not found[3].endswith("/") and len(self._open) < DEPTH_LIMIT:
            self._open.append(len(self._page.elements) - 1)
        return at

    def _raw(self, tag: str, attributes: dict[str, str], at: int) -> int:
        end = re.compile(rf"</{tag}\s*>", re.I).search(self._page.source, at)
        stop = end.start() if end else len(self._page.source)
        if tag == "script" and "ld+json" in attributes.get("type", ""):
            self._page.scripts.append(self._page.source[at:stop])
        return end.end() if end else stop

    def _close(self, tag: str) -> None:
        for index in range(len(self._open) - 1, max(-1, len(self._open) - 60), -1):
            if self._page.elements[self._open[index]].tag == tag:
                del self._open[index:]
                return

    def _end_implied(self, tag: str) -> None:
        for ended in ENDS.get(tag, ()):
            for index in range(len(self._open) - 1, max(-1, len(self._open) - 12), -1):
                name = self._page.elements[self._open[index]].tag
                if name == ended:
                    del self._open[index:]
                    break
                if name in ("table", "ul", "ol", "dl", "div", "select"):
                    break

    def _text(self, start: int, end: int) -> None:
        if start >= end or not (raw := self._page.source[start:end]).strip():
            return
        if not self._page.elements:
            self._page.elements.append(Element("html", {}, -1, 0))  # bare text, or text before any tag
        element = self._open[-1] if self._open else 0
        if self._page.elements[element].tag == "title":
            self._page.title += html.unescape(raw)
            return
        if self._length:
            self._piece("\n" if self._block else " ", None)
        self._block = False
        begun = self._length
        start += len(raw) - len(raw.lstrip())
        end -= len(raw) - len(raw.rstrip())
        at = start
        for entity in _ENTITY.finditer(self._page.source, start, end):
            self._piece(self._page.source[at : entity.start()], (at, False))
            self._piece(html.unescape(entity[0]), (entity.start(), True), len(entity[0]))
            at = entity.end()
        self._piece(self._page.source[at:end], (at, False))
        text = "".join(self._pieces[-1:]) if at == start else html.unescape(self._page.source[start:end])
        self._page.units.append(Unit(text, begun, self._length, element))

    def _piece(self, text: str, source: tuple[int, bool] | None, length: int | None = None) -> None:
        if not text:
            return
        if source:
            self._page._text_at.append(self._length)
            self._page._source_at.append((source[0], len(text) if length is None else length, source[1]))
        self._pieces.append(text)
        self._length += len(text)
