"""Domain names that stand alone, also defanged; those inside a web or mail address are told with it.

A sentence whose full stop lacks its space ("ask first.It is") looks like a name. So a name that ends in an English word
needs a sign that it is one: www, a path behind it, three labels, a digit or hyphen, a defanged dot.
"""

from __future__ import annotations

from bowstreet.reading.identifiers import defang, hidden_email, suffix, url
from bowstreet.reading.identifiers.kind import Kind, NotOne, behind, words

#: Endings that are not words, nor file endings: a name with one of these is a name.
_SURE = words(
    """
    com net org edu gov mil biz info io co uk us eu de fr nl ru ua pl cz sk hu ro bg gr es pt it se
    fi dk ee lv lt ch li lu ie ca au nz jp cn kr hk tw sg th vn id br mx ar cl pe za ng ke tr il ir
    ae sa kz by rs hr si mk al md ge az uz cc tv ws xyz bit eth su рф xn--p1ai ovh dev app top icu
    gg la ly tk ml ga cf gq pw vip lol wtf gdn biz mobi asia cat example invalid test
    """
)
_WORDS = words(
    """
    co us it id la by al md ge io ie li es si se de tr ca dev app top cat test example gg
    """
)
_FILES = words(
    """
    php html htm asp aspx jsp js css png jpg jpeg gif svg webp ico bmp tif tiff mp3 mp4 avi mov mkv
    pdf doc docx xls xlsx ppt txt csv json xml yml md py sh rs zip rar gz tar exe dll apk dmg iso
    bin dat log bak cfg ini conf sql ps so cab
    """
)


def validate(text: str) -> str | None:
    """In lower case and IDNA form. Whether a sign says that it is a name at all, its surroundings tell (`_fits`)."""
    if url.is_one(text):
        raise NotOne
    name = defang.refang(text)
    host = suffix.ascii_form(name)
    if not host or not suffix.known(host) or not suffix.well_formed(host):
        raise NotOne
    labels, written = host.split("."), name.split(".")
    last = labels[-1]
    if last in ("onion", "i2p") or (last in _FILES and len(labels) == 2):
        raise NotOne  # told as what they are
    if written[-1][0].isupper() and not all(part[0].isupper() or part[0].isdigit() for part in written):
        raise NotOne  # "first.It"
    if written[-1].istitle() and (len(labels) == 2 or not any(part[0].isupper() for part in written[:-1])):
        raise NotOne  # "Mr.It", "3.5g.It"
    if "_" in labels[-2]:
        raise NotOne  # no register has it
    if labels[0].isdigit() and len(labels) == 2 and len(labels[0]) < 3:
        raise NotOne  # "3.EU"
    if "at" in labels and "dot" in labels:
        raise NotOne  # a hidden mail address
    if all(len(label) == 1 for label in labels[:-1]) and len(labels) > 2:
        raise NotOne  # "e.g.it"
    return host


def _plainly(labels: list[str]) -> bool:
    last = labels[-1]
    if last in _SURE and last not in _WORDS:
        return True
    odd = labels[0] == "www" or any(c in "-0123456789" for label in labels[:-1] for c in label)
    return odd or (len(labels) > 2 and suffix.is_suffix(".".join(labels[-2:])))


def _alone(folded: bytes, start: int, end: int) -> bool:
    """Is it no part of a web address, mail address, path or number?"""
    before, after = folded[start - 1 : start], folded[end : end + 1]
    return before not in (b"@", b"/", b"\\", b"=", b"%", b"&", b"$", b"#", b"~", b"+") and after not in (
        b"@",
        b"=",
        b"(",
    )


_SAID = behind(
    r"\b(?:visit|sites?|website|url|links?|mirrors?|domain|go to|see|from|at|on|via|using|use)\b\W{0,3}\Z", 24
)


#: a sign of a hidden mail address, and the word, which is one before a provider of mail
_SIGN = behind(
    r"(?:[\[({<](?:at|@|a|\xfft|at[ -]?sign)[\])}>]\s{0,3}|[0-9a-z_]\s?@\s{1,2}|['\"]@['\"]\s?\+\s?['\"])\Z",
    14,
)
_COLUMN = behind(r"(?:\t|[ ]{2}|<)[0-9a-z_+.-]{1,40}[ ]at[ ]\Z", 48)
_AT = behind(r"[0-9a-z_]\s{1,2}at\s{1,2}\Z", 8)


def _fits(folded: bytes, start: int, end: int) -> bool:
    """Does it stand alone, is it no half of a hidden mail address, and does a sign say that it is a name?"""
    written = folded[start:end].decode("latin-1")
    if not _alone(folded, start, end) or _SIGN(folded, start, end):
        return False
    if _AT(folded, start, end) and (written.lower() in hidden_email.PROVIDERS or _COLUMN(folded, start, end)):
        return False
    labels = written.lower().split(".")
    return (
        not labels[-1].isascii()
        or defang.refang(written) != written
        or _plainly(labels)
        or _SAID(folded, start, end)
    )


KIND = Kind("domain", url.ADDRESSES, validate, _fits)
