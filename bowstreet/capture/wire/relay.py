"""A SOCKS5 relay on loopback: passes bytes on unchanged, keeps every one, and enforces the egress rules.

    python -m bowstreet.capture.wire.relay TAPE '{"ranges": []}'      →  prints its port; ends when its input ends

It runs in a process of its own, so that a busy browser driver never holds bytes back, and it ends with its parent.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from bowstreet.capture.egress import Egress, Places, Resolve, places
from bowstreet.capture.errors import EgressRefused, Unreachable
from bowstreet.capture.resolve import resolver
from bowstreet.capture.wire import socks
from bowstreet.capture.wire.door import Door
from bowstreet.capture.wire.keylog import KeyLog
from bowstreet.capture.wire.link import DRAIN_SECONDS, Link
from bowstreet.capture.wire.socks import Refused
from bowstreet.capture.wire.tape import Kind, Recorder


class Relay:
    """Serves one browser. Every connection gets a number, in order of arrival.

    With `keys`, the browser's secrets, no request goes to a site whose certificate is revoked (`door.py`).
    """

    def __init__(
        self, tape: Recorder, egress: Egress, *, resolve: Resolve | None = None, keys: KeyLog | None = None
    ) -> None:
        self._tape, self._egress, self._resolve = tape, egress, resolve or resolver(egress)
        self._keys = keys
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self._live: dict[threading.Thread, Link | None] = {}
        self._door = threading.Thread(target=self._accept, name="relay", daemon=True)

    def start(self) -> int:
        """Listen on a free loopback port, and say which."""
        self._door.start()
        port: int = self._listener.getsockname()[1]
        return port

    def close(self) -> None:
        """Stop listening, and end every connection."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._door.join()  # whoever came in last has been begun
        live = list(self._live.items())
        for _, link in live:
            if link:
                link.stop()
        for thread, link in live:
            thread.join(DRAIN_SECONDS if link else 0)

    def _accept(self) -> None:
        number = 0
        while True:
            try:
                browser, (_, local) = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(number, browser, local), daemon=True)
            self._live[thread] = None
            thread.start()
            number += 1

    def _serve(self, number: int, browser: socket.socket, local: int) -> None:
        # The browser may go away before it has asked for anything, and the tape may be full: that ends a connection.
        with browser, suppress(OSError):
            browser.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._relay(number, browser, local)
        del self._live[threading.current_thread()]

    def _relay(self, number: int, browser: socket.socket, local: int) -> None:
        host, port, command = socks.asked(browser)
        self._note(number, Kind.OPEN, {"host": host, "port": port, "local": local})
        try:
            if command != socks.CONNECT:
                raise Refused("command", "only TCP connections are relayed")
            found = self._places(host)
            site = self._connect(host, port, found)
        except Refused as refused:
            self._note(number, Kind.REFUSED, {"kind": refused.kind, "why": refused.why})
            socks.answer(browser, refused)
            return
        with site:
            self._note(number, Kind.PEER, self._ends(site) | {"passed_over": found.passed_over})
            socks.answer(browser)
            door = Door(self._keys, host) if self._keys else None
            link = self._live[threading.current_thread()] = Link(self._tape, number, browser, site, door)
            link.carry()

    def _ends(self, site: socket.socket) -> dict[str, Any]:
        if self._egress.upstream:
            return {"peer": None, "self": None}  # through a proxy, the site's address is not known
        return {"peer": site.getpeername()[:2], "self": site.getsockname()[:2]}

    def _places(self, host: str) -> Places:
        if self._tape.full:
            raise Refused("ceiling", "the capture holds as much as it may")
        try:
            return places(host, self._egress, self._resolve)
        except EgressRefused as refused:
            raise Refused("egress", str(refused)) from None
        except Unreachable as unknown:
            raise Refused("resolve", str(unknown)) from None

    def _connect(self, host: str, port: int, found: Places) -> socket.socket:
        if self._egress.upstream:
            return socks.through(self._egress, host, port)
        return socks.first(host, port, found.addresses)

    def _note(self, number: int, kind: Kind, value: dict[str, Any]) -> None:
        self._tape.note(number, kind, json.dumps(value).encode())


def main(tape: str, given: dict[str, Any]) -> int:
    """Relay until our input ends, which it does when whoever started us ends, however it ended."""
    recorder = Recorder(Path(tape))
    relay = Relay(recorder, Egress.parse(given))
    os.write(1, f"{relay.start()}\n".encode())
    while os.read(0, 1 << 16):
        pass
    relay.close()
    try:
        recorder.close()
    except OSError:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], json.loads(sys.argv[2])))
