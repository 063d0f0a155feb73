"""Asking for captures, carrying them out, and taking in evidence from elsewhere.

A request is claimed by one conditional update, so that two workers never do the same; no transaction spans a visit.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from bowstreet.capture.canonical import canonical
from bowstreet.capture.errors import BadAddress, CaptureError, PermitRefused
from bowstreet.capture.login import Login
from bowstreet.capture.scope import split
from bowstreet.casework.captures import stamps
from bowstreet.casework.captures.models import Capture, HandOver, Request, State
from bowstreet.casework.conduct import acts as conduct
from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.operations import gate
from bowstreet.casework.operations import queries as operations
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer
from bowstreet.evidence.errors import EvidenceError
from bowstreet.evidence.intake import Intake, look
from bowstreet.flow import Capturing, Home, Kept, capture_and_seal, capturing

if TYPE_CHECKING:
    from bowstreet.capture.permit import Permit

Clock = Callable[[], datetime]
#: A worker that has said nothing for so long is taken to be dead, and its request is done again.
LEASE = timedelta(minutes=10)
MOST_ASKED = 500
#: Kinds of page that are about one person (`reading.kinds`): how often they are visited is counted.
PERSONAL = ("seller", "feedback")


class BadEvidence(Exception):
    """What was offered for intake is no evidence that can be read. The message says where it breaks."""


class BadHandOver(Exception):
    """A blocked page that cannot be marked as handled. The message says why."""


def home() -> Home:
    """Where this installation keeps evidence."""
    return Home(Path(settings.HOME))


@transaction.atomic
def ask(
    *, officer: Officer, operation: Operation, urls: Sequence[str], at: datetime, egress: str = "direct"
) -> list[Request]:
    """Put addresses on the list, each once. Raises BadAddress for one that is none; then nothing is put on it."""
    if not operations.works_on(officer, operation):
        raise PermitRefused(f"{officer.username} may look at {operation.reference}, and not act on it")
    wanted = list(dict.fromkeys(url.strip() for url in urls if url.strip()))
    if len(wanted) > MOST_ASKED:
        raise BadAddress(
            f"{len(wanted)} addresses are more than can be asked for at once: {MOST_ASKED} at most"
        )
    for url in wanted:
        split(url)
    made = [
        Request.objects.create(operation=operation, officer=officer, url=url, egress=egress, asked_at=at)
        for url in wanted
    ]
    record.write(
        Act.COLLECTION, by=officer.username, at=at, record=f"requests:{operation.reference}",
        operation=operation.reference, detail={"asked": wanted},
    )  # fmt: skip
    return made


@transaction.atomic
def ask_again(*, officer: Officer, operation: Operation, number: int, at: datetime) -> Request:
    """Put the address of a failed request on the list again. What failed is kept. Raises BadAddress."""
    failed = operation.requests.filter(id=number, state=State.FAILED).first()
    if failed is None:
        raise BadAddress(f"there is no failed request {number} in {operation.reference}")
    made = ask(officer=officer, operation=operation, urls=[failed.url], at=at, egress=failed.egress)[0]
    failed.again = made
    failed.save(update_fields=["again"])
    return made


def release_dead(*, at: datetime) -> int:
    """Free the requests of workers of this machine that are no more, without waiting for their lease; how many."""
    running = Request.objects.filter(state=State.RUNNING).exclude(claimed_by="")
    dead = {worker for worker in running.values_list("claimed_by", flat=True) if not alive(worker)}
    return running.filter(claimed_by__in=dead).update(claimed_at=at - LEASE - timedelta(seconds=1))


def claim(*, worker: str, at: datetime) -> Request | None:
    """The oldest request that nobody is working on, now this worker's; None where there is none."""
    free = Q(state=State.ASKED) | Q(state=State.RUNNING, claimed_at__lt=at - LEASE)
    for number in Request.objects.filter(free).order_by("id").values_list("id", flat=True)[:20]:
        mine = {"state": State.RUNNING, "claimed_by": worker, "claimed_at": at, "progress": "starting"}
        if Request.objects.filter(free, id=number).update(**mine):
            return Request.objects.select_related("operation", "officer").get(id=number)
    return None


def carry_out(
    request: Request,
    *,
    now: Clock,
    progress: Callable[[str], None] | None = None,
    pages: Capturing | None = None,
) -> Capture:
    """Visit, seal, store and record one request. Raises CaptureError, which is also written on the request."""
    with _written(request):
        made = collect(
            officer=request.officer, operation=request.operation, url=request.url, now=now, egress=request.egress,
            progress=_saying(request, now, progress), pages=pages,
        )  # fmt: skip
    _mine(request).update(state=State.DONE, capture=made, progress="", problem="")
    return made


def set_out(request: Request, *, now: Clock, pages: Capturing) -> None:
    """Begin to carry out a request in a free tab; `bring_in` ends it. Raises CaptureError as `carry_out`."""
    with _written(request):
        start(
            key=request, officer=request.officer, operation=request.operation, url=request.url, now=now,
            egress=request.egress, progress=_saying(request, now), pages=pages,
        )  # fmt: skip


