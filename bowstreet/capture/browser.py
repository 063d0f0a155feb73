"""One visit by an ordinary, headed Chromium with a profile of its own, which ends with the visit.

We disguise nothing: `navigator.webdriver` stays as the browser sets it. The flags below silence the browser's own
traffic, so that nothing leaves but the page's requests; a test counts.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from bowstreet.capture.errors import BrowserFailed, CaptureError

#: flag → reason
FLAGS = {
    "--disable-quic": "QUIC is UDP, which the relay does not carry",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp": "WebRTC must not go past the relay",
    "--no-first-run": "no welcome pages",
    "--no-default-browser-check": "no questions",
    "--disable-background-networking": "no reports, no prefetching of the browser's own",
    "--disable-component-update": "no component downloads",
    "--component-updater=url-source=https://127.0.0.1:1/": "what still asks for components asks nowhere",
    "--disable-sync": "no account traffic",
    "--disable-domain-reliability": "no reports to the maker's other services",
    "--disable-client-side-phishing-detection": "addresses are not sent anywhere to be judged",
    "--disable-default-apps": "nothing is fetched on first start",
    "--disable-breakpad": "no crash reports",
    "--no-pings": "no hyperlink auditing",
    "--gaia-url=https://127.0.0.1:1/": "no call to the maker's sign-in service",
    "--force-color-profile=srgb": "the same colours in every screenshot",
}
TALLEST = 16_000  # pixels; taller screenshots fail in the browser's compositor

_SCROLL = """async (seconds) => {
  const end = performance.now() + seconds * 1000, rest = ms => new Promise(r => setTimeout(r, ms));
  let last = -1;
  while (performance.now() < end) {
    const height = Math.max(document.body ? document.body.scrollHeight : 0, document.documentElement.scrollHeight);
    if (window.scrollY + window.innerHeight >= height - 2 && height === last) break;
    last = height;
    window.scrollBy(0, window.innerHeight * 0.9);
    await rest(40);
  }
  const images = [...document.images].filter(i => !i.complete);
  await Promise.race([Promise.all(images.map(i => new Promise(r => { i.onload = i.onerror = r; }))),
                      rest(Math.max(0, end - performance.now()))]);
  window.scrollTo(0, 0);
  await rest(50);
  return performance.now() < end;
}"""
_FACTS = """() => ({
  title: document.title, text: document.body ? document.body.innerText : "",
  password: !!document.querySelector('input[type=password]'),
  height: Math.max(document.body ? document.body.scrollHeight : 0, document.documentElement.scrollHeight),
  width: document.documentElement.clientWidth, webdriver: navigator.webdriver, agent: navigator.userAgent,
})"""


@dataclass(frozen=True)
class Limits:
    """Ceilings of one visit; whatever is cut off is stated in the capture."""

    load_seconds: float = 30
    behave_seconds: float = 10
    quiet_seconds: float = 5


@dataclass
class Shown:
    """What the browser showed in the end."""

    url: str = ""
    status: int = 0
    title: str = ""
    text: str = ""
    dom: str = ""
    screenshot: bytes | None = None
    password_field: bool = False
    facts: dict[str, Any] = field(default_factory=dict)
    console: list[str] = field(default_factory=list)
    cut_off: list[str] = field(default_factory=list)
    failure: str | None = None  # the browser's own net::ERR_… name
    refused: CaptureError | None = None  # by the gate, before a page


@dataclass(frozen=True)
class Visit:
    """What to do: where to go, through which relay, and whom to ask before each page."""

    url: str
    proxy: int
    folder: Path
    display: str
    limits: Limits
    gate: Callable[[str], None]
    accept_bad_tls: bool = False


def root_allowed() -> None:
    """Refuse to run as root, where the browser has no sandbox, except on a developer's machine."""
    if os.geteuid() == 0 and os.environ.get("BOWSTREET_DEVELOPMENT") != "1":
        raise BrowserFailed(
            "captures do not run as root, for the browser would have no sandbox: run as an ordinary user "
            "(on a developer's own machine set BOWSTREET_DEVELOPMENT=1)"
        )


