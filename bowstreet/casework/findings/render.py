"""A captured page written out again, so that nothing in it runs or fetches, with the place of a fact marked.

Built, not cleaned: only elements on a short list are written, with a few attributes that can do no harm. Scripts, forms,
frames, links' targets and everything fetched from outside are left behind; pictures are drawn again from the archive.
A fact that stands where nothing is shown (an attribute, the head, a script's data) is written out beside its element.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes, urldefrag, urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bowstreet.casework.captures.pictures import Picture
from bowstreet.casework.findings.styles import safe, safe_inline

#: Characters of the private use area, which are taken out of a page before ours are put in.
OPEN, CLOSE = "\ue0f0", "\ue0f1"
AROUND = 120  # characters shown on either side of a fact that stands where nothing is shown
MOST_PICTURES, MOST_PICTURE_BYTES = 120, 12 << 20
_names = re.compile(r"\w+").findall
_KEPT = frozenset(_names(
    "a abbr article aside b blockquote body br button caption center cite code col colgroup dd del details div dl dt em fieldset "
    "figcaption figure font footer form h1 h2 h3 h4 h5 h6 header hr i ins kbd label legend li main mark nav ol option p pre q s "
    "samp section select small span strong sub summary sup table tbody td tfoot th thead time tr u ul var"
))  # fmt: skip
_AS = {"button": "span", "font": "span", "fieldset": "div", "legend": "p", "option": "span", "select": "span", "a": "span",
       "label": "span", "details": "div", "summary": "p", "center": "div"}  # fmt: skip
# The captured page's landmarks are not landmarks of ours: all of it stands in one main.
_AS |= dict.fromkeys(
    ("body", "header", "footer", "nav", "main", "aside", "section", "article", "form"), "div"
)
#: Written as they are where the page is shown in its own styles, which may be about them by name.
_NAMED = frozenset(("a", "header", "footer", "nav", "section", "article", "aside", "center"))
#: What is in them is not shown as text.
_GONE = frozenset(_names("script style noscript template iframe object embed svg math title textarea meta link base audio video"))  # fmt: skip
_VOID = frozenset(("br", "hr", "col"))
_WORDS = frozenset(("class", "id"))
_SIMPLE = frozenset(_names("align valign bgcolor color size width height border cellpadding cellspacing colspan rowspan dir"))  # fmt: skip
_VALUE = re.compile(r"[#\w%. -]{1,40}", re.ASCII)
_BEHIND = re.compile(r"""background(?:-image)?\s*:[^;]*?url\(\s*["']?([^"')\s]{1,2000})""", re.I)
_TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>]*>|<![^>]*>", re.S)
_MARK = (
    '<mark{} style="display:inline!important;visibility:visible!important;opacity:1!important;background:#fd0!important;'
    'color:#0b0c0c!important;outline:3px solid #0b0c0c!important;position:static!important">'
)


@dataclass
class Look:
    """How a page is written: how its pictures are drawn, and whether in its own styles."""

    url: str
    draw: Callable[[bytes], Picture | None]
    images: dict[str, bytes] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)
    styled: bool = False
    drawn: int = 0
    octets: int = 0


def marked(source: str, start: int, end: int) -> str:
    """The source with marks round a span of it: round each run of text, never across a tag."""
    start, end = max(0, start), min(len(source), max(start, end))
    pieces, at = [source[:start]], start
    for tag in _TAG.finditer(source, start, end):
        pieces += [_run(source[at : tag.start()]), tag[0]]
        at = tag.end()
    pieces += [_run(source[at:end])]
    if not any(OPEN in piece for piece in pieces):  # there is no text in it: its beginning is shown
        pieces[0] += OPEN + CLOSE
    return "".join([*pieces, source[end:]])


def body(source: str, look: Look, span: tuple[int, int] | None = None) -> str:
    """The page's own part of the view."""
    # One for one, so that spans still hold: a page's own marks must not draw the eye elsewhere.
    source = source.replace(OPEN, "\ufffd").replace(CLOSE, "\ufffd")
    writer = _Writer(look)
    root = LexborHTMLParser(marked(source, *span) if span else source).root
    if root is not None:
        writer.write(root)
    shown = "".join(writer.out)
    if span and OPEN not in shown:
        shown = _aside("the page's source", _context(source, *span)) + shown
    shown = shown.replace(CLOSE, "</mark>").replace(OPEN, _MARK.format(' id="found"'), 1)
    return shown.replace(OPEN, _MARK.format(""))


def sheets(source: str, look: Look) -> str:
    """The page's own styles, made harmless, in the order in which it names them."""
    found: list[str] = []
    for node in LexborHTMLParser(source).css("style, link"):
        if node.tag == "style":
            found.append(node.text() or "")
        elif "stylesheet" in (node.attributes.get("rel") or "").lower():
            found.append(look.sheets.get(_absolute(look.url, node.attributes.get("href") or ""), ""))
    return safe("\n".join(found))


