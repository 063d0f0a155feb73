"""A page's own styles, as far as they are harmless: they say how it looked, fetch nothing, and cannot cover our own lines.

The policy of the inert view forbids every fetch as well; this takes out what would ask for one.
"""

from __future__ import annotations

import re

MOST = 800_000  # characters of one page's styles
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
_PARTS = re.compile(r"([;{}])")
_AT = re.compile(r"@(?:import|charset|namespace)[^;{}]*;?|@font-face\s*\{[^}]*\}", re.I)
_FETCH = re.compile(r"(?:url|src|image-set|image|cross-fade|element|expression)\s*\([^)]*\)?", re.I)
_BOUND = re.compile(r"(?:-moz-binding|behavior|content)\s*:[^;}]*", re.I)
_STUCK = re.compile(r"(position\s*:\s*)(?:fixed|sticky)", re.I)


def safe(css: str) -> str:
    """Styles without what fetches, binds, sticks to the window or could end the element they stand in."""
    css = _COMMENT.sub(" ", css[:MOST])
    # Escapes could spell anything, and `<` begins a tag.
    css = "".join(part for part in _PARTS.split(css) if "\\" not in part).replace("<", " ")
    css = _BOUND.sub("", _FETCH.sub("none", _AT.sub(" ", css)))
    return _STUCK.sub(r"\1static", css)


def safe_inline(style: str) -> str:
    """The same for one element's own style."""
    return safe(style).replace("{", "").replace("}", "").replace("@", "")[:2000]
