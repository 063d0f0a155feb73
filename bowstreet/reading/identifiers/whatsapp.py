"""WhatsApp: links (wa.me/…, api.whatsapp.com/send?phone=…) and numbers beside the word, as E.164; invitations to groups."""

from __future__ import annotations

import re

from bowstreet.reading.identifiers import phone
from bowstreet.reading.identifiers.kind import Kind, Lead, NotOne, Part


def linked(text: str) -> str:
    """The number of a link, which has its country's code and no sign."""
    return str(phone.validate("+" + "".join(c for c in text if c.isdigit())))


def said(text: str) -> str:
    """A number beside the word, national or international."""
    if text[0] not in "+0(":
        return linked(text)
    return str(phone.validate(text))


def invitation(text: str) -> str:
    """An invitation's code, which tells capitals from small letters."""
    if text.isalpha() and text.islower():
        raise NotOne
    return f"chat.whatsapp.com/{text}"


def before(text: str) -> Part:
    """A number before the word: "+44 … on WhatsApp"."""
    number = re.match(_NUMBER, text)
    if number is None:
        raise NotOne
    return Part(said(number[0]), 0, number.end())


_WORDS = (
    "whatsapp", "whats app", "whats-app", "what's app", "what\x01s app", "whatapp", "whatsap", "watsapp", "watsap", "wats app", "whtsapp",
    "wa", "wapp", "wsp",
)  # fmt: skip
_NUMBER = r"[+(]{0,2}\d(?:[ .\-/()]{0,3}\d){8,15}"
KINDS = (
    Kind("whatsapp", Lead(("wa.me",), r"/(?:message/)?(\+?\d{8,15})\b"), linked),
    Kind("whatsapp", Lead(("api.whatsapp.com", "web.whatsapp.com", "whatsapp.com"), r"/(?:send/?)?\?(?:[a-z_]{1,12}=[^&\s]{0,80}&){0,4}phone=(?:%2B)?(\+?\d{8,15})\b"), linked),
    Kind("whatsapp", Lead(("whatsapp",), r"://send/?\?phone=(?:%2B)?(\+?\d{8,15})\b"), linked),
    Kind("whatsapp", Lead(("chat.whatsapp.com",), r"/(?:invite/)?([0-9A-Za-z]{18,26})\b"), invitation),
    Kind("whatsapp", Lead(_WORDS, rf"[^0-9+(\n]{{0,24}}[ \t\n]{{0,2}}({_NUMBER})(?!\d)"), said),
    Kind("whatsapp", rf"(?i)(?:\b|[+(]){_NUMBER}[ ]?[ ,:(-]{{1,2}}(?:(?:on|via|by|is|my)[ ])?what.?s.?app\b", before),
)  # fmt: skip