class _Writer:
    """Writes what is on the list, without recursion: pages may be nested without end."""

    def __init__(self, look: Look) -> None:
        self.out: list[str] = []
        self._look = look

    def write(self, root: LexborNode) -> None:
        stack: list[LexborNode | str] = [root]
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                self.out.append(node)
                continue
            if node.tag == "-text":
                if not _in_head(node):
                    self.out.append(html.escape(node.text_content or ""))
                continue
            if node.tag is None or node.tag.startswith(("-", "!")) or node.tag in _GONE:
                self._noted(node)
                continue
            self._attribute_marks(node)
            end = self._open(node)
            if end is None:
                continue
            if end:
                stack.append(end)
            stack.extend(reversed(_children(node)))

    def _open(self, node: LexborNode) -> str | None:
        """Write the opening tag; its closing tag, nothing for what is passed through, None where nothing is inside."""
        tag = node.tag or ""
        if tag == "img":
            self._picture(node)
            return None
        if tag not in _KEPT:
            return ""
        name = tag if self._look.styled and tag in _NAMED else _AS.get(tag, tag)
        self.out.append(f"<{name}{self._attributes(node)}>")
        return None if name in _VOID else f"</{name}>"

    def _attributes(self, node: LexborNode) -> str:
        kept = [' data-a=""'] if node.tag == "a" else []
        for name, value in node.attributes.items():
            value = (value or "").replace(OPEN, "").replace(CLOSE, "")
            if (name in _SIMPLE and _VALUE.fullmatch(value)) or (
                self._look.styled and name in _WORDS and value != "found"
            ):
                kept.append(f' {name}="{html.escape(value)}"')
            elif self._look.styled and name == "style":
                kept.append(f' style="{html.escape(safe_inline(value) + self._background(value))}"')
        return "".join(kept)

    def _picture(self, node: LexborNode) -> None:
        given = node.attributes
        alt = html.escape((given.get("alt") or "").replace(OPEN, "").replace(CLOSE, ""))
        drawn = self._drawn(given.get("src") or given.get("data-src") or "")
        if drawn is None:
            self.out.append(f'<span class="gone">[picture: {alt or "no description"}]</span>')
            return
        size = self._attributes(node)
        if " width=" not in size and " height=" not in size:
            size += f' width="{drawn.width}" height="{drawn.height}"'
        self.out.append(f'<img alt="{alt}" src="{_inline(drawn)}"{size}>')

    def _background(self, style: str) -> str:
        """The picture behind an element, as its own style names it: sites show goods so, too."""
        named = _BEHIND.search(style)
        drawn = self._drawn(named[1]) if named else None
        return f';background-image:url("{_inline(drawn)}")' if drawn else ""

    def _drawn(self, source: str) -> Picture | None:
        """A picture of the archive drawn again, as long as a page does not ask for too many."""
        look = self._look
        data = _picture_data(look, source)
        if not data or look.drawn >= MOST_PICTURES or look.octets >= MOST_PICTURE_BYTES:
            return None
        drawn = look.draw(data)
        if drawn:
            look.drawn, look.octets = look.drawn + 1, look.octets + len(drawn.data)
        return drawn

    def _attribute_marks(self, node: LexborNode) -> None:
        for name, value in node.attributes.items():
            said = f'{name}="{value}"' if value else name
            if OPEN in said:
                self.out.append(_aside(f"<{node.tag}>", _cut(said)))

    def _noted(self, node: LexborNode) -> None:
        """What is not shown, but for the place of a fact in it."""
        self._attribute_marks(node)
        inner = (
            node.html or ""
            if (node.tag or "").startswith(("-", "!"))
            else node.text(deep=True) or node.inner_html or ""
        )
        if OPEN in inner:
            self.out.append(_aside(f"<{(node.tag or '').strip('-!')}>", _cut(inner)))


def _inline(drawn: Picture) -> str:
    return f"data:{drawn.media};base64,{base64.b64encode(drawn.data).decode()}"


def _aside(where: str, text: str) -> str:
    """A fact that stands where a page shows nothing: where it is, and what is around it."""
    return f'<span class="said">In {html.escape(where)}: {html.escape(text)}</span>'


def _cut(text: str) -> str:
    """What is around the marks, and the marks whole."""
    first, last = text.find(OPEN), text.rfind(CLOSE)
    last = last if last >= first else len(text)
    inner = text[first + 1 : last].replace(OPEN, "").replace(CLOSE, "")[:2000]
    before, after = text[max(0, first - AROUND) : first], text[last + 1 : last + 1 + AROUND]
    return (
        f"{'…' * (first > AROUND)}{before}{OPEN}{inner}{CLOSE}{after}{'…' * (len(text) > last + 1 + AROUND)}"
    )


def _context(source: str, start: int, end: int) -> str:
    inner = source[start:end] or "(nothing)"
    return (
        f"…{source[max(0, start - AROUND) : start]}{OPEN}{inner[:2000]}{CLOSE}{source[end : end + AROUND]}…"
    )


def _run(text: str) -> str:
    return f"{OPEN}{text}{CLOSE}" if text.strip() else text


def _children(node: LexborNode) -> list[LexborNode]:
    found, child = [], node.child
    while child is not None:
        found.append(child)
        child = child.next
    return found


def _in_head(node: LexborNode) -> bool:
    return node.parent is not None and node.parent.tag in ("head", "html")


def _absolute(base: str, href: str) -> str:
    try:
        return urldefrag(urljoin(base, href.strip())).url
    except ValueError:
        return ""


def _picture_data(look: Look, source: str) -> bytes | None:
    source = source.replace(OPEN, "").replace(CLOSE, "")
    if not source.startswith("data:"):
        return look.images.get(_absolute(look.url, source))
    head, _, data = source.partition(",")
    try:
        return base64.b64decode(data) if head.endswith(";base64") else unquote_to_bytes(data)
    except (binascii.Error, ValueError):
        return None
