"""Identifiers: suites accepted and refused, running text, and speed against named peers in the same run.

BOWSTREET_DATA=../shared/data .venv/bin/python benchmarks/identifiers.py [--megabytes 80]
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from identifier_suites import all_cases

from bowstreet.reading.document import Document
from bowstreet.reading.identifiers import KINDS, Kind, find, kinds

#: what bulk_extractor's accts and email scanners find
ITS_KINDS = frozenset(("email", "url", "domain", "phone", "bitcoin", "card"))
#: bulk_extractor 2.2, accts and email scanners, one thread, on such pages (2 AMD EPYC cores, measured earlier)
PUBLISHED = 7.1


def suites(data: Path) -> None:
    """Per suite: valid ones accepted whole, invalid ones refused whole."""
    by_type: dict[str, list[Kind]] = defaultdict(list)
    for kind in KINDS:
        by_type[kind.name].append(kind)
    right: Counter[tuple[str, str, bool]] = Counter()
    asked: Counter[tuple[str, str, bool]] = Counter()
    odd: Counter[tuple[str, str]] = Counter()
    for case in all_cases(data):
        bare = case.text.removeprefix("BIC: ")
        hits = [one for one in find(case.text, kinds=by_type[case.type]) if one.valid]
        whole = any(one.end - one.start >= len(bare.strip() if case.valid else case.text) for one in hits)
        if case.suite.startswith("iocextract"):
            whole = any("@" in (one.value or "") for one in hits)
        if case.odd and whole != case.valid:
            odd[case.suite, case.odd] += 1
            continue
        key = (case.suite, case.type, case.valid)
        asked[key] += 1
        right[key] += whole == case.valid
    print("| suite | type | valid accepted | invalid refused |\n|---|---|---|---|")
    for suite, type in sorted({(suite, type) for suite, type, _ in asked}):
        cells = [
            f"{right[suite, type, v]} of {asked[suite, type, v]}" if asked[suite, type, v] else "–"
            for v in (True, False)
        ]
        print(f"| {suite} | {type} | {cells[0]} | {cells[1]} |")
    print("\nNot counted, where the suite is at odds with the standard or with itself:\n")
    for (suite, reason), count in sorted(odd.items()):
        print(f"- {suite}: {count}, {reason}")


def spamlord(data: Path) -> None:
    """Staff pages with the addresses and numbers that a person reads on them."""
    folder = data / "identifiers" / "spamlord" / "data"
    gold = {
        (*line.split("\t")[:2], line.split("\t")[2].strip().lower())
        for line in (folder / "devGOLD").read_text().splitlines()
        if line.count("\t") == 2
    }
    chosen = [kind for kind in kinds(region="US") if kind.name in ("email", "phone")]
    found, hidden = set(), set()
    for path in sorted((folder / "dev").iterdir()):
        page = Document.parse(path.read_bytes(), charset=None, url="")
        for text in (page.text, page.source):
            for one in find(text, kinds=chosen):
                if one.valid and one.value:
                    found.add(
                        (path.name, one.type[0], re.sub(r"\+1(...)(...)(....)", r"\1-\2-\3", one.value))
                    )
        plain = path.read_bytes().decode("latin-1").lower()
        hidden |= {
            (path.name, kind, value)
            for name, kind, value in gold
            if name == path.name and kind == "e" and value not in plain
        }
    print("\n| SpamLord | labelled | precision | recall |\n|---|---|---|---|")
    for name, wanted in (
        ("e-mail", {g for g in gold if g[1] == "e"}),
        ("telephone", {g for g in gold if g[1] == "p"}),
        ("e-mail, hidden only", hidden),
    ):
        got = {one for one in found if one[1] == ("p" if name == "telephone" else "e")}
        precision = len(got & gold) / len(got) if got else 0
        print(f"| {name} | {len(wanted)} | {precision:.3f} | {len(got & wanted) / len(wanted):.3f} |")


#: told as one where the value is one: an address on Jabber has an e-mail address's form, a WhatsApp number is a telephone's
_SAME = {"jabber": "email", "whatsapp": "phone", "signal": "phone"}


def labelled(data: Path) -> None:
    """Pages and listing texts labelled by hand before the reader saw them; what is kept of the labels are salted digests."""
    kept = json.loads((Path(__file__).parent / "labelled.json").read_text())
    folders = [data / "ht-weng-markets", *data.glob("msc-darkweb-html/tests/*/html_files")]
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    sources = {hashlib.sha256(body).hexdigest(): body for body in (path.read_bytes() for path in files)}
    shown = {
        key: Document.parse(sources[key], charset=None, url="").text
        for key in kept["pages"]
        if key in sources
    }
    rows = csv.DictReader(
        (data / "agora-2014" / "vendorall_0114.csv").open(encoding="utf-8", errors="replace")
    )
    texts = sorted({f"{row['product'] or ''}\n{row['description'] or ''}" for row in rows})
    random.Random(21).shuffle(texts)
    listed = [
        {hashlib.sha256(text.encode()).hexdigest(): text for text in part}
        for part in (texts[:1721], texts[1721:2500])
    ]
    print("\n| labelled by hand | texts | labels | precision | recall |\n|---|---|---|---|---|")
    for name, given in (("pages", shown), ("descriptions", listed[0]), ("descriptions, held out", listed[1])):
        right = told = wanted = 0
        for key, text in given.items():
            labels = set(kept[name].get(key, ()))
            found = {(one.type, one.value.lower()) for one in find(text) if one.valid and one.value}
            if key in kept["unclear"]:
                found = {one for one in found if one[0] != "domain" or _masked(key, *one) in labels}
            matched: set[str] = set()
            for type, value in found:
                forms = {
                    _masked(key, other, value)
                    for other in (type, *(o for o in _SAME if _SAME[o] == type), _SAME.get(type, type))
                }
                if forms & labels:
                    matched |= forms & labels
                elif type not in _SAME or (_SAME[type], value) not in found:
                    told += 1
            right, wanted = right + len(matched), wanted + len(labels)
        print(f"| {name} | {len(given)} | {wanted} | {right / (right + told):.3f} | {right / wanted:.3f} |")


def _masked(key: str, type: str, value: str) -> str:
    return hashlib.sha256(f"{key} {type} {value}".encode()).hexdigest()[:16]


def pages(data: Path, megabytes: int) -> list[str]:
    """Pages of three markets, as decoded source, repeated to a size."""
    folders = [data / "ht-weng-markets", *data.glob("msc-darkweb-html/tests/*/html_files")]
    paths = [
        path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and b"<html" in path.read_bytes()[:3000].lower()
    ]
    texts = [Document.parse(path.read_bytes(), charset=None, url="").source for path in paths]
    size = sum(len(text) for text in texts)
    return texts * max(1, round(megabytes * 1_000_000 / size))


def rate(work: Callable[[str], object], texts: list[str]) -> float:
    """Megabytes a second of processor time."""
    begun = time.process_time()
    for text in texts:
        work(text)
    return sum(len(text.encode()) for text in texts[: len(texts)]) / 1e6 / (time.process_time() - begun)


def with_kinds(chosen: Iterable[Kind]) -> Callable[[str], object]:
    """The work of finding these."""
    given = tuple(chosen)
    return lambda text: find(text, kinds=given)


def seven_in_turn() -> Callable[[str], object]:
    """The limit named in the plan: seven RE2 patterns one after another, nothing validated."""
    import re2

    made = [
        re2.compile(pattern)
        for pattern in (
            r"[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}", r"https?://[^\s\"'<>]+", r"\b[13][a-km-zA-HJ-NP-Z1-9]{25,34}\b",
            r"\bbc1[a-z0-9]{11,71}\b", r"\b0x[a-fA-F0-9]{40}\b", r"\b(?:\d[ -]?){13,16}\b", r"\+?\d[\d ()-]{8,}\d",
        )
    ]  # fmt: skip
    return lambda text: [sum(1 for _ in pattern.finditer(text.encode())) for pattern in made]


def bulk_extractor(texts: list[str]) -> float | None:
    """Its accts and email scanners, one thread, where it is installed."""
    if shutil.which("bulk_extractor") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder) / "pages.raw"
        image.write_bytes("".join(texts).encode())
        begun = time.perf_counter()
        subprocess.run(
            ["bulk_extractor", "-q", "-E", "accts", "-e", "email", "-j", "1", "-o", f"{folder}/out", str(image)],
            check=True, capture_output=True,
        )  # fmt: skip
        return image.stat().st_size / 1e6 / (time.perf_counter() - begun)


def speed(data: Path, megabytes: int) -> None:
    """One core, market pages repeated to a size, decoded source."""
    texts = pages(data, megabytes)
    once = texts[: len(dict.fromkeys(texts))]
    size = sum(len(text) for text in texts) / 1e6
    print(f"\n| {size:.0f} MB of market pages, one core | MB/s | ÷ seven RE2 patterns |\n|---|---|---|")
    limit = rate(seven_in_turn(), texts)
    rows = [("seven RE2 patterns in turn, nothing validated", limit)]
    peer = bulk_extractor(texts)
    rows.append(
        (
            "bulk_extractor, accts and email" if peer else "bulk_extractor, accts and email (published)",
            peer or PUBLISHED,
        )
    )
    rows.append(
        ("the kinds bulk_extractor finds", rate(with_kinds(k for k in KINDS if k.name in ITS_KINDS), texts))
    )
    rows.append(("all kinds", rate(with_kinds(KINDS), texts)))
    for name, value in rows:
        print(f"| {name} | {value:.1f} | {value / limit:.2f} |")
    print(f"\n| kind alone, {sum(map(len, once)) / 1e6:.0f} MB | MB/s | valid | invalid |\n|---|---|---|---|")
    for name in dict.fromkeys(kind.name for kind in KINDS):
        chosen = [kind for kind in KINDS if kind.name == name]
        hits = [one for text in once for one in find(text, kinds=chosen)]
        print(
            f"| {name} | {rate(with_kinds(chosen), once):.0f} | {sum(h.valid for h in hits)} | {sum(not h.valid for h in hits)} |"
        )


def main() -> None:
    given = argparse.ArgumentParser()
    given.add_argument("--megabytes", type=int, default=80)
    size = given.parse_args().megabytes
    data = Path(os.environ.get("BOWSTREET_DATA", "../shared/data"))
    suites(data)
    spamlord(data)
    labelled(data)
    speed(data, size)


if __name__ == "__main__":
    main()
