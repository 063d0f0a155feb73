"""An ordinary, headed Chromium that stays up over many pages, each in a context of its own.

We disguise nothing: `navigator.webdriver` stays as the browser sets it. The flags below silence the browser's own
traffic, so that nothing leaves but the page's requests; a test counts.

A context has its own cookies, storage, cache, sockets, TLS tickets and relay, and is thrown away after one page
(docs/decisions, "A fresh context for each page"). What is outside any context goes out nowhere: the browser's own
proxy is a port that nobody listens on.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError

from bowstreet.capture.display import answers
from bowstreet.capture.errors import BrowserFailed

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
#: What the driver would add and we take away, with the reason.
NOT_ADDED = {"--disable-popup-blocking": "an ordinary browser blocks windows that nobody asked for"}
NOWHERE = "socks5://127.0.0.1:1"
START_SECONDS = 60.0
GRACE_SECONDS = 10.0  # for the driver itself, beside the browser
KEYS, LOG = "keys.log", "netlog.json"


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


@asynccontextmanager
async def browser(folder: Path, display: str) -> AsyncIterator[Browser]:
    """A browser that writes its TLS secrets and its network log into `folder`. Raises BrowserFailed, within a minute or so."""
    root_allowed()
    driver, started = None, None
    try:
        try:
            async with asyncio.timeout(START_SECONDS + GRACE_SECONDS):
                driver = await async_playwright().start()
                started = await _launched(driver, folder, display)
        except PlaywrightError as error:
            raise BrowserFailed(f"the browser did not start: {str(error).splitlines()[0]}") from None
        except TimeoutError:
            raise BrowserFailed(
                f"the browser did not start within {START_SECONDS:g} seconds: is the machine overloaded?"
            ) from None
        yield started
    finally:
        for end in (started and started.close, driver and driver.stop):
            if end:
                with suppress(PlaywrightError, TimeoutError):
                    await asyncio.wait_for(end(), GRACE_SECONDS)


async def _launched(driver: Playwright, folder: Path, display: str) -> Browser:
    if not answers(display):
        raise BrowserFailed(f"the browser did not start: its display {display} is gone; ask again")
    flags = [*FLAGS, f"--ssl-key-log-file={folder / KEYS}", f"--log-net-log={folder / LOG}"]
    home = os.environ.get("BOWSTREET_BROWSER_HOME", str(folder))
    return await driver.chromium.launch(
        executable_path=executable(),
        headless=False,
        args=flags,
        ignore_default_args=list(NOT_ADDED),
        chromium_sandbox=os.geteuid() != 0,
        env={**os.environ, "DISPLAY": display, "HOME": home},
        proxy={"server": NOWHERE},
        timeout=START_SECONDS * 1000,
    )


@asynccontextmanager
async def context(
    started: Browser, port: int, *, accept_bad_tls: bool, **options: Any
) -> AsyncIterator[BrowserContext]:
    """A context for one page, which goes out through the relay at `port` and nowhere else."""
    made = await started.new_context(
        proxy={"server": f"socks5://127.0.0.1:{port}"},
        ignore_https_errors=accept_bad_tls,
        accept_downloads=False,
        no_viewport=True,
        service_workers="allow",
        **options,
    )
    try:
        yield made
    finally:
        with suppress(PlaywrightError):
            await made.close()
