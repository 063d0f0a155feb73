"""The practice authorities, a certificate as an operator would put it there, and the network as it is handed in."""

from __future__ import annotations

from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from market.authority import Issuer, issue, issuer, make_authority, respond, serve

__all__ = ["Issuer", "ask", "certify", "issue", "issuer", "make_authority", "respond", "serve"]


def certify(folder: Path, ca: Issuer, domain: str, **options: object) -> None:
    """Put a certificate for `domain` beside the signing key in `folder`, as an operator would."""
    from bowstreet.evidence.signing import SigningKey

    key = SigningKey.load_or_make(folder)
    usage = options.pop("usage", ExtendedKeyUsageOID.SERVER_AUTH)
    leaf = issue(ca, domain, key.private.public_key(), domain=domain, usage=usage, **options)  # type: ignore[arg-type]
    (folder / "certificate.pem").write_text(leaf.public_bytes(Encoding.PEM).decode() + ca.pem)


def ask(url: str, body: bytes) -> bytes:
    """The network, as the library is handed it."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request("POST", "/", body, {"Content-Type": "application/timestamp-query"})
        return connection.getresponse().read()
    finally:
        connection.close()
