"""Bytes to text, so that every character still knows its bytes.

decode(b"caf\\xe9", None)      →  ("café", "cp1252", 0)
"""

from __future__ import annotations

import codecs
import re

_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{2,40})", re.I)
#: Windows-1252 where Latin-1 has control characters; bytes that it leaves undefined stay as they are
_WINDOWS = {
    code: bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_FEW = 0.02  # share of broken bytes up to which text is held to be UTF-8 all the same


def decode(body: bytes, charset: str | None) -> tuple[str, str, int]:
    """The text, the encoding that gave it, and the bytes of a byte order mark left out of it.

    In order: byte order mark, UTF-8 if it is that, what was declared, UTF-8 with a few broken bytes (kept as lone
    surrogates, so that byte offsets stay exact), Windows-1252.
    """
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if body.startswith(mark):
            return body[2 : len(body) & ~1].decode(name, "surrogatepass"), name, 2
    declared = [charset or "", ((m := _META.search(body[:4096])) and m[1].decode()) or ""]
    for name in ("utf-8", *filter(None, map(_known, declared))):
        try:
            return body.decode(name), name, 0
        except UnicodeError:
            continue
    text = body.decode("utf-8", "surrogateescape")
    broken = sum(1 for character in text if "\ud800" <= character <= "\udfff")
    if broken < _FEW * len(text) and any(ord(c) > 127 and not "\ud800" <= c <= "\udfff" for c in text):
        return text, "utf-8", 0
    return body.decode("latin-1").translate(_WINDOWS), "cp1252", 0


def _known(name: str) -> str | None:
    """The codec of a declared charset that turns text back into the same bytes, or None."""
    try:
        found = codecs.lookup(name.strip()).name
    except LookupError:
        return None
    return None if found in ("iso8859-1", "ascii", "cp1252", "utf-16", "utf-7", "idna", "punycode") else found
