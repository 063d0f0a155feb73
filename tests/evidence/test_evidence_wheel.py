"""The built wheel, without extras and in an environment of its own, verifies a capture and an exhibit, offline."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from authority import ask

from bowstreet.evidence.exhibit import Item, make_bag
from bowstreet.evidence.seal import seal
from bowstreet.evidence.signing import SigningKey
from bowstreet.evidence.timestamps import Authority
from bowstreet.evidence.trust import Trust

ROOT = Path(__file__).parents[2]
#: What an expert's laptop need not have.
ABSENT = ("django", "playwright", "pyarrow", "splink", "duckdb", "psycopg", "numpy", "bagit", "warcio")


def run(*command: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, timeout=250, **options
    )  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def laptop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment that holds the wheel and what it alone requires, at the locked versions."""
    folder = tmp_path_factory.mktemp("laptop")
    built = run(
        sys.executable, "-c", f"import hatchling.build as b; print(b.build_wheel({str(folder)!r}))", cwd=ROOT
    )
    assert built.returncode == 0, built.stderr
    uv = [ROOT / ".venv-uv" / "bin" / "python", "-m", "uv", "--quiet"]
    assert run(*uv, "venv", "--python", sys.executable, folder / "env").returncode == 0
    (wheel,) = folder.glob("*.whl")
    pins = [
        line.split(" ")[0]
        for line in (ROOT / "requirements/dev.txt").read_text().splitlines()
        if "==" in line
    ]
    (folder / "pins.txt").write_text("\n".join(pins))
    put = run(*uv, "pip", "install", "--python", folder / "env", "--constraint", folder / "pins.txt", wheel)
    assert put.returncode == 0, put.stderr
    return folder / "env" / "bin"


def test_the_wheel_brings_nothing_but_what_verifying_needs(laptop: Path) -> None:
    code = "import importlib.util, sys; print([m for m in sys.argv[1:] if importlib.util.find_spec(m)])"
    assert run(laptop / "python", "-c", code, *ABSENT).stdout == "[]\n"


def test_it_verifies_a_capture_and_an_exhibit_and_refuses_forged_ones(
    laptop: Path, unsigned: Path, domain_key: SigningKey, authority: Authority, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    sealed = seal(unsigned, tmp_path / "a.wacz", key=domain_key, at=now, authorities=(authority,), ask=ask)
    bag = make_bag(tmp_path / "ABC-1", items=[Item(sealed.path, "ABC-1.wacz")], key=domain_key, at=now)
    (tmp_path / "trust.json").write_text(Trust.of(domain_key, (authority,)).text())
    (tmp_path / "b.wacz").write_bytes(sealed.path.read_bytes().replace(b"shop.example", b"shop.examplf"))
    # Alone: no network at all, where the system lets us have such a place.
    apart = ["unshare", "--net"] if run("unshare", "--net", "true").returncode == 0 else []

    def verify(*paths: Path) -> tuple[int, list[bool]]:
        command = [
            *apart,
            laptop / "bowstreet",
            "verify",
            *paths,
            "--trust",
            tmp_path / "trust.json",
            "--json",
        ]
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
        done = run(*command, cwd=tmp_path, env=environment)
        return done.returncode, [json.loads(line)["ok"] for line in done.stdout.splitlines()]

    assert verify(sealed.path, bag) == (0, [True, True])
    assert verify(tmp_path / "b.wacz") == (1, [False])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ABC-1", "a.wacz", "b.wacz", "trust.json"]
