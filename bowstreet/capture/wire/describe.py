"""Connections as the archive tells of them: `files/connections.json`, whose form is in docs/formats."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from bowstreet.capture.wire.certificate import BEYOND_THE_BROWSER, FAULTS, faults, stapled_answer
from bowstreet.capture.wire.connection import Connection
from bowstreet.capture.wire.handshake import Handshake
from bowstreet.capture.wire.verdict import Verdict


def describe(connections: Iterable[Connection], verdicts: Mapping[int, Verdict]) -> list[dict[str, Any]]:
    """Every connection that carried or began anything. `verdicts` are the browser's own, by local port."""
    known = {connection.number: connection for connection in connections}
    judged = _judged(known, verdicts)
    return [
        _connection(one, known, judged.get(_shown(one, known)))
        for one in known.values()
        if one.exchanges or one.handshake
    ]


def tls_faults(
    connection: Connection, known: Mapping[int, Connection], verdict: Verdict | None = None
) -> tuple[str, ...]:
    """All that is wrong with a connection's TLS. A resumed one is judged by the certificates of the one it resumes."""
    tls = connection.handshake
    if tls is None:
        return ()
    full = _full(connection, known)
    at = datetime.fromtimestamp(connection.began, UTC)
    found = list(faults(full.chain, connection.host, at, stapled=full.stapled) if full else ())
    if tls.signature == "bad":
        found.append("bad-signature")
    if "bad" in tls.finished.values():
        found.append("bad-finished")
    if verdict and verdict.error and not found:
        found.append("untrusted")
    return tuple(found)


def bad_sites(
    connections: Iterable[Connection], verdicts: Mapping[int, Verdict]
) -> dict[tuple[str, int], str]:
    """Host and port of each site that was asked for something under a bad certificate, and what is wrong with it.

    In the browser's own word, or in ours for what the browser does not look at: whether a certificate is revoked, and
    whether the handshake was tampered with before it.
    """
    known = {connection.number: connection for connection in connections}
    judged = _judged(known, verdicts)
    found: dict[tuple[str, int], str] = {}
    for connection in known.values():
        if connection.exchanges:
            verdict = judged.get(_shown(connection, known))
            beyond = [one for one in tls_faults(connection, known) if one in BEYOND_THE_BROWSER]
            if said := (verdict and verdict.error) or (beyond and FAULTS[beyond[0]]):
                found.setdefault((connection.host, connection.port), said)
    return found


def _judged(
    known: Mapping[int, Connection], verdicts: Mapping[int, Verdict]
) -> dict[tuple[str, bytes], Verdict]:
    """The browser's verdicts by host and certificate."""
    return {_shown(one, known): verdicts[one.local] for one in known.values() if one.local in verdicts}


def _shown(connection: Connection, known: Mapping[int, Connection]) -> tuple[str, bytes]:
    """Host and certificate: the browser judges these once, and keeps its verdict for connections that follow."""
    full = _full(connection, known)
    return connection.host, full.chain[0] if full and full.chain else b""


def _full(connection: Connection, known: Mapping[int, Connection]) -> Handshake | None:
    """The handshake that showed the certificates."""
    seen = connection
    while seen.resumes is not None and seen.handshake and not seen.handshake.chain:
        seen = known[seen.resumes]
    return seen.handshake


def _connection(
    connection: Connection, known: Mapping[int, Connection], verdict: Verdict | None
) -> dict[str, Any]:
    said: dict[str, Any] = {
        "number": connection.number,
        "host": connection.host,
        "port": connection.port,
        "peer": list(connection.peer) if connection.peer else None,
        "began": datetime.fromtimestamp(connection.began, UTC).isoformat(),
        "exchanges": len(connection.exchanges),
        "ended": connection.ended[1].decode("ascii", "replace") or None,
        "error": connection.error,
    }
    if tls := connection.handshake:
        found = tls_faults(connection, known, verdict)
        said["tls"] = {
            "version": tls.version_name,
            "cipher": tls.suite_name,
            "alpn": tls.alpn,
            "name": tls.name,
            "resumed": tls.resumed,
            "resumes": connection.resumes,
            "early_data": tls.early,
            "key_updates": tls.updates,
            "server_signature": tls.signature,
            "finished": tls.finished,
            "alerts": tls.alerts,
            "faults": [{"fault": name, "says": FAULTS[name]} for name in found],
            "browser": {"error": verdict.error, "public_authority": verdict.public} if verdict else None,
            "stapled": _stapled(tls),
            "chain": [_certificate(der) for der in tls.chain],
        }
    return said


def _stapled(tls: Handshake) -> dict[str, Any] | None:
    answer = stapled_answer(tls.chain, tls.stapled)
    if answer is None:
        return None
    times = {"at": answer.at, "until": answer.until, "revoked": answer.revoked}
    return {
        "status": answer.status,
        "signed_by_authority": answer.signed,
        **{name: time.isoformat() if time else None for name, time in times.items()},
        "reason": answer.reason,
        "der": (tls.stapled or b"").hex(),
    }


def _certificate(der: bytes) -> dict[str, Any]:
    digest = hashlib.sha256(der).hexdigest()
    try:
        certificate = x509.load_der_x509_certificate(der)
        return {
            "subject": certificate.subject.rfc4514_string(),
            "issuer": certificate.issuer.rfc4514_string(),
            "from": certificate.not_valid_before_utc.isoformat(),
            "until": certificate.not_valid_after_utc.isoformat(),
            "sha256": digest,
            "pem": certificate.public_bytes(Encoding.PEM).decode(),
        }
    except ValueError as error:
        return {"unreadable": str(error), "sha256": digest}