def bring_in(request: Request, later: Future[Kept], *, now: Clock) -> Capture:
    """Record what became of a request that was set out with. Raises CaptureError as `carry_out`."""
    with _written(request):
        made = keep(later.result(), request.officer, request.operation, now())
    _mine(request).update(state=State.DONE, capture=made, progress="", problem="")
    return made


def _mine(request: Request) -> QuerySet[Request]:
    """The request, unless this worker was taken for dead and another has taken it up: then nothing more is said of it."""
    return Request.objects.filter(id=request.id, claimed_by=request.claimed_by)


def _saying(
    request: Request, now: Clock, progress: Callable[[str], None] | None = None
) -> Callable[[str], None]:
    def say(text: str) -> None:
        _mine(request).update(progress=text[:300], claimed_at=now())
        if progress:
            progress(text)

    return say


@contextmanager
def _written(request: Request) -> Iterator[None]:
    """Write on a request why it failed."""
    try:
        yield
    except CaptureError as error:
        _mine(request).update(state=State.FAILED, problem=str(error), progress="")
        raise


def collect(
    *,
    officer: Officer,
    operation: Operation,
    url: str,
    now: Clock,
    egress: str = "direct",
    watched: bool = False,
    progress: Callable[[str], None] | None = None,
    mode: str = "wire",
    login: Login | None = None,
    pages: Capturing | None = None,
) -> Capture:
    """Capture one page under the operation's authority. Raises CaptureError.

    `mode` is wire, native, or either: natively again where the wire tap could not open all; both are then kept.
    """

    def visit(how: str) -> Capture:
        kept = fetch(
            officer=officer, operation=operation, url=url, now=now, egress=egress, watched=watched, progress=progress,
            mode=how, login=login, pages=pages,
        )  # fmt: skip
        return keep(kept, officer, operation, now())

    first = visit("wire" if mode == "either" else mode)
    return visit("native") if mode == "either" and first.unopened else first


def session(*, now: Clock, tabs: int = 1) -> AbstractContextManager[Capturing]:
    """A browser that stays up for many pages of `fetch`, or several for those of `start`. Raises CaptureError."""
    return capturing(home(), now=now, tabs=tabs)


def fetch(
    *,
    officer: Officer,
    operation: Operation,
    url: str,
    now: Clock,
    egress: str = "direct",
    watched: bool = False,
    pages: Capturing | None = None,
    progress: Callable[[str], None] | None = None,
    mode: str = "wire",
    login: Login | None = None,
) -> Kept:
    """Visit, seal and store one page, which `keep` then records; with the browser of `pages`, or one of its own.

    Raises CaptureError.
    """

    permit, ask_gate = _allowed(officer, operation, url, now, egress, login, watched=watched)
    if pages is not None:
        return pages.capture(
            permit, url, now=now, gate=ask_gate, progress=progress, mode=mode, login=login
        ).result()
    return capture_and_seal(
        permit, url, home=home(), now=now, gate=ask_gate, progress=progress, mode=mode, login=login
    )


def start(
    *,
    key: object,
    officer: Officer,
    operation: Operation,
    url: str,
    now: Clock,
    pages: Capturing,
    egress: str = "direct",
    progress: Callable[[str], None] | None = None,
    mode: str = "wire",
    login: Login | None = None,
) -> None:
    """Begin to visit one page in a free tab; `pages.tabs.over` gives it sealed and stored, for `keep`.

    Raises CaptureError where it may not be visited; what comes later, `over` gives."""
    permit, ask_gate = _allowed(officer, operation, url, now, egress, login)
    pages.start(key, permit, url, now=now, gate=ask_gate, progress=progress, mode=mode, login=login)


def _allowed(
    officer: Officer,
    operation: Operation,
    url: str,
    now: Clock,
    egress: str,
    login: Login | None,
    *,
    watched: bool = False,
) -> tuple[Permit, Callable[[str], Permit]]:
    """A permit for the first page, and the gate that is asked before each further one."""
    account = login.account if login else ""

    def ask_gate(address: str) -> Permit:
        return gate.issue(
            officer=officer, operation=operation, url=address, at=now(), egress=egress, account=account
        )

    permit = ask_gate(url)
    visited = _visited(operation, url, watched=watched)
    conduct.check(operation=operation, officer=officer, url=url, visited=visited, at=now())
    return permit, ask_gate


def _visited(operation: Operation, url: str, *, watched: bool) -> int:
    """How often the page was captured: a seller's page, or any page where that is by schedule."""
    spellings = {url, canonical(url)}
    found = operation.captures.filter(Q(url__in=spellings) | Q(final_url__in=spellings), received=False)
    if not watched:
        found = found.filter(pages__kind__in=PERSONAL)
    return found.distinct().count()


