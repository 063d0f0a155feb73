"""What people decided, as data: it binds clusters, orders what is looked at next, and, when asked, tunes the weights.

    clusters(accounts, {("a", "b"): "same", ("b", "c"): "different"})      # (("a", "b"),)

Nothing is merged by itself: a cluster holds only what a person decided is the same, and never two that were told apart.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from math import log2
from pathlib import Path
from typing import Any

from bowstreet.linking.errors import BadDecisions
from bowstreet.linking.reasons import Pair

Key = tuple[str, str]
SAME, DIFFERENT, UNSURE = "same", "different", "unsure"


def key(left: str, right: str) -> Key:
    """A pair by one name, whichever way round it is told."""
    return (left, right) if left <= right else (right, left)


def keyed(decisions: Mapping[Key, str] | None) -> dict[Key, str]:
    """Decisions by pair, whichever way round each was told."""
    return {key(*pair): verdict for pair, verdict in (decisions or {}).items()}


def read(path: Path) -> dict[Key, str]:
    """Decisions from a file: CSV with a header, or JSON lines; left, right, decision. The last on a pair stands.

    Raises BadDecisions, naming the line.
    """
    found: dict[Key, str] = {}
    for place, row in _rows(path):
        left, right, verdict = (str(row.get(name) or "").strip() for name in ("left", "right", "decision"))
        if not left or not right or left == right:
            raise BadDecisions(f"{path}, line {place}: 'left' and 'right' must name two accounts")
        if verdict not in (SAME, DIFFERENT, UNSURE):
            raise BadDecisions(f"{path}, line {place}: 'decision' must be same, different or unsure")
        found[key(left, right)] = verdict
    return found


def _rows(path: Path) -> Iterable[tuple[int, Mapping[str, Any]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadDecisions(f"{path} cannot be read: {error}") from None
    lines = text.splitlines()
    if lines and not lines[0].lstrip().startswith("{"):
        table = csv.DictReader(lines)
        if not {"left", "right", "decision"} <= set(table.fieldnames or ()):
            raise BadDecisions(f"{path}, line 1: the columns must be left, right and decision")
        yield from enumerate(table, 2)
        return
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadDecisions(f"{path}, line {number}: not JSON ({error.msg})") from None
        if not isinstance(row, Mapping):
            raise BadDecisions(f"{path}, line {number}: a decision is a JSON object")
        yield number, row


def clusters(
    accounts: Iterable[str], decisions: Mapping[Key, str] | None = None
) -> tuple[tuple[str, ...], ...]:
    """Join what was decided the same, except where that would join two that were told apart."""
    decided = keyed(decisions)
    known = set(accounts)
    group = {one: frozenset((one,)) for pair in decided for one in pair if one in known}
    apart: dict[str, set[str]] = {}
    for (left, right), verdict in decided.items():
        if verdict == DIFFERENT:
            apart.setdefault(left, set()).add(right)
            apart.setdefault(right, set()).add(left)
    for (left, right), verdict in sorted(decided.items()):
        if verdict != SAME or left not in group or right not in group or group[left] is group[right]:
            continue
        if any(apart.get(one, set()) & group[right] for one in group[left]):
            continue
        joined = group[left] | group[right]
        group |= dict.fromkeys(joined, joined)
    return tuple(sorted(tuple(sorted(one)) for one in set(group.values()) if len(one) > 1))


def conflicts(accounts: Iterable[str], decisions: Mapping[Key, str]) -> tuple[Key, ...]:
    """Pairs decided the same that could not be joined, as other decisions keep them apart: for a person to settle."""
    joined = {account: group for group in clusters(accounts, decisions) for account in group}
    return tuple(
        pair for pair, verdict in sorted(keyed(decisions).items())
        if verdict == SAME and pair[1] not in joined.get(pair[0], ())
    )  # fmt: skip


def queue(pairs: Sequence[Pair], decisions: Mapping[Key, str] | None = None) -> list[Pair]:
    """Undecided pairs, the most useful first: uncertainty (bits an answer is worth) times impact (accounts it would join).

    A pair that decisions already answer, within one cluster or across two told apart, comes last.
    """
    decided = keyed(decisions)
    accounts = {account for pair in pairs for account in (pair.left, pair.right)}
    groups = {
        account: group
        for group in clusters(accounts | {a for k in decided for a in k}, decided)
        for account in group
    }
    apart = {k for k, verdict in decided.items() if verdict == DIFFERENT}

    def use(pair: Pair) -> float:
        left, right = (groups.get(account, (account,)) for account in (pair.left, pair.right))
        if left is right or any(key(a, b) in apart for a in left for b in right):
            return -1.0
        return uncertainty(pair.probability) * (len(left) + len(right))

    waiting = [pair for pair in pairs if decided.get(key(pair.left, pair.right)) not in (SAME, DIFFERENT)]
    return sorted(waiting, key=lambda pair: (-use(pair), -pair.weight, pair.left, pair.right))


def uncertainty(chance: float) -> float:
    """The bits that an answer is worth: 1 at one half, 0 at certainty (Shannon, 1948)."""
    if chance <= 0 or chance >= 1:
        return 0.0
    return -chance * log2(chance) - (1 - chance) * log2(1 - chance)
