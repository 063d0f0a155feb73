"""A certificate authority of the test's own, trusted by a browser through the NSS store of its HOME."""

from __future__ import annotations

import datetime as dt
import os
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import NameOID
from trustme import CA, KeyType

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Leaf:
    """A site's certificate, and the files that servers read it from."""

    certificate: x509.Certificate
    chain: Path
    key: Path

    def context(self, version: ssl.TLSVersion | None = None) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        if version:
            context.minimum_version = context.maximum_version = version
        return context


class Authority:
    """Makes good certificates and bad ones."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ca = folder, CA(key_type=KeyType.ECDSA)
        self.certificate = x509.load_pem_x509_certificate(self.ca.cert_pem.bytes())
        self.key = self.ca._private_key

    def leaf(
        self, name: str = "localhost", *, days: tuple[int, int] = (-1, 30), self_signed: bool = False
    ) -> Leaf:
        """A certificate for one host, valid from and until so many days from now."""
        key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer, signer = (subject, key) if self_signed else (self.certificate.subject, self.key)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject).issuer_name(issuer).public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now + days[0] * DAY).not_valid_after(now + days[1] * DAY)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .sign(signer, hashes.SHA256())
        )  # fmt: skip
        stem = self.folder / f"{certificate.serial_number:x}"
        chain, private = stem.with_suffix(".pem"), stem.with_suffix(".key")
        chain.write_bytes(
            certificate.public_bytes(Encoding.PEM) + (b"" if self_signed else self.ca.cert_pem.bytes())
        )
        private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
        return Leaf(certificate, chain, private)

    def staple(self, leaf: Leaf, *, revoked: bool) -> bytes:
        """An OCSP answer for a certificate, by the authority itself (RFC 6960), in DER."""
        now = dt.datetime.now(dt.UTC)
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=leaf.certificate, issuer=self.certificate, algorithm=hashes.SHA256(),
            cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
            this_update=now - DAY, next_update=now + DAY,
            revocation_time=now - 10 * DAY if revoked else None,
            revocation_reason=x509.ReasonFlags.key_compromise if revoked else None,
        )  # fmt: skip
        answer = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, self.certificate)
        return answer.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)  # type: ignore[arg-type]

    def home(self) -> Path:
        """A HOME whose browser trusts this authority."""
        store = self.folder / "home" / ".pki" / "nssdb"
        store.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(suffix=".pem") as file:
            Path(file.name).write_bytes(self.ca.cert_pem.bytes())
            for words in (
                ["-N", "--empty-password"],
                ["-A", "-t", "C,,", "-n", "test authority", "-i", file.name],
            ):
                subprocess.run(["certutil", "-d", f"sql:{store}", *words], check=True, capture_output=True)
        return self.folder / "home"


@contextmanager
def trusted(authority: Authority) -> Iterator[None]:
    """Let captures trust this authority."""
    before = os.environ.get("BOWSTREET_BROWSER_HOME")
    os.environ["BOWSTREET_BROWSER_HOME"] = str(authority.home())
    try:
        yield
    finally:
        os.environ.pop("BOWSTREET_BROWSER_HOME")
        if before:
            os.environ["BOWSTREET_BROWSER_HOME"] = before
