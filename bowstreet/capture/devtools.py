"""The browser's own account of each request (DevTools, domain Network): who caused it, how it was answered, what TLS was.

It covers the page's own process: frames of other sites and workers are in the network log alone, which is what the
cross-check holds against the wire.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError

from bowstreet.capture.shown import Shown

BODY_LIMIT = 16_000_000


class Account:
    """Fills `shown.requests`, one row a request and a redirect's every hop; stops the page at its ceiling."""

    def __init__(self, shown: Shown, *, ceiling: int) -> None:
        self._shown, self._ceiling = shown, ceiling
        self._rows: dict[str, dict[str, Any]] = {}
        self._frame = ""
        self._main: str | None = None
        self._session: CDPSession | None = None
        self.full = False

    async def attach(self, session: CDPSession, main: str) -> None:
        """Listen to the page's own process. `main` is the frame of the page itself."""
        self._session, self._frame = session, main
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.responseReceived", lambda event: self._answered(event, event["response"]))
        session.on("Network.requestServedFromCache", self._cached)
        session.on("Network.loadingFailed", self._failed)
        session.on("Network.loadingFinished", self._finished)
        await session.send("Network.enable", {"maxTotalBufferSize": BODY_LIMIT * 2})

    async def main_body(self, session: CDPSession) -> None:
        """Keep the main document as the browser decoded it, to be held against the wire."""
        if self._main is None or self._rows.get(self._main, {}).get("bytes", 0) > BODY_LIMIT:
            return
        with suppress(PlaywrightError):
            body = await session.send("Network.getResponseBody", {"requestId": self._main})
            self._shown.main_body = None if body["base64Encoded"] else body["body"]

    async def _sent(self, event: dict[str, Any]) -> None:
        number, request = event["requestId"], event["request"]
        if "redirectResponse" in event and number in self._rows:
            self._answered(event, event["redirectResponse"])
        if event.get("frameId") == self._frame and number == event.get("loaderId"):
            self._main = number
        if len(self._shown.requests) >= self._ceiling:
            await self._stop()
            return
        cause = event.get("initiator", {})
        self._rows[number] = {
            "method": request["method"],
            "url": request["url"][:4000],
            "kind": event.get("type"),
            "at": event.get("wallTime"),
            "initiator": {"type": cause.get("type"), **_where(cause)},
        }
        self._shown.requests.append(self._rows[number])

    def _answered(self, event: dict[str, Any], response: dict[str, Any]) -> None:
        if (row := self._rows.get(event["requestId"])) is None:
            return
        row |= {
            "status": response["status"],
            "protocol": response.get("protocol"),
            "media_type": response.get("mimeType"),
            "security": response.get("securityState"),
            "timing": response.get("timing"),
        }
        if details := response.get("securityDetails"):
            row["tls"] = {k: details.get(k) for k in ("protocol", "cipher", "subjectName", "issuer")}
        for name, flag in (("cache", "fromDiskCache"), ("service worker", "fromServiceWorker")):
            if response.get(flag):
                row["from"] = name

    def _cached(self, event: dict[str, Any]) -> None:
        if row := self._rows.get(event["requestId"]):
            row["from"] = "cache"

    def _failed(self, event: dict[str, Any]) -> None:
        if row := self._rows.get(event["requestId"]):
            row["failed"] = event.get("blockedReason") or event.get("errorText")
            row["cancelled"] = bool(event.get("canceled"))

    def _finished(self, event: dict[str, Any]) -> None:
        if row := self._rows.get(event["requestId"]):
            row["bytes"] = event.get("encodedDataLength")

    async def _stop(self) -> None:
        """The ceiling on requests is reached: the page fetches nothing further."""
        if self.full or self._session is None:
            return
        self.full = True
        self._shown.cut(f"the page was stopped at its ceiling of {self._ceiling} requests")
        with suppress(PlaywrightError):
            await self._session.send("Network.setBlockedURLs", {"urls": ["*"]})
            await self._session.send("Page.stopLoading")


def _where(cause: dict[str, Any]) -> dict[str, Any]:
    """The script or page and the line that caused a request."""
    frames = cause.get("stack", {}).get("callFrames", [])
    if frames:
        return {"url": frames[0]["url"][:2000], "line": frames[0]["lineNumber"] + 1}
    return {"url": cause["url"][:2000], "line": cause.get("lineNumber")} if cause.get("url") else {}
