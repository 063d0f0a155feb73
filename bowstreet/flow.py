"""The main job in one file: capture → seal → read → link. The libraries meet here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bowstreet.bulk.facts import facts
from bowstreet.capture.authorities import ask as ask_authority
from bowstreet.capture.authorities import configured
from bowstreet.capture.errors import CaptureError
from bowstreet.capture.login import Login
from bowstreet.capture.objects import store_at
from bowstreet.capture.tabs import Tabs
from bowstreet.capture.visit import Capture, Gate, Limits, Visited, Visits, session
from bowstreet.evidence.errors import EvidenceError
from bowstreet.evidence.seal import Sealed, seal
from bowstreet.evidence.signing import SigningKey
from bowstreet.evidence.store import Store
from bowstreet.evidence.timestamps import Ask, Authority
from bowstreet.evidence.trust import Trust
from bowstreet.reading.facts import PageFacts
from bowstreet.reading.images.pages import Pictures

if TYPE_CHECKING:
    from bowstreet.capture.permit import Permit


@dataclass(frozen=True)
class Home:
    """Where an installation keeps evidence: public objects, restricted companions, and its keys."""

    folder: Path

    @property
    def objects(self) -> Store:
        """Sealed archives, by digest."""
        return store_at(self.folder / "objects")

    @property
    def restricted(self) -> Store:
        """What must never be served."""
        return store_at(self.folder / "restricted")

    @property
    def work(self) -> Path:
        """Scratch for visits under way."""
        return self.folder / "work"

    def authorities(self) -> tuple[Authority, ...]:
        """The time-stamping authorities that are set up. Raises BadAuthority."""
        return configured()

    def known_authorities(self) -> tuple[Authority, ...]:
        """Every authority that was ever set up, by its roots: what the time-stamps kept here are checked with."""
        kept = sorted((self.folder / "keys").glob("tsa-*.pem"))
        return tuple(Authority(p.stem.removeprefix("tsa-"), "", p.read_text()) for p in kept)

    def key(self) -> SigningKey:
        """The installation's keys, made the first time, with the trust file that its own verifier goes by.

        What is added to that file by hand (a revocation, a partner's key) stays.
        """
        key = SigningKey.load_or_make(self.folder / "keys")
        for authority in self.authorities():
            _add(self.folder / "keys" / f"tsa-{authority.name}.pem", authority.roots)
        told = self.folder / "keys" / "trust.json"
        own = Trust.of(key, self.known_authorities(), name="this installation")
        before = Trust.read(told) if told.exists() else Trust()
        if (trust := before.including(own)) != before:
            _write(told, trust.text())
        return key

    def trust(self) -> Trust:
        """Trust in this installation's own keys and authorities, and in whomever its trust file names besides."""
        self.key()
        return Trust.read(self.folder / "keys" / "trust.json")


def _add(path: Path, roots: str) -> None:
    kept = path.read_text() if path.exists() else ""
    if roots.strip() not in kept:
        _write(path, f"{kept}{roots.strip()}\n")


def _write(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    fresh.replace(path)


@dataclass(frozen=True)
class Kept:
    """A capture, sealed and stored."""

    capture: Capture
    sealed: Sealed
    sha256: str


class Capturing:
    """A browser for many pages, or several, one to a tab. While a page is visited, those before it are packed, sealed and
    stored. One thread uses it, and all that a visit asks is answered there."""

    def __init__(self, lanes: Sequence[Visits], worker: Executor, seal: Callable[[Visited], Kept]) -> None:
        self._first, self._worker, self._seal = lanes[0], worker, seal
        self.tabs: Tabs[Visits, Kept] = Tabs(lanes, Visits.give_up)

    def capture(
        self,
        permit: Permit,
        url: str,
        *,
        now: Callable[[], datetime],
        gate: Gate,
        progress: Callable[[str], None] | None = None,
        mode: str = "wire",
        login: Login | None = None,
    ) -> Future[Kept]:
        """Visit a page; raises CaptureError. What is returned will hold it sealed and stored, or a CaptureError.

        Not while tabs are at work."""
        visited = self._first.visit(
            permit, url, now=now, gate=gate, progress=progress, mode=mode, login=login
        )
        return self._worker.submit(self._seal, visited)

    def start(
        self,
        key: object,
        permit: Permit,
        url: str,
        *,
        now: Callable[[], datetime],
        gate: Gate,
        progress: Callable[[str], None] | None = None,
        mode: str = "wire",
        login: Login | None = None,
    ) -> None:
        """Begin a visit in a free tab; `tabs.over` gives what `capture` gives, by this key."""
        ask, say = self.tabs.here(gate), self.tabs.here(progress) if progress else None

        def visit(lane: Visits) -> Future[Kept]:
            visited = lane.visit(permit, url, now=now, gate=ask, progress=say, mode=mode, login=login)
            return self._worker.submit(self._seal, visited)

        self.tabs.start(key, visit)


@contextmanager
def capturing(
    home: Home,
    *,
    now: Callable[[], datetime],
    authorities: Sequence[Authority] | None = None,
    ask: Ask = ask_authority,
    limits: Limits | None = None,
    tabs: int = 1,
) -> Iterator[Capturing]:
    """A session of captures, time-stamped by `authorities`, or by those that are set up. Raises CaptureError."""
    key, stamps = home.key(), home.authorities() if authorities is None else authorities

    def original(path: Path) -> str:
        out = path.with_name("sealed.wacz")
        seal(path, out, key=key, at=now(), authorities=stamps, ask=ask)
        return home.restricted.put(out)

    def keep(visited: Visited) -> Kept:
        return _seal(visited.keep(original=original), home, key, now, stamps, ask)

    with ExitStack() as stack:
        lanes = [stack.enter_context(session(home.work, limits=limits)) for _ in range(tabs)]
        made = Capturing(lanes, stack.enter_context(ThreadPoolExecutor(tabs, "seal")), keep)
        stack.enter_context(made.tabs)
        yield made


def capture_and_seal(
    permit: Permit,
    url: str,
    *,
    home: Home,
    now: Callable[[], datetime],
    gate: Gate,
    authorities: Sequence[Authority] | None = None,
    ask: Ask = ask_authority,
    limits: Limits | None = None,
    progress: Callable[[str], None] | None = None,
    mode: str = "wire",
    login: Login | None = None,
) -> Kept:
    """Visit, seal and store one page. Raises CaptureError; what failed half-way leaves nothing behind.

    It is time-stamped by `authorities`, or by those that are set up."""
    permit.check(url, now())
    with capturing(home, now=now, authorities=authorities, ask=ask, limits=limits) as pages:
        return pages.capture(
            permit, url, now=now, gate=gate, progress=progress, mode=mode, login=login
        ).result()


def _seal(
    capture: Capture,
    home: Home,
    key: SigningKey,
    now: Callable[[], datetime],
    authorities: Sequence[Authority],
    ask: Ask,
) -> Kept:
    out = capture.wacz.with_name(capture.wacz.name.replace(".unsigned", ""))
    try:
        sealed = seal(capture.wacz, out, key=key, at=now(), authorities=authorities, ask=ask)
        home.restricted.put(capture.companion)
        return Kept(capture, sealed, home.objects.put(out))
    except (EvidenceError, OSError) as error:
        raise CaptureError(
            f"the capture of {capture.url} could not be sealed and stored ({error}): ask again"
        ) from None
    finally:
        for path in (capture.wacz, capture.companion, *out.parent.glob(f"{out.name}*")):
            path.unlink(missing_ok=True)


def read(paths: Iterable[Path], *, pictures: Pictures | None = None) -> Iterator[tuple[Path, PageFacts]]:
    """Read every page of some archives, with its pictures: those that match a hash list are quarantined.

    What is broken in them was told when they were taken in: the rest is read.
    """
    return facts(paths, lambda _: None, pictures or Pictures())
