"""One page, visited under a permit: by a real browser, through the wire tap, into an unsigned WACZ.

    capture = visit(permit, "https://shop.example/", folder=Path("var/captures"), now=lambda: datetime.now(UTC))

Everything happens in a scratch folder and is moved into place at the end: a kill at any moment leaves nothing half made.
"""

from __future__ import annotations

import errno
import json
import platform
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bowstreet.capture import browser, pack
from bowstreet.capture.browser import Limits, Shown, Visit
from bowstreet.capture.display import die_with_parent, display
from bowstreet.capture.egress import Egress, way_out
from bowstreet.capture.errors import BadTLS, BrowserFailed, CaptureError, EgressRefused, NoRoom, Unreachable
from bowstreet.capture.label import Label, label
from bowstreet.capture.permit import Permit
from bowstreet.capture.scope import host_port, split
from bowstreet.capture.wire.connection import Connection
from bowstreet.capture.wire.match import Match, browser_view, compare
from bowstreet.capture.wire.reader import read
from bowstreet.evidence.errors import EvidenceError

Clock = Callable[[], datetime]
Gate = Callable[[str], Permit]
Progress = Callable[[str], None]


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
    """Visit one page and keep it. `gate` is asked before every page of the main frame, redirects too.

    Raises CaptureError: PermitRefused, BadAddress, EgressRefused, BadTLS, Unreachable, BrowserFailed or NoRoom.
    """
    permit.check(url, now())
    browser.root_allowed()
    say = progress or (lambda _: None)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".visit-", dir=folder) as scratch:
            return _visit(permit, url, Path(scratch), folder, now, gate, limits or Limits(), say)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise NoRoom(
                f"no room for the capture of {url}: free some disk space and ask again; nothing was kept"
            ) from None
        raise BrowserFailed(f"the capture of {url} failed: {error}") from None
    except EvidenceError as error:
        raise CaptureError(f"the capture of {url} could not be written: {error}") from None


def _visit(
    permit: Permit,
    url: str,
    scratch: Path,
    folder: Path,
    now: Clock,
    gate: Gate | None,
    limits: Limits,
    say: Progress,
) -> Capture:
    ask = _asker(permit, gate, now)
    at = now()
    say(f"visiting {url}")
    clock = {"source": "system", "monotonic": time.monotonic(), "synchronised": _synchronised()}
    shown, connections, fault = _through_relay(permit, url, scratch, limits, ask, bad_tls=False)
    if fault and permit.bad_tls == "record":
        shutil.rmtree(scratch / "wire")
        shown, connections, _ = _through_relay(permit, url, scratch, limits, ask, bad_tls=True)
        shown = replace(shown, cut_off=[f"the site's certificate is bad ({fault})", *shown.cut_off])
    _must_have_shown(url, shown, connections, fault if permit.bad_tls != "record" else None)
    say(f"packing {url}")
    software = {
        "browser": browser.version(),
        "python": platform.python_version(),
        "system": platform.platform(),
    }
    matches = compare(browser_view(scratch / "wire" / "netlog.json"), connections)
    found = pack.Found(url, at, shown, connections, matches, scratch / "wire", permit, software, clock, fault)
    return _packed(found, scratch, folder)


def _packed(found: pack.Found, scratch: Path, folder: Path) -> Capture:
    digest, salt = pack.companion(found, scratch / "companion.zip")
    pack.wacz(found, scratch / "capture.wacz", companion_commitment=pack.commitment(digest, salt))
    stem = f"{found.at:%Y%m%dT%H%M%S}-{digest[:12]}"
    wacz, companion = folder / f"{stem}.unsigned.wacz", folder / f"{stem}.companion.zip"
    (scratch / "companion.zip").replace(companion)
    (scratch / "capture.wacz").replace(wacz)
    shown = found.shown
    refused = tuple(f"{one['host']} port {one['port']}: {one['why']}" for one in pack.refused(found))
    return Capture(
        url=found.asked,
        final_url=shown.url,
        at=found.at,
        status=shown.status,
        title=shown.title,
        label=label(shown.status, title=shown.title, text=shown.text, password_field=shown.password_field),
        wacz=wacz,
        companion=companion,
        companion_sha256=digest,
        salt=salt,
        exchanges=sum(len(c.exchanges) for c in found.connections),
        seen=len(found.matches),
        matched=sum(1 for m in found.matches if m.fault is None),
        mode="wire",
        cut_off=(*shown.cut_off, *(f"refused: {one}" for one in refused)),
        refused=refused,
        tls_fault=found.tls_fault,
    )


