"""Every forgery is refused with the right reason, and every honest archive passes."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from bowstreet.evidence.trust import Trust
from bowstreet.evidence.verify import verify

sys.path.insert(0, str(Path(__file__).parent))

from stranger import judge


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("golden_make", Path(__file__).with_name("make.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["golden_make"] = module
    spec.loader.exec_module(module)
    return module


MAKE = _load()
HONEST = ["plain", "time-stamped", "sealed-anew", "sealed-by-hand", "with-a-sidecar"]


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Trust]:
    folder = tmp_path_factory.mktemp("golden")
    _, trust = MAKE.make(folder / "files", folder / "work")
    return folder / "files", trust


def test_there_are_at_least_forty_forgeries() -> None:
    assert len(MAKE.FORGERIES) >= 40


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_archive_passes(golden: tuple[Path, Trust], name: str) -> None:
    folder, trust = golden
    verdict = verify(folder / f"honest-{name}.wacz", trust=trust)
    assert verdict.reason is None
    assert verdict.ok


@pytest.mark.parametrize("name", sorted(MAKE.FORGERIES))
def test_a_forgery_is_refused_with_the_right_reason(golden: tuple[Path, Trust], name: str) -> None:
    folder, trust = golden
    verdict = verify(folder / f"{name}.wacz", trust=trust)
    step = MAKE.FORGERIES[name][0]
    assert not verdict.ok
    assert verdict.reason is not None
    assert verdict.reason.startswith(f"{step}: "), verdict.reason
    assert verdict.intact == (step in ("time", "signer"))


@pytest.mark.parametrize("name", [f"honest-{name}" for name in HONEST] + sorted(MAKE.FORGERIES))
def test_a_second_verifier_that_follows_the_document_fails_at_the_same_step(
    golden: tuple[Path, Trust], name: str
) -> None:
    folder, trust = golden
    step = MAKE.FORGERIES[name][0] if name in MAKE.FORGERIES else None
    assert judge(folder / f"{name}.wacz", json.loads(trust.text())) == step
