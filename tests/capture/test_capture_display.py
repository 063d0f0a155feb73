"""The virtual display outlives the browsers that are shown on it: a session replaces its browser from time to time."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from pathlib import Path

import pytest

from bowstreet.capture.browser import browser
from bowstreet.capture.display import answers, display
from bowstreet.capture.errors import BrowserFailed

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


def test_a_browser_whose_display_is_gone_is_not_started_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    with display() as name:
        assert answers(name)
    assert not answers(name)

    async def start() -> None:
        async with browser(tmp_path, name):
            pass

    with pytest.raises(BrowserFailed, match=r"its display .* is gone"):
        asyncio.run(start())


def test_a_browser_that_never_answers_is_given_up_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that starts and says nothing stands for a browser that hangs."""
    deaf = tmp_path / "deaf"
    deaf.write_text("#!/bin/sh\nexec sleep 600\n")
    deaf.chmod(0o755)
    monkeypatch.setenv("BOWSTREET_CHROMIUM", str(deaf))
    monkeypatch.setattr("bowstreet.capture.browser.START_SECONDS", 1.0)

    async def start(name: str) -> None:
        async with browser(tmp_path, name):
            pass

    with display() as name, pytest.raises(BrowserFailed, match="did not start") as told:
        asyncio.run(start(name))
    assert "\n" not in str(told.value)
