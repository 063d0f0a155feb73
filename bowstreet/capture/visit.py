"""A page visited under a permit: by a real browser, through the wire tap, into an unsigned WACZ.

    with session(Path("var/work")) as visits:
        for url in urls:
            visited = visits.visit(permit, url, now=lambda: datetime.now(UTC))
            capture = visited.keep()                   # may run in another thread, beside the next visit

Everything happens in a scratch folder and is moved into place at the end: a kill at any moment leaves nothing half made.
"""

from __future__ import annotations

import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bowstreet.capture import browser, companion, pack
from bowstreet.capture import session as sessions
from bowstreet.capture.clock import told
from bowstreet.capture.egress import way_out
from bowstreet.capture.errors import BadTLS, CaptureError, EgressRefused, NoWayOut, PermitRefused, Unreachable
from bowstreet.capture.found import Found
from bowstreet.capture.label import Label, label
from bowstreet.capture.limits import Limits
from bowstreet.capture.login import Login
from bowstreet.capture.mask import Mask
from bowstreet.capture.permit import Permit
from bowstreet.capture.scope import host_port, split
from bowstreet.capture.secrets_of import secrets_of
from bowstreet.capture.session import Session, Taped, plainly
from bowstreet.capture.wire import describe
from bowstreet.capture.wire.connection import Connection
from bowstreet.capture.wire.match import Match, browser_view, compare
from bowstreet.capture.wire.netlog import load
from bowstreet.capture.wire.reader import read
from bowstreet.capture.wire.verdict import verdicts
from bowstreet.evidence.errors import EvidenceError

Clock = Callable[[], datetime]
Gate = Callable[[str], Permit]
Progress = Callable[[str], None]
#: How long the browser may take to write down what it did: as a rule it has, by the end of the visit.
SETTLE_SECONDS = 10.0
SECRET_SECONDS = 3.0  # of its TLS secrets: those of a connection that it broke off never come
MODES = ("wire", "native")


@dataclass(frozen=True)
class Capture:
    """What a visit gave. `wacz` is unsigned; `companion` is restricted; both lie in the folder that was named."""

    url: str
    final_url: str
    at: datetime
    status: int
    title: str
    label: Label
    wacz: Path
    companion: Path
    companion_sha256: str
    salt: str
    exchanges: int
    seen: int
    matched: int
    mode: str
    cut_off: tuple[str, ...]
    refused: tuple[str, ...]
    tls_fault: str | None
    unopened: int = 0  # connections that the tap could not open
    redacted: bool = False
    original_sha256: str | None = None  # of the unredacted archive, in the restricted store


#: Seals and stores the unredacted original, and gives its SHA-256.
KeepOriginal = Callable[[Path], str]


@dataclass(frozen=True)
class Visited:
    """A visit that is over, with the browser free for the next one. `keep` it or `drop` it, before the session ends."""

    permit: Permit
    url: str
    at: datetime
    taped: Taped
    clock: dict[str, object]
    mode: str
    login: Login | None
    folder: Path
    scratch: Path

    def keep(self, *, original: KeepOriginal | None = None) -> Capture:
        """Decrypt, compare and pack. Raises CaptureError; whatever happens, the scratch is gone afterwards.

        Of a visit under a login, `original` keeps the unredacted archive; without it, it is not kept.
        """
        try:
            with plainly(self.url):
                return self._keep(original)
        except EvidenceError as error:
            raise CaptureError(f"the capture of {self.url} could not be written: {error}") from None
        finally:
            self.drop()

    def drop(self) -> None:
        """Let it go unkept."""
        shutil.rmtree(self.scratch, ignore_errors=True)

    def _keep(self, original: KeepOriginal | None) -> Capture:
        wire = self.taped.folder
        connections = _opened(self.taped, SECRET_SECONDS)
        self.taped.keys.write(wire / browser.KEYS, {c.handshake.random for c in connections if c.handshake})
        matches = _settled(self.taped, connections, self.mode)
        judged = verdicts(load(wire / browser.LOG)) if any(one.secure for one in connections) else {}
        bad = describe.bad_sites(connections, judged)
        ended = self.taped.shown.url
        fault = bad.get(host_port(split(ended if ended.startswith(("http:", "https:")) else self.url)))
        if fault and self.permit.bad_tls != "record":
            raise _bad_tls(self.url, fault)
        for (host, port), what in bad.items():
            self.taped.shown.cut(f"the certificate of {host} port {port} is bad ({what})")
        software = {
            "browser": browser.version(),
            "python": platform.python_version(),
            "system": platform.platform(),
        }
        found = Found(
            self.url, self.at, self.taped.shown, connections, matches, wire, self.permit, software, self.clock, fault, judged,
            self.mode, self.login,
        )  # fmt: skip
        if found.unopened and self.mode == "wire":
            found.shown.cut(
                f"the wire tap could not open {len(found.unopened)} connections: what they carried is not kept; native mode keeps "
                "what the browser made of it"
            )
        return _packed(found, self.scratch, self.folder, original)


