"""Putting right what a killed worker left: sealed archives that no row names are recorded; what is no evidence goes.

A visit is sealed, stored, and then recorded with its log entry. Killed in between, the sealed archive and its restricted
companion are there, and say themselves for whom, when and under which authority they were made.
"""

from __future__ import annotations

import json
import re
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bowstreet.capture.companion import commitment
from bowstreet.capture.errors import CaptureError
from bowstreet.capture.label import Label, label
from bowstreet.capture.seen import seen
from bowstreet.capture.session import sweep
from bowstreet.capture.visit import Capture as Visited
from bowstreet.casework.captures import acts
from bowstreet.casework.captures.models import Capture
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer
from bowstreet.evidence.errors import EvidenceError
from bowstreet.evidence.seal import Sealed
from bowstreet.evidence.verify import verify
from bowstreet.flow import Kept

_PASSWORD = re.compile(r"<input\b[^>]*\btype\s*=\s*[\"']?password", re.I)


@dataclass(frozen=True)
class Companion:
    """A restricted companion that no capture names: what it says of the visit."""

    sha256: str
    salt: str
    permit: dict[str, Any]
    original: str | None


@dataclass(frozen=True)
class Tidied:
    """What was put right: captures recorded late, and objects that nobody can say anything of."""

    adopted: tuple[Capture, ...]
    strays: tuple[str, ...]


def tidy(*, at: datetime) -> Tidied:
    """Record every sealed archive of ours that no capture names. Others are reported, and left where they are."""
    home = acts.home()
    unstored = _store_sealed(home.work)
    sweep(home.work)
    _clear(home.work, at, unstored)
    known = set(Capture.objects.values_list("sha256", flat=True))
    alone = [name for name in home.objects if name not in known]
    if not alone:
        return Tidied((), ())
    companions = _companions()
    adopted, strays = [], []
    for name in alone:
        made = _adopt(name, companions, at)
        adopted.append(made) if made else strays.append(name)
    return Tidied(tuple(adopted), tuple(strays))


def _store_sealed(work: Path) -> set[str]:
    """Archives that were sealed and not yet stored. A living worker's may be among them: storing twice changes nothing.

    The beginnings of the names of those that the store did not take: they are left where they are.
    """
    home, unstored = acts.home(), set()
    for path in sorted(work.glob("*.wacz")):
        companion = path.with_name(f"{path.name.removesuffix('.wacz')}.companion.zip")
        if path.name.endswith(".unsigned.wacz") or not companion.exists():
            continue
        try:
            home.restricted.put(companion)
            home.objects.put(path)
        except (
            OSError,
            EvidenceError,
        ):  # its worker lives and has just put it away itself, or the store is away
            unstored.add(path.name.removesuffix(".wacz"))
    return unstored


def _clear(work: Path, at: datetime, unstored: set[str]) -> None:
    """Remove what killed workers left half made, once no living one can still be at it."""
    for path in (*work.glob("*.wacz*"), *work.glob(".*.wacz*"), *work.glob("*.companion.zip")):
        if path.name.lstrip(".").split(".")[0] in unstored:
            continue
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < (at - acts.LEASE).timestamp():
                path.unlink()


def _companions() -> dict[str, Companion]:
    """Companions that no capture names, by the commitment under which a public archive names them."""
    named = set(Capture.objects.values_list("companion_sha256", flat=True))
    store, found = acts.home().restricted, {}
    for name in store:
        if name not in named and (one := _companion(store.path(name), name)):
            found[commitment(name, one.salt)] = one
    return found


def _companion(path: Path, sha256: str) -> Companion | None:
    try:
        with zipfile.ZipFile(path) as archive:
            salt = archive.read("salt.txt").decode().strip()
            original = (
                json.loads(archive.read("original.json"))["sha256"]
                if "original.json" in archive.namelist()
                else None
            )
            return Companion(sha256, salt, json.loads(archive.read("permit.json")), original)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        return None


def _adopt(sha256: str, companions: dict[str, Companion], at: datetime) -> Capture | None:
    """Record an archive as its visit would have; None where it is not one of ours, or its operation is not here."""
    path = acts.home().objects.path(sha256)
    try:
        with zipfile.ZipFile(path) as pack:
            said = json.loads(pack.read("files/provenance.json"))
            exchanges = json.loads(pack.read("files/exchanges.json"))
            page = json.loads(pack.read("pages/pages.jsonl").splitlines()[1])
        one = companions[said["restricted_companion"]]
        verdict = verify(path, trust=acts.home().trust())
        operation = Operation.objects.get(reference=one.permit["operation"])
        officer = Officer.objects.get(username=one.permit["officer"])
        dom = seen(path, said["shown"]).dom
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError, CaptureError, EvidenceError):
        return None
    except (Operation.DoesNotExist, Officer.DoesNotExist):
        return None
    if not verdict.ok:
        return None
    visited = _visited(said, page, len(exchanges), one, path, password=bool(_PASSWORD.search(dom)))
    awaited = tuple(authority.name for authority in acts.home().authorities())  # they are asked again, late
    sealed = Sealed(path, sha256, verdict.signer or "", pending=awaited)
    return acts.keep(Kept(visited, sealed, sha256), officer, operation, at, late=True)


def _visited(
    said: dict[str, Any], page: dict[str, Any], exchanges: int, one: Companion, path: Path, *, password: bool
) -> Visited:
    status, title = int(said["status"]), str(page.get("title", ""))
    found: Label = label(status, title=title, text=str(page.get("text", "")), password_field=password)
    refused = tuple(f"{r['host']} port {r['port']}: {r['why']}" for r in said.get("refused", ()))
    return Visited(
        url=said["asked"], final_url=said["shown"], at=datetime.fromisoformat(said["captured"]), status=status, title=title,
        label=found, wacz=path, companion=acts.home().restricted.path(one.sha256), companion_sha256=one.sha256, salt=one.salt,
        exchanges=exchanges, seen=said["cross_check"]["seen"], matched=said["cross_check"]["matched"], mode=said["mode"],
        cut_off=tuple(said["cut_off"]), refused=refused, tls_fault=said["tls_fault"], redacted=said.get("redacted", False),
        original_sha256=one.original,
    )  # fmt: skip
