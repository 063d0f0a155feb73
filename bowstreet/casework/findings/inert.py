"""The inert view: our own rendering of a captured page, from another host name, with the place of a fact marked.

    address(request, capture, "i77")        # http://inert.localhost:8000/inert/7.12.i77.:1tXyz…/#found

A token names an officer, a capture, a fact and how it is shown, and holds for ten minutes; there is no other key to the
page. That the officer is still on the operation is asked again, and the look is logged, each time it is shown.
"""

from __future__ import annotations

import html

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from bowstreet.casework.captures import pictures
from bowstreet.casework.findings import queries, render
from bowstreet.casework.people.who import officer
from bowstreet.reading.document import decode

SECONDS = 600  # a token is for one look, not for keeping
BODY_LIMIT = 8 << 20
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'"
)
#: How a page may be shown: with its pictures clear, and in its own styles.
CLEAR, STYLED = "c", "s"
_SIGNER = signing.TimestampSigner(salt="inert")
_BASE = (
    ".said{display:inline-block;margin:.2rem;padding:.2rem .5rem;border-left:4px solid #17324d;background:#f3f2f1;color:#0b0c0c;"
    "font:15px/1.4 Arial,sans-serif;overflow-wrap:anywhere}.gone{color:#505a5f}[data-a]{text-decoration:underline}"
    "img{max-width:100%;object-fit:fill}"
)
_PLAIN = (
    "body{font:16px/1.5 Arial,sans-serif;margin:0;color:#0b0c0c;overflow-wrap:anywhere}main{display:block;padding:1rem}"
    "table{border-collapse:collapse}pre{white-space:pre-wrap}td,th{padding:.2rem .5rem;text-align:left;vertical-align:top}"
    "img{height:auto}"
)
#: Said above the page; its styles are such that the page's own cannot hide it.
_NOTE = (
    "all:initial!important;display:block!important;position:relative!important;z-index:2147483647!important;padding:.7rem 1rem"
    "!important;background:#17324d!important;color:#fff!important;font:16px/1.5 Arial,sans-serif!important;"
    "overflow-wrap:anywhere!important"
)
_LINK = "all:initial!important;color:#fff!important;font:inherit!important;text-decoration:underline!important;cursor:pointer!important"


def address(request: HttpRequest, capture: int, fact: str = "", *, how: str = "") -> str:
    """Where a capture, or the place of a fact in it, is shown: on the inert host, for ten minutes."""
    port = request.get_host().partition(":")[2]
    host = f"{settings.INERT_HOST}:{port}" if port else settings.INERT_HOST
    return f"{request.scheme}://{host}/inert/{_token(officer(request).pk, capture, fact, how)}/{'#found' * bool(fact)}"


def page(request: HttpRequest, token: str) -> HttpResponse:
    """The view itself; the token is the only key to it."""
    try:
        who, capture, fact, how = _SIGNER.unsign(token, max_age=SECONDS).split(".")
    except (signing.BadSignature, ValueError) as error:
        raise Http404 from error
    found = queries.inert(
        int(who), int(capture), fact, clear=CLEAR in how, styled=STYLED in how, at=timezone.now()
    )
    source = decode(found.page.body[:BODY_LIMIT], found.page.charset)[0]
    look = render.Look(
        found.page.url, pictures.sharp if CLEAR in how else pictures.blurred, found.page.images, found.page.sheets,
        styled=STYLED in how,
    )  # fmt: skip
    links = _links(int(who), int(capture), fact, how)
    response = HttpResponse(whole(source, look, span=found.span, links=links))
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def whole(source: str, look: render.Look, *, span: tuple[int, int] | None = None, links: str = "") -> str:
    """A whole page that runs nothing and fetches nothing, whatever `source` holds."""
    styles = render.sheets(source, look) if look.styled else _PLAIN
    shown = render.body(source, look, span)
    note = f"This is a captured copy of {html.escape(look.url)}, without its scripts. Nothing on it works. {links}"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Captured page</title>'
        f"<style>{_BASE}{styles}</style></head>"
        f'<body><header style="{_NOTE}">{note}</header><main>{shown}</main></body></html>'
    )


def _token(who: int, capture: int, fact: str, how: str) -> str:
    return _SIGNER.sign(f"{who}.{capture}.{fact}.{how}")


def _links(who: int, capture: int, fact: str, how: str) -> str:
    """The same page shown otherwise: pictures clear or blurred, in its own styles or plainly."""
    offers = [
        (CLEAR, "Blur the pictures", "Reveal the pictures"),
        (STYLED, "Show it plainly", "Show it in its own styles"),
    ]
    shown = []
    for one, without, instead in offers:
        other = how.replace(one, "") if one in how else how + one
        href = f"../{_token(who, capture, fact, other)}/{'#found' * bool(fact)}"
        shown.append(f'<a style="{_LINK}" href="{href}">{without if one in how else instead}</a>')
    return " · ".join(shown)
