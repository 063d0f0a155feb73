"""Bitcoin addresses of the main network: P2PKH and P2SH by Base58Check, witness programs by Bech32(m)."""

from __future__ import annotations

from bowstreet.reading.identifiers import base58, segwit
from bowstreet.reading.identifiers.kind import Kind, NotOne


def validate(text: str) -> str | None:
    """The address; a witness address in lower case."""
    if text[:3].lower() == "bc1":
        return text.lower() if segwit.valid(text, "bc") else None
    body = base58.payload(text)
    if body is not None and len(body) == 21 and body[0] in (0, 5):
        return text
    # Without its checksum a run of letters and digits is a guess: say so only where it has both cases and digits.
    if not (
        any(c.isupper() for c in text)
        and any(c.islower() for c in text)
        and any(c.isdigit() for c in text[1:])
    ):
        raise NotOne
    return None


KIND = Kind("bitcoin", r"\b((?:bc1|BC1)[a-zA-Z0-9]{11,87}|[13][1-9A-HJ-NP-Za-km-z]{25,34})\b", validate)
