"""Handles claimed on other markets: "AlphaBay: quarrybank", "known as QuarryBank on Dream". The value is market/handle."""

from __future__ import annotations

import re
from enum import Enum

from bowstreet.reading.identifiers.handles import NOT_NAMES
from bowstreet.reading.identifiers.kind import Kind, Lead, NotOne, Part, behind, words

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
    closed down legit reliable trusted big number1 one first last well ready happy
    """
)
_NAMES = "|".join(
    re.escape(name) for name in sorted([*MARKETS, "sr", "sr1"], key=lambda name: (-len(name), name))
)
_ON = r"(?i:(?:[ ](?:is[ ])?here)?,?[ ](?:on|at|in|from|@)[ ](?:the[ ])?(?:old[ ]|former[ ])?)"
#: words that say a handle follows; words that may as well come before any other; and the forum's own sign
_CUES = r"(?:known as|aka|a\.k\.a|named|called|find (?:me|us) as|user ?name|handle|nick(?:name)?|same (?:vendor|seller) as)\b[.:,]{0,2}[ ]{1,2}(?:is[ ])?"
_WEAK = r"(?:formerly|previously|i am|i was|we were|(?:sold|selling|vending|active|trading) as|i.?m|we are|we.?re|vendor|seller)[:,]?[ ]{1,2}"
_USER = r"/?u/"
_WORDY = re.compile(
    r".{0,4}\Z|.*(?:ing|ed|able|ly|ers?|ible|ful|less|ous|est|tion|ment|ness|ive|ry|one|body)\Z", re.I
)
_OPENING, _CLOSING = r"[\"'*`\x01]?", r"[\"'*`\x01]?"
_VENDOR = r"(?:vendor|seller)"


class _Says(Enum):
    """How much the words around a name say that it is a handle."""

    HANDLE, PERHAPS, NOTHING = range(3)


def _forms(name: str, market: str) -> dict[_Says, tuple[str, ...]]:
    """ "Known as name on Dream", "former BMR vendor name", "at Sheep as name"; "I am name on Dream"; "NaMe7 from SR"."""
    return {
        _Says.HANDLE: (
            rf"{_CUES}{_OPENING}{name}{_CLOSING}{_ON}{market}\b",
            rf"{_USER}{name}{_ON}{market}\b",
            rf"(?:former|ex)[ -]{market}[ ](?:market[ ])?{_VENDOR}[,:]?[ ]{name}",
            rf"(?:on|at)[ ]{market}(?:[ ]market)?[ ]as[ ]{name}",
        ),
        _Says.PERHAPS: (
            rf"{_WEAK}{_OPENING}{name}{_CLOSING}{_ON}{market}\b",
            rf"(?:my|our)[ ]{market}[ ](?:market[ ])?(?:user ?name|name|handle|nick|profile|account|id)[ ]is:?[ ]{name}",
            rf"(?:my|our)[ ](?:user ?name|name|handle|nick|profile|account)[ ]on[ ]{market}(?:[ ]market)?[ ]is:?[ ]{name}",
        ),
        _Says.NOTHING: (rf"{name}{_ON}{market}\b", rf"{market}[ ](?:market[ ])?{_VENDOR}[ ]{name}"),
    }


_CLAIMS = tuple(
    (says, re.compile(rf"(?i){form}"))
    for says, forms in _forms(rf"(?P<name>{_HANDLE})", rf"(?P<market>{_NAMES})").items()
    for form in forms
)


def _named(market: str) -> str:
    name = " ".join(market.lower().split())
    return "silk road" if name in ("sr", "sr1") else MARKETS[name]


def claimed(text: str) -> Part:
    """Handle on market. Where no word says that it is a handle, it must look like one and like no word."""
    claims = ((says, found) for says, form in _CLAIMS if (found := form.search(text)))
    says, found = next(claims, (None, None))
    if found is None:
        raise NotOne
    name = found["name"].rstrip(".")
    odd = (sum(c.isupper() for c in name) > 1 and not name.isupper()) or any(
        c in "_0123456789" for c in name[1:]
    )
    if _no_handle(name) or (
        not odd and (says is _Says.NOTHING or (says is _Says.PERHAPS and _WORDY.match(name)))
    ):
        raise NotOne
    return Part(
        f"{_named(found['market'])}/{name.lower()}", found.start("name"), found.start("name") + len(name)
    )


_COUNTED = re.compile(r"(?:top|level|lvl|number|page|part|day|week|year|over|approx|only)\d+\Z", re.I)


def _no_handle(name: str) -> bool:
    return (
        name.lower() in NOT_NAMES | _MORE
        or not any(c.isalpha() for c in name)
        or _COUNTED.match(name) is not None
    )


#: markets whose name is a word: "Dream: name" is a claim only where a line, a sign or "on" stands before it
_OF_WORDS = words(
    """
    agora evolution evo dream empire oasis apollon versus monopoly incognito bohemia nemesis abacus
    dread zion icarus pandora sheep nucleus valhalla samsara cypher torrez hansa
    """
)
_BEGINS = behind(
    r"(?:\A|[\n\r,;|(\[/*>.:&+\x01-][ \t]{0,4}|\b(?:on|my|our|and|also|at|from|old|user|name|vendor|seller)[ ])\Z",
    10,
)


def _led(market: str) -> Kind:
    def decide(text: str) -> str:
        if _no_handle(text) or re.match(r"\d[\d.,]*[%k+]?\Z", text):
            raise NotOne
        return f"{MARKETS[market]}/{text.lower()}"

    def fits(folded: bytes, start: int, end: int) -> bool:
        near = folded[max(0, start - 60) : start].lower()
        said = start - len(near) + near.rfind(market.encode())
        return _BEGINS(folded, said, said)

    then = rf"(?:[ ]market)?(?:place)?(?:[ ](?:user ?name|name|handle|nick|profile|account|vendor))?(?:[ ]?[:=][ ]{{0,2}}|[ ](?=/u/))@?(?:/?u/)?({_HANDLE})(?=[ \t]*(?:[\n\r,;|(\[/<]|\Z|- |\.(?:\s|\Z)))"
    return Kind("market_handle", Lead((market,), then), decide, fits if market in _OF_WORDS else None)


_MADE = _forms(_HANDLE, rf"(?:{_NAMES})")
KINDS = (
    Kind(
        "market_handle",
        rf"(?i)(?:\b|/)(?:{'|'.join(_MADE[_Says.HANDLE] + _MADE[_Says.PERHAPS])})",
        claimed,
    ),
    Kind("market_handle", rf"(?i)\b(?:{'|'.join(_MADE[_Says.NOTHING])})", claimed),
    *(_led(market) for market in MARKETS),
)
