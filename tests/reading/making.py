"""Identifiers made up for tests, by encoders of the tests' own: what is found was not written by what finds it."""

from __future__ import annotations

import base64
import hashlib
import zlib

from Crypto.Hash import keccak
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

BITCOIN = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
RIPPLE = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"


def stuff(size: int, seed: str = "bowstreet") -> bytes:
    """Bytes that mean nothing, always the same."""
    return hashlib.shake_256(seed.encode()).digest(size)


def base58(raw: bytes, alphabet: str = BITCOIN) -> str:
    number, letters = int.from_bytes(raw, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        letters = alphabet[rest] + letters
    return alphabet[0] * (len(raw) - len(raw.lstrip(b"\0"))) + letters


def base58check(version: bytes, payload: bytes, alphabet: str = BITCOIN) -> str:
    body = version + payload
    return base58(body + hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4], alphabet)


def monero(network: int, payload: bytes) -> str:
    body = bytes([network]) + payload
    raw = body + keccak.new(digest_bits=256, data=body).digest()[:4]
    sizes = (0, 2, 3, 5, 6, 7, 9, 10, 11)
    blocks = [raw[at : at + 8] for at in range(0, len(raw), 8)]
    return "".join(base58(block).lstrip("1").rjust(sizes[len(block)], "1") for block in blocks)


def onion(key: bytes) -> str:
    check = hashlib.sha3_256(b".onion checksum" + key + b"\x03").digest()[:2]
    return base64.b32encode(key + check + b"\x03").decode().lower() + ".onion"


def session(seed: str = "bowstreet") -> str:
    return "05" + X25519PrivateKey.from_private_bytes(stuff(32, seed)).public_key().public_bytes_raw().hex()


def tox(key: bytes = stuff(36)) -> str:
    odd = even = 0
    for at, byte in enumerate(key):
        odd, even = (odd ^ byte, even) if at % 2 else (odd, even ^ byte)
    return (key + bytes([even, odd])).hex().upper()


def i2p_encrypted(key: bytes = stuff(32)) -> str:
    check = zlib.crc32(key)
    head = bytes(byte ^ (check >> 8 * at & 255) for at, byte in enumerate((0, 11, 11)))
    return base64.b32encode(head + key).decode().lower().rstrip("=") + ".b32.i2p"


def cashaddr(payload: bytes = stuff(20)) -> str:
    letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    number = int.from_bytes(b"\0" + payload, "big") << 2
    data = [number >> 5 * at & 31 for at in reversed(range(34))]
    values = [*(ord(c) & 31 for c in "bitcoincash"), 0, *data, *[0] * 8]
    check = 1
    for value in values:
        top, check = check >> 35, (check & 0x07FFFFFFFF) << 5 ^ value
        for bit, mask in enumerate((0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)):
            check ^= mask if top >> bit & 1 else 0
    check ^= 1
    return "bitcoincash:" + "".join(
        letters[value] for value in [*data, *[check >> 5 * (7 - at) & 31 for at in range(8)]]
    )


def key_block(name: bytes = b"Quarry Bank") -> tuple[str, str]:
    """A public key of version 4 with a user ID, armoured; and its fingerprint."""
    oid = b"\x09\x2b\x06\x01\x04\x01\xda\x47\x0f\x01"
    body = b"\x04\x60\x00\x00\x01\x16" + oid + (263).to_bytes(2, "big") + b"\x40" + stuff(32)
    packets = bytes([0xC6, len(body)]) + body + bytes([0xCD, len(name)]) + name
    lines = base64.b64encode(packets).decode()
    text = "\n".join(lines[at : at + 64] for at in range(0, len(lines), 64))
    fingerprint = hashlib.sha1(b"\x99" + len(body).to_bytes(2, "big") + body).hexdigest().upper()
    return (
        f"-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: none\n\n{text}\n-----END PGP PUBLIC KEY BLOCK-----",
        fingerprint,
    )
