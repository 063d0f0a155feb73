"""Bech32 and Bech32m: addresses of witness programs, and any other text with that checksum (BIP-173, BIP-350)."""

from __future__ import annotations

_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
BECH32, BECH32M = 1, 0x2BC830A3


def valid(address: str, prefix: str) -> bool:
    """Is it a witness program for this human-readable part, with the checksum its version asks for?"""
    human, values = _parts(address)
    if human != prefix or not 6 < len(values) <= 90:
        return False
    version, program = values[0], eight_bits(values[1:-6])
    if program is None or version > 16 or not 2 <= len(program) <= 40:
        return False
    if version == 0:
        return _check(human, values) == BECH32 and len(program) in (20, 32)
    return _check(human, values) == BECH32M


def checked(text: str, checksums: tuple[int, ...], limit: int = 1000) -> bool:
    """Has it one of these checksums, whatever it holds?"""
    human, values = _parts(text)
    return bool(human) and 6 < len(values) <= limit and _check(human, values) in checksums


def _parts(text: str) -> tuple[str, list[int]]:
    """The human-readable part and the values behind it; none where a letter is wrong, or cases are mixed."""
    human, _, data = text.lower().rpartition("1")
    if text not in (text.lower(), text.upper()) or any(letter not in _LETTERS for letter in data):
        return "", []
    return human, [_LETTERS.index(letter) for letter in data]


def _check(human: str, values: list[int]) -> int:
    return _polymod([*(ord(c) >> 5 for c in human), 0, *(ord(c) & 31 for c in human), *values])


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit in range(5):
            check ^= _GENERATOR[bit] if top >> bit & 1 else 0
    return check


def eight_bits(values: list[int]) -> bytes | None:
    """Groups of five bits as bytes; None where the padding is not as the standard has it."""
    number = bits = 0
    out = bytearray()
    for value in values:
        number, bits = (number << 5 | value) & 0xFFF, bits + 5
        if bits >= 8:
            bits -= 8
            out.append(number >> bits & 255)
    return None if bits >= 5 or number & ((1 << bits) - 1) else bytes(out)
