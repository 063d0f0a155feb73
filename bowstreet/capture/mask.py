"""Taking a login out of what is served: each secret is overwritten by as many asterisks, wherever it stands.

    mask = Mask(secrets_of(login, connections))
    mask.text(dom, "page as shown")
    mask.manifest()                       # what was taken out, where, how often, and why; never the values

The length stays, so a message's framing does. A body that hides a secret under a coding is decoded for the copy, and the
manifest says so; a body that cannot be searched is left out whole. On the screenshot, what the browser's layout says of a
secret is made black. What a picture of the site's own shows stays in that picture.
"""

from __future__ import annotations

import base64
import html
import json
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple
from urllib.parse import quote, quote_plus

from bowstreet.capture.blacken import blacken
from bowstreet.capture.layout import Box, Layout, Text
from bowstreet.evidence.errors import EvidenceError
from bowstreet.evidence.message import Head, decode

#: Shorter values are taken out of the header or field that carries them, and are not looked for elsewhere.
ECHO = 8
SEARCH_LIMIT = 64_000_000
_NAMES = rb"[^\s\"'=&;<>]*(?:token|csrf|xsrf|session|sessid|\bsid\b|passw|secret|api_?key|nonce|auth|otp)[^\s\"'=&;<>]*"
_PAIRS = re.compile(rb"(?i)(?:^|[?&\s])(" + _NAMES + rb")=([^&\s#\"'<>]+)")
_JSON = re.compile(rb"(?i)\"(" + _NAMES + rb")\"\s*:\s*\"((?:[^\"\\]|\\.)+)\"")
_PART = re.compile(rb"(?i)name=\"(" + _NAMES + rb")\"\r?\n\r?\n([^\r\n]+)")
_INPUT = re.compile(rb"(?i)<input\b[^>]*>")
_FIELD = re.compile(rb"(?i)\bname\s*=\s*[\"']?(" + _NAMES + rb")[\"'\s>/]")
_VALUE = re.compile(rb"(?i)\bvalue\s*=\s*(?:\"([^\"]+)\"|'([^']+)'|([^\s\"'>]+))")
_HEADER = re.compile(
    rb"(?i)^(cookie|authorization|proxy-authorization|set-cookie|" + _NAMES + rb")\s*:\s*(.*?)\r?$", re.M
)
_COOKIE = re.compile(rb"\s*([^=;\s]*)=\"?([^;\"]*)\"?;?")
_CODED = ("content-encoding", "transfer-encoding", "content-length")


@dataclass(frozen=True)
class Secret:
    """A value that must not be served; `kind` says why."""

    kind: str
    name: str
    value: bytes
    word: bool = False  # a name, which is looked for as a whole word and in any case


class Spot(NamedTuple):
    """Where a message carries a secret: bytes `start` to `end` are its value."""

    kind: str
    name: str
    start: int
    end: int


def fields(data: bytes) -> list[Spot]:
    """What looks like a token in an address, a posted form, JSON, multipart, or a page's inputs."""
    found = [
        Spot("field", match[1].decode("latin-1"), *match.span(2))
        for pattern in (_PAIRS, _JSON, _PART)
        for match in pattern.finditer(data)
    ]
    for tag in _INPUT.finditer(data):
        if (name := _FIELD.search(tag[0])) and (value := _VALUE.search(tag[0])):
            start, end = next(value.span(group) for group in (1, 2, 3) if value[group])
            found.append(Spot("field", name[1].decode("latin-1"), tag.start() + start, tag.start() + end))
    return found


def carried(head: bytes) -> list[Spot]:
    """Every secret that the header lines of a message carry."""
    found: list[Spot] = []
    for line in _HEADER.finditer(head):
        name, start, end = line[1].decode("latin-1").lower(), *line.span(2)
        if name == "cookie":
            found += [
                Spot("cookie", m[1].decode("latin-1"), *m.span(2)) for m in _COOKIE.finditer(head, start, end)
            ]
        elif name == "set-cookie":
            first = _COOKIE.match(head, start, end)
            found += [Spot("cookie", first[1].decode("latin-1"), *first.span(2))] if first else []
        else:
            scheme = head.find(b" ", start, end) + 1 if "authorization" in name else 0
            found.append(
                Spot("credential" if "authorization" in name else "header", name, scheme or start, end)
            )
    return [spot for spot in found if spot.end > spot.start]


