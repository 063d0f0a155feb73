"""Written so that nobody clicks it: hxxp://, shop[.]example, shop (dot) example. `refang` undoes it."""

from __future__ import annotations

import re

#: A dot, plain or written around; RE2 and Python both take it.
DOT = r"(?:\.|\[\.\]|\(\.\)|\{\.\}|\[\.|\.\]|\\\.| ?[\[({](?i:dot)[\])}] ?)"
SCHEME = r"(?i:h(?:tt|xx|XX|\*\*|__)ps?|s?ftps?|fxps?)"
COLON = r"(?:://|\[:\]//|\[://\]|\[:/\]/|:\[//\]|:\\\\|__)"
_DOT = re.compile(r"\[\.\]|\(\.\)|\{\.\}|\[\.|\.\]|\\\.| ?[\[({]dot[\])}] ?", re.I)


def refang(text: str) -> str:
    """With plain dots."""
    return _DOT.sub(".", text) if any(sign in text for sign in "[({\\]") else text
