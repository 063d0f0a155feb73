"""What kind of answer a page was, so that a blocked one is kept, labelled and handed to a person.

Nothing is bypassed: a label only says what the page looks like.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Label(StrEnum):
    """What came back."""

    OK = "ok"
    CHALLENGE = "challenge"
    LOGIN = "login"
    FORBIDDEN = "forbidden"
    GONE = "gone"
    BUSY = "busy"
    FAULT = "fault"

    @property
    def blocked(self) -> bool:
        """Does a person have to look at it?"""
        return self in (Label.CHALLENGE, Label.LOGIN, Label.FORBIDDEN, Label.BUSY)


_CHALLENGE = re.compile(
    r"captcha|are you (?:a )?human|not a robot|checking your browser|ddos protection|prove you are|verify you are",
    re.I,
)
_LOGIN = re.compile(r"\b(?:log ?in|sign ?in|members only|please register)\b", re.I)


def label(status: int, *, title: str, text: str, password_field: bool) -> Label:
    """Label a page by its status and by what it says. `text` is what a reader sees."""
    said = f"{title}\n{text[:3000]}"
    short = len(text) < 1500
    if _CHALLENGE.search(said) and short:
        return Label.CHALLENGE
    if status == 401 or (password_field and short and _LOGIN.search(said)):
        return Label.LOGIN
    if status in (404, 410):
        return Label.GONE
    if status in (429, 503):
        return Label.BUSY
    if status == 403:
        return Label.FORBIDDEN
    return Label.FAULT if status >= 400 else Label.OK