class Mask:
    """Overwrites secrets, and counts what it did."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._left_out: list[str] = []
        self._decoded: list[str] = []
        self._known: dict[bytes, Secret] = {}
        for secret in secrets:
            for form in _forms(secret):
                self._known.setdefault(form.lower(), secret)
        self._pattern = _pattern(self._known.items())

    def text(self, text: str, where: str) -> str:
        """The text without secrets."""
        return self.data(_bytes(text), where).decode("utf-8", "replace")

    def data(self, data: bytes, where: str) -> bytes:
        """The bytes without secrets, as many as before."""
        return self._pattern.sub(lambda found: self._over(found[0], where), data) if self._pattern else data

    def message(self, block: bytes | None, where: str) -> bytes:
        """An HTTP message without secrets. None stands for one that is too large to be searched."""
        head = Head.parse(block) if block is not None else None
        if block is None or head is None:
            self._left_out.append(where)
            return (
                b"HTTP/1.1 500 Left out of this copy\r\nContent-Length: 0\r\n\r\n"
                if "response" in where
                else b""
            )
        top, body = self._head(block[: head.size], where), block[head.size :]
        try:
            plain = decode(body, head, limit=SEARCH_LIMIT) if _coded(head) else body
        except EvidenceError:
            self._left_out.append(where)
            return _reframed(top, b"")
        cleaned = self._fields(self.data(plain, where), where)
        if cleaned == plain:
            return top + body
        if not _coded(head):
            return top + cleaned
        self._decoded.append(where)
        return _reframed(top, cleaned)

    def picture(self, png: bytes | None, layout: Layout | None) -> bytes | None:
        """The screenshot, with all text black that holds a secret, and all that cannot be searched; None where nobody knows."""
        if png is None:
            return None
        if layout is None:
            self._left_out.append("the screenshot: the browser did not say where it shows what")
            return None
        boxes = dict.fromkeys(layout.opaque, Secret("not searchable", "", b""))
        for between in ("\n", ""):
            boxes |= dict(self._shown(layout.texts, between))
        for secret in boxes.values():
            self._count(secret, "screenshot")
        return blacken(png, boxes)

    def _shown(self, texts: Iterable[Text], between: str) -> Iterator[tuple[Box, Secret]]:
        """The boxes of what shows a secret: within one text, or over several where nothing stands `between` them."""
        pieces = [piece for text in texts for piece in (*text, (between, None))]
        parts = [_bytes(text) for text, _ in pieces]
        starts = list(accumulate(map(len, parts), initial=0))
        for found in self._pattern.finditer(b"".join(parts)) if self._pattern else ():
            secret = self._known[found[0].lower()]
            first, last = bisect_right(starts, found.start()) - 1, bisect_left(starts, found.end())
            yield from ((box, secret) for _, box in pieces[first:last] if box is not None)

    def manifest(self) -> dict[str, object]:
        """What was taken out, for those who are served the copy."""
        rows = [
            {"kind": kind, "name": name, "where": where, "times": times}
            for (kind, name, where), times in sorted(self._counts.items())
        ]
        return {
            "why": "The page was visited under a registration. What would give its account away is overwritten by asterisks.",
            "taken_out": rows,
            "decoded_to_do_so": self._decoded,
            "left_out_whole": [*self._left_out, "the print (page.pdf): its text cannot be overwritten"],
            "not_searched": f"Values shorter than {ECHO} characters are overwritten only where a header or field carries them. "
            "On the screenshot, text of the page that held something is black, and so are canvases, videos and frames that cannot "
            "be searched. What a picture of the site's own shows is not searched.",
        }

    def _head(self, head: bytes, where: str) -> bytes:
        head = self._spots(carried(head), head, f"{where}, header")
        return self._fields(self.data(head, where), where)

    def _fields(self, data: bytes, where: str) -> bytes:
        return self._spots(fields(data), data, where) if "request" in where else data

    def _spots(self, spots: list[Spot], data: bytes, where: str) -> bytes:
        out = bytearray(data)
        for spot in spots:
            if out[spot.start : spot.end].strip(b"*"):
                self._counts[spot.kind, spot.name, where] += 1
                out[spot.start : spot.end] = b"*" * (spot.end - spot.start)
        return bytes(out)

    def _over(self, found: bytes, where: str) -> bytes:
        self._count(self._known[found.lower()], where)
        return b"*" * len(found)

    def _count(self, secret: Secret, where: str) -> None:
        self._counts[secret.kind, "" if secret.word else secret.name, where] += 1


def _pattern(known: Iterable[tuple[bytes, Secret]]) -> re.Pattern[bytes] | None:
    longest = sorted(known, key=lambda item: -len(item[0]))
    parts = [
        rb"(?<![A-Za-z0-9])" + re.escape(form) + rb"(?![A-Za-z0-9])" if secret.word else re.escape(form)
        for form, secret in longest
    ]
    return re.compile(b"|".join(parts), re.I) if parts else None


def _forms(secret: Secret) -> set[bytes]:
    """A value as it may be written: plain, in an address, in HTML, in JSON, in base64."""
    value = secret.value
    if len(value) < (3 if secret.word else ECHO):
        return set()
    text = value.decode("utf-8", "surrogateescape")
    forms: Sequence[str] = (
        quote(text, safe="", errors="surrogateescape"), quote_plus(text, errors="surrogateescape"),
        html.escape(text), json.dumps(text)[1:-1],
    )  # fmt: skip
    found = {form.encode("utf-8", "surrogateescape") for form in forms}
    return found | {value, base64.b64encode(value), base64.b64encode(value).rstrip(b"=")}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _coded(head: Head) -> bool:
    return head.chunked or bool([c for c in head.all("content-encoding") if c != "identity"])


def _reframed(head: bytes, body: bytes) -> bytes:
    """The head with its codings set aside, and the length that the body has now."""
    lines = head.rstrip(b"\r\n").split(b"\n")
    kept = [line.rstrip(b"\r") for line in lines]
    kept = [
        b"X-Before-Redaction-" + line
        if line.split(b":")[0].strip().lower().decode("latin-1") in _CODED
        else line
        for line in kept
    ]
    return b"\r\n".join([*kept, b"Content-Length: %d" % len(body)]) + b"\r\n\r\n" + body
