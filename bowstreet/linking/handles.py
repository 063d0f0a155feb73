"""Handles: when two names are the same but for dressing, and when they are close.

bare("The_K3strel_2")       # "kestrel"
"""

from __future__ import annotations

import re
from functools import lru_cache

_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "$": "s", "@": "a", "!": "i", "|": "l"})  # fmt: skip
_DRESSING = re.compile(
    r"^(?:the|real|mr|official|new)(?=.{4})|(?<=.{4})(?:official|real|\d+|uk|us|eu|shop|store|team)$"
)
SHORTEST = 4  # shorter handles say nothing by being close


@lru_cache(maxsize=200_000)
def plain(handle: str) -> str:
    """A handle without case and separators."""
    return re.sub(r"[\W_]+", "", handle.lower())


@lru_cache(maxsize=200_000)
def bare(handle: str) -> str:
    """A handle without case, separators, look-alike characters, and the endings that make a taken name free."""
    name = handle.lower()
    kept = re.sub(r"[^\w$@!|]+|_", "", name).rstrip("!|")
    stripped = _DRESSING.sub("", kept)
    return re.sub(r"[\W_]+", "", stripped.translate(_LEET)) or plain(handle)


def close(one: str, other: str) -> bool:
    """Are two bare handles one letter apart, or does one begin with the whole of the other?"""
    if min(len(one), len(other)) < SHORTEST or one == other:
        return False
    if len(one) == len(other):
        wrong = [n for n in range(len(one)) if one[n] != other[n]]
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1 and one[wrong[0]] == other[wrong[1]] and one[wrong[1]] == other[wrong[0]]  # fmt: skip
        return (len(wrong) == 1 and len(one) > SHORTEST) or swapped
    short, long = sorted((one, other), key=len)
    if long.startswith(short) and len(short) >= 6:
        return True
    return len(long) == len(short) + 1 and any(long[:n] + long[n + 1 :] == short for n in range(len(long)))


def near(name: str) -> set[str]:
    """Forms under which a close handle is found: itself, and itself without any one letter (SymSpell)."""
    return {name, *(name[:n] + name[n + 1 :] for n in range(len(name)))} if len(name) > SHORTEST else {name}
