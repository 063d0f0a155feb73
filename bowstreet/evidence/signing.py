"""The installation's own keys: ECDSA P-256 for archives (wacz-auth 0.1.0), Ed25519 for the ledger.

    key = SigningKey.load_or_make(Path("var/keys"))
    key.fingerprint          # "sha256:…" of the public key: what a verifier pins

In the folder: `signing-key.pem` and `ledger-key.pem` (secret), `public-key.pem` and `ledger.vkey` (to publish).
A `certificate.pem` put there by the operator (leaf first, then its issuers) names a domain; archives then
carry it, and one time-stamp token fits inside them.
"""

from __future__ import annotations

import base64
import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from bowstreet.evidence.certificates import chain_of, domains
from bowstreet.evidence.errors import BadKey, native
from bowstreet.evidence.note import Signer


@dataclass(frozen=True)
class SigningKey:
    """What this installation signs with. `certificate` is a PEM chain, `domain` the name in its leaf."""

    private: ec.EllipticCurvePrivateKey
    log: Signer
    certificate: str | None = None
    domain: str | None = None

    @classmethod
    def load_or_make(cls, folder: Path) -> Self:
        """The keys in `folder`; made there the first time. BadKey where what is there cannot be used."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        private = _load(folder / "signing-key.pem") or _make(folder / "signing-key.pem", _new_signing())
        if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
            raise BadKey(f"{folder / 'signing-key.pem'} is not an ECDSA P-256 key")
        ledger = _load(folder / "ledger-key.pem") or _make(folder / "ledger-key.pem", _new_ledger())
        if not isinstance(ledger, Ed25519PrivateKey):
            raise BadKey(f"{folder / 'ledger-key.pem'} is not an Ed25519 key")
        name = f"bowstreet.invalid/{fingerprint(private.public_key()).removeprefix('sha256:')[:16]}"
        certificate, domain = _certificate(folder / "certificate.pem", private)
        key = cls(private, Signer(name, ledger), certificate, domain)
        _publish(folder / "public-key.pem", key.public_pem)
        _publish(folder / "ledger.vkey", f"{key.log.verifier.vkey}\n")
        return key

    @property
    def fingerprint(self) -> str:
        """`sha256:` and the digest of the public key (DER, SubjectPublicKeyInfo)."""
        return fingerprint(self.private.public_key())

    @property
    def public_pem(self) -> str:
        """The public key, as openssl reads it."""
        return (
            self.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        )

    @property
    def public_base64(self) -> str:
        """The public key in DER and base64: what wacz-auth calls `publicKey`."""
        return base64.b64encode(spki(self.private.public_key())).decode()

    def sign(self, text: str) -> str:
        """The signature over ASCII text: DER, in base64."""
        return base64.b64encode(self.private.sign(text.encode("ascii"), ec.ECDSA(hashes.SHA256()))).decode()


def spki(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as DER, SubjectPublicKeyInfo."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: ec.EllipticCurvePublicKey) -> str:
    """`sha256:` and the digest of the public key."""
    return f"sha256:{hashlib.sha256(spki(key)).hexdigest()}"


def public_key(der: bytes) -> ec.EllipticCurvePublicKey:
    """An ECDSA public key on a NIST curve from DER; BadKey otherwise."""
    with native(BadKey, "the public key cannot be read"):
        key = serialization.load_der_public_key(der)
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(
        key.curve, ec.SECP256R1 | ec.SECP384R1
    ):
        raise BadKey("the public key is not ECDSA on P-256 or P-384")
    return key


def good(key: ec.EllipticCurvePublicKey, signature: bytes, text: str) -> bool:
    """Whether `signature` is the key's over `text`: DER, or the raw pair that browsers write."""
    size = (key.key_size + 7) // 8
    if len(signature) == 2 * size and signature[:1] != b"\x30":
        signature = _to_der(signature, size)
    try:
        key.verify(signature, text.encode(), ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def _to_der(pair: bytes, size: int) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    return encode_dss_signature(int.from_bytes(pair[:size], "big"), int.from_bytes(pair[size:], "big"))


def _new_signing() -> PrivateKeyTypes:
    return ec.generate_private_key(ec.SECP256R1())


def _new_ledger() -> PrivateKeyTypes:
    return Ed25519PrivateKey.generate()


def _load(path: Path) -> PrivateKeyTypes | None:
    if not path.exists():
        return None
    try:
        return serialization.load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise BadKey(f"{path} is not a private key without a passphrase: {error}") from None


def _make(path: Path, key: PrivateKeyTypes) -> PrivateKeyTypes:
    """Write a new secret key, whole or not at all; where another process was first, take its key."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()
    loaded = _load(path)
    return key if loaded is None else loaded


def _publish(path: Path, text: str) -> None:
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def _certificate(path: Path, private: ec.EllipticCurvePrivateKey) -> tuple[str | None, str | None]:
    if not path.exists():
        return None, None
    chain = chain_of(path.read_text())
    names = domains(chain[0])
    if chain[0].public_key() != private.public_key():
        raise BadKey(f"{path} is not for the key in signing-key.pem")
    if not names:
        raise BadKey(f"{path} names no domain (subjectAltName)")
    return "".join(c.public_bytes(Encoding.PEM).decode() for c in chain), names[0]
