"""Names of countries and regions, as the value of "ships from" or "ships to" would have them.

place("World Wide")      →  True

`models/countries.txt` holds the countries' names in thirty languages, as the Unicode CLDR has them (taken from phonenumbers).
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

_NAMES = (
    "afghanistan|albania|algeria|andorra|angola|argentina|armenia|australia|austria|azerbaijan|bahamas|bahrain|bangladesh|barbados|belarus|belgium|"
    "belize|benin|bhutan|bolivia|bosnia and herzegovina|bosnia|botswana|brazil|brunei|bulgaria|burkina faso|burundi|cambodia|cameroon|canada|chad|"
    "chile|china|colombia|costa rica|croatia|cuba|cyprus|czech republic|czechia|denmark|dominican republic|ecuador|egypt|el salvador|estonia|"
    "ethiopia|fiji|finland|france|gambia|georgia|germany|ghana|gibraltar|greece|greenland|guatemala|guinea|guyana|haiti|honduras|hong kong|hungary|"
    "iceland|india|indonesia|iran|iraq|ireland|israel|italy|ivory coast|jamaica|japan|jordan|kazakhstan|kenya|kosovo|kuwait|kyrgyzstan|laos|latvia|"
    "lebanon|lesotho|liberia|libya|liechtenstein|lithuania|luxembourg|macau|macedonia|madagascar|malawi|malaysia|maldives|mali|malta|mauritius|"
    "mexico|moldova|monaco|mongolia|montenegro|morocco|mozambique|myanmar|namibia|nepal|netherlands|the netherlands|new zealand|nicaragua|niger|"
    "nigeria|north korea|norway|oman|pakistan|palestine|panama|paraguay|peru|philippines|poland|portugal|puerto rico|qatar|romania|russia|"
    "russian federation|rwanda|san marino|saudi arabia|senegal|serbia|seychelles|sierra leone|singapore|slovakia|slovenia|somalia|south africa|"
    "south korea|korea|spain|sri lanka|sudan|suriname|sweden|switzerland|syria|taiwan|tajikistan|tanzania|thailand|togo|trinidad and tobago|tunisia|"
    "turkey|turkmenistan|uganda|ukraine|united arab emirates|united kingdom|great britain|united states|united states of america|usa|uk|gb|us|eu|"
    "uruguay|uzbekistan|venezuela|vietnam|yemen|zambia|zimbabwe|england|scotland|wales|northern ireland|"
    "europe|european union|north america|south america|latin america|central america|asia|africa|oceania|antarctica|scandinavia|middle east|"
    "worldwide|world wide|world|international|global|everywhere|anywhere|domestic|internet|online|digital|torland|undeclared|unknown|not specified|"
    "none|n/a|deutschland|österreich|schweiz|frankreich|niederlande|großbritannien|weltweit|allemagne|royaume-uni|pays-bas|espagne|monde|"
    "alemania|españa|reino unido|mundo|europa|monde entier|union européenne|europäische union|unión europea|unia europejska|unione europea|"
    "ganze welt|österreich und schweiz|eu-weit|todo el mundo|mundial|cały świat|świat|tutto il mondo|mondo|wereldwijd|mundo inteiro|"
    "весь мир|по всему миру|европа|россия|снг|ес|сша|украина|hela världen|hele verden|koko maailma|全球|全世界|欧洲|états-unis|etats-unis"
)


@cache
def _places() -> frozenset[str]:
    listed = resources.files("bowstreet.reading").joinpath("models/countries.txt").read_text(encoding="utf-8")
    return frozenset((*_NAMES.split("|"), *listed.split("\n"))) - {""}


_TAIL = re.compile(r"\s*[\[(][^\])]*[\])]\s*$|[.!*\s]+$")


def place(text: str) -> bool:
    """Is it the name of a country or region, or of several?"""
    parts = [
        _TAIL.sub("", part).strip().lower()
        for part in re.split(
            r"[,;/|&→]|->| to | and | und | et | y | e | i | и | en | except | excluding | but not |\n",
            text[:400],
        )
    ]
    parts = [part for part in parts if part]
    return bool(parts) and 2 * sum(part in _places() for part in parts) >= len(parts)
