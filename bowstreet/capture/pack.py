"""What a visit found, written as the public WACZ and the restricted companion, apart from the first.

The WACZ holds what the site sent and what was asked of it. What must not reach the other side (egress, permit, the
recording with its secrets) is in the companion; the WACZ names it by a salted digest only.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import secrets
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bowstreet import __version__
from bowstreet.capture.permit import Permit
from bowstreet.capture.shown import Shown
from bowstreet.capture.wire import pcapng
from bowstreet.capture.wire.connection import CLIENT, SERVER, Connection
from bowstreet.capture.wire.describe import describe
from bowstreet.capture.wire.exchange import Exchange, Headers
from bowstreet.capture.wire.match import Match
from bowstreet.capture.wire.netlog import load
from bowstreet.capture.wire.verdict import Verdict, verdicts
from bowstreet.capture.wire.websocket import conversations
from bowstreet.evidence.record import Part, Record, Span, new_id
from bowstreet.evidence.wacz import PackWriter


@dataclass(frozen=True)
class Found:
    """All that one visit brought home, before it is packed. `folder` holds tape, keys and log."""

    asked: str
    at: datetime
    shown: Shown
    connections: list[Connection]
    matches: list[Match]
    folder: Path
    permit: Permit
    software: dict[str, str]
    clock: dict[str, Any]
    tls_fault: str | None


def companion(found: Found, out: Path) -> tuple[str, str]:
    """Write the restricted companion. Its SHA-256, and the salt of the commitment that the public part names."""
    pcapng.write(found.folder / "tape", found.folder / "keys.log", found.folder / "recording.pcapng")
    salt = secrets.token_hex(32)
    ends = [_own_ends(c, found.permit.egress) for c in found.connections]
    egress = {"egress": found.permit.egress, "connections": ends}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1, allowZip64=True) as archive:
        for name in ("recording.pcapng", "keys.log", "netlog.json"):
            if (found.folder / name).exists():
                archive.write(found.folder / name, name)
        archive.writestr("permit.json", json.dumps(found.permit.record(), indent=2))
        archive.writestr("egress.json", json.dumps(egress, indent=2))
        archive.writestr("salt.txt", salt + "\n")
    with out.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), salt


def commitment(digest: str, salt: str) -> str:
    """How the public part names the companion: nobody can test a guess against it without the salt."""
    return "sha256:" + hashlib.sha256(bytes.fromhex(salt) + bytes.fromhex(digest)).hexdigest()


def wacz(found: Found, out: Path, *, companion_commitment: str) -> Path:
    """Write the unsigned public WACZ."""
    shown, at = found.shown, found.at
    pack = PackWriter(found.folder / "pack", created=at)
    rows = [row for connection in found.connections for row in _records(pack, connection, found)]
    url = shown.url or found.asked
    if shown.screenshot:
        pack.file("screenshot", shown.screenshot, media_type="image/png", url=f"urn:view:{url}", at=at)
        pack.file("screenshot.png", shown.screenshot)
    if shown.pdf:
        pack.file("page.pdf", shown.pdf)
    pack.file("dom", shown.dom.encode(), media_type="text/html; charset=utf-8", url=f"urn:dom:{url}", at=at)
    pack.file(
        "text", shown.text.encode(), media_type="text/plain; charset=utf-8", url=f"urn:text:{url}", at=at
    )
    pack.page(url=url, ts=at, title=shown.title, text=shown.text)
    pack.file("exchanges.json", _json(rows))
    pack.file("devtools.json", _json(shown.requests))
    pack.file("console.json", _json(shown.console))
    pack.file("connections.json", _json(describe(found.connections, _verdicts(found))))
    if spoken := conversations(found.connections):
        pack.file("websockets.json", _json(spoken))
    pack.file("provenance.json", _json(_provenance(found, companion_commitment)))
    return pack.finish(out, meta={"title": shown.title or url})


def _provenance(found: Found, companion_commitment: str) -> dict[str, Any]:
    """What anyone may know of how this capture was made."""
    good = [m for m in found.matches if m.fault is None]
    return {
        "asked": found.asked,
        "shown": found.shown.url,
        "status": found.shown.status,
        "captured": found.at.isoformat(),
        "mode": "wire",
        "software": {"bowstreet": __version__, **found.software},
        "browser": found.shown.facts,
        "clock": found.clock,
        "cut_off": found.shown.cut_off,
        "tls_fault": found.tls_fault,
        "cross_check": {
            "seen": len(found.matches),
            "matched": len(good),
            "faults": [
                {"url": m.seen.url, "method": m.seen.method, "why": m.fault} for m in found.matches if m.fault
            ],
        },
        "not_followed": [{"host": c.host, "why": c.error} for c in found.connections if c.error],
        "refused": refused(found),
        "restricted_companion": companion_commitment,
        "says": "This is what the server returned to this client at this time. It does not show that the site signed it.",
    }


def refused(found: Found) -> list[dict[str, Any]]:
    """Connections that the page asked for and the network rules forbid, and addresses of a name that were passed over."""
    rows = [(c, c.refused["why"]) for c in found.connections if c.refused and c.refused["kind"] == "egress"]
    rows += [(c, why) for c in found.connections for why in c.passed_over]
    return [{"host": c.host, "port": c.port, "why": why} for c, why in rows]


def _records(pack: PackWriter, connection: Connection, found: Found) -> Iterable[dict[str, Any]]:
    matched = {id(m.exchange) for m in found.matches if m.exchange and m.fault is None}
    for exchange in connection.exchanges:
        at = datetime.fromtimestamp(exchange.began or connection.began, UTC)
        url, answer = connection.url(exchange), new_id()
        asked = Record(
            "request", url, at, _request(connection, exchange), headers=(("WARC-Concurrent-To", answer),)
        )
        if exchange.status is not None:
            headers = (*_about(connection, exchange), ("WARC-Concurrent-To", asked.id))
            pack.write(
                Record("response", url, at, _response(connection, exchange), id=answer, headers=headers)
            )
        pack.write(asked)
        yield {
            "record": answer if exchange.status is not None else None,
            "method": exchange.method,
            "url": url,
            "status": exchange.status,
            "how": exchange.how.value,
            "protocol": exchange.protocol,
            "connection": connection.number,
            "began": at.isoformat(),
            "seconds": round(max(0.0, exchange.ended - exchange.began), 4),
            "bytes": sum(span.end - span.start for span in exchange.body_at),
            "seen_by_browser": id(exchange) in matched,
            "informational": [
                {"status": code, "headers": _shown(said)} for code, said in exchange.informational
            ],
            "trailers": _shown(exchange.trailers),
        }


def _about(connection: Connection, exchange: Exchange) -> list[tuple[str, str]]:
    about = [("WARC-Protocol", exchange.protocol)]
    if connection.peer:
        about.append(("WARC-IP-Address", connection.peer[0]))
    if connection.handshake and connection.handshake.version_name:
        about.append(("WARC-Protocol", connection.handshake.version_name.lower().replace(" ", "/")))
        about.append(("WARC-Cipher-Suite", connection.handshake.suite_name or ""))
    if not exchange.complete:
        about.append(("WARC-Truncated", "disconnect"))
    return about


def _request(connection: Connection, exchange: Exchange) -> tuple[Part, ...]:
    path = connection.spools[CLIENT]
    if exchange.protocol != "h2":
        return (Span(path, *exchange.request_at),)
    host = dict(exchange.request).get(b":authority", b"")
    line = f"{exchange.method} {exchange.target} HTTP/1.1\r\n".encode("latin-1") + b"Host: " + host + b"\r\n"
    return (line + _fields(exchange.request), *(Span(path, *at) for at in exchange.request_body))


def _response(connection: Connection, exchange: Exchange) -> tuple[Part, ...]:
    path = connection.spools[SERVER]
    if exchange.protocol != "h2":
        assert exchange.response_at is not None
        return (Span(path, *exchange.response_at),)
    line = f"HTTP/1.1 {exchange.status} \r\n".encode()
    return (line + _fields(exchange.response), *(Span(path, *at) for at in exchange.body_at))


def _fields(headers: Headers) -> bytes:
    """HTTP/2 header fields in HTTP/1.1 form: order and duplicates kept, pseudo-headers left to the first line."""
    return b"".join(name + b": " + value + b"\r\n" for name, value in headers if name[:1] != b":") + b"\r\n"


def _shown(headers: Headers) -> list[list[str]]:
    return [[name.decode("latin-1"), value.decode("latin-1")] for name, value in headers]


def _verdicts(found: Found) -> dict[int, Verdict]:
    log = found.folder / "netlog.json"
    return verdicts(load(log)) if any(c.secure for c in found.connections) and log.exists() else {}


def _own_ends(connection: Connection, egress: str) -> dict[str, Any]:
    peer = connection.peer
    unknown = None if egress == "direct" or connection.refused else f"unknown (through {egress.title()})"
    public = bool(peer and ipaddress.ip_address(peer[0].partition("%")[0]).is_global)
    return {
        "host": connection.host,
        "port": connection.port,
        "peer": peer or unknown,
        "public": public,
        "refused": connection.refused,
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=1, ensure_ascii=False).encode() + b"\n"
