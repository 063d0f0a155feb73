"""One demo for all journeys: run once as a person would, then served by the real command."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright


@dataclass(frozen=True)
class Served:
    """A served installation after its demo."""

    url: str
    home: Path
    said: str
    password: str


def bowstreet(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a home of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bowstreet", *words], env=os.environ | {"BOWSTREET_HOME": str(home)}, capture_output=True, text=True, check=False
    )  # fmt: skip


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    with tempfile.TemporaryDirectory(prefix="bowstreet journeys ") as folder:
        home = Path(folder)
        done = bowstreet(home, "demo", "--no-serve")
        assert done.returncode == 0, done.stderr
        password = re.search(r"password '([^']+)'", done.stdout)
        assert password is not None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-m", "bowstreet", "serve", "--port", str(port), "--no-worker"], env=os.environ | {"BOWSTREET_HOME": folder}
        )  # fmt: skip
        try:
            _wait(port)
            yield Served(f"http://localhost:{port}", home, done.stdout, password[1])
        finally:
            process.terminate()
            process.wait()


def _wait(port: int) -> None:
    for _ in range(1200):  # a busy machine takes its time
        try:
            HTTPConnection("127.0.0.1", port, timeout=1).connect()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the web face did not come up")


@pytest.fixture(scope="session")
def reference(served: Served) -> str:
    rows = json.loads(bowstreet(served.home, "operation", "list", "--as", "officer", "--json").stdout)
    return str(rows[0]["reference"])


@pytest.fixture
def page(served: Served) -> Iterator[Page]:
    """A browser, signed in."""
    with _signed_in(served) as opened:
        yield opened


@pytest.fixture
def plain(served: Served) -> Iterator[Page]:
    """A browser whose scripts are off, signed in: the pages must work as they are."""
    with _signed_in(served, java_script_enabled=False) as opened:
        yield opened


@contextmanager
def _signed_in(served: Served, **options: Any) -> Iterator[Page]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(base_url=served.url, **options)
        opened = context.new_page()
        opened.set_default_timeout(30_000)
        opened.goto("/")
        opened.get_by_label("User name").fill("officer")
        opened.get_by_label("Password").fill(served.password)
        opened.get_by_role("button", name="Sign in").click()
        yield opened
        browser.close()
