"""Jabber (XMPP) addresses beside the word, and OTR fingerprints: five groups of eight hexadecimal digits."""

from __future__ import annotations

from bowstreet.reading.identifiers import base58, email, hidden_email, pgp
from bowstreet.reading.identifiers.kind import Kind, Lead, NotOne, Part, behind


def address(text: str) -> str | Part | None:
    """As an e-mail address is, without the resource behind a stroke."""
    return email.plain(text)


def fingerprint(text: str) -> str:
    """Forty digits in capitals."""
    digits = "".join(c for c in text if c.isalnum()).upper()
    if len(digits) != 40 or len(set(digits)) < 6 or not set(digits) <= set("0123456789ABCDEF"):
        raise NotOne
    return digits


KINDS = (
    Kind(
        "jabber",
        Lead(
            ("jabber", "xmpp", "jid"),
            r"(?:[ ](?:id|address|contact|account|me|us|otr|is)){0,2}[ \t]{0,2}[:=\-|(]{0,2}[ \t\n]{0,3}([0-9A-Za-z._+-]{1,64}@[0-9A-Za-z-]{1,63}(?:\.[0-9A-Za-z-]{1,63}){1,5})",
        ),
        address,
    ),
    hidden_email.JABBER,
    Kind("otr", pgp.GROUPS, fingerprint, behind(r"\botr\b", 120)),
    Kind("otr", base58.RUN, fingerprint, behind(r"\botr\b", 120)),
)
