"""Verification: a numbered procedure with two answers, *intact* (every byte as sealed) and *trusted*
(sealed by a key, and stamped by authorities, that the verifier named).

    verdict = verify(Path("capture.wacz"), trust=Trust.read(Path("trust.json")))
    verdict.ok, verdict.intact, verdict.trusted
    for check in verdict.checks: print(check.number, check.name, check.ok, check.detail)

Works offline, and loads nothing but the standard library, `cryptography` and `rfc3161_client`. The steps are
described for strangers in docs/formats/evidence-pack.md.
"""

from __future__ import annotations

from pathlib import Path

from bowstreet.evidence.check_bag import verify_bag
from bowstreet.evidence.check_wacz import verify_wacz
from bowstreet.evidence.trust import Trust
from bowstreet.evidence.verdict import Verdict

__all__ = ["Verdict", "verify"]


def verify(path: Path, *, trust: Trust | None = None, integrity_only: bool = False) -> Verdict:
    """Verify a WACZ, or an exhibit bag where `path` is a folder. Never raises for what the bytes are.

    FileNotFoundError where there is nothing at `path`.
    """
    check = verify_bag if path.is_dir() else verify_wacz
    return check(path, trust=trust, integrity_only=integrity_only)
