"""Other people's test suites for identifiers, as cases: what is one, what is not, and where the suite itself is at odds.

Read from the folder named by BOWSTREET_DATA; nothing of it is kept here.
"""

from __future__ import annotations

import base64
import json
import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


@dataclass(frozen=True)
class Case:
    """A text that is (or is not) one identifier of a type. `odd` says why the suite's word is not taken."""

    suite: str
    type: str
    text: str
    valid: bool
    odd: str = ""


def bitcoin(folder: Path) -> Iterator[Case]:
    for name in ("bip-0350.mediawiki", "bip-0173.mediawiki"):
        text = (folder / name).read_text()
        good = re.findall(r"^\* <tt>(\S+?)</tt>: <tt>[0-9a-f]+</tt>", text, re.M)
        bad = re.findall(r"^\* <tt>((?:tc|bc|tb|BC)1\S+?)</tt>: [A-Z]", text, re.M)
        bad += re.findall(
            r"^\* <tt>((?:tc|bc|tb|BC)1\S*?)</tt>(?::|$)", text.partition("invalid segwit addresses")[2], re.M
        )
        for one in good:
            yield Case(name, "bitcoin", one, True, _superseded(one, name))
        for one in dict.fromkeys(bad):
            yield Case(name, "bitcoin", one, False)
    for _, one in json.loads((folder / "bech32_encode_decode.json").read_text()):
        yield Case("bitcoinlib bech32", "bitcoin", one, True, _superseded(one, "bip-0173"))
    for one, _ in json.loads((folder / "bech32_invalid.json").read_text()):
        yield Case("bitcoinlib bech32", "bitcoin", one, False)
    for _, one in json.loads((folder / "base58_encode_decode.json").read_text()):
        yield Case("bitcoinlib base58", "bitcoin", one, False)  # plain Base58, no checksum


def _superseded(address: str, source: str) -> str:
    version = address.lower()[3:4]
    return (
        "BIP-173's checksum for versions 1 to 16, replaced by BIP-350"
        if "0350" not in source and version != "q"
        else ""
    )


def eip55(_: Path) -> Iterator[Case]:
    """The standard's own vectors (its file in the folder only points elsewhere)."""
    good = [
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "0xde709f2102306220921060314715629080e2fb77",
        "0x27b1fdb04752bbc536007a920d24acb045561c26",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ]
    for one in good:
        yield Case("EIP-55", "ethereum", one, True)
        if one[2:] not in (one[2:].lower(), one[2:].upper()):
            for at in range(2, 42):
                if one[at].isalpha():
                    yield Case(
                        "EIP-55, one case turned",
                        "ethereum",
                        one[:at] + one[at].swapcase() + one[at + 1 :],
                        False,
                    )


def bulk_extractor(folder: Path) -> Iterator[Case]:
    for line in (folder / "bitcoin.txt").read_text().splitlines():
        if found := re.search(r'validate-bitcoin-address "(\w+)"\).*#([tf])', line):
            yield Case("bulk_extractor", "bitcoin", found[1], found[2] == "t")
        elif found := re.search(r'"(\w+)"\s+--\s+(VALID|\w)', line):
            yield Case("bulk_extractor", "bitcoin", found[1], found[2] == "VALID")
    for line in (folder / "ccns.txt").read_text().splitlines():
        if found := re.search(r" - (\d{11,19})$", line):
            odd = "eleven digits: no card of ISO/IEC 7812 has so few" if len(found[1]) < 12 else ""
            yield Case("bulk_extractor", "card", found[1], True, odd)


def monero(folder: Path) -> Iterator[Case]:
    for line in (folder / "test_address.cases.jsonl").read_text().splitlines():
        one = json.loads(line)
        name, value = one.get("name", ""), one.get("value")
        if isinstance(value, str) and name.endswith(("addr", "addr_invalid")) and len(value) in (95, 106):
            good = not name.endswith("invalid")
            odd = (
                "made up, its checksum is wrong: the suite uses it to see a failure"
                if value.startswith("41tjz19p")
                else ""
            )
            yield Case("monero-python", "monero", value, good, odd)


