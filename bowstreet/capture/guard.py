"""What a page may ask for: the gate before every page of the main frame; and, while we open what is folded, nothing that acts.

The requests themselves are not touched: each goes out as the browser made it, or not at all.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError

from bowstreet.capture.errors import CaptureError
from bowstreet.capture.shown import Shown, Task

_PAGES = {"urlPattern": "*", "resourceType": "Document", "requestStage": "Request"}
_ALL = {"urlPattern": "*", "requestStage": "Request"}
_READS = ("GET", "HEAD", "OPTIONS")


class Guard:
    """Of one page's own process. `main` is the frame of the page itself."""

    def __init__(self, devtools: CDPSession, main: str, task: Task, shown: Shown) -> None:
        self._devtools, self._main, self._task, self._shown = devtools, main, task, shown
        self._reading = False

    async def attach(self) -> None:
        """Ask the gate from here on, redirects too."""
        self._devtools.on("Fetch.requestPaused", self._paused)
        await self._devtools.send("Fetch.enable", {"patterns": [_PAGES]})

    @asynccontextmanager
    async def reading_only(self) -> AsyncIterator[None]:
        """Meanwhile no other page is gone to, and nothing is sent but what asks to read."""
        self._reading = True
        await self._devtools.send("Fetch.enable", {"patterns": [_ALL]})
        try:
            yield
        finally:
            self._reading = False
            await self._devtools.send("Fetch.enable", {"patterns": [_PAGES]})

    async def _paused(self, event: dict[str, Any]) -> None:
        number = event["requestId"]
        answer: tuple[str, dict[str, Any]] = ("Fetch.continueRequest", {"requestId": number})
        if self._reading and self._acts(event):  # as if the reader had pressed stop: the page stays
            answer = ("Fetch.failRequest", {"requestId": number, "errorReason": "Aborted"})
        elif not await self._may(event):
            answer = ("Fetch.failRequest", {"requestId": number, "errorReason": "BlockedByClient"})
        with suppress(PlaywrightError):  # the page may be gone by now
            await self._devtools.send(*answer)

    def _acts(self, event: dict[str, Any]) -> bool:
        request = event["request"]
        if not self._goes(event) and request["method"] in _READS:
            return False
        asked = f"{request['method']} {request['url'][:300]}"
        self._shown.cut(f"while folded parts were opened, {asked} was not let out")
        return True

    async def _may(self, event: dict[str, Any]) -> bool:
        try:
            if self._goes(event):
                await self._task.gate(event["request"]["url"])
        except CaptureError as error:
            self._shown.refused = error
            return False
        return True

    def _goes(self, event: dict[str, Any]) -> bool:
        """Is another page asked for, in place of this one?"""
        return event.get("frameId") == self._main and event.get("resourceType") == "Document"
