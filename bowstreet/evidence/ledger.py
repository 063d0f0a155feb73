"""The ledger: an append-only Merkle log in a folder, in C2SP formats, with RFC 6962 hashing.

    ledger = Ledger(Path("var/ledger"))
    index = ledger.append(leaf(event, salt))
    ledger.checkpoint(key, at=now)             # a signed note; kept in checkpoints/
    ledger.tlog_proof(index, ledger.latest())  # one text file that anyone can check
    report = ledger.check(logs=[key.log.verifier])

Whoever can write the folder can rewrite it. What gives them away is every checkpoint that has left it: sealed
in an exhibit, time-stamped, or held by a witness.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path

from cryptography import x509

from bowstreet.evidence import merkle
from bowstreet.evidence.checkpoint import Checkpoint, make_checkpoint
from bowstreet.evidence.commitment import leaf, new_salt
from bowstreet.evidence.errors import BadLedger
from bowstreet.evidence.ledger_check import check_stamps, inspect
from bowstreet.evidence.ledger_fault import Fault
from bowstreet.evidence.note import Verifier
from bowstreet.evidence.proof import proof_text
from bowstreet.evidence.seal import sidecar
from bowstreet.evidence.signing import SigningKey
from bowstreet.evidence.tiles import Tiles
from bowstreet.evidence.timestamps import Ask, Authority, Stamp, request

__all__ = ["Fault", "Ledger", "LedgerReport", "leaf", "new_salt"]

MAX_FAULTS = 100


@dataclass(frozen=True)
class LedgerReport:
    """What checking a whole ledger found."""

    ok: bool
    size: int
    root: bytes
    checkpoints: int
    faults: tuple[Fault, ...]


class Ledger:
    """One log. Safe for several processes: appending takes a lock, and sees what the others added."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._tiles = Tiles(folder)

    @property
    def size(self) -> int:
        """How many leaves it holds."""
        self._tiles.refresh()
        return self._tiles.size

    @property
    def root(self) -> bytes:
        """The root hash over all of them."""
        self._tiles.refresh()
        return self._tiles.root()

    def append(self, data: bytes) -> int:
        """Add one leaf; on disk before its index is given."""
        return self.extend([data]).start

    def extend(self, leaves: Iterable[bytes]) -> range:
        """Add leaves in order, with one flush for all; their indexes."""
        with self._locked():
            start = self._tiles.size
            self._tiles.append(leaves)
            return range(start, self._tiles.size)

    def catch_up(self, leaves: Callable[[int], Iterable[bytes]]) -> int:
        """Add what `leaves(size)`, asked once nobody else can add, gives beyond the leaves held; the new size."""
        with self._locked():
            self._tiles.append(leaves(self._tiles.size))
            return self._tiles.size

    def leaf(self, index: int) -> bytes:
        """One leaf; BadLedger where there is none."""
        if not 0 <= index < self.size:
            raise BadLedger(f"the log has no entry {index}: it holds {self._tiles.size}")
        return self._tiles.leaf(index)

    def leaves(self) -> Iterator[bytes]:
        """Every leaf, in order."""
        self._tiles.refresh()
        return self._tiles.leaves()

    def checkpoint(self, key: SigningKey, *, at: datetime) -> str:
        """Sign the state as it is now, and keep the note; refused where an earlier checkpoint does not agree."""
        with self._locked():
            last = self.latest()
            if last:
                self._agree(Checkpoint.parse(last))
            self._tiles.write_partial()
            note = make_checkpoint(key.log, self._tiles.size, self._tiles.root())
            self._keep(note, at)
            return note

    def _keep(self, note: str, at: datetime) -> None:
        folder = self.folder / "checkpoints"
        folder.mkdir(exist_ok=True)
        name = f"{self._tiles.size:012d}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.txt"
        (folder / name).write_text(note)
        (self.folder / "checkpoint").write_text(note)

    def _agree(self, old: Checkpoint) -> None:
        if old.size > self._tiles.size or self._tiles.root(old.size) != old.root:
            raise BadLedger("the log does not agree with its last checkpoint: run 'bowstreet ledger check'")

    def keep_cosigned(self, note: str, *, log: Verifier) -> Checkpoint:
        """Keep a checkpoint of ours that witnesses have cosigned; BadLedger where it is another's, or does not agree."""
        with self._locked():
            state = Checkpoint.parse(note)
            state.require(log)
            self._agree(state)
            marks = [
                f"{name} {base64.b64encode(number + rest).decode()}"
                for name, number, rest in state.note.signatures
            ]
            told = hashlib.sha256("\n".join(marks).encode()).hexdigest()[:16]
            (self.folder / "checkpoints" / f"{state.size:012d}-cosigned-{told}.txt").write_text(note)
            return state

    def stamp(self, authority: Authority, *, ask: Ask) -> Stamp:
        """Have the last checkpoint time-stamped; the token is kept beside it. BadStamp where none comes."""
        notes = [path for path in self.checkpoints() if "-cosigned-" not in path.name]
        if not notes:
            raise BadLedger("the log has no checkpoint to stamp")
        stamp = request(authority, hashlib.sha256(notes[-1].read_bytes()).digest(), ask=ask)
        sidecar(notes[-1], authority.name).write_bytes(stamp.response)
        return stamp

    def latest(self) -> str | None:
        """The last checkpoint signed, or None."""
        path = self.folder / "checkpoint"
        return path.read_text() if path.exists() else None

    def checkpoints(self) -> list[Path]:
        """Every checkpoint kept, oldest first."""
        return sorted((self.folder / "checkpoints").glob("*.txt"))

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The proof that entry `index` is in the tree of the first `size` leaves."""
        size = self.size if size is None else size
        if not 0 <= index < size <= self._tiles.size:
            raise BadLedger(f"entry {index} is not in a log of {size}")
        return merkle.inclusion(index, size, self._tiles.subtree)

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """The proof that the first `old` leaves are a beginning of the first `new`."""
        new = self.size if new is None else new
        if not 0 <= old <= new <= self._tiles.size:
            raise BadLedger(f"there is no proof from {old} to {new} in a log of {self._tiles.size}")
        return merkle.consistency(old, new, self._tiles.subtree) if old else []

    def tlog_proof(self, index: int, checkpoint: str, *, extra: bytes | None = None) -> str:
        """A self-contained proof that entry `index` is in the log as this checkpoint (with its cosignatures) has it."""
        state = Checkpoint.parse(checkpoint)
        return proof_text(index, self.inclusion(index, state.size), checkpoint, extra=extra)

    def check(
        self,
        *,
        logs: Sequence[Verifier] = (),
        witnessed: Iterable[str] = (),
        expected: Iterable[bytes] | None = None,
        timestamp_roots: Sequence[x509.Certificate] = (),
    ) -> LedgerReport:
        """Hash everything again and compare: leaves with tiles, tiles with each other, the whole with every
        checkpoint kept here and with those that a witness held (`witnessed`), and where `expected` gives the
        leaves that the database's rows make, with those. With `timestamp_roots`, checkpoints' tokens too."""
        self._tiles.refresh()
        notes = [path.read_text() for path in self.checkpoints()] + list(witnessed)
        faults = inspect(self._tiles, notes, logs)
        if timestamp_roots:
            faults += [fault for path in self.checkpoints() for fault in check_stamps(path, timestamp_roots)]
        if expected is not None:
            faults += compare(self.leaves(), expected)
        root = b"" if faults else self._tiles.root()
        return LedgerReport(not faults, self._tiles.size, root, len(notes), tuple(faults[:MAX_FAULTS]))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.folder / "lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self._tiles.refresh()
            yield


def compare(kept: Iterable[bytes], expected: Iterable[bytes]) -> list[Fault]:
    """Name how the leaves kept differ from those expected: edits, deletions, reorderings, a missing end."""
    pairs = list(zip_longest(kept, expected))
    wrong = [i for i, (a, b) in enumerate(pairs) if a != b]
    have = {a: i for i, (a, _) in enumerate(pairs) if a is not None}
    wanted = {b for _, b in pairs if b is not None}
    faults = []
    for i in wrong[:MAX_FAULTS]:
        a, b = pairs[i]
        if b is None:
            faults.append(Fault("deletion", f"entry {i} of the log has no event: it was deleted", i))
        elif a is None:
            faults.append(Fault("truncation", f"event {i} has no entry: the log ends before it", i))
        elif b in have:
            faults.append(Fault("reorder", f"the event of entry {i} stands at {have[b]}", i))
        else:
            kind = "edit" if a not in wanted else "reorder"
            faults.append(Fault(kind, f"the event of entry {i} is not the one that was logged", i))
    return faults
