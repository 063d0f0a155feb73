"""The index of a WACZ: CDXJ 0.1.0, one line per capture, sorted by its SURT key.

    example,shop)/offers?page=2 20261124101500 {"url": "http://shop.example/offers?page=2", "status": "200", …}

A capture of a POST is found again because what was posted stands in its key, as
`?__wb_method=POST&…`, in the way that replay programs ask for it.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, NamedTuple
from urllib.parse import quote_from_bytes, unquote_plus, unquote_to_bytes, urlencode, urlsplit

from bowstreet.evidence.errors import BadArchive
from bowstreet.evidence.message import Head

MAX_QUERY = 4096
_SAFE = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
_SESSION = (
    r"jsessionid=[0-9a-z]{32}",
    r"phpsessid=[0-9a-z]{32}",
    r"sid=[0-9a-z]{32}",
    r"aspsessionid[a-z]{8}=[a-z]{24}",
    r"cfid=[^&]+&cftoken=[^&]+",
)
_LINE = re.compile(r"(\S+) (\d{14}|\d{17}) (\{.*\})", re.ASCII)


class Line(NamedTuple):
    """One line of the index: the key, the time as 14 or 17 digits, and the rest as a mapping."""

    key: str
    time: str
    fields: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.key} {self.time} {json.dumps(self.fields, ensure_ascii=False)}"


def parse(text: str) -> Line:
    """One line, strictly; BadArchive says what is wrong with it."""
    match = _LINE.fullmatch(text)
    if not match:
        raise BadArchive(f"not a line of an index: {text[:60]!r}")
    try:
        return Line(match[1], match[2], json.loads(match[3]))
    except (ValueError, RecursionError):
        raise BadArchive(f"the JSON of an index line cannot be read: {text[:60]!r}") from None


def digits(at: datetime) -> str:
    """A time as an index has it: 14 digits, or 17 where there are milliseconds."""
    text = at.astimezone(UTC).strftime("%Y%m%d%H%M%S")
    return text + (f"{at.microsecond // 1000:03d}" if at.microsecond else "")


def surt(url: str) -> str:
    """The sort-friendly form of an address: host reversed, all in lower case, parameters in order."""
    if not re.match(r"(https?|wss?|ftp)://", url, re.IGNORECASE):
        return quote_from_bytes(url.lower().encode(), safe=_SAFE + "%")
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return quote_from_bytes(url.lower().encode(), safe=_SAFE + "%")
    if port == {"http": 80, "https": 443}.get(parts.scheme.lower()):
        port = None
    host = _host(parts.hostname or "")
    query = _query(parts.query)
    tail = f":{port}" if port else ""
    return f"{host}{tail}){_path(parts.path)}{'?' + query if query else ''}"


def _host(host: str) -> str:
    if ":" in host:
        return host
    try:
        host = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        host = quote_from_bytes(host.encode(), safe=_SAFE)
    bare = re.sub(r"^www\d*\.", "", host.lower().replace("..", ".").strip("."))
    return ",".join(reversed(bare.split(".")))


def _path(path: str) -> str:
    kept: list[bytes] = []
    pieces = _unescape(path).split(b"/")[1:] or [b""]
    for piece in pieces:
        if piece == b".." and kept:
            kept.pop()
        elif piece not in (b"", b"."):
            kept.append(piece)
    return ("/" + "/".join(quote_from_bytes(piece, safe=_SAFE) for piece in kept)).lower()


def _query(query: str) -> str:
    text = quote_from_bytes(_unescape(query), safe=_SAFE)
    for pattern in _SESSION:
        text = re.sub(rf"^(.*){pattern}(?:&(.*))?$", lambda m: m[1] + (m[2] or ""), text, flags=re.IGNORECASE)
    pairs = sorted(tuple(item.split("=", 1)) for item in text.lower().split("&"))
    return "&".join("=".join(pair) for pair in pairs)


def _unescape(text: str) -> bytes:
    data = text.encode()
    for _ in range(8):
        plain = unquote_to_bytes(data)
        if plain == data:
            break
        data = plain
    return data


def posted(head: Head, body: bytes) -> str | None:
    """What replay adds to the address of a request that is no GET: its method, and what it sent."""
    if head.method in ("GET", "HEAD", ""):
        return None
    sent = _sent(head, body) if head.method in ("POST", "PUT") else ""
    return f"__wb_method={head.method}" + (f"&{sent[:MAX_QUERY]}" if sent else "")


def keyed(url: str, query: str) -> str:
    """The address with what was posted added to it."""
    return f"{url}{'&' if '?' in url else '?'}{query}"


def _sent(head: Head, body: bytes) -> str:
    kind = head.media_type or ""
    binary = "__wb_post_data=" + base64.b64encode(body).decode()
    try:
        if kind == "application/x-www-form-urlencoded":
            return unquote_plus(body.decode())
        if kind.startswith("multipart/"):
            return _multipart(head.get("content-type") or "", body) or binary
        if kind in ("application/json", "text/plain"):
            return urlencode(dict(_flat(_documents(body))))
    except (ValueError, RecursionError):
        return "" if kind == "application/json" else binary
    return binary


def _documents(body: bytes) -> list[Any]:
    try:
        return [json.loads(body)]
    except ValueError:
        if b"\n" not in body:
            raise
        return [json.loads(line) for line in body.split(b"\n")]


def _flat(documents: list[Any]) -> Iterator[tuple[str, str]]:
    """Every named value in the documents; a name met again becomes `name.2_`, `name.3_` …"""
    seen: dict[str, int] = {}
    for name, value in _walk(documents, ""):
        seen[name] = seen.get(name, 0) + 1
        yield (name if seen[name] == 1 else f"{name}.{seen[name]}_"), str(value)


def _walk(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(inner, name)
    elif name:
        yield name, value


def _multipart(content_type: str, body: bytes) -> str:
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
    )
    pairs = []
    for part in message.iter_parts() if message.is_multipart() else ():
        name, data = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(data, bytes):
            pairs.append((name, data))
    return urlencode(pairs)
