"""What a visit found, written as the public WACZ: what the site sent, what was asked of it, and how.

Of a visit under a login there are two: the original, which is restricted, and a redacted copy, which is served.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bowstreet import __version__
from bowstreet.capture import crosscheck, native, records
from bowstreet.capture.found import Found
from bowstreet.capture.mask import Mask
from bowstreet.capture.wire.describe import describe
from bowstreet.capture.wire.websocket import conversations
from bowstreet.evidence.wacz import PackWriter

SAYS = (
    "This is what the server returned to this client at this time. It does not show that the site signed it."
)


def wacz(found: Found, out: Path, *, names: dict[str, str], mask: Mask | None = None) -> Path:
    """Write an unsigned WACZ. `names` are commitments to what is restricted; with a mask it is a redacted copy."""
    shown, at = found.shown, found.at
    clean = mask.text if mask else lambda text, _: text
    pack = PackWriter(out.with_suffix(".parts"), created=at)
    rows = _exchanges(pack, found, mask)
    url, title = clean(shown.url or found.asked, "addresses"), clean(shown.title, "title")
    dom, text = clean(shown.dom, "page as shown"), clean(shown.text, "text")
    if picture := mask.picture(shown.screenshot, shown.layout) if mask else shown.screenshot:
        pack.file("screenshot", picture, media_type="image/png", url=f"urn:view:{url}", at=at)
        pack.file("screenshot.png", picture)
    if shown.pdf and not mask:
        pack.file("page.pdf", shown.pdf)
    pack.file("dom", dom.encode(), media_type="text/html; charset=utf-8", url=f"urn:dom:{url}", at=at)
    pack.file("text", text.encode(), media_type="text/plain; charset=utf-8", url=f"urn:text:{url}", at=at)
    pack.page(url=url, ts=at, title=title, text=text)
    files: dict[str, Any] = {
        "exchanges": rows,
        "devtools": shown.requests,
        "console": shown.console,
        "connections": describe(found.connections, found.verdicts),
        "provenance": _provenance(found, names, redacted=mask is not None),
    }
    redact = (lambda data: mask.data(data, "websockets.json")) if mask else None
    native_ones = found.mode == "native"
    if spoken := (
        native.conversations(shown.sockets, redact)
        if native_ones
        else conversations(found.connections, redact)
    ):
        files["websockets"] = spoken
    for name, value in files.items():
        data = _json(value)
        pack.file(f"{name}.json", mask.data(data, f"{name}.json") if mask else data)
    if mask:
        pack.file("redactions.json", _json(mask.manifest()))
    return pack.finish(out, meta={"title": title or url})


def _exchanges(pack: PackWriter, found: Found, mask: Mask | None) -> list[dict[str, Any]]:
    if found.mode == "native":
        return list(native.write(pack, found.shown.kept, mask))
    matched = {id(m.exchange) for m in found.matches if m.exchange and m.fault is None}
    return [row for c in found.connections for row in records.write(pack, c, matched, mask)]


def _provenance(found: Found, names: dict[str, str], *, redacted: bool) -> dict[str, Any]:
    """What anyone may know of how this capture was made."""
    shown = found.shown
    said: dict[str, Any] = {
        "asked": found.asked,
        "shown": shown.url,
        "status": shown.status,
        "captured": found.at.isoformat(),
        "mode": found.mode,
        "redacted": redacted,
        "software": {
            "bowstreet": __version__,
            **{name: version(name) for name in ("playwright", "cryptography")},
            **found.software,
        },
        "browser": shown.facts,
        "clock": found.clock,
        "expanded": shown.expanded,
        "cut_off": shown.cut_off,
        "tls_fault": found.tls_fault,
        "cross_check": _crosscheck(found, redacted=redacted),
        "not_followed": [{"host": c.host, "why": c.error} for c in found.connections if c.error],
        "refused": refused(found),
        **names,
        "says": SAYS,
    }
    return said | ({"cannot_keep": native.CANNOT_KEEP} if found.mode == "native" else {})


def _crosscheck(found: Found, *, redacted: bool) -> dict[str, Any]:
    if found.mode == "native":
        return {
            "seen": len(found.matches),
            "matched": 0,
            "why": "in native mode nothing is held against the wire",
        }
    told = crosscheck.report(found.matches, found.shown, found.connections, _main(found))
    if redacted:
        told["main_document"].pop("sha256_of_text", None)  # a digest would let a guess be tested
    return told


def _main(found: Found) -> bytes | None:
    """The main document's response block, the last that came for the address that was shown."""
    url = found.shown.url.partition("#")[0]
    for connection in reversed(found.connections):
        for exchange in reversed(connection.exchanges):
            if exchange.status is not None and connection.url(exchange) == url:
                return records.whole(records.response(connection, exchange))
    return None


def refused(found: Found) -> list[dict[str, Any]]:
    """Connections that the page asked for and the rules forbid, and addresses of a name that were passed over."""
    rows = [
        (c, c.refused["why"])
        for c in found.connections
        if c.refused and c.refused["kind"] in ("egress", "tls")
    ]
    rows += [(c, why) for c in found.connections for why in c.passed_over]
    return [{"host": c.host, "port": c.port, "why": why} for c, why in rows]


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=1, ensure_ascii=False).encode() + b"\n"