class Visits:
    """A session that visits under permits."""

    def __init__(self, held: Session, folder: Path, limits: Limits) -> None:
        self._held, self._folder, self._limits = held, folder, limits

    def visit(
        self,
        permit: Permit,
        url: str,
        *,
        now: Clock,
        gate: Gate | None = None,
        progress: Progress | None = None,
        mode: str = "wire",
        login: Login | None = None,
    ) -> Visited:
        """Visit one page. `gate` is asked before every page of the main frame, redirects too.

        `mode` is wire, or native for what the tap cannot open. A `login` is of the account that the permit names.

        Raises CaptureError: PermitRefused, BadAddress, EgressRefused, BadTLS, Unreachable, BrowserFailed or NoRoom.
        """
        permit.check(url, now())
        if mode not in MODES:
            raise CaptureError(f"the mode '{mode}' is not there: use {' or '.join(MODES)}")
        if login and login.account != permit.account:
            raise PermitRefused(f"the authority {permit.authority} does not name the account of this login")
        (progress or (lambda _: None))(f"visiting {url}")
        at, clock = now(), told()
        with plainly(url):
            scratch = Path(tempfile.mkdtemp(prefix=".page-", dir=self._held.folder))
            try:
                options = {"native": mode == "native", "masked": login is not None}
                options |= login.context if login else {}
                taped = self._taped(permit, url, scratch, _asker(permit, gate, now), options)
            except BaseException:
                shutil.rmtree(scratch, ignore_errors=True)
                raise
        return Visited(permit, url, at, taped, clock, mode, login, self._folder, scratch)

    def give_up(self) -> None:
        """End the browser, and with it a visit that another thread is at."""
        self._held.close()

    def _taped(self, permit: Permit, url: str, scratch: Path, ask: Gate, options: dict[str, Any]) -> Taped:
        way, wire, limits = way_out(permit), scratch / "wire", self._limits
        record = permit.bad_tls == "record"
        taped = self._held.look(url, way, wire, limits, ask, accept_bad_tls=record, **options)
        if taped.shown.refused:
            raise taped.shown.refused
        if taped.shown.failure:
            raise _failure(url, taped, _fault(taped))
        return taped


@contextmanager
def session(folder: Path, *, limits: Limits | None = None) -> Iterator[Visits]:
    """A browser for many visits; captures come to lie in `folder`. Raises BrowserFailed."""
    with plainly("a page"), sessions.opened(folder) as held:
        yield Visits(held, folder, limits or Limits.of_installation())


