"""A text as one byte a character, so that patterns run at full speed and their spans are the text's own.

    fold("anna＠post.example")        →  b"anna@post.example"

Characters that stand for an ASCII one (full-width, mathematical, dashes, spaces of all widths) become it; other letters
become LETTER, those that nobody sees UNSEEN, and all else OTHER. Length never changes.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

LETTER, OTHER, UNSEEN = "\xff", "\x01", "\x02"
#: characters that nobody sees, with which an identifier may be broken up: soft hyphens, joiners, marks of direction
RUNS_UNSEEN = re.compile(
    r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+"
)
_DASHES = dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
_DOTS = dict.fromkeys("。｡․．﹒", ".")


class _Fold(dict[int, str]):
    """Code point → its byte, worked out once."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        plain = unicodedata.normalize("NFKC", letter)
        if RUNS_UNSEEN.match(letter):
            folded = UNSEEN
        elif letter in _DASHES or letter in _DOTS:
            folded = _DASHES.get(letter) or _DOTS[letter]
        elif len(plain) == 1 and plain.isascii():
            folded = plain
        elif letter.isspace():
            folded = " "
        elif letter.isdecimal():
            folded = str(unicodedata.decimal(letter))
        else:
            folded = LETTER if letter.isalpha() or unicodedata.category(letter)[0] == "M" else OTHER
        self[code] = folded
        return folded


_FOLD = _Fold()


def _replaced(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    run = error.object[error.start : error.end]
    return run.translate(_FOLD).encode("latin-1"), error.end


codecs.register_error("bowstreet.fold", _replaced)


def fold(text: str) -> bytes:
    """One byte for each character."""
    return text.encode("ascii", "bowstreet.fold")
