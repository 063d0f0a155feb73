"""The browser's two accounts held against the wire, N of N, and each difference explained in words.

The network log is the complete account: every answer in it must be on the wire. DevTools is the page's own process: each
of its requests is on the wire too, or there is a reason why it never went out.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from bowstreet.capture.shown import Shown
from bowstreet.capture.wire.connection import Connection
from bowstreet.capture.wire.exchange import Exchange
from bowstreet.capture.wire.match import Match
from bowstreet.evidence.errors import EvidenceError
from bowstreet.evidence.message import Head, decode

#: Why a request that DevTools names is not on the wire. The first that holds is given.
REASONS = {
    "data": "carried in the page itself (a data: address)",
    "blob": "made by the page's own script (a blob: address)",
    "browser": "a page of the browser itself",
    "worker": "answered by the page's service worker",
    "cache": "taken from the browser's cache, which this page filled",
    "cancelled": "given up by the page or the browser before it was answered",
    "refused": "refused by the network rules, or its host could not be reached",
    "blocked": "stopped by the browser's own rules (mixed content, content policy, a ceiling)",
    "failed": "sent or tried, and never answered",
    "waiting": "still unanswered when the visit ended",
}
_SCHEMES = {
    "data": "data",
    "blob": "blob",
    "about": "browser",
    "chrome": "browser",
    "chrome-error": "browser",
}
_META = re.compile(rb"<meta[^>]+charset=[\"']?\s*([a-zA-Z0-9_-]+)", re.I)
BODY_LIMIT = 16_000_000


def report(
    matches: list[Match], shown: Shown, connections: list[Connection], main: bytes | None
) -> dict[str, Any]:
    """The cross-check as the provenance tells it. `main` is the main document's response block, from the wire."""
    rows = [(row, explained(row, matches)) for row in shown.requests]
    named = {id(match.exchange) for match in matches}
    return {
        "seen": len(matches),
        "matched": sum(1 for match in matches if match.fault is None),
        "faults": [{"url": m.seen.url, "method": m.seen.method, "why": m.fault} for m in matches if m.fault],
        "on_the_wire_alone": [
            {"url": connection.url(exchange), "method": exchange.method, "status": exchange.status}
            for connection, exchange in _all(connections)
            if id(exchange) not in named and exchange.status is not None
        ],
        "devtools": {
            "seen": len(rows),
            "on_the_wire": sum(1 for _, why in rows if why is None),
            "explained": dict(Counter(why for _, why in rows if why in REASONS)),
            "unexplained": [
                {"url": row["url"], "method": row["method"], "why": why}
                for row, why in rows
                if why is not None and why not in REASONS
            ],
            "reasons": {name: REASONS[name] for name in sorted({why for _, why in rows if why in REASONS})},
        },
        "main_document": body(main, shown.main_body),
    }


def explained(row: dict[str, Any], matches: list[Match]) -> str | None:
    """None where the request is on the wire with the same status; else a key of REASONS, or words for a fault."""
    scheme, url = row["url"].partition(":")[0], row["url"].partition("#")[0]
    if scheme in _SCHEMES:
        return _SCHEMES[scheme]
    if source := row.get("from"):
        return "worker" if source == "service worker" else "cache"
    found = [m.exchange.status for m in matches if m.exchange and _same(m, row["method"], url)]
    status = row.get("status")
    if status in found or (found and status is None):
        return None
    if "failed" in row:
        return _failure(row)
    if status is None:
        return "waiting"
    if found:
        return f"DevTools saw status {status}, the wire shows {', '.join(map(str, found))}"
    return "DevTools saw an answer that is not on the wire"


def body(block: bytes | None, seen: str | None) -> dict[str, Any]:
    """Is the main document that the browser decoded the one on the wire? Told by digests of its text."""
    if block is None or seen is None or (head := Head.parse(block)) is None:
        return {"compared": False, "why": "one side does not have it, or it is too large"}
    try:
        data = decode(block[head.size :], head, limit=BODY_LIMIT * 4)
    except EvidenceError as error:
        return {"compared": False, "why": str(error)}
    texts = [_text(data, charset) for charset in _charsets(head, data)]
    same = seen in texts
    sums = {"browser": _sha(seen), "wire": _sha(seen if same else texts[0])}
    return {"compared": True, "same": same, "sha256_of_text": sums}


def _failure(row: dict[str, Any]) -> str:
    why = str(row["failed"] or "")
    if row.get("cancelled") or "ABORTED" in why:
        return "cancelled"
    if "SOCKS" in why or "PROXY" in why:
        return "refused"
    return "failed" if why.startswith("net::ERR") and "BLOCKED" not in why else "blocked"


def _same(match: Match, method: str, url: str) -> bool:
    return match.seen.method == method and match.seen.url == ("http" + url[2:] if url[:2] == "ws" else url)


def _all(connections: list[Connection]) -> Iterable[tuple[Connection, Exchange]]:
    return ((connection, exchange) for connection in connections for exchange in connection.exchanges)


def _charsets(head: Head, data: bytes) -> list[str]:
    meta = _META.search(data[:2048])
    named = [head.charset or "", meta[1].decode() if meta else ""]
    return [name for name in (*named, "utf-8", "windows-1252") if name]


def _text(data: bytes, charset: str) -> str | None:
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode(charset, "replace")
    except LookupError:
        return None


def _sha(text: str | None) -> str | None:
    return None if text is None else hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
