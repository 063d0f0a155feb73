"""A virtual display (Xvfb) for a headed browser, so that it is an ordinary browser and not a disguised one."""

from __future__ import annotations

import ctypes
import os
import select
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from bowstreet.capture.errors import BrowserFailed

SCREEN = "1366x900x24"
START_SECONDS = 20
_LIBC = ctypes.CDLL(None)  # opened here, for little may be done between fork and exec


@contextmanager
def display() -> Iterator[str]:
    """The name of a display: the one there is, else one of our own, which ends with us however we end."""
    if name := os.environ.get("DISPLAY"):
        yield name
        return
    read, write = os.pipe()
    try:
        process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN, "-nolisten", "tcp"],
            pass_fds=(write,),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent,
        )
    except FileNotFoundError:
        os.close(read)
        os.close(write)
        raise BrowserFailed("Xvfb is not installed: run script/setup") from None
    os.close(write)
    try:
        yield f":{_number(read, process)}"
    finally:
        process.terminate()
        process.wait()


def answers(name: str) -> bool:
    """Does a display of this machine take a client? Of one elsewhere nothing is known, and it is taken to."""
    number = name.partition(".")[0].removeprefix(":")
    if not number.isdigit():
        return True
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(START_SECONDS)
        return client.connect_ex(f"/tmp/.X11-unix/X{number}") == 0  # noqa: S108 - where X11 puts it


def _number(read: int, process: subprocess.Popen[bytes]) -> int:
    with os.fdopen(read, "rb") as file:
        ready, _, _ = select.select([file], [], [], START_SECONDS)
        line = file.readline().strip() if ready else b""
    if not line.isdigit():
        process.kill()
        raise BrowserFailed("Xvfb did not start: is the disk full, or /tmp not writable?")
    return int(line)


def die_with_parent() -> None:
    """Between fork and exec: have the kernel end this child when its parent ends (prctl PR_SET_PDEATHSIG)."""
    _LIBC.prctl(1, 15)
