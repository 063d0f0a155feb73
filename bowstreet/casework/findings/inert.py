"""The inert view: our own rendering of a captured page, from another host name, with the place of a fact marked.

Built, not cleaned: only elements on a short list are written out, with none of their attributes but a few harmless ones.
Scripts, styles, forms, frames, links' targets and everything fetched from outside are left behind.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from selectolax.lexbor import LexborHTMLParser, LexborNode

from bowstreet.casework.captures import queries as captures
from bowstreet.casework.captures.models import Capture
from bowstreet.evidence.pages import pages
from bowstreet.reading.document import decode

SALT = "inert"
SECONDS = 600  # a token is for one look, not for keeping
BODY_LIMIT = 8 << 20
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
#: Characters of the private use area, which are taken out of a page before ours are put in.
OPEN, CLOSE = "\ue0f0", "\ue0f1"
_KEPT = frozenset(
    ["a", "abbr", "article", "aside", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "div", "dl", "dt", "em", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "ins", "kbd", "label", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var", "button", "legend", "fieldset", "form", "center", "font", "option", "select"]
)  # fmt: skip
_AS = {"form": "div", "button": "span", "center": "div", "font": "span", "fieldset": "div", "legend": "p", "option": "span",
       "select": "span", "a": "span", "label": "span", "details": "div", "summary": "p"}  # fmt: skip
# The captured page's landmarks are not landmarks of ours: all of it stands in one main.
_AS |= dict.fromkeys(("header", "footer", "nav", "main", "aside", "section", "article", "form"), "div")
_GONE = frozenset(
    (
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "head",
        "title",
        "textarea",
    )
)
_VOID = frozenset(("br", "hr"))
_STYLE = (
    "body{font:16px/1.5 Arial,sans-serif;margin:1rem;color:#0b0c0c;overflow-wrap:anywhere}table{border-collapse:collapse}"
    "pre{white-space:pre-wrap}td,th{padding:.2rem .5rem;text-align:left;vertical-align:top}#found{background:#fd0;outline:3px solid #0b0c0c}"
    ".note{background:#17324d;color:#fff;padding:.6rem 1rem;margin:-1rem -1rem 1rem}.a{text-decoration:underline}"
)


def address(request: HttpRequest, number: int, proof: Mapping[str, Any] | None = None) -> str:
    """Where a capture, or the place of a fact in it, is shown: on the inert host, for ten minutes."""
    span = proof.get("span") if proof else None
    token = signing.dumps({"c": number, "r": proof.get("record", "") if proof else "", "s": span}, salt=SALT)
    port = request.get_host().partition(":")[2]
    host = f"{settings.INERT_HOST}:{port}" if port else settings.INERT_HOST
    return f"{request.scheme}://{host}/inert/{token}/" + ("#found" if span else "")


def page(request: HttpRequest, token: str) -> HttpResponse:
    """The view itself; the token is the only key to it."""
    try:
        given = signing.loads(token, salt=SALT, max_age=SECONDS)
    except signing.BadSignature as error:
        raise Http404 from error
    capture = Capture.objects.filter(id=given["c"]).first()
    if capture is None:
        raise Http404
    body, charset, url = _body(capture, given["r"])
    span = tuple(given["s"]) if given["s"] else None
    response = HttpResponse(render(decode(body[:BODY_LIMIT], charset)[0], url=url, span=span))
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _body(capture: Capture, record: str) -> tuple[bytes, str | None, str]:
    """The bytes that a proof counts in; without a proof, the page as it was shown."""
    best: tuple[bytes, str | None, str] | None = None
    for batch in pages(captures.archive(capture)):
        for row in batch.to_pylist():
            if not row["body"] or row["role"] == "image":
                continue
            if record and row["record"] == record:
                return row["body"], row["charset"], row["url"]
            if not record and (row["role"] == "dom" or best is None):
                best = row["body"], "utf-8" if row["role"] == "dom" else row["charset"], row["url"]
    return best or (b"Nothing in this capture can be shown as a page.", None, capture.url)


def render(source: str, *, url: str, span: tuple[int, int] | None = None) -> str:
    """A whole page that runs nothing and fetches nothing, whatever `source` holds."""
    # One for one, so that spans still hold: a page's own marks must not draw the eye elsewhere.
    source = source.replace(OPEN, "\ufffd").replace(CLOSE, "\ufffd")
    if span:
        source = _marked(source, *span)
    out: list[str] = []
    root = LexborHTMLParser(source).body
    if root is not None:
        _write(root, out)
    shown = "".join(out).replace(CLOSE, "</mark>")
    shown = shown.replace(OPEN, '<mark id="found">', 1).replace(OPEN, "<mark>")
    note = f"This is a captured copy of {html.escape(url)}, without its scripts, styles and pictures. Nothing here works."
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Captured page</title><style>{_STYLE}</style></head>'
        f'<body><header class="note">{note}</header><main>{shown}</main></body></html>'
    )


def _marked(source: str, start: int, end: int) -> str:
    """Put marks round a span of the source; inside a run of text only, never across a tag."""
    start, end = max(0, start), min(len(source), max(start, end))
    inner = source[start:end]
    if (
        "<" in inner
    ):  # the fact runs over several elements: mark what comes before the first tag, else the first text
        head = inner.partition("<")[0]
        end = start + len(head) if head.strip() else start
    return f"{source[:start]}{OPEN}{source[start:end]}{CLOSE}{source[end:]}"


def _write(root: LexborNode, out: list[str]) -> None:
    """Write what is on the list, without recursion: pages may be nested without end."""
    stack: list[LexborNode | str] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            out.append(node)
            continue
        if node.tag == "-text":
            out.append(html.escape(node.text_content or ""))
            continue
        if node.tag in _GONE or node.tag is None or node.tag.startswith(("-", "!")):
            continue
        name = _AS.get(node.tag, node.tag) if node.tag in _KEPT else None
        if name:
            out.append(f"<{name}{_attributes(node)}>")
            if name in _VOID:
                continue
            stack.append(f"</{name}>")
        elif node.tag == "img":
            out.append(
                f"<span>[picture: {html.escape(node.attributes.get('alt') or 'no description')}]</span>"
            )
        children, child = [], node.child
        while child is not None:
            children.append(child)
            child = child.next
        stack.extend(reversed(children))


def _attributes(node: LexborNode) -> str:
    kept = ' class="a"' if node.tag == "a" else ""
    for name in ("colspan", "rowspan"):
        value = node.attributes.get(name) or ""
        if value.isdigit() and len(value) < 4:
            kept += f' {name}="{value}"'
    return kept
