"""A witness: another machine that remembers a log's last state, and cosigns only what grew from it.

    witness = Witness(Path("witness"), signer)
    line = witness.cosign(checkpoint, proof, log=verifier, at=now)     # → a line to add to the checkpoint

What it signs says: as of this time, this is the newest state I saw, and nothing before it changed
(c2sp.org/tlog-cosignature). A log that shows two faces needs two witnesses fooled.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bowstreet.evidence.checkpoint import Checkpoint
from bowstreet.evidence.errors import BadLedger
from bowstreet.evidence.merkle import consistent
from bowstreet.evidence.note import Signer, Verifier, b64

_OLD = re.compile(r"old (0|[1-9]\d{0,15})", re.ASCII)


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

    def seen(self, origin: str) -> int:
        """How many entries a log had when it was cosigned last; 0 where it never was."""
        last = self.last(origin)
        return Checkpoint.parse(last).size if last else 0

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


def request_text(old: int, proof: Sequence[bytes], checkpoint: str) -> str:
    """What a log asks a witness with (c2sp.org/tlog-witness, add-checkpoint): the size that the witness saw last, the
    proof that the log grew from it, and the new checkpoint."""
    lines = [f"old {old}", *(base64.b64encode(item).decode() for item in proof)]
    return "\n".join(lines) + f"\n\n{checkpoint}"


def read_request(text: str) -> tuple[int, list[bytes], str]:
    """Read such a request strictly; BadLedger says what is wrong."""
    head, blank, checkpoint = text.partition("\n\n")
    first, *rest = head.split("\n")
    match = _OLD.fullmatch(first)
    if match is None or not blank or len(rest) > 63:
        raise BadLedger(
            "a witness is asked with 'old' and a size, at most 63 hashes, an empty line, a checkpoint"
        )
    proof = [b64(line, "a hash in the proof is no base64") for line in rest]
    if any(len(item) != 32 for item in proof):
        raise BadLedger("a hash in the proof has not 32 bytes")
    return int(match[1]), proof, checkpoint