def onion(folder: Path) -> Iterator[Case]:
    text = (folder / "hidden_service_v3.cases.jsonl").read_text()
    for one in dict.fromkeys(re.findall(r"\b[a-z2-7]{56}\.onion", text)):
        yield Case("stem", "onion", one, True)


def stdnum(folder: Path) -> Iterator[Case]:
    for kind, file in (
        ("iban", "test_iban"),
        ("iban", "test_be_iban"),
        ("bic", "test_bic"),
        ("bitcoin", "test_bitcoin"),
    ):
        text = (folder / f"{file}.doctest").read_text()
        for block in re.findall(r"numbers = '''(.*?)'''\n(?=(.*?)\n)", text, re.S):
            lines = [line.removeprefix("...").strip() for line in block[0].splitlines()]
            for one in filter(None, lines):
                said = _context(kind, one[:24].strip() if file == "test_be_iban" else one)
                odd = _superseded(one, "") if one.lower().startswith("bc1") else ""
                if "check_country=False" in block[1]:
                    odd = "right by ISO 13616, wrong by Spain's own check digits: the suite has it both ways"
                yield Case(
                    f"python-stdnum {file}", kind, said, "not" in block[1] or file == "test_be_iban", odd
                )
        for call, one in re.findall(r">>> (?:\w+\.)?(\w+)\('([^']+)'\)(?=[^\n]*\nTraceback)", text):
            if call == "validate":
                yield Case(f"python-stdnum {file}", kind, _context(kind, one), False)


def _context(kind: str, text: str) -> str:
    return f"BIC: {text}" if kind == "bic" else text


def isemail(folder: Path) -> Iterator[Case]:
    for test in ET.parse(folder / "tests.xml").getroot().iter("test"):
        text, category = test.findtext("address") or "", test.findtext("category") or ""
        text = "".join(chr(ord(c) - 0x2400) if 0x2400 <= ord(c) < 0x2421 else c for c in text)
        diagnosis = test.findtext("diagnosis") or ""
        if category in ("ISEMAIL_VALID_CATEGORY", "ISEMAIL_DNSWARN"):
            odd = (
                ""
                if "." in text.rpartition("@")[2]
                else "a domain without a dot, no address that anybody can write to"
            )
            if re.search(r"@(?:.*\.)?[a-z]\Z", text):
                odd = "a last label of one letter: no register has one"
            yield Case("isemail", "email", text, True, odd)
        elif category == "ISEMAIL_RFC5321" and ("QUOTED" in diagnosis or "LITERAL" in diagnosis):
            yield Case("isemail", "email", text, True)
        elif category == "ISEMAIL_ERR":
            yield Case("isemail", "email", text, False)


def email_validator(folder: Path) -> Iterator[Case]:
    for line in (folder / "tests" / "test_syntax.cases.jsonl").read_text().splitlines():
        one = json.loads(line)
        if one.get("call") == "MakeValidatedEmail":
            made = one["kwargs"]
            yield Case(
                "python-email-validator",
                "email",
                made["normalized"],
                True,
                "a full-width @ as the name" if made["normalized"][0] == "＠" else "",
            )
        if one.get("call") == "pytest.mark.parametrize" and one["args"][0] in (
            "email_input,error_msg",
            "email_input",
        ):
            for given in one["args"][1]:
                text = given[0] if isinstance(given, list) else given
                said = given[1] if isinstance(given, list) else "special-use"
                if isinstance(text, str):
                    yield Case("python-email-validator", "email", text, False, _house_rule(said, text))


def _house_rule(said: str, text: str) -> str:
    if "special-use" in said:
        return "a reserved name: well formed, and of use on onion and test hosts"
    if text.startswith("my.s\u0323"):
        return "too long only before it is normalised"
    if "not supported" in said or "not allowed" in said or "must not be" in said.lower():
        return "an option of that library, not of the standard"
    return ""


#: files that rnp keeps for being broken, and revocations, which hold no key
_BROKEN = re.compile(
    r"wrong_(?:b64|chars_base64|header_line)|malf-key0\.pgp|empty-packets|alice-rev\.pgp|alice-rev\.asc"
)


