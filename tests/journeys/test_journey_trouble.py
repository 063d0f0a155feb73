"""Workers that are killed, several at once, sites that are down: nothing is lost, and what failed says why."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import market
from bowstreet.casework.captures import pictures
from bowstreet.casework.findings import inert
from bowstreet.casework.findings.held import held
from bowstreet.casework.findings.render import Look

pytestmark = pytest.mark.browser
ASK = """
import sys
from bowstreet.cli import state
state.begin()
from bowstreet.casework.captures import acts
by = state.officer("officer")
acts.ask(officer=by, operation=state.operation(by, sys.argv[1]), urls=sys.argv[2:], at=state.now())
"""
TOLD = """
import json, sys
from bowstreet.cli import state
state.begin()
from bowstreet.casework.captures.models import Capture, Request
print(json.dumps({"requests": list(Request.objects.order_by("id").values("url", "state", "problem", "progress")),
                  "captures": list(Capture.objects.order_by("id").values_list("url", flat=True))}))
"""


def test_a_killed_worker_loses_nothing_and_two_more_do_each_page_once(tmp_path: Path) -> None:
    def program(*words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *words], env=os.environ | {"BOWSTREET_HOME": str(tmp_path)}, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip

    def told() -> dict[str, list[dict[str, str]]]:
        return dict(json.loads(program("-c", TOLD).communicate()[0]))

    def wait(until: Callable[[], bool]) -> None:
        end = time.monotonic() + 120
        while not until():
            assert time.monotonic() < end
            time.sleep(0.2)

    with socket.socket() as closed, market.serve() as practice:
        closed.bind(("127.0.0.1", 0))  # and nobody listens
        down = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        slow, page = practice.url + "trap/slow", practice.url + "seller/quillworks"
        sites = [word for url in (slow, down) for word in ("--site", url.split("/")[2])]
        opened = program(
            "-m", "bowstreet", "operation", "open", "--name", "Trouble", "--purpose", "detection", "--rationale", "Practice",
            "--test-range", "127.0.0.0/8", "--as", "officer", "--json", *sites,
        ).communicate()[0]  # fmt: skip
        program("-c", ASK, json.loads(opened)["reference"], slow, page, down).communicate()

        first = program("-m", "bowstreet", "work")
        wait(lambda: any("visiting" in one["progress"] for one in told()["requests"]))
        first.send_signal(signal.SIGKILL)
        first.communicate()
        assert told()["captures"] == []

        others = [program("-m", "bowstreet", "work", "--once") for _ in range(2)]
        for one in others:
            one.communicate(timeout=180)
        after = told()
    assert sorted(after["captures"]) == sorted([slow, page])  # type: ignore[type-var]
    assert [one["state"] for one in after["requests"]] == ["done", "done", "failed"]
    assert "cannot be reached" in after["requests"][2]["problem"]
    assert not list((tmp_path / "work").glob("*")), "scratch was left behind"


def test_pages_that_are_traps_are_kept_with_what_was_cut_off_or_refused_in_one_line(tmp_path: Path) -> None:
    def run(*words: str) -> list[dict[str, object]]:
        done = subprocess.run(
            [sys.executable, "-m", "bowstreet", *words, "--as", "officer", "--json"], capture_output=True, text=True, check=False,
            env=os.environ | {"BOWSTREET_HOME": str(tmp_path)},
        )  # fmt: skip
        return [json.loads(line) for line in done.stdout.splitlines()]

    with market.serve() as practice:
        opened = run(
            "operation", "open", "--name", "Traps", "--purpose", "detection", "--rationale", "Practice",
            "--test-range", "127.0.0.0/8", "--site", practice.url.split("/")[2],
        )  # fmt: skip
        traps = [f"{practice.url}trap/{name}" for name in ("hostile", "charset", "circle")]
        hostile, charset, circle = run("capture", *traps, "--operation", str(opened[0]["reference"]))
    assert "169.254.169.254" in str(hostile["cut_off"])
    assert "dialog was closed unanswered" in str(hostile["cut_off"])
    assert (charset["status"], charset["matched"]) == (200, charset["seen"])
    assert circle["wacz"] is None
    assert "TOO_MANY_REDIRECTS" in str(circle["problem"])
    page = held(Path(str(hostile["wacz"])))
    shown = inert.whole(page.body.decode(), Look(page.url, pictures.blurred, page.images))
    assert "The scripts ran" in shown
    assert "<script" not in shown
