"""Whom a verifier trusts: keys, time-stamping authorities, certificate roots, ledgers, witnesses.

A trust file is JSON:

    {"keys": [{"fingerprint": "sha256:…", "name": "Example Police", "revoked": "2027-01-31T00:00:00Z"}],
     "timestamp_roots": ["-----BEGIN CERTIFICATE-----…"],
     "certificate_roots": [], "logs": ["name+id+key"], "witnesses": []}

or PEM: every PUBLIC KEY is a key that is trusted, every CERTIFICATE the root of a time-stamping authority.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from bowstreet.evidence.certificates import chain_of
from bowstreet.evidence.errors import BadArchive, BadKey, native
from bowstreet.evidence.note import Verifier
from bowstreet.evidence.pack import strict_json
from bowstreet.evidence.signing import SigningKey, fingerprint
from bowstreet.evidence.timestamps import Authority

T = TypeVar("T")
MAX_FILE = 1 << 20
_FIELDS = {"keys", "timestamp_roots", "certificate_roots", "logs", "witnesses"}
_PUBLIC = re.compile(r"-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----")


@dataclass(frozen=True)
class TrustedKey:
    """A key that may sign archives, known by its fingerprint; not to be believed from `revoked` on."""

    fingerprint: str
    name: str = ""
    revoked: datetime | None = None


@dataclass(frozen=True)
class Trust:
    """What the verifier named. An empty Trust trusts nothing."""

    keys: tuple[TrustedKey, ...] = ()
    timestamp_roots: tuple[x509.Certificate, ...] = ()
    certificate_roots: tuple[x509.Certificate, ...] = ()
    logs: tuple[Verifier, ...] = ()
    witnesses: tuple[Verifier, ...] = ()

    def key(self, mark: str) -> TrustedKey | None:
        """The trusted key of that fingerprint."""
        return next((key for key in self.keys if key.fingerprint == mark), None)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a trust file; BadKey says what is wrong with it."""
        try:
            data = path.read_bytes()[: MAX_FILE + 1]
        except OSError as error:
            raise BadKey(f"the trust file cannot be read: {error}") from None
        if len(data) > MAX_FILE:
            raise BadKey(f"{path.name} is too large to be a trust file")
        return cls.parse(data.decode("utf-8", "replace"), path.name)

    @classmethod
    def parse(cls, text: str, name: str = "the trust file") -> Self:
        """As `read`, of text."""
        if not text.lstrip().startswith("{"):
            return cls._pem(text, name)
        try:
            value = strict_json(text.encode(), name)
            unknown = set(value) - _FIELDS
            if unknown:
                raise BadKey(f"{name} has a field that means nothing here: {sorted(unknown)[0]!r}")
            return cls(
                keys=tuple(_key(item) for item in value.get("keys", [])),
                timestamp_roots=_roots(value.get("timestamp_roots", [])),
                certificate_roots=_roots(value.get("certificate_roots", [])),
                logs=tuple(Verifier.parse(item) for item in value.get("logs", [])),
                witnesses=tuple(Verifier.parse(item) for item in value.get("witnesses", [])),
            )
        except BadArchive as error:
            raise BadKey(str(error)) from None
        except (TypeError, AttributeError, KeyError, ValueError) as error:
            raise BadKey(f"{name} is not shaped as a trust file: {error}") from None

    @classmethod
    def _pem(cls, text: str, name: str) -> Self:
        keys = tuple(TrustedKey(_pem_fingerprint(block)) for block in _PUBLIC.findall(text))
        roots = tuple(chain_of(text)) if "BEGIN CERTIFICATE" in text else ()
        if not keys and not roots:
            raise BadKey(f"{name} holds neither JSON nor a PUBLIC KEY nor a CERTIFICATE in PEM")
        return cls(keys=keys, timestamp_roots=roots)

    @classmethod
    def of(cls, key: SigningKey, authorities: Iterable[Authority] = (), *, name: str = "") -> Self:
        """Trust in an installation's own key, ledger and authorities."""
        roots = tuple(root for authority in authorities for root in chain_of(authority.roots))
        return cls(keys=(TrustedKey(key.fingerprint, name),), timestamp_roots=roots, logs=(key.log.verifier,))

    def including(self, other: Trust) -> Trust:
        """This trust, and what of the other it does not name yet: a key keeps what is said of it here."""
        marks = {key.fingerprint for key in self.keys}
        return Trust(
            keys=(*self.keys, *(key for key in other.keys if key.fingerprint not in marks)),
            timestamp_roots=_joined(self.timestamp_roots, other.timestamp_roots),
            certificate_roots=_joined(self.certificate_roots, other.certificate_roots),
            logs=_joined(self.logs, other.logs),
            witnesses=_joined(self.witnesses, other.witnesses),
        )

    def text(self) -> str:
        """The trust file that says this."""
        keys = [_key_fields(key) for key in self.keys]
        value: dict[str, Any] = {
            "keys": keys,
            "timestamp_roots": [_pem_of(c) for c in self.timestamp_roots],
            "certificate_roots": [_pem_of(c) for c in self.certificate_roots],
            "logs": [log.vkey for log in self.logs],
            "witnesses": [witness.vkey for witness in self.witnesses],
        }
        return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _joined(ours: tuple[T, ...], theirs: tuple[T, ...]) -> tuple[T, ...]:
    return (*ours, *(item for item in theirs if item not in ours))


def _key_fields(key: TrustedKey) -> dict[str, str]:
    fields = {"fingerprint": key.fingerprint, "name": key.name}
    return fields | ({"revoked": key.revoked.isoformat()} if key.revoked else {})


def _key(item: dict[str, Any]) -> TrustedKey:
    mark = str(item["fingerprint"]).lower()
    if not re.fullmatch(r"sha256:[0-9a-f]{64}", mark):
        raise BadKey(f"a key is named by 'sha256:' and 64 hex digits, not {mark[:80]!r}")
    if unknown := set(item) - {"fingerprint", "name", "revoked"}:
        raise BadKey(f"a key has a field that means nothing here: {sorted(unknown)[0]!r}")
    revoked = item.get("revoked")
    return TrustedKey(mark, str(item.get("name", "")), _moment(revoked) if revoked else None)


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _roots(items: list[str]) -> tuple[x509.Certificate, ...]:
    return tuple(certificate for item in items for certificate in chain_of(item))


def _pem_of(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def _pem_fingerprint(block: str) -> str:
    with native(BadKey, "a public key cannot be read"):
        key = serialization.load_pem_public_key(block.encode())
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise BadKey("a trusted key is not an ECDSA key")
    return fingerprint(key)
