"""UK postcodes, with the areas that exist (Royal Mail). In capitals; in small letters only behind the word."""

from __future__ import annotations

import re

from bowstreet.reading.identifiers.kind import Kind, Lead, NotOne, words

AREAS = words(
    """
    AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC
    EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS
    LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP
    SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE
    """
)
_FORM = re.compile(r"([A-Z]{1,2})([0-9][A-Z0-9]?) ?([0-9][ABD-HJLNP-UW-Z]{2})\Z")


def validate(text: str) -> str:
    """In capitals, one space."""
    found = _FORM.match(" ".join(text.upper().split()))
    if (
        not found
        or (found[1] not in AREAS and found[1] + found[2] != "GIR")
        or found[3][1:] in ("GB", "TB", "LB")
        or (len(found[1]) == 1 and found[2][0] == "0")  # no such district
    ):
        raise NotOne
    return f"{found[1]}{found[2]} {found[3]}"


_CODE = r"[A-Z]{1,2}[0-9][A-Z0-9]? {0,2}[0-9][A-Z]{2}"


def _alone(folded: bytes, start: int, end: int) -> bool:
    return folded[start - 1 : start] not in (b"-", b"/", b"=", b"#", b"_") and folded[end : end + 1] not in (
        b"-",
        b"_",
        b"=",
        b"\xff",
    )


KINDS = (
    Kind("uk_postcode", rf"\b{_CODE}\b", validate, _alone),
    Kind(
        "uk_postcode",
        Lead(("postcode", "post code"), rf"[ \t]{{0,2}}[:=\-]?[ \t]{{0,3}}({_CODE})\b"),
        validate,
    ),
)
