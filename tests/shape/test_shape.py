"""The shape holds: contracts, commands and documents agree with each other."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bowstreet.cli import COMMANDS
from tests.shape.commands import PAGE, reference

ROOT = Path(__file__).parents[2]


def test_import_contracts_hold() -> None:
    """The same run as script/check, so that `pytest` alone finds a breach."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bowstreet", command, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) > 20


def test_the_reference_of_the_commands_says_what_they_say_of_themselves() -> None:
    assert PAGE.read_text() == reference(), "script/commands writes it anew"


def test_verify_loads_no_part_it_does_not_need() -> None:
    code = (
        "import sys, bowstreet.cli.verify, bowstreet.evidence.verify;"
        "print([m for m in ('django', 'playwright', 'splink', 'pyarrow', 'duckdb', 'lightgbm') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_locked_lists_name_no_address() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        assert not re.search(r"https?://", path.read_text()), path


def test_the_wheel_without_extras_needs_only_what_verification_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[<>=~ ]", line)[0] for line in project["dependencies"]}
    assert names == {"cryptography", "rfc3161-client", "rich", "typer"}


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/**/*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
            if (
                "://" not in target
                and not target.startswith("mailto:")
                and not (page.parent / target).exists()
            ):
                broken.append(f"{page.relative_to(ROOT)} → {target}")
    assert broken == []
