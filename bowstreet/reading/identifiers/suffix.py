"""The Public Suffix List, from the copy that tldextract brings: nothing is fetched.

known("shop.co.uk")     →  True: it ends in a suffix of the list, and has a name before it
"""

from __future__ import annotations

import importlib.util
from functools import cache, lru_cache
from pathlib import Path

#: Endings that no register gives out, but that names on pages have (RFC 2606, RFC 6761, RFC 7686; I2P; name coins).
RESERVED = frozenset(
    ("example", "invalid", "test", "localhost", "local", "onion", "i2p", "bit", "eth", "loki", "zeronet")
)


@cache
def rules() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Suffixes, those whose every child is a suffix ("*.ck"), and the exceptions to that ("!www.ck")."""
    spec = importlib.util.find_spec("tldextract")
    if spec is None or spec.origin is None:
        raise ImportError("tldextract is missing: install bowstreet[reading]")
    lines = (
        (Path(spec.origin).parent / ".tld_set_snapshot")
        .read_text("utf-8")
        .split("===END ICANN DOMAINS===")[0]
    )
    plain: set[str] = set()
    wild: set[str] = set()
    not_one: set[str] = set()
    for line in lines.split("\n"):
        rule = line.strip()
        if not rule or rule.startswith("//"):
            continue
        name = rule.lstrip("!*.").encode("idna").decode()
        (not_one if rule[0] == "!" else wild if rule[0] == "*" else plain).add(name)
    return frozenset(plain | RESERVED), frozenset(wild), frozenset(not_one)


@lru_cache(maxsize=1 << 12)
def is_suffix(name: str) -> bool:
    """Is the name itself a public suffix? In lower case, IDNA form."""
    plain, wild, not_one = rules()
    return name in plain or (name.partition(".")[2] in wild and name not in not_one)


def known(host: str) -> bool:
    """Has it a suffix of the list, and a name before that?"""
    return "." in host and is_suffix(host.rpartition(".")[2]) and not is_suffix(host)


def ascii_form(host: str) -> str | None:
    """Lower case and IDNA form; None where it is no host name."""
    try:
        name = host.lower().rstrip(".")
        return name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        return None


def well_formed(host: str) -> bool:
    """Labels of letters, digits and hyphens, none at an end, up to 63 each and 253 in all (RFC 1123)."""
    return len(host) <= 253 and all(
        0 < len(label) <= 63
        and label[0] != "-" != label[-1]
        and label.replace("-", "").replace("_", "").isalnum()
        and (label[2:4] != "--" or _decodes(label))
        for label in host.split(".")
    )


def _decodes(label: str) -> bool:
    """A label with two hyphens there is one of IDNA, or none (RFC 5891 section 4.2.3.1)."""
    try:
        return label.encode().decode("idna") != label
    except UnicodeError:
        return False
