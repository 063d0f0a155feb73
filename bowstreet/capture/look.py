"""One page: go there, behave as a reader would, and keep what is shown, within the ceilings.

Every step has an end of its own, so that a page that never lets go costs its own print and no other page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Dialog, Download, Page
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from bowstreet.capture import layout, native, picture
from bowstreet.capture.devtools import Account
from bowstreet.capture.expand import expand
from bowstreet.capture.guard import Guard
from bowstreet.capture.heard import Heard
from bowstreet.capture.layout import Layout
from bowstreet.capture.limits import Limits
from bowstreet.capture.shown import Shown, Task

SCROLL = """async (seconds) => {
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
_FACTS = """([most, mostText]) => {
  const dom = document.documentElement ? document.documentElement.outerHTML : "";
  const kind = document.doctype ? new XMLSerializer().serializeToString(document.doctype) : "";
  const text = document.body ? document.body.innerText : "";
  return {
    title: document.title, text: text.slice(0, mostText), text_size: text.length,
    dom: kind + dom.slice(0, most), dom_size: dom.length,
    password: !!document.querySelector('input[type=password]'),
    height: Math.max(document.body ? document.body.scrollHeight : 0, document.documentElement.scrollHeight),
    width: document.documentElement.clientWidth, webdriver: navigator.webdriver, agent: navigator.userAgent,
    status: performance.getEntriesByType('navigation')[0]?.responseStatus || 0,
  };
}"""


async def look(context: BrowserContext, task: Task) -> Shown:
    """Visit `task.url` in a fresh context. Nothing that the page does raises."""
    shown = Shown()
    page = await context.new_page()
    devtools = await context.new_cdp_session(page)
    account = Account(shown, ceiling=task.limits.requests)
    heard = Heard(context, devtools) if task.native else None
    _listen(context, page, shown)
    main = (await devtools.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
    guard = Guard(devtools, main, task, shown)
    await guard.attach()
    await account.attach(devtools, main)
    try:
        async with asyncio.timeout(task.limits.visit_seconds):
            if await _load(page, task, shown):
                await _behave(page, task, shown, account, guard)
                await _keep(page, devtools, task, shown, account)
                if task.native and heard:
                    shown.kept = await native.keep(heard, task.native, task.limits.bytes)
    except TimeoutError:
        shown.cut(f"the visit was ended after {task.limits.visit_seconds:g} seconds")
    shown.url = shown.url or page.url
    shown.sockets = list(heard.sockets.values()) if heard else []
    return shown


def _listen(context: BrowserContext, page: Page, shown: Shown) -> None:
    """Note what the page says and tries beside showing itself. Dialogs, windows and downloads are turned away."""

    async def dialog(asked: Dialog) -> None:
        shown.cut(f"a dialog was closed unanswered ({asked.type}: {asked.message[:200]})")
        with suppress(PlaywrightError):
            await asked.dismiss()

    async def window(opened: Page) -> None:
        if opened is not page:
            shown.cut("a window that the page opened was closed unseen")
            with suppress(PlaywrightError):
                await opened.close()

    def download(offered: Download) -> None:
        shown.cut(f"a download was offered and not taken: {offered.suggested_filename[:200]}")

    page.on("console", lambda message: shown.say(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: shown.say(f"uncaught: {error.message}"))
    page.on("crash", lambda _: shown.cut("the page crashed"))
    page.on("dialog", dialog)
    page.on("download", download)
    context.on("page", window)


async def _load(page: Page, task: Task, shown: Shown) -> bool:
    seconds = task.limits.load_seconds
    try:
        response = await page.goto(task.url, wait_until="load", timeout=seconds * 1000)
        shown.status = response.status if response else 0
    except PlaywrightTimeout:
        shown.cut(f"the page had not finished loading after {seconds:g} seconds")
        if page.url in ("about:blank", ""):
            shown.failure = "net::ERR_TIMED_OUT"
            return False
    except PlaywrightError as error:
        words = str(error).split()
        shown.failure = next((w for w in words if w.startswith("net::")), str(error).splitlines()[0])
        return False
    return True


async def _behave(page: Page, task: Task, shown: Shown, account: Account, guard: Guard) -> None:
    limits = task.limits
    await _scroll(page, limits, shown)
    if opened := await _step(expand(page, guard, limits.expand), limits.behave_seconds):
        shown.expanded = opened
        await _scroll(page, limits, shown)
    try:
        if not account.full:
            await page.wait_for_load_state("networkidle", timeout=limits.quiet_seconds * 1000)
    except PlaywrightError:
        shown.cut(f"the page was still fetching {limits.quiet_seconds:g} seconds later")


async def _scroll(page: Page, limits: Limits, shown: Shown) -> None:
    if not await _step(page.evaluate(SCROLL, limits.behave_seconds), limits.behave_seconds + 2):
        shown.cut(f"scrolling and waiting for pictures stopped after {limits.behave_seconds:g} seconds")


async def _keep(page: Page, devtools: CDPSession, task: Task, shown: Shown, account: Account) -> None:
    limits = task.limits
    given = [limits.dom_characters, limits.text_characters]
    shown.url = page.url
    facts = await _step(page.evaluate(_FACTS, given), limits.step_seconds)
    if facts is None:  # scripts that never let go are stopped once
        shown.cut("the page's own scripts did not let go and were stopped")
        await _step(devtools.send("Runtime.terminateExecution"), 5)
        facts = await _step(page.evaluate(_FACTS, given), limits.step_seconds)
    if facts is None:
        shown.cut("neither text nor page as shown could be had: only what was sent is kept")
        return
    shown.title, shown.text, shown.dom = facts.pop("title"), facts.pop("text"), facts.pop("dom")
    shown.password_field, shown.status = facts.pop("password"), shown.status or int(facts.pop("status"))
    for name, most in (("dom_size", limits.dom_characters), ("text_size", limits.text_characters)):
        if (size := facts.pop(name)) > most:
            what = "page as shown" if name == "dom_size" else "text"
            shown.cut(f"the {what} is kept to {most} of {size} characters")
    shown.facts = facts
    await _step(account.main_body(devtools), limits.step_seconds)
    before = await _layout(devtools, task) if task.masked else None
    await picture.screenshot(page, devtools, task, shown)
    after = await _layout(devtools, task) if task.masked else None
    shown.layout = before.beside(after) if before and after else None
    if limits.pdf:
        await picture.printed(devtools, task, shown)


async def _layout(devtools: CDPSession, task: Task) -> Layout | None:
    """Where everything stands; None where the browser does not say."""
    said = await _step(
        devtools.send("DOMSnapshot.captureSnapshot", {"computedStyles": []}), task.limits.step_seconds
    )
    try:
        return layout.parse(said) if said else None
    except (LookupError, TypeError, ValueError):
        return None


async def _step(doing: Coroutine[Any, Any, Any], seconds: float) -> Any:
    """The result, or None where it fails or does not come in time."""
    try:
        async with asyncio.timeout(seconds):
            return await doing
    except (PlaywrightError, TimeoutError):
        return None