def iocextract(folder: Path) -> Iterator[Case]:
    """Plain and hidden addresses; what is proposed is compared as a person would read it."""
    for line in (folder / "tests.cases.jsonl").read_text().splitlines():
        one = json.loads(line)
        value = one.get("value")
        if one.get("name") in ("content_list", "partial_list", "invalid_list") and "myuser@" in str(value):
            for text in value:
                odd = "an address without brackets: no mail goes there" if text == "a@127.0.0.1" else ""
                yield Case(f"iocextract {one['name']}", "email", text, one["name"] != "invalid_list", odd)


def pgp(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or path.suffix not in (".asc", ".pgp", ".gpg"):
            continue
        data = path.read_bytes()
        text = data.decode("latin-1")
        if "BEGIN PGP PUBLIC KEY BLOCK" in text:
            block = text[text.index("-----BEGIN PGP PUBLIC") :].strip()
        elif data[:1] in (b"\x99", b"\x98", b"\xc6"):
            block = armoured(data)
        else:
            continue
        yield Case("rnp", "pgp", block, not _BROKEN.search(path.name))
    for path in sorted((folder / "test_fuzz_keyimport").iterdir()):
        yield Case("rnp fuzzed", "pgp", armoured(path.read_bytes()), False)


def armoured(data: bytes) -> str:
    lines = base64.b64encode(data).decode()
    body = "\n".join(lines[at : at + 64] for at in range(0, len(lines), 64))
    return f"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{body}\n-----END PGP PUBLIC KEY BLOCK-----"


def phone(_: Path) -> Iterator[Case]:
    """The numbering plans' own example of each kind, in each region, international; and one digit too many."""
    import phonenumbers

    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE):
            if number := phonenumbers.example_number_for_type(region, kind):
                for form in (
                    phonenumbers.PhoneNumberFormat.E164,
                    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
                ):
                    yield Case(
                        "libphonenumber examples", "phone", phonenumbers.format_number(number, form), True
                    )
    for kind in range(11):
        if number := phonenumbers.example_number_for_type("GB", kind):
            yield Case(
                "libphonenumber examples, GB",
                "phone",
                phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL),
                True,
            )


def turned(cases: list[Case], type: str, letters: str, *, skip: int, each: int = 40) -> Iterator[Case]:
    """Valid ones with one letter turned: what a checksum is for."""
    chance = random.Random(4)
    for case in cases:
        if case.type == type and case.valid and not case.odd and "." not in case.text[:-6]:
            for _ in range(each):
                at = chance.randrange(skip, len(case.text) - (6 if type == "onion" else 0))
                other = chance.choice(
                    [c for c in letters if c != case.text[at].lower() and c != case.text[at]]
                )
                if type == "iban" and not case.text[at].isdigit():
                    continue
                other = other.upper() if case.text.isupper() else other
                yield Case(
                    f"{type}, one letter turned", type, case.text[:at] + other + case.text[at + 1 :], False
                )


def all_cases(data: Path) -> list[Case]:
    folder = data / "identifiers"
    cases = [
        *iocextract(folder / "iocextract"),
        *bitcoin(folder / "bitcoin"), *eip55(folder), *bulk_extractor(folder / "bulk_extractor"), *monero(folder / "monero"),
        *onion(folder / "onion"), *stdnum(folder / "stdnum"), *isemail(folder / "isemail"), *email_validator(folder / "email-validator"),
        *pgp(folder / "pgp"), *phone(folder),
    ]  # fmt: skip
    plain = [case for case in cases if case.text[:3].lower() not in ("bc1", "tb1")]
    witness = [case for case in cases if case.text[:3].lower() in ("bc1", "tb1")]
    return [
        *cases, *turned(plain, "bitcoin", BASE58, skip=1), *turned(witness, "bitcoin", BECH32, skip=4),
        *turned(plain, "monero", BASE58, skip=1), *turned(plain, "onion", "abcdefghijklmnopqrstuvwxyz234567", skip=0),
        *turned(plain, "iban", "0123456789", skip=2),
    ]  # fmt: skip


__all__ = ["Case", "all_cases"]
