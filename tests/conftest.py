"""What every test stands on: programs that a test starts have a home of their own, and may visit this machine."""

from __future__ import annotations

import os
import shutil
import tempfile

_HOME = tempfile.mkdtemp(prefix="bowstreet-test-")
os.environ["BOWSTREET_HOME"] = _HOME
os.environ.setdefault("BOWSTREET_ALLOW_TEST_RANGES", "1")
if os.geteuid() == 0:
    os.environ.setdefault("BOWSTREET_DEVELOPMENT", "1")


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(_HOME, ignore_errors=True)
