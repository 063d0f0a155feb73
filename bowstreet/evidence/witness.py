"""A witness: another machine that remembers a log's last state, and cosigns only what grew from it.

    witness = Witness(Path("witness"), signer)
    line = witness.cosign(checkpoint, proof, log=verifier, at=now)     # → a line to add to the checkpoint

What it signs says: as of this time, this is the newest state I saw, and nothing before it changed
(c2sp.org/tlog-cosignature). A log that shows two faces needs two witnesses fooled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bowstreet.evidence.checkpoint import Checkpoint
from bowstreet.evidence.errors import BadLedger
from bowstreet.evidence.merkle import consistent
from bowstreet.evidence.note import Signer, Verifier


class Witness:
    """Keeps one file for each log: the last checkpoint cosigned."""

    def __init__(self, folder: Path, signer: Signer) -> None:
        self._folder = folder
        self._signer = signer
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def verifier(self) -> Verifier:
        """The public key that its cosignatures are checked with."""
        return self._signer.cosigner

    def last(self, origin: str) -> str | None:
        """The last checkpoint of a log that it cosigned: what to hold the log against."""
        path = self._path(origin)
        return path.read_text() if path.exists() else None

    def cosign(self, checkpoint: str, proof: Sequence[bytes], *, log: Verifier, at: datetime) -> str:
        """A signature line; BadLedger where the log's signature, or its growth from the last state, fails."""
        new = Checkpoint.parse(checkpoint)
        new.require(log)
        before = self.last(new.origin)
        if before:
            self._grown(Checkpoint.parse(before), new, list(proof))
        fresh = self._path(new.origin).with_suffix(".new")
        fresh.write_text(checkpoint)
        fresh.replace(self._path(new.origin))
        return self._signer.cosign(new.note.text, at)

    def _grown(self, old: Checkpoint, new: Checkpoint, proof: list[bytes]) -> None:
        if new.size < old.size:
            raise BadLedger(f"truncation: the log went back from {old.size} entries to {new.size}")
        if not consistent(old.size, new.size, old.root, new.root, proof):
            raise BadLedger(f"fork: the log of {new.size} entries did not grow from the one of {old.size}")

    def _path(self, origin: str) -> Path:
        return self._folder / hashlib.sha256(origin.encode()).hexdigest()
