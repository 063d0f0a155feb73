"""Many pages with one browser: it stays up from page to page, and nothing else does.

    with session(Path("var/work")) as visits:
        visited = visits.visit(permit, "https://shop.example/", now=lambda: datetime.now(UTC))
        capture = visited.keep(Path("var/work"))          # may run beside the next visit

One visit at a time: what the browser notes of keys and network between the start and the end of a visit is that visit's
alone. Pages are captured side by side by several sessions. Each page has a fresh context, relay, tape and egress.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import queue
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from playwright.async_api import Browser
from playwright.async_api import Error as PlaywrightError

from bowstreet.capture import browser
from bowstreet.capture.display import display
from bowstreet.capture.egress import Egress
from bowstreet.capture.errors import BrowserFailed, CaptureError, NoRoom
from bowstreet.capture.limits import Limits
from bowstreet.capture.look import look
from bowstreet.capture.relays import Hub, relays
from bowstreet.capture.shown import Shown, Task
from bowstreet.capture.wire import keylog, netlog

T = TypeVar("T")
#: A browser is replaced after so many pages: its logs and its memory grow.
PAGES = 100
SCRATCH = ".visit-"
CLOSE_SECONDS = 20.0


@dataclass(frozen=True)
class Taped:
    """What one pass through the relay left: `folder` has the tape; the parts of keys and log are yet to be cut."""

    shown: Shown
    folder: Path
    keys: keylog.Part
    log: netlog.Part


class Session:
    """A process of relays, and a browser with its display, started when first needed and anew when it is spent."""

    def __init__(self, folder: Path, hub: Hub, loop: asyncio.AbstractEventLoop) -> None:
        self.folder = folder
        self._hub, self._loop = hub, loop
        self._stack = AsyncExitStack()
        self._browser: Browser | None = None
        self._home = folder
        self._visits = 0

    def look(
        self,
        url: str,
        way: Egress,
        folder: Path,
        limits: Limits,
        ask: Callable[[str], object],
        *,
        accept_bad_tls: bool = False,
        native: bool = False,
        masked: bool = False,
        **options: Any,
    ) -> Taped:
        """Show one page through a relay that tapes to `folder`. `ask` is called here, in the caller's thread.

        `options` are the context's own, which a login gives.
        """
        folder.mkdir()
        self._run(self._ready())
        keys, log = self._home / browser.KEYS, self._home / browser.LOG
        starts, opened = (netlog.size(keys), netlog.size(log)), time.monotonic()
        judge = None if accept_bad_tls else (keys, starts[0])
        port = self._hub.open(folder / "tape", way, most=limits.bytes, keys=judge)
        options["accept_bad_tls"] = accept_bad_tls
        try:
            task = partial(Task, url, limits, native=folder / "native" if native else None, masked=masked)
            shown = self._asking(ask, port, options, task)
        except PlaywrightError as error:
            self._run(self._end())
            raise BrowserFailed(f"the browser failed: {str(error).splitlines()[0]}") from None
        finally:
            full = self._hub.close(port)
        if full:
            shown.cut(f"the page was cut off at its ceiling of {limits.bytes} bytes")
        part = netlog.Part(log, starts[1], opened, time.monotonic())
        return Taped(shown, folder, keylog.Part(keys, starts[0]), part)

    def close(self) -> None:
        """End the browser."""
        self._run(self._end())

    def _asking(
        self,
        ask: Callable[[str], object],
        port: int,
        options: dict[str, Any],
        task: Callable[..., Task],
    ) -> Shown:
        """Run the visit in the browser's thread, and answer its questions to the gate in this one."""
        questions: queue.Queue[tuple[str, asyncio.Future[CaptureError | None]] | None] = queue.Queue()

        async def gate(address: str) -> None:
            answer: asyncio.Future[CaptureError | None] = self._loop.create_future()
            questions.put((address, answer))
            if refused := await answer:
                raise refused

        doing = self._look(task(gate=gate), port, options)
        visit = asyncio.run_coroutine_threadsafe(doing, self._loop)
        visit.add_done_callback(lambda _: questions.put(None))
        try:
            while (question := questions.get()) is not None:
                address, answer = question
                self._loop.call_soon_threadsafe(_answer, answer, _asked(ask, address))
        except BaseException:
            visit.cancel()
            raise
        return visit.result()

    async def _look(self, task: Task, port: int, options: dict[str, Any]) -> Shown:
        assert self._browser is not None
        async with browser.context(self._browser, port, **options) as context:
            shown = await look(context, task)
        if not self._browser.is_connected():
            raise BrowserFailed(f"the browser died while {task.url} was visited: ask again")
        return shown

    async def _ready(self) -> None:
        if self._browser and self._browser.is_connected() and self._visits < PAGES:
            self._visits += 1
            return
        await self._end()
        self._home = Path(tempfile.mkdtemp(prefix="browser-", dir=self.folder))
        name = self._stack.enter_context(display())
        self._browser = await self._stack.enter_async_context(browser.browser(self._home, name))
        self._visits = 1

    async def _end(self) -> None:
        self._browser = None
        with suppress(TimeoutError, PlaywrightError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._stack.aclose()
        self._stack = AsyncExitStack()

    def _run(self, doing: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result()


@contextmanager
def opened(folder: Path) -> Iterator[Session]:
    """A session whose scratch files lie under `folder` and end with it."""
    browser.root_allowed()
    with ExitStack() as stack:
        scratch = stack.enter_context(_scratch(folder))
        hub, loop = stack.enter_context(relays()), stack.enter_context(_loop())
        made = Session(scratch, hub, loop)
        stack.callback(made.close)
        yield made


def sweep(folder: Path) -> None:
    """Remove the scratch of sessions that were killed, and of no other."""
    for left in folder.glob(f"{SCRATCH}*"):
        with suppress(OSError), _locked(left):
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        made = Path(
            stack.enter_context(
                tempfile.TemporaryDirectory(prefix=SCRATCH, dir=folder, ignore_cleanup_errors=True)
            )
        )
        stack.enter_context(_locked(made))
        yield made


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a folder; the kernel lets it go when we end, however we end. Raises OSError where another holds it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


@contextmanager
def _loop() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop in a thread of its own: the browser's driver lives there, the gate's database with the caller."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="browser", daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@contextmanager
def plainly(url: str) -> Iterator[None]:
    """Turn the machine's own errors into the family of this part."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise NoRoom(
                f"no room for the capture of {url}: free some disk space and ask again; nothing was kept"
            ) from None
        raise BrowserFailed(f"the capture of {url} failed: {error}") from None


def _asked(ask: Callable[[str], object], address: str) -> CaptureError | None:
    try:
        ask(address)
    except CaptureError as refused:
        return refused
    return None


def _answer(waiting: asyncio.Future[CaptureError | None], answer: CaptureError | None) -> None:
    if not waiting.done():
        waiting.set_result(answer)
