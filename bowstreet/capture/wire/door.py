"""Where an operation refuses bad certificates: nothing of a request leaves before the site's certificate has been judged.

The browser refuses what has expired, is for another name or leads to no known authority. It does not look whether a certificate
is revoked. So the relay looks along: it passes the greeting on, and holds back whatever the browser says after the site's, until
the site's first flight has been opened and its stapled OCSP answer read. In TLS 1.2 that flight is in clear; in TLS 1.3 the secret
that opens it is written by the browser before it answers.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

from bowstreet.capture.errors import BadTape
from bowstreet.capture.wire.certificate import BEYOND_THE_BROWSER, FAULTS, faults
from bowstreet.capture.wire.handshake import CLIENT, SERVER
from bowstreet.capture.wire.keylog import KeyLog
from bowstreet.capture.wire.records import TLS13
from bowstreet.capture.wire.tls import ALERT, HANDSHAKE, Onlooker

PATIENCE_SECONDS = 30.0
POLL_SECONDS = 0.001


class Turned(Exception):
    """The connection must not go on, and why."""


class Door:
    """Of one connection. The two threads that carry it tell it what they carry."""

    def __init__(self, keys: KeyLog, host: str) -> None:
        self._host = host
        self._tls = Onlooker(keys, lambda side, plain: None)
        self._lock = threading.Lock()
        self._greeted = False
        self._open = threading.Event()

    def came(self, data: memoryview) -> None:
        """The site has sent this; it may be passed on at once."""
        if not self._open.is_set():
            self._feed(SERVER, bytes(data))

    def wait(self, data: memoryview) -> None:
        """The browser would send this: return when it may. Raises Turned."""
        if self._open.is_set():
            return
        if not self._greeted and data[0] != HANDSHAKE:
            self.give_up()  # no TLS
        elif data[0] != ALERT and self._answered():
            self._judge()
        else:
            self._greeted = True
            self._feed(CLIENT, bytes(data))

    def give_up(self) -> None:
        """Judge nothing any more: there is nothing to judge, or the connection is over."""
        self._open.set()

    def _answered(self) -> bool:
        """Has the site greeted, with anything but the wish for another greeting?"""
        return self._tls.facts.version is not None and not self._tls.retried

    def _feed(self, side: int, data: bytes) -> None:
        with self._lock:
            try:
                self._tls.feed(side, data)
            except BadTape:
                self.give_up()  # it is no TLS that we can open: the capture says so afterwards

    def _judge(self) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not self._open.is_set() and not self._known():
            if time.monotonic() > end:
                raise Turned(
                    f"the certificate of {self._host} could not be judged in {PATIENCE_SECONDS:g} seconds"
                )
            time.sleep(POLL_SECONDS)
            self._feed(SERVER, b"")
        facts = self._tls.facts
        found = list(faults(facts.chain, self._host, datetime.now(UTC), stapled=facts.stapled))
        if facts.signature == "bad":
            found.append("bad-signature")
        if "bad" in facts.finished.values():
            found.append("bad-finished")
        for fault in found:
            if fault in BEYOND_THE_BROWSER:
                raise Turned(FAULTS[fault])
        self.give_up()

    def _known(self) -> bool:
        """Has the site's first flight been opened?"""
        return self._tls.facts.version != TLS13 or "server" in self._tls.facts.finished
