"""Fifty pairs by keyboard alone, without scripts: the long form of the reviewer's journey."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Served

pytestmark = [pytest.mark.browser, pytest.mark.soak]
SEED = """
import sys; from pathlib import Path; from tempfile import mkdtemp
from bowstreet.cli import state; state.begin()
from bowstreet.casework.operations import acts as operations
from bowstreet.casework.people.models import Officer
from bowstreet.casework.review import acts
from tests.casework.stalls import open_stalls
by, now = Officer.objects.get(username="officer"), state.now()
made = operations.open_operation(officer=by, name="Fifty", purpose="detection", rationale="Once", sites=["north.example"], at=now)
things = ["kettles", "stools", "rugs", "lamps", "beads", "hats", "bells", "pots", "scarves", "hooks", "baskets", "combs", "spoons"]
wares = [f"{kind} {thing}" for kind in ("copper", "oaken", "woollen", "painted") for thing in things]
open_stalls(wares, officer=by, operation=made, at=now, folder=Path(mkdtemp()))
acts.link(officer=by, operation=made, at=now)
print(made.reference)
"""


def test_a_reviewer_decides_fifty_pairs_by_keyboard_alone_without_scripts(
    plain: Page, served: Served
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SEED], env=os.environ | {"BOWSTREET_HOME": str(served.home)}, capture_output=True, text=True, check=True
    )  # fmt: skip
    plain.goto(f"/operations/{done.stdout.split()[-1]}/links/next/")
    seen = set()
    for n in range(50):
        expect(plain.locator("#progress")).to_contain_text(re.compile(rf"^{n} of \d+ decided"))
        expect(plain.locator("#id_verdict")).to_be_focused()
        seen.add(plain.url.partition("?")[0])
        for key in (["Space"], ["ArrowDown"], ["ArrowDown", "ArrowDown"])[n % 3]:
            plain.keyboard.press(key)
        plain.keyboard.press("Enter")
    assert len(seen) == 50
    expect(plain.locator("#progress")).to_contain_text("50 of")
    plain.goto(f"/operations/{done.stdout.split()[-1]}/links/learn/")
    plain.get_by_role("button", name="Learn from decisions").press("Enter")
    expect(plain.get_by_role("table")).to_contain_text("17 same, 17 different")
