"""Identifiers of analytics and advertising accounts: who is paid, or who counts, is often who runs several sites."""

from __future__ import annotations

from collections.abc import Callable

from bowstreet.reading.identifiers.kind import Kind, NotOne


def google(text: str) -> str:
    """UA-…, G-…, GTM-…, AW-…, DC-… and pub-…, as Google writes them."""
    if text[:3].lower() in ("pub", "ca-"):
        return text.lower().removeprefix("ca-")
    if text != text.upper() or (text.startswith("G-") and not any(c.isdigit() for c in text)):
        raise NotOne
    return text


def _of(owner: str) -> Callable[[str], str]:
    return lambda text: f"{owner}:{text}"


KINDS = (
    Kind(
        "analytics",
        r"\b(?:UA-[0-9]{4,10}-[0-9]{1,4}|G-[0-9A-Z]{8,11}|GTM-[0-9A-Z]{4,9}|AW-[0-9]{8,12}|DC-[0-9]{6,10}|(?:ca-)?pub-[0-9]{16})\b",
        google,
    ),
    Kind("analytics", r"fbq\(\s?['\"]init['\"]\s?,\s?['\"]?([0-9]{14,17})\b", _of("facebook")),
    Kind("analytics", r"facebook\.com/tr/?\?id=([0-9]{14,17})\b", _of("facebook")),
    Kind("analytics", r"ym\(\s?([0-9]{6,10})\b", _of("yandex")),
    Kind("analytics", r"mc\.yandex\.ru/watch/([0-9]{6,10})\b", _of("yandex")),
    Kind("analytics", r"hjid\s?:\s?([0-9]{5,9})\b", _of("hotjar")),
    Kind("analytics", r"ttq\.load\(\s?['\"]([0-9A-Z]{18,22})\b", _of("tiktok")),
    Kind("analytics", r"clarity['\"]\s?,\s?['\"]script['\"]\s?,\s?['\"]([0-9a-z]{8,12})\b", _of("clarity")),
)
