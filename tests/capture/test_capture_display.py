"""The virtual display outlives the browsers that are shown on it: a session replaces its browser from time to time."""

from __future__ import annotations

import socket
import struct
import time

import pytest

from bowstreet.capture.display import display

SETUP = struct.pack("<BxHHHHxx", 0x6C, 11, 0, 0, 0)  # X11: little endian, protocol 11.0, no authorisation


def client(name: str) -> None:
    """Connect as a browser does, and leave."""
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(20)
        sock.connect(f"/tmp/.X11-unix/X{name.removeprefix(':')}")
        sock.sendall(SETUP)
        assert sock.recv(1) == b"\1"


def test_a_display_stays_when_its_last_browser_has_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    with display() as name:
        for _ in range(3):
            client(name)
            time.sleep(0.5)