@transaction.atomic
def keep(kept: Kept, officer: Officer, operation: Operation, at: datetime, *, late: bool = False) -> Capture:
    """Record a sealed capture, with its log entry; once, whoever does it. `late`: not by its own worker."""
    if already := operation.captures.filter(sha256=kept.sha256).first():
        return already
    capture, sealed = kept.capture, kept.sealed
    number = record.write(
        Act.COLLECTION, by=officer.username, at=at, record=f"capture:sha256:{kept.sha256}", operation=operation.reference,
        detail={"url": capture.url, "companion": f"sha256:{capture.companion_sha256}", "signer": sealed.fingerprint}
        | ({"recorded": "late, by housekeeping"} if late else {}),
    )  # fmt: skip
    made = Capture.objects.create(
        operation=operation,
        officer=officer,
        url=capture.url,
        final_url=capture.final_url,
        title=capture.title,
        at=capture.at,
        status=capture.status,
        label=capture.label.value,
        sha256=kept.sha256,
        companion_sha256=capture.companion_sha256,
        companion_salt=capture.salt,
        exchanges=capture.exchanges,
        seen=capture.seen,
        matched=capture.matched,
        unopened=capture.unopened,
        redacted=capture.redacted,
        original_sha256=capture.original_sha256 or "",
        mode=capture.mode,
        cut_off=list(capture.cut_off),
        tls_fault=capture.tls_fault or "",
        signer=sealed.fingerprint,
        timestamps=[stamps.fields(stamp) for stamp in sealed.timestamps],
        pending=list(sealed.pending),
        stamp_due=at + stamps.RETRY if sealed.pending else None,
        entry=number,
    )
    if capture.label.blocked:
        HandOver.objects.create(capture=made)
    return made


@transaction.atomic
def login_from(path: Path, *, officer: Officer, operation: Operation, at: datetime) -> Login:
    """Take a login file into the restricted store, and read it. Raises BadLogin."""
    found = Login.read(path)
    home().restricted.put(path)
    record.write(
        Act.COLLECTION, by=officer.username, at=at, record=f"login:sha256:{found.sha256}", operation=operation.reference,
        detail={"account": found.account},
    )  # fmt: skip
    return found


@transaction.atomic
def handle(*, officer: Officer, operation: Operation, number: int, note: str, at: datetime) -> None:
    """A person has looked at a blocked page, and says what came of it. Raises BadHandOver."""
    if not note.strip():
        raise BadHandOver("say what was done about the page")
    if not operations.works_on(officer, operation):
        raise BadHandOver(f"{officer.username} may look at {operation.reference}, and not act on it")
    waiting = HandOver.objects.filter(capture__operation=operation, capture_id=number, handled_at=None)
    if not waiting.update(handled_at=at, handled_by=officer, note=note.strip()):
        raise BadHandOver("this page does not wait for anybody: it was handled already, or was not blocked")
    record.write(
        Act.ALTERATION, by=officer.username, at=at, record=f"capture:{number}", operation=operation.reference,
        detail={"handled": note.strip()},
    )  # fmt: skip


def take_in(
    *,
    officer: Officer,
    operation: Operation,
    path: Path,
    at: datetime,
    source: str = "",
    url: str = "",
    seen: Callable[[int], None] | None = None,
) -> tuple[Capture, Intake]:
    """Take in an archive from elsewhere, as received. Raises BadEvidence; a broken one is kept with its faults.

    `url` is the address that a saved page was saved from, as whoever brought it says; `seen` is told how many bytes
    have been read."""
    if url:
        split(url)
    try:
        found = look(path, seen=seen)
        sha256 = home().objects.put(path)
    except EvidenceError as error:
        raise BadEvidence(str(error)) from None
    except OSError as error:
        raise BadEvidence(f"{path} cannot be read or kept: {error.strerror or error}") from None
    existing = Capture.objects.filter(operation=operation, sha256=sha256).first()
    return existing or _receive(found, sha256, officer, operation, path, at, source, url), found


@transaction.atomic
def _receive(
    found: Intake,
    sha256: str,
    officer: Officer,
    operation: Operation,
    path: Path,
    at: datetime,
    source: str,
    url: str,
) -> Capture:
    number = record.write(
        Act.COLLECTION, by=officer.username, at=at, record=f"capture:sha256:{sha256}", operation=operation.reference,
        detail={"received": path.name, "from": source, "url": url, "kind": found.kind, "faults": len(found.errors)},
    )  # fmt: skip
    return Capture.objects.create(
        operation=operation, officer=officer, received=True, source=source or path.name, url=url or path.name, title=path.name,
        at=at, sha256=sha256, mode=found.kind, faults=list(found.errors)[:100], entry=number,
    )  # fmt: skip


def worker_name() -> str:
    """How this process signs the requests that it claims: machine, space of process numbers, process."""
    return f"{_machine()}:{os.getpid()}"


def alive(worker: str) -> bool:
    """Is a worker still there? One on another machine is taken to be, until its lease is over."""
    machine, _, process = worker.rpartition(":")
    if machine != _machine():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (ValueError, OSError):
        return True
    return True


def _machine() -> str:
    """Containers may share a name; process numbers mean the same only in one space of them."""
    try:
        space = str(Path("/proc/self/ns/pid").readlink()).strip("pid:[]")
    except OSError:
        space = ""
    return f"{platform.node()}:{space}"