def visit(
    permit: Permit,
    url: str,
    *,
    folder: Path,
    now: Clock,
    gate: Gate | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Capture:
    """Visit one page and keep it, with a browser of its own. Raises CaptureError as `Visits.visit` does."""
    permit.check(url, now())
    with session(folder, limits=limits) as visits:
        return visits.visit(permit, url, now=now, gate=gate, progress=progress).keep()


def _packed(found: Found, scratch: Path, folder: Path, keep_original: KeepOriginal | None) -> Capture:
    original, mask = None, None
    if found.login:
        mask = Mask(secrets_of(found.login, found.connections, found.shown))
        if keep_original:
            original = keep_original(pack.wacz(found, scratch / "original.wacz", names={}))
    beside = companion.write(found, scratch / "companion.zip", original=original)
    names = {"restricted_companion": beside.commitment()}
    if original:
        names["unredacted_original"] = beside.commitment(original)
    pack.wacz(found, scratch / "capture.wacz", names=names, mask=mask)
    stem = f"{found.at:%Y%m%dT%H%M%S}-{beside.sha256[:12]}"
    wacz, restricted = folder / f"{stem}.unsigned.wacz", folder / f"{stem}.companion.zip"
    beside.path.replace(restricted)
    (scratch / "capture.wacz").replace(wacz)
    shown, exchanges = found.shown, sum(len(c.exchanges) for c in found.connections)
    refused = tuple(f"{one['host']} port {one['port']}: {one['why']}" for one in pack.refused(found))
    clean = mask.text if mask else lambda text, _: text
    return Capture(
        url=clean(found.asked, ""),
        final_url=clean(shown.url, ""),
        at=found.at,
        status=shown.status,
        title=clean(shown.title, ""),
        label=label(shown.status, title=shown.title, text=shown.text, password_field=shown.password_field),
        wacz=wacz,
        companion=restricted,
        companion_sha256=beside.sha256,
        salt=beside.salt,
        exchanges=len(shown.kept) if found.mode == "native" else exchanges,
        seen=len(found.matches),
        matched=sum(1 for m in found.matches if m.fault is None) if found.mode == "wire" else 0,
        mode=found.mode,
        cut_off=(*shown.cut_off, *(f"refused: {one}" for one in refused)),
        refused=refused,
        tls_fault=found.tls_fault,
        unopened=len(found.unopened),
        redacted=mask is not None,
        original_sha256=original,
    )


def _opened(taped: Taped, patience: float) -> list[Connection]:
    keys = taped.keys
    return read(taped.folder / "tape", keys.path, taped.folder, start=keys.start, patience=patience)


def _settled(taped: Taped, connections: list[Connection], mode: str) -> list[Match]:
    """The cross-check, once the browser has written all of its log: its last few lines may come a moment late."""
    answered = sum(1 for c in connections for e in c.exchanges if e.status is not None)
    ends, out = time.monotonic() + SETTLE_SECONDS, taped.folder / browser.LOG
    while True:
        over = taped.log.write(out)
        matches = compare(browser_view(out), connections)
        found = sum(1 for m in matches if m.exchange)
        if mode == "native" or over or found >= answered or time.monotonic() > ends:
            return matches
        time.sleep(0.1)


def _asker(permit: Permit, gate: Gate | None, now: Clock) -> Gate:
    def ask(url: str) -> Permit:
        if gate:
            return gate(url)
        permit.check(url, now())
        return permit

    return ask


def _fault(taped: Taped) -> str | None:
    """The browser's name for what is wrong with the site's certificate, where it refused for that."""
    failure = taped.shown.failure or ""
    return failure if failure.startswith(("net::ERR_CERT", "net::ERR_SSL")) else None


def _bad_tls(url: str, fault: str) -> BadTLS:
    return BadTLS(
        f"{url} has a bad certificate ({fault}). The operation's choice is to refuse; it can be set to record it"
    )


def _failure(url: str, taped: Taped, fault: str | None) -> CaptureError:
    """The browser's failure as what a person can act on."""
    if fault:
        return _bad_tls(url, fault)
    failure, (host, port) = taped.shown.failure or "", host_port(split(url))
    for connection in _opened(taped, 0):
        if connection.refused and (connection.host, connection.port) == (host, port):
            why = connection.refused["why"]
            if connection.refused["kind"] == "tls":
                return _bad_tls(url, f"{why}; it was not asked for the page")
            if connection.refused["kind"] == "egress":
                return EgressRefused(f"{url} was not visited: {why}")
            if connection.refused["kind"] == "upstream":
                return NoWayOut(f"{url} was not visited: {why}")
            return Unreachable(f"{url} cannot be reached: {why}")
    if "DOWNLOAD" in failure.upper() or "ABORTED" in failure:
        return Unreachable(f"{url} is a download, not a page: it was not kept")
    return Unreachable(f"{url} cannot be reached ({failure}): is the site up, and the address right?")


__all__ = ["Capture", "Limits", "Match", "Visited", "Visits", "session", "visit"]
