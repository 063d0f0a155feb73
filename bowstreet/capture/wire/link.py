"""One relayed connection: two threads carry its bytes, each piece onto the tape before it is passed on.

Nearly all their time is in the kernel, where they do not hold each other up. How a side ends is passed on as well: an
end of its own, or a break, after whatever was sent has arrived.
"""

from __future__ import annotations

import fcntl
import json
import socket
import struct
import termios
import threading
import time
from contextlib import suppress

from bowstreet.capture.wire.door import Door, Turned
from bowstreet.capture.wire.tape import (
    CEILING,
    CHUNK,
    EOF,
    GONE,
    RESET,
    STOPPED,
    TURNED,
    Full,
    Kind,
    Recorder,
)

DRAIN_SECONDS = 1.0
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)


class Link:
    """Browser and site, joined."""

    def __init__(
        self,
        tape: Recorder,
        number: int,
        browser: socket.socket,
        site: socket.socket,
        door: Door | None = None,
    ) -> None:
        self._tape, self._number, self._door = tape, number, door
        self._browser, self._site = browser, site
        self._ended: bytes | None = None  # by us, and why

    def carry(self) -> None:
        """Carry until both sides have ended."""
        up = threading.Thread(target=self._pump, args=(Kind.UP, self._browser, self._site), daemon=True)
        up.start()
        self._pump(Kind.DOWN, self._site, self._browser)
        up.join()

    def stop(self) -> None:
        """End it, for the visit is over."""
        self._ended = self._ended or STOPPED
        if self._door:
            self._door.give_up()
        for sock in (self._browser, self._site):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _pump(self, kind: Kind, source: socket.socket, target: socket.socket) -> None:
        try:
            how = self._pass(kind, source, target)
        except Full:
            how = CEILING
        except Turned as turned:
            how = TURNED
            with suppress(Full):
                self._tape.note(
                    self._number, Kind.REFUSED, json.dumps({"kind": "tls", "why": str(turned)}).encode()
                )
        if self._door and kind is Kind.DOWN:
            self._door.give_up()
        if how is not EOF:
            self._break(target, how)
        with suppress(Full):
            self._tape.note(self._number, Kind(kind + 2), how)

    def _pass(self, kind: Kind, source: socket.socket, target: socket.socket) -> bytes:
        """Pass on whatever comes. How it ended. Raises Turned before anything of a request has been sent."""
        view = memoryview(bytearray(CHUNK))
        while True:
            try:
                count = source.recv_into(view)
            except OSError:
                return self._ended or RESET
            if not count:
                break
            if self._door:
                self._door.wait(view[:count]) if kind is Kind.UP else self._door.came(view[:count])
            self._tape.note(self._number, kind, view[:count])
            try:
                target.sendall(view[:count])
            except OSError:
                return self._ended or GONE
        if self._ended:
            return self._ended
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)
        return EOF

    def _break(self, target: socket.socket, how: bytes) -> None:
        """Break both sides, as a connection breaks that has nobody in between."""
        self._ended = self._ended or (GONE if how is RESET else how)
        end = time.monotonic() + DRAIN_SECONDS
        with suppress(OSError):
            while _unsent(target) and time.monotonic() < end:
                time.sleep(0.005)
        for sock in (self._browser, self._site):
            with suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
                sock.shutdown(socket.SHUT_RD)  # wakes the other thread, and says nothing yet


def _unsent(sock: socket.socket) -> int:
    """Bytes that the other end has not yet acknowledged (SIOCOUTQ)."""
    (count,) = struct.unpack("i", fcntl.ioctl(sock, termios.TIOCOUTQ, b"\0" * 4))
    return int(count)
