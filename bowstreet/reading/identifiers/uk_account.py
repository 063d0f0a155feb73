"""UK bank accounts: sort code with account number. The value is six digits, a space, eight digits.

Form alone is checked: the table for the modulus check (Pay.UK's valacdos) may not be shipped.
"""

from __future__ import annotations

import re

from bowstreet.reading.identifiers.kind import Kind, Lead, NotOne

_SORT = r"\d\d[ -]?\d\d[ -]?\d\d"
_ACCOUNT = r"(?:a/?c(?:count)?|acc(?:ount)?)[ ]?(?:no\.?|number|num|#)?"


def validate(text: str) -> str:
    """Both numbers, whichever stands first."""
    digits = re.findall(r"\d(?:[ -]?\d)*", text)
    bare = [re.sub(r"\D", "", one) for one in digits]
    if len(bare) != 2 or sorted(map(len, bare)) != [6, 8]:
        raise NotOne
    sort, account = sorted(bare, key=len)
    return f"{sort} {account}"


KINDS = (
    Kind(
        "uk_account",
        Lead(
            ("sort code", "sortcode", "sort-code", "s/c"),
            rf"[ \t]{{0,2}}[:=\-]?[ \t]{{0,3}}({_SORT}[^0-9]{{1,6}}{_ACCOUNT}[^0-9]{{0,4}}\d{{8}})\b",
        ),
        validate,
    ),
    Kind(
        "uk_account",
        Lead(
            ("account number", "account no", "account", "acc no", "acc number", "acc"),
            rf"\.?[ \t]{{0,2}}[:=\-]?[ \t]{{0,3}}(\d{{8}}[^0-9]{{1,6}}(?:sort[ -]?code|s/c)[^0-9]{{0,4}}{_SORT})\b",
        ),
        validate,
    ),
)
