"""Relays for many visits in one process: each visit has a port, a tape and an egress of its own.

    with relays() as hub:
        port = hub.open(Path("tape"), Egress(), most=500_000_000)
        …                                     # the browser's context goes out through this port alone
        hub.close(port)                       # the tape is whole

The process reads one JSON order a line on its input and answers with one line; it ends when its input ends.
"""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bowstreet.capture.display import die_with_parent
from bowstreet.capture.egress import Egress
from bowstreet.capture.errors import BrowserFailed
from bowstreet.capture.wire.keylog import KeyLog
from bowstreet.capture.wire.relay import Relay
from bowstreet.capture.wire.tape import Recorder


class Hub:
    """The relays' process, seen from the visit. Its methods may be called from any thread."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._turn = threading.Lock()

    def open(self, tape: Path, way: Egress, *, most: int, keys: tuple[Path, int] | None = None) -> int:
        """Begin a relay that writes at most so many bytes to `tape`. Its port.

        With `keys`, the browser's file of secrets and where in it to begin, certificates that are revoked are refused.
        """
        told = {"keys": [str(keys[0]), keys[1]]} if keys else {}
        return int(self._order({"tape": str(tape), "egress": way.record(), "most": most, **told})["port"])

    def close(self, port: int) -> bool:
        """End a relay and its connections; was the ceiling reached? Raises OSError where the tape is not whole."""
        return bool(self._order({"close": port})["full"])

    def _order(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._turn:
            try:
                self._process.stdin.write(json.dumps(order) + "\n")
                self._process.stdin.flush()
                answer: dict[str, Any] = json.loads(self._process.stdout.readline())
            except (OSError, ValueError):
                raise BrowserFailed("the relay died: ask again") from None
        if "failed" in answer:
            raise OSError(answer["error"], answer["failed"])
        return answer


@contextmanager
def relays() -> Iterator[Hub]:
    """A process for relays, which ends with the block, and with us however we end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bowstreet.capture.relays"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent,
    )
    try:
        yield Hub(process)
    finally:
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()
        process.wait()


class _Serving:
    """Inside the process: the relays that are open, by port."""

    def __init__(self) -> None:
        self._open: dict[int, tuple[Relay, Recorder]] = {}

    def obey(self, order: dict[str, Any]) -> dict[str, Any]:
        """Carry out one order."""
        try:
            return self._end(order["close"]) if "close" in order else self._begin(order)
        except OSError as error:
            return {"failed": str(error), "error": error.errno or errno.EIO}

    def _begin(self, order: dict[str, Any]) -> dict[str, Any]:
        recorder = Recorder(Path(order["tape"]), most=order["most"])
        keys = KeyLog(Path(order["keys"][0]), order["keys"][1]) if "keys" in order else None
        relay = Relay(recorder, Egress.parse(order["egress"]), keys=keys)
        port = relay.start()
        self._open[port] = relay, recorder
        return {"port": port}

    def _end(self, port: int) -> dict[str, Any]:
        relay, recorder = self._open.pop(port)
        relay.close()
        full = recorder.full
        recorder.close()
        return {"full": full}


def _main() -> None:
    serving = _Serving()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(serving.obey(json.loads(line))) + "\n")
        sys.stdout.flush()
    os._exit(0)  # whoever started us is gone or done: what is still open is nobody's


if __name__ == "__main__":
    _main()