def _through_relay(
    permit: Permit, url: str, scratch: Path, limits: Limits, ask: Gate | None, *, bad_tls: bool
) -> tuple[Shown, list[Connection], str | None]:
    folder = scratch / "wire"
    folder.mkdir()
    with display() as name, _relay(folder / "tape", way_out(permit)) as port:
        shown = _in_a_thread(
            lambda gate: browser.visit(Visit(url, port, folder, name, limits, gate, bad_tls)), ask
        )
    if shown.refused:
        raise shown.refused
    connections = read(folder / "tape", folder / "keys.log", folder)
    fault = (
        shown.failure
        if shown.failure and shown.failure.startswith(("net::ERR_CERT", "net::ERR_SSL"))
        else None
    )
    return shown, connections, fault


@contextmanager
def _relay(tape: Path, way: Egress) -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bowstreet.capture.wire.relay", str(tape), json.dumps(way.record())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        line = process.stdout.readline().strip()
        if not line.isdigit():
            raise BrowserFailed("the relay did not start")
        yield int(line)
    finally:
        process.stdin.close()
        process.stdout.close()
        if process.wait() and sys.exc_info()[0] is None:
            raise OSError(errno.ENOSPC, "the relay could not write its tape")


def _in_a_thread(run: Callable[[Callable[[str], None]], Shown], ask: Callable[[str], object] | None) -> Shown:
    """Run the browser in a thread of its own, and answer its questions to the gate here.

    The browser driver runs an event loop in its thread; the gate talks to the database in ours.
    """
    questions: queue.Queue[tuple[str, queue.Queue[CaptureError | None]] | None] = queue.Queue()
    outcome: list[Shown | BaseException] = []

    def gate(url: str) -> None:
        answer: queue.Queue[CaptureError | None] = queue.Queue()
        questions.put((url, answer))
        if (refused := answer.get()) is not None:
            raise refused

    def work() -> None:
        try:
            outcome.append(run(gate))
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits for it
            outcome.append(error)
        finally:
            questions.put(None)

    thread = threading.Thread(target=work, name="browser")
    thread.start()
    while (question := questions.get()) is not None:
        url, answer = question
        try:
            if ask:
                ask(url)
            answer.put(None)
        except CaptureError as error:
            answer.put(error)
    thread.join()
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]


def _asker(permit: Permit, gate: Gate | None, now: Clock) -> Gate:
    def ask(url: str) -> Permit:
        if gate:
            return gate(url)
        permit.check(url, now())
        return permit

    return ask


def _must_have_shown(url: str, shown: Shown, connections: list[Connection], fault: str | None) -> None:
    """Turn the browser's failure into what a person can act on."""
    if fault:
        raise BadTLS(
            f"{url} has a bad certificate ({fault}). The operation's choice is to refuse; it can be set to record it"
        )
    if not shown.failure:
        return
    host, port = host_port(split(url))
    for connection in connections:
        if connection.refused and (connection.host, connection.port) == (host, port):
            why = connection.refused["why"]
            if connection.refused["kind"] == "egress":
                raise EgressRefused(f"{url} was not visited: {why}")
            raise Unreachable(f"{url} cannot be reached: {why}")
    if "DOWNLOAD" in shown.failure or "ABORTED" in shown.failure:
        raise Unreachable(f"{url} is a download, not a page: it was not kept")
    raise Unreachable(f"{url} cannot be reached ({shown.failure}): is the site up, and the address right?")


def _synchronised() -> bool | None:
    """Does the system say its clock is kept by NTP? None where it does not say."""
    marker = Path("/run/systemd/timesync/synchronized")
    return True if marker.exists() else None


__all__ = ["Capture", "Limits", "Match", "visit"]
