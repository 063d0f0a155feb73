"""A practice time-stamping authority: `openssl ts` behind a small server on loopback, with a CA of its own.

ca = make_authority(folder, "Practice authority")       # ca.pem: what whoever trusts it names
with serve(folder) as url: ...
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

START = datetime(2020, 1, 1, tzinfo=UTC)
CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/ca.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
"""


@dataclass(frozen=True)
class Issuer:
    """A certificate authority: its key and certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        """The certificate, as openssl reads it."""
        return self.certificate.public_bytes(Encoding.PEM).decode()


def name(text: str) -> x509.Name:
    """A distinguished name with a common name alone."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def issuer(title: str) -> Issuer:
    """A new certificate authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    builder = _builder(title, title, key.public_key(), START, START + timedelta(days=7300))
    builder = builder.add_extension(x509.BasicConstraints(True, None), critical=True)
    builder = builder.add_extension(usage, critical=True)
    builder = builder.add_extension(
        x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
    )
    return Issuer(key, builder.sign(key, hashes.SHA256()))


def issue(
    ca: Issuer,
    title: str,
    public: ec.EllipticCurvePublicKey,
    *,
    usage: x509.ObjectIdentifier,
    critical: bool = False,
    domain: str | None = None,
    start: datetime = START,
    end: datetime = START + timedelta(days=7300),
) -> x509.Certificate:
    """A certificate that an authority issues."""
    builder = _builder(title, ca.certificate.subject.rfc4514_string()[3:], public, start, end)
    builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=critical)
    builder = builder.add_extension(x509.BasicConstraints(False, None), critical=True)
    key_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca.key.public_key())
    builder = builder.add_extension(key_id, critical=False)
    if domain:
        names = x509.SubjectAlternativeName([x509.DNSName(domain)])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(ca.key, hashes.SHA256())


def _builder(
    title: str, by: str, public: ec.EllipticCurvePublicKey, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(name(title)).issuer_name(name(by))
    builder = builder.public_key(public).serial_number(x509.random_serial_number())
    return builder.not_valid_before(start).not_valid_after(end)


def make_authority(
    folder: Path,
    title: str,
    *,
    usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.TIME_STAMPING,
    start: datetime = START,
    end: datetime = START + timedelta(days=7300),
) -> Issuer:
    """A CA and a time-stamping certificate of its, with the configuration that `openssl ts` wants."""
    folder.mkdir(parents=True, exist_ok=True)
    ca, key = issuer(f"{title} root"), ec.generate_private_key(ec.SECP256R1())
    leaf = issue(ca, title, key.public_key(), usage=usage, critical=True, start=start, end=end)
    (folder / "ca.pem").write_text(ca.pem)
    (folder / "tsa.pem").write_bytes(leaf.public_bytes(Encoding.PEM))
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "tsa.key").write_bytes(secret)
    (folder / "serial").write_text("01\n")
    (folder / "ts.cnf").write_text(CONFIG.format(folder=folder))
    return ca


def respond(folder: Path, query: bytes) -> bytes:
    """Let `openssl ts` answer one query."""
    (folder / "query.tsq").write_bytes(query)
    command = ["openssl", "ts", "-reply", "-config", str(folder / "ts.cnf"), "-section", "here"]
    command += ["-queryfile", str(folder / "query.tsq"), "-out", str(folder / "reply.tsr")]
    subprocess.run(command, check=True, capture_output=True)
    return (folder / "reply.tsr").read_bytes()


@contextmanager
def serve(folder: Path, port: int = 0) -> Iterator[str]:
    """The authority in `folder`, answering over HTTP on loopback."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            with lock:
                answer = respond(folder, query)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
