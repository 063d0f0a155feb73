"""What DevTools says in native mode while a page is visited: who was asked, answers' heads as they came, WebSockets.

Requests and answers are heard of every process. Heads as they came and WebSockets are of the page's own process: those of
workers, and of frames of other sites, are not told there.
"""

from __future__ import annotations

import base64
import binascii
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Request

#: Bytes of all WebSocket messages together.
LIMIT = 16 << 20
_KINDS = {1: "text", 2: "bytes"}


@dataclass
class Socket:
    """One WebSocket: both heads of its handshake as DevTools gives them, and who said what."""

    url: str
    at: datetime
    asked: str = ""
    answered: str = ""
    status: int = 0
    messages: list[tuple[str, str, bytes]] = field(default_factory=list)  # who, kind, data
    cut: bool = False


class Heard:
    """Listens from before the page is asked for."""

    def __init__(self, context: BrowserContext, devtools: CDPSession) -> None:
        self.answered: list[Request] = []
        self.finished: set[Request] = set()
        self.sockets: dict[str, Socket] = {}
        self._heads: dict[tuple[str, int], list[str]] = defaultdict(list)
        self._urls: dict[str, str] = {}
        self._early: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._room = LIMIT
        context.on("response", lambda answer: self.answered.append(answer.request))
        context.on("requestfinished", lambda request: self.finished.add(request))
        for name, hear in {
            "requestWillBeSent": self._asks,
            "responseReceivedExtraInfo": self._head,
            "webSocketCreated": self._created,
            "webSocketWillSendHandshakeRequest": self._greets,
            "webSocketHandshakeResponseReceived": self._greeted,
            "webSocketFrameSent": lambda event: self._message(event, "browser"),
            "webSocketFrameReceived": lambda event: self._message(event, "site"),
        }.items():
            devtools.on(f"Network.{name}", hear)

    def head(self, url: str, status: int) -> str:
        """The next head that came for an address with this status, as text; empty where DevTools gave none."""
        heads = self._heads[url, status]
        return heads.pop(0) if heads else ""

    def _asks(self, event: dict[str, Any]) -> None:
        number = event["requestId"]
        if "redirectResponse" in event:  # the heads so far are of the address that led here
            self._settle(number)
        self._urls[number] = event["request"]["url"].partition("#")[0]

    def _head(self, event: dict[str, Any]) -> None:
        number = event["requestId"]
        self._early[number].append((event["statusCode"], event.get("headersText", "")))
        if number in self._urls and not 300 <= event["statusCode"] < 400:
            self._settle(number)

    def _settle(self, number: str) -> None:
        for status, text in self._early.pop(number, ()):
            if text:
                self._heads[self._urls.get(number, ""), status].append(text)

    def _created(self, event: dict[str, Any]) -> None:
        self.sockets[event["requestId"]] = Socket(event["url"], datetime.now(UTC))

    def _greets(self, event: dict[str, Any]) -> None:
        if socket := self.sockets.get(event["requestId"]):
            socket.at = datetime.fromtimestamp(event["wallTime"], UTC)

    def _greeted(self, event: dict[str, Any]) -> None:
        if socket := self.sockets.get(event["requestId"]):
            said = event["response"]
            socket.status = said["status"]
            socket.asked = said.get("requestHeadersText") or ""
            socket.answered = said.get("headersText") or ""

    def _message(self, event: dict[str, Any], who: str) -> None:
        if (socket := self.sockets.get(event["requestId"])) is None:
            return
        said = event["response"]
        data = _data(said["opcode"], said["payloadData"])
        self._room -= len(data)
        if self._room < 0:
            socket.cut = True
        else:
            socket.messages.append((who, _KINDS.get(said["opcode"], f"control {said['opcode']}"), data))


def _data(code: int, said: str) -> bytes:
    """DevTools gives text as text, and all else in base64."""
    if code == 1:
        return said.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(said)
    except binascii.Error:
        return said.encode("utf-8", "surrogatepass")
