"""Names on services that have no checksum: behind the service's word ("Wickr: name"), its links, or "@name on Telegram".

A word alone is no name: without "@" it needs a colon before it, and a digit, an underscore or the line's end with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bowstreet.reading.identifiers.kind import Kind, Lead, NotOne, Part, words

_ABOUT = r"(?:[ ](?:messenger|app|ids|id|user ?name|user|name|handle|contact|account|acc|nick(?:name)?|channel|group|chat|bot|support|me|us|pro|adres+|address))"
_TO = r"[ \t]{0,2}(?:[:=\-|~>.\x01\xff][:=\-|~>. \x01\xff]{0,30}|is\b|at\b)?[ \t\n]{0,3}(?:@[ ])?[(\[\"'*`]{0,2}"
_SAYS = re.compile(rb"(?:[:=>|~@]|[.\x01\xff]{2})[ \t\n(\[\"'*`.\x01\xff]{0,12}\Z")
_DASH = re.compile(rb"(?:-|\x01|\bis|\bid|name|handle|account|nick)[ \t\n(\[\"'*`]{0,6}\Z", re.I)
_ENDS = re.compile(rb"[\"')\]*`]{0,2}(?:[ \t]*(?:[\n\r,;|/<&]|\Z|- )|[ \t]+\(|\.(?:\s|\Z))")
#: a name behind a dash is one where it is alone to the end of the line, and no word with a capital
_AFTER_DASH = re.compile(rb"(?:-|\x01)[ \t]{0,3}\Z")
_LINE_ENDS = re.compile(rb"[\"')\]]?[ \t]*(?:[\n\r]|\Z)")
#: "@name on Telegram", "@name (Telegram)", "@name - Telegram": one pass for every service
_BEHIND = r"(?i)@[a-z0-9][\w.-]{2,31}[ ]{1,2}(?:\(|-[ ]|(?:on|via|in)[ ])?[ ]?(?:the[ ])?[a-z]{2,12}\b"
_ON = re.compile(rb"[ ](?:\(|(?:on|via|in)[ ])", re.I)
_CLOSES = re.compile(rb"[ \t]*(?:[\n\r,.;)]|\Z)")
_SERVICES = r"(?:wickr(?:[ ]?me)?|telegram|tele|tg|signal|whatsapp|threema|session|snap(?:chat)?|insta(?:gram)?|ig|discord|jabber)"
_NO_MAIL = r"(?!@[\w-]{1,63}\.[a-z])"  # "tg@mail.example" is an address
_ALSO = rf"(?:[ ]{{0,2}}(?:/|&|\+|,|\band\b|\bor\b)[ ]{{0,2}}{_SERVICES}\b){{0,3}}"
_ANOTHER = re.compile(rf"{_SERVICES}\W{{0,4}}(?:is[ ])?\Z".encode(), re.I)
NOT_NAMES = words(
    """
    share joinchat addstickers proxy socks setlanguage login channel group telegram whatsapp wickr
    signal session threema discord instagram snapchat tiktok jabber username user name handle
    contact me us only available soon none yes no not ask here below above link please text message
    add email mail phone number and for the with our your their you can will are now new also get
    got use using via help support page chat bot online offline free order orders ordering info http
    https www com id ids account accounts market vendor seller shop store true false null undefined
    enter your_username pgp key preferred accepted only- same messenger secure encrypted install
    download share-url invite add-friend preferred available secure instant response reply replies
    fast quick discount discounts updates update news official private public customer customers
    service communication encrypted privacy anonymous anonymously details list menu prices pricing
    price pricelist catalogue catalog proof proofs pics photos reviews working active verified scam
    scammer fake required optional disabled removed closed banned down coming always anytime
    everyday daily weekly hours day days week welcome wanted needed inquiry inquiries enquiries
    questions question bulk wholesale sales deals trusted legit real best good great safe free
    """
)


def _named(folded: bytes, start: int, end: int) -> bool:
    if folded[start : start + 1] == b"@":
        return True
    before, word = folded[max(0, start - 16) : start], folded[start:end]
    odd = any(c in b"0123456789_" for c in word)
    if (
        _AFTER_DASH.search(before)
        and len(word) > 4
        and not word[:1].isupper()
        and _LINE_ENDS.match(folded, end)
    ):
        return True
    if _SAYS.search(before):
        return odd or _ENDS.match(folded, end) is not None
    return odd and (_DASH.search(before) is not None or folded[start - 1 : start] in (b" ", b"(", b"["))


def _before(folded: bytes, start: int, end: int) -> bool:
    """Is the name this service's, not that of one whose word stands before it, and the word not the next name's?"""
    if _ON.search(folded, start, end):
        return True
    return not _ANOTHER.search(folded[max(0, start - 24) : start]) and _CLOSES.match(folded, end) is not None


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
        if word.lstrip("(-").lower() not in words or not (
            found := re.match(rf"@(?:{handle})(?=[ ])", text, re.I)
        ):
            raise NotOne
        return Part(decide(found[0]), 0, found.end())

    then = rf"{_NO_MAIL}{_ALSO}{_ABOUT}{{0,2}}{_TO}(@?{handle})(?![\w@-])"
    return Kind(name, Lead(words, then), decide, _named), Kind(name, _BEHIND, reversed_, _before)


def link(
    name: str, hosts: tuple[str, ...], then: str, decide: Callable[[str], str | Part | None] | None = None
) -> Kind:
    """The kind for names in a service's links: `then` stands behind the host, its group 1 is the name."""
    return Kind(name, Lead(hosts, then), decide or decider("a-z0-9"))
