"""A full disk, or a kill at any moment, while captures are sealed and stored and the ledger grows: nothing half made."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bowstreet.evidence.ledger import Ledger
from bowstreet.evidence.signing import SigningKey
from bowstreet.evidence.store import Store
from bowstreet.evidence.trust import Trust
from bowstreet.evidence.verify import verify

HERE = Path(__file__).parent
COMMON = f"""
import sys
sys.path[:0] = [{str(HERE)!r}]
from datetime import UTC, datetime
from pathlib import Path
from packs import build
from bowstreet.evidence.errors import EvidenceError
from bowstreet.evidence.ledger import Ledger
from bowstreet.evidence.seal import seal
from bowstreet.evidence.signing import SigningKey
from bowstreet.evidence.store import Store
folder = Path(sys.argv[1])
key, store, ledger = SigningKey.load_or_make(folder / "keys"), Store(folder / "store"), Ledger(folder / "ledger")
"""
FULL = """
import resource
unsigned = build(folder / "work", folder / "unsigned.wacz")
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]

def within(limit, work):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        return work()
    except (EvidenceError, OSError) as error:
        return f"refused {type(error).__name__}"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))

size = unsigned.stat().st_size
for step in range(24):
    out = folder / f"{step}.wacz"
    def one():
        return store.put(seal(unsigned, out, key=key, at=datetime.now(UTC)).path)
    print("seal", within(size * step // 16, one), flush=True)
for step in range(60):
    print("ledger", within(step * 40, lambda: ledger.extend([b"%d %d" % (step, n) for n in range(30)]).stop), flush=True)
"""
BUSY = """
print("ready", flush=True)
import os
for n in (f"{os.getpid()}-{i}" for i in range(100_000)):
    unsigned = build(folder / f"work-{n}", folder / f"{n}.unsigned")
    digest = store.put(seal(unsigned, folder / f"{n}.wacz", key=key, at=datetime.now(UTC)).path)
    ledger.append(digest.encode())
    print(digest, flush=True)
"""


def test_a_full_disk_refuses_and_leaves_nothing_half_made(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", COMMON + FULL, tmp_path], capture_output=True, text=True, check=True
    )
    said = [line.split(" ", 1) for line in done.stdout.splitlines()]
    sealed = [what for name, what in said if name == "seal"]
    assert any(what.startswith("refused") for what in sealed)
    kept = {what for what in sealed if not what.startswith("refused")}
    store = Store(tmp_path / "store")
    assert set(store) == kept
    assert list(store.damaged()) == []
    assert [p.name for p in (tmp_path / "store").rglob("*") if p.name.endswith(".new")] == []
    trust = Trust.of(SigningKey.load_or_make(tmp_path / "keys"))
    assert all(verify(store.path(name), trust=trust).ok for name in kept)
    grown = [what for name, what in said if name == "ledger"]
    assert any(what.startswith("refused") for what in grown)
    ledger = Ledger(tmp_path / "ledger")
    assert ledger.size == int(next(what for what in reversed(grown) if what.isdigit()))
    assert ledger.check().ok


@pytest.mark.parametrize("kills", [3, pytest.param(200, marks=pytest.mark.soak)])
def test_a_kill_at_any_moment_loses_no_sealed_capture(tmp_path: Path, kills: int) -> None:
    dice, promised = random.Random(kills), []
    for number in range(kills):
        process = subprocess.Popen(
            [sys.executable, "-c", COMMON + BUSY, tmp_path], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        time.sleep(dice.uniform(0.05, 0.6))
        process.send_signal(signal.SIGKILL)
        promised += [line.strip() for line in process.stdout if line.endswith("\n")]
        process.wait()
        process.stdout.close()
        ledger = Ledger(tmp_path / "ledger")
        assert ledger.check().ok, number
    store, held = Store(tmp_path / "store"), {leaf.decode() for leaf in ledger.leaves()}
    assert promised
    assert set(promised) <= set(store)
    assert set(promised) <= held
    assert list(store.damaged()) == []
    trust = Trust.of(SigningKey.load_or_make(tmp_path / "keys"))
    assert all(verify(store.path(name), trust=trust).ok for name in promised[-20:])
