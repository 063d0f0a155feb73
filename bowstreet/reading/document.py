"""A page as text units that know where they stand, to the character and to the byte.

    page = Document.parse(body, charset="utf-8", url=url)
    page.units[0].text, page.span(0, 5)          # what it says; where that stands in the source

Lexbor builds the tree that a browser would build, once; `places` finds each unit again in the source, when first asked.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bowstreet.reading.charset import decode
from bowstreet.reading.facts import Proof
from bowstreet.reading.places import Places

__all__ = ["BODY_LIMIT", "Document", "Element", "Unit", "absolute", "decode"]

BODY_LIMIT = 32 << 20  # bytes; what stands after is not read, and the page says so
UNIT_LIMIT = 60_000  # text runs; a page that has more is cut there
DEPTH_LIMIT = 400
RAW = frozenset(("script", "style", "noscript", "template", "svg", "title"))
#: elements that begin a new line
BLOCKS = frozenset(
    "address article aside blockquote body br dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html "
    "li main nav ol p pre section table tbody td tfoot th thead title tr ul option".split()
)
NESTED = 5_000  # open elements; what stands deeper is not read
#: tags that open or close what must be closed: the others end by themselves
_NESTING = re.compile(
    r"<(/?)(?!(?:p|li|dt|dd|tr|td|th|tbody|thead|tfoot|option|br|hr|img|input|meta|link|area|base|col|embed|source|track|wbr|html|head|body)\b)[a-z][a-z0-9]*",
    re.I,
)
_SPACE = re.compile(r"\s+")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(slots=True)
class Element:
    """One element: its tag, its attributes, and where it hangs. `nth` counts siblings of its tag."""

    tag: str
    attributes: dict[str, str]
    parent: int
    nth: int = 1


@dataclass(frozen=True, slots=True)
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
    mark: int = 0  # bytes of a byte order mark that `source` leaves out

    @classmethod
    def parse(cls, body: bytes, *, charset: str | None, url: str) -> Document:
        """Decode and take apart. Never fails: what cannot be decoded is marked U+FFFD."""
        source, encoding, mark = decode(body[:BODY_LIMIT], charset)
        end = _too_deep(source)
        document = cls(url, source[:end], encoding, len(body) > BODY_LIMIT or end is not None, mark=mark)
        source = document.source
        _build(document, LexborHTMLParser(_SURROGATE.sub("\ufffd", source).lstrip("\ufeff")))
        return document

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source span of a span of the text; (0, 0) where the source does not show it."""
        index = self._unit_at(start)
        if index is None:
            return 0, 0
        first = self.places.at(index, start - self.units[index].start, last=False)
        index = self._unit_at(max(start, end - 1)) or index
        past = self.places.at(index, max(start, end - 1) - self.units[index].start, last=True)
        return (first, max(first, past)) if first is not None and past is not None else (0, 0)

    @cached_property
    def places(self) -> Places:
        """Where each unit stands in the source."""
        return Places(self.source, [unit.text for unit in self.units])

    def proof(
        self, start: int, end: int, reader: str, *, element: int | None = None, score: float = 1.0
    ) -> Proof:
        """The proof of a span of the text."""
        first, past = self.span(start, end)
        css = self.css(element) if element is not None else self.css(self.element_at(start))
        return Proof(first, past, reader, self.byte(first), self.byte(past), css, round(score, 3))

    def element_at(self, position: int) -> int | None:
        """The element whose text stands there."""
        index = self._unit_at(position)
        return None if index is None else self.units[index].element

    def _unit_at(self, position: int) -> int | None:
        index = bisect.bisect_right(self._starts, position) - 1
        return index if 0 <= index < len(self.units) else None

    @cached_property
    def _starts(self) -> list[int]:
        return [unit.start for unit in self.units]

    @cached_property
    def _bytes(self) -> list[int] | None:
        """How many bytes stand before every 256th character; None where a character is a byte."""
        if (self.source.isascii() and not self.encoding.startswith("utf-16")) or self.encoding == "cp1252":
            return None
        total, marks = self.mark, [self.mark]
        for at in range(0, len(self.source), 256):
            total += len(self._encoded(self.source[at : at + 256]))
            marks.append(total)
        return marks

    def _encoded(self, text: str) -> bytes:
        return text.encode(
            self.encoding, "surrogatepass" if self.encoding.startswith("utf-16") else "surrogateescape"
        )

    def byte(self, position: int) -> int:
        """The byte offset of a character of the source, in the body."""
        if self._bytes is None:
            return position + self.mark
        block = min(position // 256, len(self._bytes) - 1)
        return self._bytes[block] + len(self._encoded(self.source[block * 256 : position]))

    def css(self, element: int | None) -> str:
        """A path from html, by position among siblings of the same tag: what a browser selects by it is the element."""
        steps = []
        while element is not None and element >= 0:
            one = self.elements[element]
            steps.append(
                one.tag
                if one.nth == 1 and one.tag in ("html", "body", "main")
                else f"{one.tag}:nth-of-type({one.nth})"
            )
            element = one.parent
        return " > ".join(reversed(steps))

    def ancestors(self, element: int) -> list[int]:
        """The element and all above it."""
        found = []
        while element >= 0:
            found.append(element)
            element = self.elements[element].parent
        return found

    def link(self, element: int) -> str | None:
        """The absolute address of the link that an element stands in, where there is one."""
        while element >= 0:
            one = self.elements[element]
            if one.tag == "a" and (href := one.attributes.get("href")):
                return absolute(self.url, href)
            element = one.parent
        return None


def visible(body: bytes, charset: str | None) -> int:
    """How many characters of text a page shows, without taking it apart."""
    source = _SURROGATE.sub("\ufffd", decode(body[:BODY_LIMIT], charset)[0])
    tree = LexborHTMLParser(source)
    tree.strip_tags(["script", "style", "noscript", "template", "svg"])
    return len(tree.body.text()) if tree.body else 0


def absolute(base: str, href: str) -> str | None:
    """The address of a link, or None for what is no web address. On a page without one, a link stays as written."""
    href = href.strip()
    try:
        if not base.startswith(("http:", "https:")):
            named = urlsplit(href)
            web = named.scheme in ("", "http", "https") and bool(named.netloc or named.path or named.query)
            return href if web else None
        found = urljoin(base, href)
        return found if urlsplit(found).scheme in ("http", "https") else None
    except ValueError:
        return None


def _build(page: Document, tree: LexborHTMLParser) -> None:
    """Flatten the tree into elements and units, in the order of the page."""
    known: dict[int, int] = {}  # the parser's name of an element → ours
    hidden: set[int] = set()
    depths, counts = list[int](), dict[tuple[int, str], int]()
    pieces: list[str] = []
    length, block = 0, True
    for node in tree.root.traverse(include_text=True) if tree.root else ():
        above = node.parent
        up = known.get(above.mem_id, -1) if above else -1
        if node.is_text_node:
            raw = node.text_content or ""
            if up < 0 or not (text := raw.strip()):
                continue
            if up in hidden:
                _aside(page, up, raw)
                continue
            if length:
                pieces.append("\n" if block or _divides(page, up) else " ")
                length += 1
            block = False
            pieces.append(text)
            page.units.append(Unit(text, length, length + len(text), up))
            length += len(text)
            if len(page.units) >= UNIT_LIMIT:
                page.cut = True
                break
        elif node.is_element_node:
            tag = node.tag or "div"
            block = block or tag in BLOCKS
            while up >= 0 and depths[up] >= DEPTH_LIMIT:
                up = page.elements[up].parent
            number = len(page.elements)
            known[node.mem_id] = number
            nth = counts[up, tag] = counts.get((up, tag), 0) + 1
            page.elements.append(Element(tag, _attributes(node), up, nth))
            depths.append(depths[up] + 1 if up >= 0 else 0)
            if tag in RAW or up in hidden:
                hidden.add(number)
    page.text = "".join(pieces)
    page.title = _SPACE.sub(" ", page.title).strip()


def _too_deep(source: str) -> int | None:
    """Where a source nests deeper than any page does, or None: a parser's time grows with the square of the depth."""
    if source.count("<") < NESTED:
        return None
    depth = 0
    for tag in _NESTING.finditer(source):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > NESTED:
            return tag.start()
    return None


def _divides(page: Document, element: int) -> bool:
    """Did a block end between the last unit and this element's text? True where they share no line."""
    last = page.units[-1].element
    return last != element and _line(page, last) != _line(page, element)


def _line(page: Document, element: int) -> int:
    while element >= 0 and page.elements[element].tag not in BLOCKS:
        element = page.elements[element].parent
    return element


def _attributes(node: LexborNode) -> dict[str, str]:
    return {name: value or "" for name, value in node.attributes.items()}


def _aside(page: Document, element: int, raw: str) -> None:
    one = page.elements[element]
    if one.tag == "title" and not page.title:
        page.title = raw
    elif one.tag == "script" and "ld+json" in one.attributes.get("type", ""):
        page.scripts.append(raw)
