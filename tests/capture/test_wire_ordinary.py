"""We are an ordinary browser: what a site can tell of us is what it can tell of the same browser started by hand."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from oracle import fingerprint
from oracle.authority import Authority, Leaf, trusted
from oracle.fingerprint import Fingerprint

from bowstreet.capture.browser import executable
from bowstreet.capture.display import display
from bowstreet.capture.permit import Permit
from bowstreet.capture.visit import Visits, session

pytestmark = pytest.mark.browser


def permit(url: str) -> Permit:
    at = datetime.now(UTC)
    return Permit(
        reference="P-1", operation="OP-0001", authority="OP-0001/A1", officer="alice", purpose="detection", sites=(url.split("/")[2],),
        techniques=("visit",), starts=at - timedelta(hours=1), ends=at + timedelta(hours=1), issued=at, test_ranges=("127.0.0.0/8",),
    )  # fmt: skip


@contextmanager
def by_hand(url: str, home: Path) -> Iterator[None]:
    """The same headed browser with no relay, no driver and no flag of ours."""
    with display() as name, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        flags = [f"--user-data-dir={profile}", "--no-first-run", "--no-default-browser-check"]
        flags += ["--no-sandbox"] if os.geteuid() == 0 else []
        process = subprocess.Popen(
            [executable(), *flags, url], env={**os.environ, "DISPLAY": name, "HOME": str(home)}, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(scope="module")
def leaf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Leaf]:
    authority = Authority(tmp_path_factory.mktemp("authority"))
    with trusted(authority):
        yield authority.leaf()


@pytest.fixture(scope="module")
def visits(leaf: Leaf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visits]:
    with session(tmp_path_factory.mktemp("captures")) as opened:
        yield opened


def both(leaf: Leaf, visits: Visits, protocol: str) -> tuple[Fingerprint, Fingerprint]:
    home = Path(os.environ["BOWSTREET_BROWSER_HOME"])
    with fingerprint.serve(leaf, protocol) as (url, plain), by_hand(url, home):
        assert plain.done.wait(90), "the plain browser never came"
    with fingerprint.serve(leaf, protocol) as (url, ours):
        visits.visit(permit(url), url, now=lambda: datetime.now(UTC)).drop()
        assert ours.done.wait(90)
    return plain, ours


def shown(seen: Fingerprint, path: str) -> list[tuple[str, str]]:
    """Headers in order, without what is a matter of the moment: the port, and how urgent a request is, which the browser
    raises for a picture once layout has found it in view."""
    port = next(value for name, value in seen.requests["/"] if name.lower() in ("host", ":authority"))
    plain = [(name, value.replace(port, "site")) for name, value in seen.requests[path]]
    return [(name, re.sub(r"^u=\d", "u=?", value) if name == "priority" else value) for name, value in plain]


@pytest.mark.parametrize("protocol", ["http/1.1", "h2"])
def test_a_site_cannot_tell_us_from_the_same_browser_started_by_hand(
    leaf: Leaf, visits: Visits, protocol: str
) -> None:
    plain, ours = both(leaf, visits, protocol)
    assert ours.hello == plain.hello
    assert len(ours.hello["suites"]) >= 10
    assert (ours.settings, ours.window) == (plain.settings, plain.window)
    for path in ("/", "/a.png", "/b"):
        assert shown(ours, path) == shown(plain, path)
    for path in ("/", "/a.png", "/b"):  # exclusive, weight; on what it depends is a matter of the moment
        assert [(p[:1], p[4:]) for p in (ours.priorities.get(path, b""),)] == [
            (p[:1], p[4:]) for p in (plain.priorities.get(path, b""),)
        ]
    assert set(ours.requests) - {"/favicon.ico"} == set(plain.requests) - {"/favicon.ico"}


def alone(how: str, seconds: float) -> dict[str, list[str]]:
    """Run a visit in a network of its own, and see what leaves it."""
    if (
        os.geteuid()
        or not Path("/dev/net/tun").exists()
        or not (shutil.which("unshare") and shutil.which("ip"))
    ):
        pytest.skip("a network of its own needs root, /dev/net/tun, unshare and ip")
    done = subprocess.run(
        ["unshare", "-n", sys.executable, "-m", "oracle.alone", how, str(seconds)], cwd=Path(__file__).parent,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)}, capture_output=True, text=True, timeout=seconds + 280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def nothing_leaves(seconds: float) -> None:
    ours = alone("capture", seconds)
    assert ours["left"] == []
    assert set(ours["asked"]) <= {"/", "/hold", "/done", "/favicon.ico"}
    assert len(ours["asked"]) == len(set(ours["asked"]))
    assert len(ours["agents"]) == 1


def test_no_udp_no_name_lookup_and_nothing_else_leaves_but_the_pages_own_requests() -> None:
    plain = alone("by-hand", 3)
    assert [one for one in plain["left"] if one.startswith("udp")], (
        "a plain browser leaks, so the watch works"
    )
    nothing_leaves(3)


@pytest.mark.soak
def test_nothing_leaves_in_a_minute_of_idling() -> None:
    nothing_leaves(65)
