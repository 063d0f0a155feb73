"""OpenPGP public keys: armour and packets, as far as a fingerprint needs (RFC 9580 sections 4.2, 5.5, 6; RFC 4880; RFC 1991).

    fingerprint("-----BEGIN PGP PUBLIC KEY BLOCK-----…")     →  "8D9989FB9403F5E9A0336BBAC82F7F15C4C335C4"

The CRC24 of the armour is not a reason to refuse a block: RFC 9580 section 6.1 says it must not be.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator

PUBLIC_KEY, SUBKEY = 6, 14
_BEGIN, _END = "-----BEGIN PGP PUBLIC KEY BLOCK-----", "-----END PGP PUBLIC KEY BLOCK-----"
_BODY = re.compile(r"(?:\A|[\s])((?:m[A-Z]|x[a-z])[0-9A-Za-z+/\s]+={0,2})\s*(?:\s=\S{1,8}\s*)?\Z")


class Broken(ValueError):
    """No whole public key."""


def dearmoured(block: str) -> bytes:
    """The packets of an armoured block, also one whose lines were run together."""
    text = block.replace("\r", "").strip()
    if not (text.startswith(_BEGIN) and text.endswith(_END)):
        raise Broken("the block is cut short")
    text = re.sub(r"(?m)^[ \t>]+|[ \t]+$", "", text[len(_BEGIN) : -len(_END)]).strip()
    headers, blank, body = text.partition("\n\n")
    if blank and all(re.match(r"[!-9;-~]+:", line) for line in headers.split("\n")):
        text = body
    elif blank and not re.fullmatch(r"[0-9A-Za-z+/=\s]+", text):
        raise Broken("an armour header is malformed")
    lines = [line for line in text.split("\n") if not re.match(r"[A-Z][A-Za-z-]{2,20}: ", line)]
    found = _BODY.search("\n".join(lines).strip()) or _BODY.search(text)
    if found is None:
        raise Broken("no key material")
    try:
        return base64.b64decode("".join(found[1].split()), validate=True)
    except binascii.Error as error:
        raise Broken(f"bad base64: {error}") from None


def packets(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and body of each; Broken where one is cut short."""
    at = 0
    while at < len(data):
        tag, size, at = _header(data, at)
        body = data[at : at + size]
        if len(body) != size:
            raise Broken("a packet is cut short")
        yield tag, body
        at += size


def _header(data: bytes, at: int) -> tuple[int, int, int]:
    try:
        head, first = data[at], data[at + 1]
        if not head & 0x80:
            raise Broken("no packet")
        if not head & 0x40:
            width = 1 << (head & 3)
            if width == 8:
                return head >> 2 & 15, len(data) - at - 1, at + 1
            return head >> 2 & 15, int.from_bytes(data[at + 1 : at + 1 + width], "big"), at + 1 + width
        if first < 192:
            return head & 63, first, at + 2
        if first < 224:
            return head & 63, (first - 192 << 8) + data[at + 2] + 192, at + 3
        if first == 255:
            return head & 63, int.from_bytes(data[at + 2 : at + 6], "big"), at + 6
    except IndexError:
        raise Broken("a packet is cut short") from None
    raise Broken("a key has no partial lengths")


def fingerprint(block: str) -> str:
    """Of the primary key of an armoured block, in capitals. Broken where the block holds no whole key."""
    return of_packets(dearmoured(block))


def of_packets(data: bytes) -> str:
    """Of the primary key, which comes first; every packet behind it must be whole."""
    found = list(packets(data))
    if not found or found[0][0] != PUBLIC_KEY:
        raise Broken("no public key")
    return of_key(found[0][1])


def of_key(body: bytes) -> str:
    """Versions 2 and 3 (MD5), 4 (SHA-1), 5 (draft-koch) and 6 (SHA-256)."""
    if len(body) < 8:
        raise Broken("no whole public key")
    version, size = body[0], len(body)
    if version == 4:
        _numbers(body, 6, body[5])
        return (
            hashlib.sha1(b"\x99" + size.to_bytes(2, "big") + body, usedforsecurity=False).hexdigest().upper()
        )
    if version in (2, 3):
        numbers = _numbers(body, 8, body[7])
        return hashlib.md5(b"".join(numbers), usedforsecurity=False).hexdigest().upper()
    if version in (5, 6):
        if int.from_bytes(body[6:10], "big") != size - 10:
            raise Broken("no whole public key")
        head = b"\x9a" if version == 5 else b"\x9b"
        return hashlib.sha256(head + size.to_bytes(4, "big") + body).hexdigest().upper()
    raise Broken("a key of an unknown version")


#: public-key algorithm → how many numbers its key has, after an object identifier where the sign is minus
_SHAPE = {1: 2, 2: 2, 3: 2, 16: 3, 17: 4, 20: 3, 18: -1, 19: -1, 22: -1, 99: -1}


def _numbers(body: bytes, at: int, algorithm: int) -> list[bytes]:
    """The key's multiprecision integers, which must fill it; none are read of algorithms that have none."""
    count = _SHAPE.get(algorithm)
    if count is None:
        if algorithm in (25, 26, 27, 28):
            return []
        raise Broken("a key of an unknown algorithm")
    if count < 0:
        at += 1 + (body[at] if at < len(body) else 0)
    found = []
    for _ in range(abs(count)):
        size = (int.from_bytes(body[at : at + 2], "big") + 7) // 8
        number = body[at + 2 : at + 2 + size]
        if len(number) != size or len(body) < at + 2:
            raise Broken("no whole public key")
        found.append(number)
        at += 2 + size
    return found
