"""The two sites as WSGI applications. Pages are found by a table of paths; what they hold is in `wares`."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from market import wares
from market.pictures import picture
from market.traps import trap

PER_PAGE = 10
_FOLDER = Path(__file__).parent / "templates"
_TEMPLATES = Environment(
    loader=FileSystemLoader(_FOLDER), autoescape=select_autoescape(), undefined=StrictUndefined
)


@dataclass
class Request:
    """What was asked."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    member: str


@dataclass
class Answer:
    """What is sent back."""

    body: bytes | Iterator[bytes]  # all of it, or a piece at a time
    status: str = "200 OK"
    kind: str = "text/html; charset=utf-8"
    headers: list[tuple[str, str]] = field(default_factory=list)


Page = Callable[[Request, Any], Answer]


class Site:
    """One marketplace. `routes` are tried in order: a pattern of the path, and the page."""

    def __init__(self, name: str, folder: str, routes: list[tuple[str, str]]) -> None:
        self.name, self._folder = name, folder
        self._routes = [(re.compile(pattern), getattr(self, page)) for pattern, page in routes]
        self._members: dict[str, str] = {}

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        answer = self._answer(self._request(environ))
        headers = [("Content-Type", answer.kind), *answer.headers]
        if isinstance(answer.body, bytes):
            headers.append(("Content-Length", str(len(answer.body))))
        if "bow_visitor" not in environ.get("HTTP_COOKIE", ""):
            headers += [
                ("Set-Cookie", f"bow_visitor={secrets.token_hex(8)}; Path=/"),
                ("Set-Cookie", "seen=1; Path=/"),
            ]
        start(answer.status, headers)
        if environ["REQUEST_METHOD"] == "HEAD":
            return []
        return [answer.body] if isinstance(answer.body, bytes) else answer.body

    def _request(self, environ: dict[str, Any]) -> Request:
        size = min(int(environ.get("CONTENT_LENGTH") or 0), 1 << 16)
        form = parse_qs(environ["wsgi.input"].read(size).decode("utf-8", "replace")) if size else {}
        query = parse_qs(environ.get("QUERY_STRING", ""))
        ticket = re.search(r"ticket=(\w+)", environ.get("HTTP_COOKIE", ""))
        return Request(
            environ["REQUEST_METHOD"],
            environ["PATH_INFO"],
            {k: v[0] for k, v in query.items()},
            {k: v[0] for k, v in form.items()},
            self._members.get(ticket[1], "") if ticket else "",
        )

    def _answer(self, request: Request) -> Answer:
        for pattern, page in self._routes:
            if found := pattern.fullmatch(request.path):
                answer: Answer = page(request, *found.groups())
                return answer
        return self.show("missing", request, status="404 Not Found")

    def show(self, template: str, request: Request, status: str = "200 OK", **values: Any) -> Answer:
        """Fill a template of this site."""
        groups = sorted({ware.category[0] for _, ware in wares.listings(self._folder).values()})
        shared = {"site": self.name, "groups": groups, "member": request.member, "query": ""}
        text = _TEMPLATES.get_template(f"{self._folder}/{template}.html").render(shared | values)
        return Answer(text.encode(), status)

    # --- pages -----------------------------------------------------------------------------------------------

    def results(self, request: Request, group: str = "") -> Answer:
        query = request.query.get("q", "").strip()
        rows = [
            row
            for row in wares.listings(self._folder).values()
            if group.lower() in ("", row[1].category[0].lower()) and query.lower() in row[1].title.lower()
        ]
        pages = max(1, -(-len(rows) // PER_PAGE))
        asked = request.query.get("page", "1")
        page = min(max(1, int(asked)), pages) if asked.isdigit() and len(asked) < 6 else 1
        shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
        return self.show(
            "results", request, rows=shown, group=group, query=query, page=page, pages=pages, total=len(rows)
        )

    def listing(self, request: Request, number: str) -> Answer:
        found = wares.listings(self._folder).get(int(number))
        if found is None:
            return self.show("gone", request, status="410 Gone")
        seller, ware = found
        others = [one for one in seller.listings if one.number != ware.number][:3]
        return self.show("listing", request, seller=seller, ware=ware, others=others)

    def seller(self, request: Request, handle: str) -> Answer:
        found = wares.sellers(self._folder).get(handle)
        return (
            self.show("seller", request, seller=found)
            if found
            else self.show("missing", request, status="404 Not Found")
        )

    def feedback(self, request: Request, handle: str) -> Answer:
        found = wares.sellers(self._folder).get(handle)
        return (
            self.show("feedback", request, seller=found)
            if found
            else self.show("missing", request, status="404 Not Found")
        )

    def image(self, request: Request, number: str) -> Answer:
        return Answer(picture(int(number)), kind="image/png", headers=[("Cache-Control", "max-age=3600")])

    def style(self, request: Request) -> Answer:
        return Answer((_FOLDER / self._folder / "style.css").read_bytes(), kind="text/css")

    def icon(self, request: Request) -> Answer:
        return Answer(picture(99), kind="image/png")

    def robots(self, request: Request) -> Answer:
        return Answer(b"User-agent: *\nDisallow: /members\n", kind="text/plain")

    def login(self, request: Request) -> Answer:
        if request.method == "POST":
            if request.form.get("name") == "visitor" and request.form.get("password") == "practice":
                ticket = secrets.token_hex(8)
                self._members[ticket] = "visitor"
                headers = [("Location", "/members"), ("Set-Cookie", f"ticket={ticket}; Path=/; HttpOnly")]
                return Answer(b"", "303 See Other", headers=headers)
            return self.show("login", request, wrong=True)
        return self.show("login", request, wrong=False)

    def members(self, request: Request) -> Answer:
        if not request.member:
            return Answer(b"", "302 Found", headers=[("Location", "/login")])
        return self.show("members", request)

    def challenge(self, request: Request) -> Answer:
        return self.show("challenge", request, status="403 Forbidden")

    def trap(self, request: Request, name: str) -> Answer:
        found = trap(name, request.query.get("step", ""))
        if found is None:
            return self.show("missing", request, status="404 Not Found")
        return Answer(found.body, found.status, found.kind, found.headers)

    def busy(self, request: Request) -> Answer:
        return self.show("missing", request, status="503 Service Unavailable")


_SHARED = [
    (r"/style\.css", "style"), (r"/favicon\.ico", "icon"), (r"/robots\.txt", "robots"), (r"/image/(\d{1,4})\.png", "image"),
    (r"/login", "login"), (r"/members", "members"), (r"/challenge", "challenge"), (r"/busy", "busy"),
    (r"/trap/(\w*)", "trap"),
]  # fmt: skip


def harbour() -> Site:
    """The first site: cards."""
    own = [(r"/", "results"), (r"/category/(\w+)", "results"), (r"/listing/(\d{1,6})", "listing"),
           (r"/seller/(\w+)", "seller"), (r"/seller/(\w+)/feedback", "feedback")]  # fmt: skip
    return Site("Harbour Market", "harbour", [*own, *_SHARED])


def lantern() -> Site:
    """The second site: tables and definition lists."""
    own = [(r"/", "results"), (r"/browse/(\w+)", "results"), (r"/item-(\d{1,6})\.html", "listing"),
           (r"/u/(\w+)", "seller"), (r"/u/(\w+)/reviews", "feedback")]  # fmt: skip
    return Site("Lantern Exchange", "lantern", [*own, *_SHARED])
