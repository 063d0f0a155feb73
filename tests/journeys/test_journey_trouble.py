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
