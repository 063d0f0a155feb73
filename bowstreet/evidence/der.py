"""Just enough DER to put a token's certificates in order.

Many authorities list the certificates of a token signer first. DER wants a SET sorted (X.690, 11.6), and the
strict parser that we use refuses it otherwise. The order is not signed and means nothing, so it can be mended.
"""

from __future__ import annotations

from collections.abc import Iterator

CONTEXT_0 = 0xA0


def sorted_certificates(response: bytes) -> bytes:
    """A TimeStampResp with `SignedData.certificates` sorted; as it was where it cannot be followed."""
    try:
        start, end = _certificates(response)
    except (ValueError, IndexError):
        return response
    items = sorted(response[a:b] for a, _, b in _items(response, start, end))
    return response[:start] + b"".join(items) + response[end:]


def _certificates(data: bytes) -> tuple[int, int]:
    """Where the contents of `certificates` begin and end: the [0] among the parts of SignedData."""
    answer = _nth(data, 0, len(data), 0)  # TimeStampResp
    content = _nth(data, *answer, 1)  # TimeStampToken, a ContentInfo
    explicit = _nth(data, *content, 1)  # [0] EXPLICIT
    signed = _nth(data, *explicit, 0)  # SignedData
    for start, body, end in _items(data, *signed):
        if data[start] == CONTEXT_0:
            return body, end
    raise ValueError("no certificates")


def _nth(data: bytes, start: int, end: int, index: int) -> tuple[int, int]:
    _, body, stop = list(_items(data, start, end))[index]
    return body, stop


def _items(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Each element between `start` and `end`: where it begins, where its contents begin, where it ends."""
    while start < end:
        length, body = data[start + 1], start + 2
        if length > 0x80:
            count = length & 0x7F
            length, body = int.from_bytes(data[body : body + count], "big"), body + count
        elif length == 0x80:
            raise ValueError("indefinite length is no DER")
        if body + length > end:
            raise ValueError("an element is longer than what holds it")
        yield start, body, body + length
        start = body + length
