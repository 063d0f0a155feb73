"""ICQ numbers beside the word."""

from __future__ import annotations

from bowstreet.reading.identifiers.kind import Kind, Lead, NotOne


def validate(text: str) -> str:
    """Five to nine digits, without what groups them."""
    digits = "".join(c for c in text if c.isdigit())
    if not 5 <= len(digits) <= 9:
        raise NotOne
    return digits


KINDS = (
    Kind(
        "icq",
        Lead(
            ("icq",),
            r"(?:[^\n0-9]{0,32}?(?:uin|number|no\.?|id|user ?name|contact|me|us|add|[:#=]))?[ \t.:=#\-|(\x01\xff]{0,12}[ \n]{0,3}(\d(?:[ -]{0,2}\d){4,8})(?![\d-])",
        ),
        validate,
    ),
    Kind("icq", Lead(("icq.com", "icq.im"), r"/(?:people/)?(\d{5,9})\b"), validate),
)
