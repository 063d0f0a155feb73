"""Discord: invitations, user names beside the word, and the old form name#1234."""

from __future__ import annotations

from bowstreet.reading.identifiers.handles import link, service
from bowstreet.reading.identifiers.kind import Kind, Lead, NotOne


def numbered(text: str) -> str:
    """In lower case, with its number."""
    if text.lower().startswith(("channel#", "server#")):
        raise NotOne
    return text.lower()


KINDS = (
    Kind(
        "discord",
        Lead(("discord.gg", "discord.com", "discordapp.com"), r"/(?:invite/)([0-9A-Za-z-]{2,32})\b"),
        lambda text: f"discord.gg/{text}",
    ),
    Kind(
        "discord",
        Lead(("discord.gg",), r"/(?!invite/)([0-9A-Za-z-]{2,32})\b"),
        lambda text: f"discord.gg/{text}",
    ),
    Kind("discord", Lead(("discord",), r"[^\n#]{0,24}?[ :@]([0-9A-Za-z_.]{2,32}#\d{4})\b"), numbered),
    link("discord", ("discord.com", "discordapp.com"), r"/users/(\d{17,20})\b"),
    *service("discord", ("discord",), r"[a-z0-9_][a-z0-9_.]{1,31}", start="a-z0-9_"),
)
