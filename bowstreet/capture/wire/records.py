"""TLS record protection, seen from outside: keys that open records (RFC 8446 section 5, RFC 5246 section 6)."""

from __future__ import annotations

import hashlib
import hmac
import struct
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

TLS13 = 0x0304


@dataclass(frozen=True)
class Suite:
    """A cipher suite: its IANA name, how records are protected, its hash and its key length in bytes."""

    name: str
    kind: str  # gcm | chacha | cbc
    hash: str
    key: int


SUITES = {
    0x1301: Suite("TLS_AES_128_GCM_SHA256", "gcm", "sha256", 16),
    0x1302: Suite("TLS_AES_256_GCM_SHA384", "gcm", "sha384", 32),
    0x1303: Suite("TLS_CHACHA20_POLY1305_SHA256", "chacha", "sha256", 32),
    0xC02B: Suite("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "gcm", "sha256", 16),
    0xC02F: Suite("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "gcm", "sha256", 16),
    0x009C: Suite("TLS_RSA_WITH_AES_128_GCM_SHA256", "gcm", "sha256", 16),
    0xC02C: Suite("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "gcm", "sha384", 32),
    0xC030: Suite("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "gcm", "sha384", 32),
    0x009D: Suite("TLS_RSA_WITH_AES_256_GCM_SHA384", "gcm", "sha384", 32),
    0xCCA8: Suite("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "chacha", "sha256", 32),
    0xCCA9: Suite("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "chacha", "sha256", 32),
    0xC009: Suite("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "cbc", "sha256", 16),
    0xC013: Suite("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "cbc", "sha256", 16),
    0x002F: Suite("TLS_RSA_WITH_AES_128_CBC_SHA", "cbc", "sha256", 16),
    0xC00A: Suite("TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "cbc", "sha256", 32),
    0xC014: Suite("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "cbc", "sha256", 32),
    0x0035: Suite("TLS_RSA_WITH_AES_256_CBC_SHA", "cbc", "sha256", 32),
}


class Key(Protocol):
    """Opens one direction's records in their order. Raises cryptography's InvalidTag."""

    def open(self, head: bytes, body: bytes) -> tuple[int, bytes]:
        """Content type and plaintext of one record."""
        ...


def expand(secret: bytes, label: bytes, context: bytes, length: int, hash_name: str) -> bytes:
    """HKDF-Expand-Label (RFC 8446 section 7.1)."""
    label = b"tls13 " + label
    info = struct.pack(">HB", length, len(label)) + label + bytes([len(context)]) + context
    out = block = b""
    counter = 1
    while len(out) < length:
        block = hmac.digest(secret, block + info + bytes([counter]), hash_name)
        out += block
        counter += 1
    return out[:length]


def prf(secret: bytes, label: bytes, seed: bytes, length: int, hash_name: str) -> bytes:
    """The pseudo-random function of TLS 1.2 (RFC 5246 section 5)."""
    seed = label + seed
    a, out = seed, b""
    while len(out) < length:
        a = hmac.digest(secret, a, hash_name)
        out += hmac.digest(secret, a + seed, hash_name)
    return out[:length]


class Key13:
    """One direction's traffic key of TLS 1.3."""

    def __init__(self, secret: bytes, suite: Suite) -> None:
        self._secret, self._suite, self._sequence = secret, suite, 0
        key = expand(secret, b"key", b"", suite.key, suite.hash)
        self._aead = AESGCM(key) if suite.kind == "gcm" else ChaCha20Poly1305(key)
        self._iv = int.from_bytes(expand(secret, b"iv", b"", 12, suite.hash), "big")

    def open(self, head: bytes, body: bytes) -> tuple[int, bytes]:
        plain = self._aead.decrypt((self._iv ^ self._sequence).to_bytes(12, "big"), body, head)
        self._sequence += 1
        if plain[-1] == 0:  # padding follows the content type (section 5.4)
            plain = plain.rstrip(b"\0")
        return plain[-1], plain[:-1]

    def updated(self) -> Key13:
        """The key after a KeyUpdate (section 7.2)."""
        size = hashlib.new(self._suite.hash).digest_size
        return Key13(expand(self._secret, b"traffic upd", b"", size, self._suite.hash), self._suite)


class Key12:
    """One direction's key of TLS 1.2 with an authenticated cipher (RFC 5288, RFC 7905)."""

    def __init__(self, suite: Suite, key: bytes, iv: bytes) -> None:
        self._gcm, self._iv, self._sequence = suite.kind == "gcm", iv, 0
        self._aead = AESGCM(key) if self._gcm else ChaCha20Poly1305(key)

    def open(self, head: bytes, body: bytes) -> tuple[int, bytes]:
        associated = self._sequence.to_bytes(8, "big") + head[:3]
        if self._gcm:
            nonce, sealed, extra = self._iv + body[:8], body[8:], 24
        else:
            nonce = (int.from_bytes(self._iv, "big") ^ self._sequence).to_bytes(12, "big")
            sealed, extra = body, 16
        plain = self._aead.decrypt(nonce, sealed, associated + max(0, len(body) - extra).to_bytes(2, "big"))
        self._sequence += 1
        return head[0], plain


class KeyCBC:
    """One direction's key of TLS 1.2 with AES-CBC and HMAC-SHA1, which browsers still offer."""

    def __init__(self, key: bytes, mac: bytes) -> None:
        self._key, self._mac, self._sequence = key, mac, 0

    def open(self, head: bytes, body: bytes) -> tuple[int, bytes]:
        if len(body) < 48 or len(body) % 16:
            raise InvalidTag
        decryptor = Cipher(algorithms.AES(self._key), modes.CBC(body[:16])).decryptor()
        plain = decryptor.update(body[16:]) + decryptor.finalize()
        plain = plain[: -plain[-1] - 1]
        plain, mac = plain[:-20], plain[-20:]
        covered = self._sequence.to_bytes(8, "big") + head[:3] + len(plain).to_bytes(2, "big") + plain
        if not hmac.compare_digest(mac, hmac.digest(self._mac, covered, "sha1")):
            raise InvalidTag
        self._sequence += 1
        return head[0], plain


def keys12(suite: Suite, block: bytes, side: int) -> Key:
    """Cut one direction's key out of the key block (RFC 5246 section 6.3). `side` 0 is the client."""
    mac, iv = {"gcm": (0, 4), "chacha": (0, 12), "cbc": (20, 0)}[suite.kind]
    key = block[2 * mac + side * suite.key :][: suite.key]
    if suite.kind == "cbc":
        return KeyCBC(key, block[side * mac :][:mac])
    return Key12(suite, key, block[2 * (mac + suite.key) + side * iv :][:iv])


def block12(suite: Suite) -> int:
    """How many bytes of key block a suite of TLS 1.2 takes."""
    mac, iv = {"gcm": (0, 4), "chacha": (0, 12), "cbc": (20, 0)}[suite.kind]
    return 2 * (mac + suite.key + iv)
