"""Self-contained proofs that a leaf is in a log (c2sp.org/tlog-proof): one text file, verified offline.

c2sp.org/tlog-proof@v1
index 73894
gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
…

<a checkpoint, with its signatures and cosignatures>
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bowstreet.evidence.checkpoint import Checkpoint
from bowstreet.evidence.errors import BadLedger
from bowstreet.evidence.merkle import leaf_hash, root_from_inclusion
from bowstreet.evidence.note import Verifier, b64

VERSION = "c2sp.org/tlog-proof@v1"
MAX_PATH = 64
_INDEX = re.compile(r"index (0|[1-9]\d{0,15})", re.ASCII)


@dataclass(frozen=True)
class Proof:
    """A proof as read. `extra` is not authenticated, and nothing may rest on it."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: Checkpoint
    extra: bytes | None = None

    @classmethod
    def parse(cls, text: str) -> Proof:
        """Read a proof strictly; BadLedger says what is wrong."""
        head, blank, note = text.partition("\n\n")
        lines = head.split("\n")
        if lines[0] != VERSION or not blank:
            raise BadLedger(f"a proof begins with {VERSION!r}")
        extra = (
            b64(lines.pop(1).removeprefix("extra ")) if lines[1:2] and lines[1].startswith("extra ") else None
        )
        match = _INDEX.fullmatch(lines[1]) if len(lines) > 1 else None
        if match is None or len(lines) > 2 + MAX_PATH:
            raise BadLedger("a proof has one index, and at most 64 hashes")
        path = tuple(b64(line, "a hash in the proof is no base64") for line in lines[2:])
        if any(len(item) != 32 for item in path):
            raise BadLedger("a hash in the proof has not 32 bytes")
        return cls(int(match[1]), path, Checkpoint.parse(note), extra)

    def holds(self, leaf: bytes) -> None:
        """BadLedger unless the leaf is at this index of the checkpoint's tree."""
        found = root_from_inclusion(self.index, self.checkpoint.size, leaf_hash(leaf), list(self.path))
        if found != self.checkpoint.root:
            raise BadLedger(f"the leaf is not entry {self.index} of the log: the path leads to another root")

    def cosigners(self, witnesses: Sequence[Verifier]) -> list[str]:
        """Which of these witnesses cosigned, and when."""
        times = [(w.name, self.checkpoint.note.signed_by(w)) for w in witnesses]
        return [
            name if when in (None, True) else f"{name} at {when}" for name, when in times if when is not False
        ]


def proof_text(index: int, path: Sequence[bytes], checkpoint: str, *, extra: bytes | None = None) -> str:
    """The proof as a text file."""
    lines = [VERSION]
    if extra is not None:
        lines.append(f"extra {base64.b64encode(extra).decode()}")
    lines += [f"index {index}", *(base64.b64encode(item).decode() for item in path)]
    return "\n".join(lines) + f"\n\n{checkpoint}"
