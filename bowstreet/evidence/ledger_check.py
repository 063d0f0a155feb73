"""Checking a ledger from end to end, and naming what was done to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from cryptography import x509

from bowstreet.evidence.checkpoint import Checkpoint
from bowstreet.evidence.errors import BadLedger, BadStamp
from bowstreet.evidence.ledger_fault import Fault
from bowstreet.evidence.merkle import fold
from bowstreet.evidence.note import Verifier
from bowstreet.evidence.seal import sidecars
from bowstreet.evidence.tiles import WIDTH, Tiles
from bowstreet.evidence.timestamps import check


def inspect(tiles: Tiles, notes: Iterable[str], logs: Sequence[Verifier]) -> list[Fault]:
    """Every fault: leaves against tiles, tiles against tiles, the tree against every checkpoint."""
    faults: list[Fault] = []
    for number in range(tiles.full):
        faults += _bundle(tiles, number)
    faults += _growing(tiles)
    level, count = 1, tiles.full // WIDTH
    while count:
        for number in range(count):
            faults += _upper(tiles, level, number)
        level, count = level + 1, count // WIDTH
    if any(f.kind == "damage" for f in faults):
        return faults
    return faults + [fault for note in notes for fault in _checkpoint(tiles, note, logs)]


def _bundle(tiles: Tiles, number: int) -> list[Fault]:
    """256 leaves against their tile of hashes."""
    try:
        leaves, stored = tiles.bundle(number), tiles.stored(0, number)
    except (BadLedger, OSError) as error:
        return [Fault("damage", str(error), number * WIDTH)]
    return _compare(leaves, stored, number * WIDTH)


def _growing(tiles: Tiles) -> list[Fault]:
    """The leaves after the last full bundle, against the widest partial tile that a checkpoint left."""
    widths = tiles.partials()
    if not widths:
        return []
    stored = tiles.partial(widths[-1])
    short = len(tiles.growing) < widths[-1]
    return _compare(tiles.growing if short else tiles.growing[: widths[-1]], stored, tiles.full * WIDTH)


def _compare(leaves: list[bytes], stored: bytes, start: int) -> list[Fault]:
    sha = hashlib.sha256
    found = [sha(b"\0" + leaf).digest() for leaf in leaves]
    if b"".join(found) == stored:
        return []
    logged = [stored[i : i + 32] for i in range(0, len(stored), 32)]
    if len(found) < len(logged):
        gone = [i for i, mark in enumerate(logged) if mark not in set(found)]
        kind = "truncation" if found == logged[: len(found)] else "deletion"
        return [Fault(kind, f"entry {start + i} is gone", start + i) for i in gone]
    return [
        _changed(found, logged, i, start)
        for i, mark in enumerate(found)
        if mark != (logged[i : i + 1] or [b""])[0]
    ]


def _changed(found: list[bytes], logged: list[bytes], i: int, start: int) -> Fault:
    """What was done to one leaf whose hash is not the one stored."""
    if found[i] in logged:
        return Fault(
            "reorder", f"entry {start + i} is the one logged as {start + logged.index(found[i])}", start + i
        )
    return Fault("edit", f"entry {start + i} is not what was logged", start + i)


def _upper(tiles: Tiles, level: int, number: int) -> list[Fault]:
    try:
        stored = tiles.stored(level, number)
        below = [tiles.stored(level - 1, number * WIDTH + i) for i in range(WIDTH)]
    except BadLedger as error:
        return [Fault("damage", str(error))]
    tops = b"".join(fold([tile[i : i + 32] for i in range(0, len(tile), 32)]) for tile in below)
    return (
        []
        if tops == stored
        else [Fault("edit", f"tile {level}/{number} is not the hash of the tiles below it")]
    )


def _checkpoint(tiles: Tiles, text: str, logs: Sequence[Verifier]) -> list[Fault]:
    """One signed state against the tree as it is."""
    try:
        state = Checkpoint.parse(text)
        key = next((log for log in logs if log.name == state.origin), None)
        if logs and key is None:
            raise BadLedger(f"a checkpoint is of another log: {state.origin[:80]}")
        if key:
            state.require(key)
    except BadLedger as error:
        return [Fault("signature", str(error))]
    if state.size > tiles.size:
        missing = state.size - tiles.size
        return [
            Fault(
                "truncation",
                f"{missing} entries are gone from the end: a checkpoint has {state.size}",
                tiles.size,
            )
        ]
    if tiles.root(state.size) != state.root:
        return [
            Fault("fork", f"the log is not the one that a checkpoint of {state.size} entries was signed for")
        ]
    return []


def check_stamps(checkpoint: Path, roots: Sequence[x509.Certificate]) -> list[Fault]:
    """The time-stamps beside a checkpoint: each of its bytes, by an authority that leads to one of `roots`."""
    digest = hashlib.sha256(checkpoint.read_bytes()).digest()
    faults = []
    for token in sidecars(checkpoint):
        try:
            check(token.read_bytes(), digest, roots)
        except BadStamp as error:
            faults.append(Fault("signature", f"{token.name}: {error}"))
    return faults
