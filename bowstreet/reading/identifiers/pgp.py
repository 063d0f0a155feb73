"""PGP fingerprints: quoted in prose, or worked out from a public key block (RFC 9580 section 5.5.4)."""

from __future__ import annotations

import base64
import binascii
import hashlib

from bowstreet.reading.identifiers.kind import Kind, NotOne


def quoted(text: str) -> str | None:
    """The forty digits, in capitals, without spaces."""
    digits = "".join(c for c in text if c not in " :\t\xa0").upper()
    if len(digits) != 40 or len(set(digits)) < 8:
        raise NotOne
    return digits


def of_block(text: str) -> str | None:
    """The fingerprint of a block's primary key; None where the block is cut short or broken."""
    try:
        return _fingerprint(_packets(text))
    except (ValueError, IndexError, binascii.Error):
        return None


def _packets(block: str) -> bytes:
    lines = [line.strip() for line in block.replace("\r", "").split("\n")[1:-1]]
    if "" in lines:  # armour headers end at a blank line
        lines = lines[lines.index("") + 1 :]
    data = [line for line in lines if line and not line.startswith("=") and ":" not in line]
    return base64.b64decode("".join(data), validate=True)


def _fingerprint(packets: bytes) -> str:
    head = packets[0]
    if not head & 0x80:
        raise ValueError("no packet")
    if head & 0x40:
        tag, size, at = head & 63, *_new_length(packets)
    else:
        width = 1 << (head & 3)
        tag, size, at = head >> 2 & 15, int.from_bytes(packets[1 : 1 + width], "big"), 1 + width
    body = packets[at : at + size]
    if tag != 6 or len(body) != size:
        raise ValueError("no whole public key")
    if body[0] == 4:
        return (
            hashlib.sha1(b"\x99" + len(body).to_bytes(2, "big") + body, usedforsecurity=False)
            .hexdigest()
            .upper()
        )
    if body[0] == 6:
        return hashlib.sha256(b"\x9b" + len(body).to_bytes(4, "big") + body).hexdigest().upper()
    raise ValueError("an old key")


def _new_length(packets: bytes) -> tuple[int, int]:
    first = packets[1]
    if first < 192:
        return first, 2
    if first < 224:
        return ((first - 192) << 8) + packets[2] + 192, 3
    return int.from_bytes(packets[2:6], "big"), 6


FINGERPRINT = Kind("pgp", r"\b((?:[0-9A-Fa-f]{4}[ :\x{a0}]{0,2}){9}[0-9A-Fa-f]{4})\b", quoted)
BLOCK = Kind(
    "pgp",
    r"(-----BEGIN PGP PUBLIC KEY BLOCK-----[A-Za-z0-9+/=:.,()@<>\s_-]+?-----END PGP PUBLIC KEY BLOCK-----)",
    of_block,
)