@cache
def version() -> str:
    """The browser's name and version, as it says itself."""
    try:
        done = subprocess.run(
            [executable(), "--version"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise BrowserFailed(f"Chromium does not start ({error}): run script/setup") from None
    return done.stdout.strip()


def executable() -> str:
    """Where the system's Chromium is."""
    path = (
        os.environ.get("BOWSTREET_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    if not path:
        raise BrowserFailed("Chromium is not installed: run script/setup, or name it in BOWSTREET_CHROMIUM")
    return path


def visit(task: Visit) -> Shown:
    """Go there, behave as a reader would, and keep what is shown. Raises BrowserFailed."""
    shown = Shown()
    try:
        with _context(task) as context:
            page = context.pages[0] if context.pages else context.new_page()
            page.on("console", lambda message: shown.console.append(message.text[:500]))
            _guard(context.new_cdp_session(page), task, shown)
            if _load(page, task, shown):
                _behave(page, task, shown)
                _keep(page, shown)
    except PlaywrightError as error:
        raise BrowserFailed(f"the browser failed: {str(error).splitlines()[0]}") from None
    return shown


@contextmanager
def _context(task: Visit) -> Iterator[BrowserContext]:
    root_allowed()
    flags = [
        *FLAGS,
        f"--ssl-key-log-file={task.folder / 'keys.log'}",
        f"--log-net-log={task.folder / 'netlog.json'}",
    ]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    with (
        tempfile.TemporaryDirectory(prefix="bowstreet-profile-", ignore_cleanup_errors=True) as profile,
        sync_playwright() as driver,
    ):
        context = driver.chromium.launch_persistent_context(
            profile,
            executable_path=executable(),
            headless=False,
            args=flags,
            chromium_sandbox=os.geteuid() != 0,
            env={
                **os.environ,
                "DISPLAY": task.display,
                "HOME": os.environ.get("BOWSTREET_BROWSER_HOME", profile),
            },
            proxy={"server": f"socks5://127.0.0.1:{task.proxy}"},
            ignore_https_errors=task.accept_bad_tls,
            accept_downloads=False,
            no_viewport=True,
            service_workers="allow",
        )
        try:
            yield context
        finally:
            with suppress(PlaywrightError):
                context.close()


def _guard(session: CDPSession, task: Visit, shown: Shown) -> None:
    """Ask the gate before every page of the main frame, redirects too. The request itself is not touched."""
    main = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]

    def paused(event: dict[str, Any]) -> None:
        number, url = event["requestId"], event["request"]["url"]
        try:
            if event.get("frameId") == main:
                task.gate(url)
        except CaptureError as error:
            shown.refused = error
            session.send("Fetch.failRequest", {"requestId": number, "errorReason": "BlockedByClient"})
            return
        with suppress(PlaywrightError):  # the page may be gone by now
            session.send("Fetch.continueRequest", {"requestId": number})

    session.on("Fetch.requestPaused", paused)
    pattern = {"urlPattern": "*", "resourceType": "Document", "requestStage": "Request"}
    session.send("Fetch.enable", {"patterns": [pattern]})


def _load(page: Page, task: Visit, shown: Shown) -> bool:
    try:
        response = page.goto(task.url, wait_until="load", timeout=task.limits.load_seconds * 1000)
        shown.status = response.status if response else 0
    except PlaywrightTimeout:
        shown.cut_off.append(f"the page had not finished loading after {task.limits.load_seconds:g} seconds")
        if page.url in ("about:blank", ""):
            shown.failure = "net::ERR_TIMED_OUT"
            return False
    except PlaywrightError as error:
        words = str(error).split()
        shown.failure = next((w for w in words if w.startswith("net::")), str(error).splitlines()[0])
        return False
    return True


def _behave(page: Page, task: Visit, shown: Shown) -> None:
    try:
        done = page.evaluate(_SCROLL, task.limits.behave_seconds)
    except PlaywrightError:
        done = False  # the page went elsewhere, or never lets scripts run
    if not done:
        shown.cut_off.append(
            f"scrolling and waiting for pictures stopped after {task.limits.behave_seconds:g} seconds"
        )
    try:
        page.wait_for_load_state("networkidle", timeout=task.limits.quiet_seconds * 1000)
    except PlaywrightTimeout:
        shown.cut_off.append(f"the page was still fetching {task.limits.quiet_seconds:g} seconds later")


def _keep(page: Page, shown: Shown) -> None:
    if shown.status == 0:
        with suppress(PlaywrightError):
            shown.status = int(
                page.evaluate("performance.getEntriesByType('navigation')[0]?.responseStatus || 0")
            )
    shown.url = page.url
    facts = page.evaluate(_FACTS)
    shown.title, shown.text, shown.password_field = (
        facts.pop("title"),
        facts.pop("text"),
        facts.pop("password"),
    )
    shown.facts = facts
    shown.dom = page.content()
    try:
        if facts["height"] > TALLEST:
            clip: Any = {"x": 0, "y": 0, "width": facts["width"], "height": TALLEST}
            shown.screenshot = page.screenshot(
                full_page=True, clip=clip, timeout=20_000, animations="disabled"
            )
            shown.cut_off.append(f"the screenshot shows the first {TALLEST} of {facts['height']} pixels")
        else:
            shown.screenshot = page.screenshot(full_page=True, timeout=20_000, animations="disabled")
    except PlaywrightError as error:
        shown.cut_off.append(f"no screenshot could be taken ({str(error).splitlines()[0]})")
