"""Checkpoints (c2sp.org/tlog-checkpoint): the log's name, its size, its root hash, signed.

example.org/log
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.org/log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeO…
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from bowstreet.evidence.errors import BadLedger
from bowstreet.evidence.note import Note, Signer, Verifier, b64

_SIZE = re.compile(r"0|[1-9]\d{0,15}", re.ASCII)


@dataclass(frozen=True)
class Checkpoint:
    """The state of a log: what a signed note says of it."""

    origin: str
    size: int
    root: bytes
    note: Note

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read a checkpoint strictly; BadLedger says what is wrong."""
        note = Note.parse(text)
        lines = note.text.split("\n")[:-1]
        if len(lines) < 3 or not all(lines):
            raise BadLedger("a checkpoint has at least three lines, none empty")
        if not _SIZE.fullmatch(lines[1]):
            raise BadLedger(f"a checkpoint's size is a plain number, not {lines[1][:30]!r}")
        root = b64(lines[2], "a checkpoint's root is no base64")
        if len(root) != 32:
            raise BadLedger("a checkpoint's root has 32 bytes")
        return cls(lines[0], int(lines[1]), root, note)

    def require(self, key: Verifier) -> None:
        """BadLedger unless `key` signed this, and it is that key's log."""
        if self.note.signed_by(key) is False:
            raise BadLedger(f"the checkpoint is not signed by {key.name}")
        if self.origin != key.name:
            raise BadLedger(f"the checkpoint is of another log: {self.origin[:80]}")


def make_checkpoint(signer: Signer, size: int, root: bytes) -> str:
    """A checkpoint signed by the log's own key."""
    text = body(signer.name, size, root)
    return f"{text}\n{signer.sign(text)}"


def body(origin: str, size: int, root: bytes) -> str:
    """The three lines that are signed."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
