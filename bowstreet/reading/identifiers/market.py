"""Handles claimed on other markets: "AlphaBay: quarrybank", "known as QuarryBank on Dream". The value is market/handle."""

from __future__ import annotations

import re

from bowstreet.reading.identifiers.handles import NOT_NAMES
from bowstreet.reading.identifiers.kind import Kind, Lead, NotOne, Part, words

#: as written in small letters → the name it goes by. Public knowledge from the press and the literature.
MARKETS = {
    "silk road": "silk road", "silkroad": "silk road", "silk road 2": "silk road", "sr2": "silk road", "agora": "agora",
    "evolution": "evolution", "evo": "evolution", "alphabay": "alphabay", "alpha bay": "alphabay", "dream market": "dream",
    "dreammarket": "dream", "dream": "dream", "hansa": "hansa", "wall street": "wall street", "wallstreet": "wall street",
    "wsm": "wall street", "empire": "empire", "white house": "white house", "whitehouse": "white house", "whm": "white house",
    "darkmarket": "darkmarket", "valhalla": "valhalla", "nucleus": "nucleus", "abraxas": "abraxas", "oasis": "oasis",
    "middle earth": "middle earth", "black bank": "black bank", "blackbank": "black bank", "traderoute": "trade route",
    "trade route": "trade route", "apollon": "apollon", "berlusconi": "berlusconi", "cryptonia": "cryptonia", "cypher": "cypher",
    "versus": "versus", "monopoly": "monopoly", "torrez": "torrez", "dark0de": "dark0de", "archetyp": "archetyp",
    "incognito": "incognito", "bohemia": "bohemia", "asap market": "asap", "tor2door": "tor2door", "kingdom market": "kingdom",
    "nemesis": "nemesis", "abacus": "abacus", "samsara": "samsara", "tochka": "tochka", "cannazon": "cannazon",
    "cannahome": "cannahome", "black market reloaded": "black market reloaded", "bmr": "black market reloaded",
    "drughub": "drughub", "dread": "dread", "outlaw market": "outlaw", "rsclub": "rsclub", "zion": "zion", "icarus": "icarus",
    "deepsea": "deepsea", "televend": "televend", "vice city": "vice city", "mgm grand": "mgm grand", "asean": "asean",
}  # fmt: skip
_HANDLE = r"[A-Za-z0-9][A-Za-z0-9_.-]{2,24}"
_MORE = words(
    """
    since vendor sales deals account market feedback stats top best trusted old former on in from
    closed down
    """
)
_NAMES = "|".join(re.escape(name) for name in sorted(MARKETS, key=lambda name: (-len(name), name)))
_CLAIM = re.compile(rf"(?i)[\"'*`“]?({_HANDLE})[\"'*`”]?[ ](?:on|at|in|from)[ ](?:the[ ])?({_NAMES})\b")


def _named(market: str) -> str:
    return MARKETS[" ".join(market.lower().split())]


def claimed(text: str) -> Part:
    """Handle on market."""
    found = _CLAIM.search(text)
    if not found or found[1].lower() in NOT_NAMES | _MORE or found[1].isdigit():
        raise NotOne
    return Part(f"{_named(found[2])}/{found[1].lower()}", found.start(1), found.end(1))


def _led(market: str) -> Kind:
    def decide(text: str) -> str:
        if text.lower() in NOT_NAMES | _MORE or text.isdigit() or re.match(r"\d[\d.,]*[%k+]?\Z", text):
            raise NotOne
        return f"{MARKETS[market]}/{text.lower()}"

    then = rf"(?:[ ]market)?(?:place)?(?:[ ](?:user ?name|name|handle|nick|profile|account|vendor))?[ ]?[:=][ ]{{0,2}}@?({_HANDLE})(?=[ \t]*(?:[\n\r,;|(\[/<]|\Z|- |\.(?:\s|\Z)))"
    return Kind("market_handle", Lead((market,), then), decide)


KINDS = (
    Kind(
        "market_handle",
        rf"(?i)\b(?:known as|named|called|i am|i'm|we are|we're|find (?:me|us) as|user ?name|handle|nick(?:name)?|vendor|seller|profile|name|as)\b[:,]?[ ]{{1,2}}(?:is[ ])?[\"'*`\x01]?{_HANDLE}[\"'*`\x01]?[ ](?:on|at|in|from)[ ](?:the[ ])?(?:{_NAMES})\b",
        claimed,
    ),
    *(_led(market) for market in MARKETS),
)  # fmt: skip
