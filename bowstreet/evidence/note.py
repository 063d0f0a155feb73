"""Signed notes (c2sp.org/signed-note): text that one or more Ed25519 keys sign.

example.org/log
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.org/log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeO…
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bowstreet.evidence.errors import BadKey, BadLedger

ED25519, COSIGNATURE = 1, 4
MAX_NOTE = 1 << 16
MAX_SIGNATURES = 64
_SIGNATURE = re.compile(r"— (\S+) ([A-Za-z0-9+/]+={0,2})\Z")


def b64(text: str, error: str = "this is no base64") -> bytes:
    """Base64 in its one canonical form; BadLedger otherwise."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadLedger(error) from None
    if base64.b64encode(data).decode() != text:
        raise BadLedger(error)
    return data


@dataclass(frozen=True)
class Verifier:
    """A key that notes may be signed with: a name, the kind of signature, and 32 bytes of public key."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256(name, line feed, kind, key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """The form in which such keys are handed round: `name+id+base64(kind, key)`."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    @classmethod
    def parse(cls, vkey: str) -> Verifier:
        """Read a `vkey`; BadKey says what is wrong."""
        name, _, rest = vkey.strip().partition("+")
        told, _, text = rest.partition("+")
        try:
            data = b64(text)
        except BadLedger:
            raise BadKey(f"not a log key: {vkey[:60]!r}") from None
        if not name or len(data) != 33 or data[0] not in (ED25519, COSIGNATURE):
            raise BadKey(f"not an Ed25519 log key: {vkey[:60]!r}")
        key = cls(name, data[0], data[1:])
        if key.id.hex() != told:
            raise BadKey(f"the number in the log key of {name} does not fit the key")
        return key

    def check(self, text: str, signature: bytes) -> datetime | None:
        """Verify one signature over a note's text; the time that a cosignature gives. BadLedger where it fails."""
        when, message = None, text.encode()
        if self.kind == COSIGNATURE:
            if len(signature) != 72:
                raise BadLedger(f"the cosignature of {self.name} has the wrong length")
            seconds, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
            when = _moment(seconds)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            raise BadLedger(f"the signature of {self.name} is not good") from None
        return when


@dataclass(frozen=True)
class Signer:
    """A private key that signs notes under a name."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """The public half, for a log's own signatures."""
        return Verifier(self.name, ED25519, self.private.public_key().public_bytes_raw())

    @property
    def cosigner(self) -> Verifier:
        """The public half, for a witness's time-stamped cosignatures."""
        return Verifier(self.name, COSIGNATURE, self.private.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The signature line over a note's text."""
        return _line(self.verifier, self.private.sign(text.encode()))

    def cosign(self, text: str, at: datetime) -> str:
        """A witness's signature line: as of `at`, this is the newest state it saw (c2sp.org/tlog-cosignature)."""
        seconds = int(at.timestamp())
        message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
        return _line(self.cosigner, seconds.to_bytes(8, "big") + self.private.sign(message))


@dataclass(frozen=True)
class Note:
    """A parsed note: its text with the last line feed, and the signature lines as (name, key number, rest)."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    @classmethod
    def parse(cls, note: str) -> Note:
        """Read a note strictly; BadLedger says what is wrong."""
        if len(note) > MAX_NOTE or any(ord(c) < 32 and c != "\n" for c in note):
            raise BadLedger("a note is too long, or holds control characters")
        text, blank, tail = note.rpartition("\n\n")
        lines = tail.split("\n")
        if not blank or not text or lines[-1] or len(lines) - 1 > MAX_SIGNATURES:
            raise BadLedger("a note has to be text, an empty line, and signature lines")
        return cls(text + "\n", tuple(_signature(line) for line in lines[:-1]))

    def signed_by(self, key: Verifier) -> datetime | bool | None:
        """False where `key` did not sign; else the time of its cosignature, or None. A bad signature raises."""
        for name, number, signature in self.signatures:
            if name == key.name and number == key.id:
                return key.check(self.text, signature)
        return False


def _signature(line: str) -> tuple[str, bytes, bytes]:
    match = _SIGNATURE.match(line)
    if not match or "+" in match[1]:
        raise BadLedger(f"not a signature line: {line[:60]!r}")
    data = b64(match[2], f"not a signature: {line[:60]!r}")
    if len(data) < 5:
        raise BadLedger(f"a signature is too short: {line[:60]!r}")
    return match[1], data[:4], data[4:]


def _line(key: Verifier, signature: bytes) -> str:
    return f"— {key.name} {base64.b64encode(key.id + signature).decode()}\n"


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise BadLedger("a cosignature's time is out of range") from None
