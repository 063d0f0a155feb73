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
    "deepsea": "deepsea", "televend": "televend", "vice city": "vice city", "mgm grand": "mgm grand", "sheep market": "sheep", "sheep": "sheep", "pandora": "pandora", "tormarket": "tormarket",
}  # fmt: skip
_HANDLE = r"[A-Za-z0-9][A-Za-z0-9_.-]{2,24}"
_MORE = words(
    """
    back now active selling live also still vending available only new here since vendor sales deals account market feedback stats top best trusted old former on in from
    closed down
    """
)
_NAMES = "|".join(
    re.escape(name) for name in sorted([*MARKETS, "sr", "sr1"], key=lambda name: (-len(name), name))
)
_ON = r"(?i:(?:[ ](?:is[ ])?here)?,?[ ](?:on|at|in|from)[ ](?:the[ ])?(?:old[ ]|former[ ])?)"
_CUES = (
    r"(?:known as|named|called|find (?:me|us) as|user ?name|handle|nick(?:name)?)\b[:,]?[ ]{1,2}(?:is[ ])?"
)
#: "known as name on Dream", "former BMR vendor name", "at Sheep as name"; without such words, "NaMe7 from SR"
_CLAIMS = (
    re.compile(rf"(?i){_CUES}[\"'*`“]?(?P<name>{_HANDLE})[\"'*`”]?{_ON}(?P<market>{_NAMES})\b"),
    re.compile(rf"(?i)former[ ](?P<market>{_NAMES})[ ](?:vendor|seller)[,:]?[ ](?P<name>{_HANDLE})"),
    re.compile(rf"(?i)(?:on|at)[ ](?P<market>{_NAMES})(?:[ ]market)?[ ]as[ ](?P<name>{_HANDLE})"),
    re.compile(rf"(?P<name>{_HANDLE}){_ON}(?P<market>(?i:{_NAMES}))\b"),
)


def _named(market: str) -> str:
    name = " ".join(market.lower().split())
    return "silk road" if name in ("sr", "sr1") else MARKETS[name]


def claimed(text: str) -> Part:
    """Handle on market. Where no word says that it is a handle, it must look like one and like no word."""
    for form in _CLAIMS:
        if found := form.search(text):
            break
    else:
        raise NotOne
    name = found["name"].rstrip(".")
    odd = (sum(c.isupper() for c in name) > 1 and not name.isupper()) or any(
        c in "_0123456789" for c in name[1:]
    )
    if name.lower() in NOT_NAMES | _MORE or name.isdigit() or (form is _CLAIMS[-1] and not odd):
        raise NotOne
    return Part(
        f"{_named(found['market'])}/{name.lower()}", found.start("name"), found.start("name") + len(name)
    )


def _led(market: str) -> Kind:
    def decide(text: str) -> str:
        if text.lower() in NOT_NAMES | _MORE or text.isdigit() or re.match(r"\d[\d.,]*[%k+]?\Z", text):
            raise NotOne
        return f"{MARKETS[market]}/{text.lower()}"

    then = rf"(?:[ ]market)?(?:place)?(?:[ ](?:user ?name|name|handle|nick|profile|account|vendor))?[ ]?[:=][ ]{{0,2}}@?({_HANDLE})(?=[ \t]*(?:[\n\r,;|(\[/<]|\Z|- |\.(?:\s|\Z)))"
    return Kind("market_handle", Lead((market,), then), decide)


_SAID = rf"\b{_CUES}[\"'*`\x01]?{_HANDLE}[\"'*`\x01]?{_ON}(?:{_NAMES})\b"
_FORMER = rf"\bformer[ ](?:{_NAMES})[ ](?:vendor|seller)[,:]?[ ]{_HANDLE}"
_AS = rf"\b(?:on|at)[ ](?:{_NAMES})(?:[ ]market)?[ ]as[ ]{_HANDLE}"
_PLAIN = rf"\b{_HANDLE}{_ON}(?:{_NAMES})\b"
KINDS = (
    Kind("market_handle", rf"(?i)(?:{_SAID}|{_FORMER}|{_AS})", claimed),
    Kind("market_handle", rf"(?i){_PLAIN}", claimed),
    *(_led(market) for market in MARKETS),
)
