"""Names on services that have no checksum: behind the service's word ("Wickr: name"), its links, or "@name on Telegram".

A word alone is no name: without "@" it needs a colon before it, and a digit, an underscore or the line's end with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bowstreet.reading.identifiers.kind import Kind, Lead, NotOne, Part, words

_ABOUT = r"(?:[ ](?:messenger|app|ids|id|user ?name|user|name|handle|contact|account|acc|nick(?:name)?|channel|group|chat|support|me|us|pro|adres+|address))"
_TO = r"[ \t]{0,2}(?:[:=\-|~>.\x01\xff][:=\-|~>. \x01\xff]{0,30}|is\b|at\b)?[ \t\n]{0,3}(?:@[ ])?[(\[\"'*`]{0,2}"
_SAYS = re.compile(rb"(?:[:=>|~@]|[.\x01\xff]{2})[ \t\n(\[\"'*`.\x01\xff]{0,12}\Z")
_DASH = re.compile(rb"(?:-|\x01|\bis|\bid|name|handle|account|nick)[ \t\n(\[\"'*`]{0,6}\Z", re.I)
_ENDS = re.compile(rb"[\"')\]*`]{0,2}(?:[ \t]*(?:[\n\r,;|/<&(]|\Z|- )|\.(?:\s|\Z))")
#: "@name on Telegram": one pass for every service
_BEHIND = r"(?i)@[a-z0-9][\w.-]{2,31}[ ]{1,2}(?:\(|(?:on|via|in)[ ])[ ]?(?:the[ ])?[a-z]{2,12}\b"
NOT_NAMES = words(
    """
    share joinchat addstickers proxy socks setlanguage login channel group telegram whatsapp wickr
    signal session threema discord instagram snapchat tiktok jabber username user name handle
    contact me us only available soon none yes no not ask here below above link please text message
    add email mail phone number and for the with our your their you can will are now new also get
    got use using via help support page chat bot online offline free order orders ordering info http
    https www com id ids account accounts market vendor seller shop store true false null undefined
    enter your_username pgp key preferred accepted only- same messenger secure encrypted install
    download share-url invite add-friend
    """
)


def _named(folded: bytes, start: int, end: int) -> bool:
    if folded[start : start + 1] == b"@":
        return True
    before, word = folded[max(0, start - 16) : start], folded[start:end]
    odd = any(c in b"0123456789_" for c in word)
    if _SAYS.search(before):
        return odd or _ENDS.match(folded, end) is not None
    return odd and (_DASH.search(before) is not None or folded[start - 1 : start] == b" ")


def decider(start: str = "a-z") -> Callable[[str], str]:
    """Gives the name in lower case, without its sign; NotOne for words that stand in a name's place."""

    def name(text: str) -> str:
        bare = text.lstrip("@").lower()
        if bare in NOT_NAMES or not re.match(f"[{start}]", bare) or bare.endswith(("_", "-", ".")):
            raise NotOne
        return bare

    return name


def service(
    name: str, words: tuple[str, ...], handle: str, *, start: str = "a-z", capitals: bool = False
) -> tuple[Kind, ...]:
    """The kinds for names behind a service's word, and before it. `handle` is a counted pattern of what a name may be."""
    decide = decider(start)

    def reversed_(text: str) -> Part:
        word = text.rpartition(" ")[2]
        if word.strip("( ").lower() not in words or not (
            found := re.match(rf"@(?:{handle})(?=[ ])", text, re.I)
        ):
            raise NotOne
        return Part(decide(found[0]), 0, found.end())

    then = rf"{_ABOUT}{{0,2}}{_TO}(@?{handle})(?![\w@-])"
    return Kind(name, Lead(words, then), decide, _named), Kind(name, _BEHIND, reversed_)


def link(
    name: str, hosts: tuple[str, ...], then: str, decide: Callable[[str], str | Part | None] | None = None
) -> Kind:
    """The kind for names in a service's links: `then` stands behind the host, its group 1 is the name."""
    return Kind(name, Lead(hosts, then), decide or decider("a-z0-9"))
